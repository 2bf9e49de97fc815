"""Asking a database: one SELECT in a read-only transaction, bounded in rows and time."""

import asyncio
import math
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from threading import Timer
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Engine, RowMapping, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ingest.mapping_paths import MappedPath
from ingest.pull import ASK_MAX_S, BODY_MAX, ROWS_MAX, Cursor, Fetched, PullFailed, SqlPull
from ingest.pull_http import secret_in
from ingest.pull_rows import cursor_in, digest_of, written

PLACE: Final = ":cursor"
BACKENDS: Final = ("postgresql", "sqlite")
_DIGITS_MAX: Final = 38
"""Of a whole number that is kept exactly; what databases call a large number, as numeric(38)."""
_POSTGRES: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,
    "application_name": "shouwang-pull",
    "options": f"-c default_transaction_read_only=on -c statement_timeout={ASK_MAX_S * 1000:.0f} -c lock_timeout=2000",
}


class SqlFetch:
    """Asks one database, with a connection for each time. The password is read anew each time."""

    def __init__(self, pull: SqlPull, cursor: MappedPath | None) -> None:
        self._pull, self._cursor = pull, cursor

    async def __call__(self, cursor: Cursor) -> Fetched:
        """See ingest.pull.Fetch."""
        return await asyncio.to_thread(self._ask, cursor)

    def _ask(self, cursor: Cursor) -> Fetched:
        url = make_url(self._pull.url)
        if self._pull.password_file is not None:
            url = url.set(password=secret_in(self._pull.password_file))
        engine = _engine(url)
        try:
            records = self._select(engine, cursor)
        except (SQLAlchemyError, sqlite3.Error) as fault:
            said = str(getattr(fault, "orig", None) or fault).partition("\n")[0]
            raise PullFailed(f"the database did not answer: {type(fault).__name__} {said}") from None
        finally:
            engine.dispose()
        rows = written(records)
        _check_size(sum(map(len, rows)))
        return Fetched(rows, cursor_in(self._cursor, records[-1] if records else None, None), digest_of(b"\n".join(rows)))

    def _select(self, engine: Engine, cursor: Cursor) -> list[dict[str, Any]]:
        given = {"cursor": cursor} if PLACE in self._pull.select else {}
        with engine.connect().execution_options(stream_results=True, max_row_buffer=500) as connection:
            driver = connection.connection.driver_connection
            timer = Timer(ASK_MAX_S, driver.interrupt) if isinstance(driver, sqlite3.Connection) else None
            if timer is not None:
                timer.start()
            try:
                records = _records(connection.execute(text(self._pull.select), given).mappings())
            finally:
                if timer is not None:
                    timer.cancel()
        return self._without_a_torn_end(records)

    def _without_a_torn_end(self, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Where there is more than is taken at a time, rows of one cursor are not torn apart: the next time begins behind it."""
        if len(records) <= ROWS_MAX or self._cursor is None:
            return list(records)
        beyond = cursor_in(self._cursor, records[-1], None)
        kept = [each for each in records if cursor_in(self._cursor, each, None) != beyond]
        if not kept:
            raise PullFailed(f"over {ROWS_MAX} rows have the same cursor {beyond!r}: select by a column that tells them apart")
        return kept


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        file = f"file:{quote(url.database or '')}?mode=ro"
        return create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(file, uri=True, check_same_thread=False), poolclass=NullPool
        )
    return create_engine(url.set(drivername="postgresql+psycopg"), connect_args=_POSTGRES, poolclass=NullPool)


def _records(found: Iterable[RowMapping]) -> list[dict[str, Any]]:
    """The first rows, one more than is taken, counted while they come: no more of them is held than may be."""
    records, size = [], 0
    for row in islice(found, ROWS_MAX + 1):
        records.append({name: _plain(value) for name, value in row.items()})
        size += sum(len(value) for value in row.values() if isinstance(value, str | bytes | memoryview))
        _check_size(size)
    return records


def _check_size(size: int) -> None:
    if size > BODY_MAX:
        raise PullFailed(f"the rows are over {BODY_MAX} bytes: put a LIMIT into the select")


def _plain(value: Any) -> Any:
    """A column's value as JSON has it; a number that is none is null. What JSON has no form for is said by its text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            return _number(value)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {str(name): _plain(each) for name, each in value.items()}
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case _:
            return str(value)


def _number(value: float | Decimal) -> float | None:
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < _DIGITS_MAX and value == value.to_integral_value():
        return int(value)
    found = float(value)
    return found if math.isfinite(found) else None
