"""How the store is connected to: one writer connection, any number of readers, and what each may do.

SQLite: explicit BEGIN IMMEDIATE for the writer (a connection without BEGIN commits every row by itself), WAL, synchronous=FULL.
Versions 3.7.0 to 3.51.2 may corrupt the file when two connections write or checkpoint at once; therefore exactly one connection
writes, only that one checkpoints, and readers neither write (query_only) nor checkpoint (wal_autocheckpoint=0).
"""

import sqlite3
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from handlers.faults import StoreRefused
from handlers.watch import LOOK_EVERY_S, Watch

_BUSY_TIMEOUT_MS: Final = 5000
_WRITER_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON")
_READER_PRAGMAS: Final = ("query_only=ON", "wal_autocheckpoint=0", "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON")

# PostgreSQL: a lock that is not got in 2 s, a statement that takes 10 s or a transaction left open for 10 s ends with an error
# that is retried, instead of a silent wait; a server that vanished is noticed in 10 s.
_POSTGRES_SESSION: Final = (
    "-c lock_timeout=2000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=10000 -c synchronous_commit=on"
)
_POSTGRES_CONNECT: Final[dict[str, Any]] = {
    "connect_timeout": 3,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "shouwang",
}
POSTGRES: Final = "postgresql"
SQLITE: Final = "sqlite"
BEGIN: Final = "BEGIN IMMEDIATE"
"""How the writer begins on SQLite: a transaction that finds out at its end that another one wrote would have to go back."""


def read_url(text: str) -> URL:
    """The store's address: ``sqlite:///path`` or ``postgresql://…`` (psycopg 3). Raises StoreRefused for any other."""
    try:
        url = make_url(text)
    except ArgumentError:  # its text would repeat a password
        raise StoreRefused(
            "the store's address cannot be read as one: correct the store setting, for example sqlite:///PATH"
        ) from None
    if url.get_backend_name() == POSTGRES:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == SQLITE and url.database not in {None, "", ":memory:"}:
        return url
    raise StoreRefused(
        f"the store's address must be sqlite:///PATH (a file) or postgresql://USER@HOST/NAME; got {url.render_as_string()!r}: "
        "correct the store setting"
    )


def sqlite_file(url: URL) -> Path:
    """The file of an SQLite store."""
    return Path(url.database or "")


def open_writer(url: URL) -> Engine:
    """An engine with exactly one connection, that all writing of this process goes through."""
    if url.get_backend_name() == SQLITE:
        return _sqlite(url, mode="rwc", pragmas=_WRITER_PRAGMAS, begin=BEGIN, pool_size=1)
    return _postgres(url, pool_size=1, session=_POSTGRES_SESSION, is_read_only=False)


def open_reader(url: URL, pool_size: int = 5) -> Engine:
    """An engine whose connections can only read; each transaction sees one moment of the store."""
    if url.get_backend_name() == SQLITE:
        return _sqlite(url, mode="rw", pragmas=_READER_PRAGMAS, begin="BEGIN", pool_size=pool_size)
    return _postgres(url, pool_size=pool_size, session=_POSTGRES_SESSION, is_read_only=True)


def _sqlite(url: URL, *, mode: str, pragmas: tuple[str, ...], begin: str, pool_size: int) -> Engine:
    path = sqlite_file(url).absolute()

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(path))}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=_BUSY_TIMEOUT_MS / 1000,
        )

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=pool_size, max_overflow=0, pool_timeout=10
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_explicitly(connection: Connection) -> None:
        driver = cast(sqlite3.Connection, connection.connection.driver_connection)
        if not driver.in_transaction:  # the store's writer has begun before SQLAlchemy
            driver.execute(begin)

    return engine


def _postgres(url: URL, *, pool_size: int, session: str, is_read_only: bool) -> Engine:
    options = f"{session} -c default_transaction_read_only=on" if is_read_only else session
    engine = create_engine(
        url,
        connect_args={**_POSTGRES_CONNECT, "options": options},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        isolation_level="REPEATABLE READ" if is_read_only else "READ COMMITTED",
    )
    _watch_over(engine)
    return engine


def _watch_over(engine: Engine) -> None:
    """Let no use of these connections hang for ever."""
    watch = Watch(LOOK_EVERY_S)

    @event.listens_for(engine, "checkout")
    def begin(connection: psycopg.Connection, _entry: object, _proxy: object) -> None:
        watch.begin(connection)

    @event.listens_for(engine, "before_cursor_execute")
    def step_before_statement(connection: Connection, *_: object) -> None:
        _step(connection)

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def step_before_end(connection: Connection) -> None:
        _step(connection)

    @event.listens_for(engine, "checkin")
    @event.listens_for(engine, "close")
    def end(connection: psycopg.Connection | None, _entry: object = None) -> None:
        if connection is not None:
            watch.end(connection)

    @event.listens_for(engine, "invalidate")
    def end_of_invalid(connection: psycopg.Connection, *_: object) -> None:
        watch.end(connection)

    @event.listens_for(engine, "engine_disposed")
    def close(_engine: Engine) -> None:
        watch.close()

    def _step(connection: Connection) -> None:
        if not connection.invalidated:
            watch.step(cast(psycopg.Connection, connection.connection.dbapi_connection))


def open_session(url: URL) -> psycopg.Connection:
    """A plain PostgreSQL session outside the pool, for what must last as long as the process. Raises psycopg.OperationalError."""
    target = url.set(drivername=POSTGRES).render_as_string(hide_password=False)
    return psycopg.connect(target, autocommit=True, options=_POSTGRES_SESSION, **_POSTGRES_CONNECT)
