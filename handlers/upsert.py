"""INSERT … ON CONFLICT for both databases, which spell it alike but import it apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from handlers.connections import POSTGRES

Row = Mapping[str, Any]


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == POSTGRES else sqlite.insert(table)


def upsert(connection: Connection, table: Table, rows: Sequence[Row], **instead: ColumnElement[Any]) -> None:
    """Write each row; where its primary key exists, replace all other columns, by ``instead`` where it names one."""
    if not rows:
        return
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    replaced = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_={**replaced, **instead}), list(rows))


def insert_new(connection: Connection, table: Table, rows: Sequence[Row], key: str) -> None:
    """Write the rows whose ``key`` is not there yet, and leave the others as they are."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(index_elements=[key]), list(rows))
