"""INSERT … ON CONFLICT for both databases, which spell it alike but import it apart. Each statement is built once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from handlers.connections import POSTGRES
from handlers.prepared import Prepared, Row

_Insert = postgresql.Insert | sqlite.Insert


def upsert(connection: Connection, table: Table, rows: Sequence[Row], *, counting: str = "") -> None:
    """Write each row; where its primary key exists, replace all other columns, but count the one named ``counting`` up."""
    if rows:
        _upsert(connection.dialect.name, table, counting).run(connection, rows)


def insert_new(connection: Connection, table: Table, rows: Sequence[Row], key: str) -> None:
    """Write the rows whose ``key`` is not there yet, and leave the others as they are."""
    if rows:
        _insert_new(connection.dialect.name, table, key).run(connection, rows)


@cache
def _upsert(dialect: str, table: Table, counting: str) -> Prepared:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    replaced: dict[str, ColumnElement[Any]] = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys
    }
    if counting:
        replaced[counting] = table.c[counting] + 1
    return Prepared(statement.on_conflict_do_update(index_elements=keys, set_=replaced))


@cache
def _insert_new(dialect: str, table: Table, key: str) -> Prepared:
    return Prepared(_insert(dialect, table).on_conflict_do_nothing(index_elements=[key]))


def _insert(dialect: str, table: Table) -> _Insert:
    return postgresql.insert(table) if dialect == POSTGRES else sqlite.insert(table)
