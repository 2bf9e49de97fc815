"""What can go wrong with the store, as the words that the desk acts on, and the one place that tells them apart."""

import sqlite3
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final

import psycopg
from sqlalchemy import exc


class StoreUnavailable(Exception):  # noqa: N818 - a state of the world, not a mistake; the interface's agreed word
    """The database does not answer now. Whether the last commit was done is unknown: try the same again later."""


class StoreBroken(Exception):  # noqa: N818 - as above
    """The disk or the file is damaged. The process must end: to go on would build on what may not be there."""


class StoreRefused(ValueError):  # noqa: N818 - as above
    """The database understood the rows and will never take them: a fault of ours, or a poison input."""


class LeaseLost(Exception):  # noqa: N818 - as above
    """Another process writes now. What is not committed must stay so, and this process must end."""


class LeaseHeld(Exception):  # noqa: N818 - as above
    """Another process is the writer of this store: ``holder``, as it called itself."""

    def __init__(self, text: str, holder: str) -> None:
        super().__init__(text)
        self.holder = holder


class SchemaUnknown(Exception):  # noqa: N818 - as above
    """The tables are of another version than this program knows."""


_DAMAGED: Final = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PASSING: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
    }
)


class _Telling:
    """The block whose database errors are told apart. One for all: it keeps nothing, and each transaction passes through it."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        match error:
            case exc.TimeoutError():
                raise StoreUnavailable(f"no connection to the store became free: {error}") from error
            case exc.DBAPIError() | sqlite3.Error():  # the second: of a statement that went to the driver itself
                meant = _meaning(error)
                if meant is not None:
                    raise meant from error
            case OverflowError() | UnicodeError():
                raise StoreRefused(
                    f"a value does not fit any column: {error}. The input that made it must be refused at the gate"
                ) from error
            case _:
                pass


_TELLING: Final = _Telling()


def telling_faults_apart() -> AbstractContextManager[None]:
    """Raise what a database error means for us. What is neither the world's nor the data's fault passes unchanged: a bug."""
    return _TELLING


_UNFIT: Final = (sqlite3.IntegrityError, sqlite3.DataError, psycopg.IntegrityError, psycopg.DataError)


def _meaning(error: exc.DBAPIError | sqlite3.Error) -> Exception | None:
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    said = str(cause).strip()
    if isinstance(cause, _UNFIT):
        return StoreRefused(f"the store refuses these rows: {said}")
    if isinstance(cause, psycopg.errors.UndefinedTable) or (
        isinstance(cause, sqlite3.Error) and said.startswith("no such table")
    ):
        return StoreUnavailable(f"the store has no tables yet ({said}): they are made when the chain starts")
    if isinstance(cause, sqlite3.Error):
        return _sqlite_meaning(getattr(cause, "sqlite_errorcode", None), said)
    if isinstance(cause, (psycopg.OperationalError, psycopg.InterfaceError)) or _is_cut(error):
        return StoreUnavailable(f"PostgreSQL does not answer as it should: {said}")
    return None


def _is_cut(error: Exception) -> bool:
    return isinstance(error, exc.DBAPIError) and error.connection_invalidated


def _sqlite_meaning(code: int | None, said: str) -> Exception | None:
    primary = None if code is None else code & 0xFF
    if primary in _DAMAGED:
        return StoreBroken(
            f"the SQLite store is damaged or its disk fails: {said}. Stop, check the disk, restore the last backup"
        )
    if primary in _PASSING:
        return StoreUnavailable(f"the SQLite store cannot be written now: {said}. Check free space, rights and other writers")
    return None
