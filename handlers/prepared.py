"""Statements that the writer executes all day: put together by SQLAlchemy once, and on SQLite handed to the driver itself.

For each execution SQLAlchemy collects parameters, events and a result anew. In the small transactions of a desk that has little
to do that is most of the time, and a plain statement needs none of it. PostgreSQL keeps the long way: its network takes longer,
and its connections are watched by SQLAlchemy's events.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Executable, Select
from sqlalchemy.sql.dml import UpdateBase

from handlers.connections import SQLITE

Row = Mapping[str, Any]
_Spelt = tuple[str, Callable[[Row], tuple[Any, ...]]]


class Prepared:
    """One INSERT, UPDATE, DELETE or SELECT. Its values are text, bytes, numbers or None: no column type changes them."""

    def __init__(self, statement: UpdateBase | Select[Any]) -> None:
        self._statement: Final[Executable] = statement
        self._texts: Final[dict[tuple[str, ...], _Spelt]] = {}

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Execute it for each row; all rows have the same names. Says how many rows of the table it found.

        Raises what the driver raises: call it under ``telling_faults_apart``.
        """
        if connection.dialect.name != SQLITE:
            return connection.execute(self._statement, list(rows)).rowcount
        text, lay = self._spelt(connection, tuple(rows[0]))
        driver: Any = connection.connection.driver_connection
        return int(driver.executemany(text, [lay(row) for row in rows]).rowcount)

    def read(self, connection: Connection, values: Row) -> list[tuple[Any, ...]]:
        """What a SELECT finds. SQLite's booleans are 0 and 1 here. Raises as ``run`` does."""
        if connection.dialect.name != SQLITE:
            return [tuple(row) for row in connection.execute(self._statement, values)]
        text, lay = self._spelt(connection, tuple(values))
        driver: Any = connection.connection.driver_connection
        found: list[tuple[Any, ...]] = driver.execute(text, lay(values)).fetchall()
        return found

    def _spelt(self, connection: Connection, names: tuple[str, ...]) -> _Spelt:
        if names not in self._texts:
            self._texts[names] = _spell(self._statement, connection.dialect, names)
        return self._texts[names]


def _spell(statement: Any, dialect: Dialect, names: Sequence[str]) -> _Spelt:
    """Its text, and what puts a row's values in the order of the text's question marks."""
    compiled = statement.compile(dialect=dialect, column_keys=names if statement.is_insert else None)
    constants = {name: value for name, value in compiled.params.items() if name not in names}
    order = compiled.positiontup
    if len(order) < 2:
        return str(compiled), lambda row: tuple([{**constants, **row}[name] for name in order])
    pick = itemgetter(*order)
    return str(compiled), pick if not constants else lambda row: pick({**constants, **row})
