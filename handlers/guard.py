"""Is the last writer still alive? A lock that the operating system, or PostgreSQL, frees when its process is gone.

The lease alone would make a restart wait until it runs out. The guard alone would let a paused process write after it woke.
Together: whoever holds the guard need not wait, and the lease's epoch keeps a woken sleeper from writing.
"""

import fcntl
import os
from pathlib import Path
from typing import Final, Protocol

import psycopg
from sqlalchemy.engine import URL

from handlers.connections import SQLITE, open_session, sqlite_file
from handlers.watch import Watch

# True also when this session holds it already; taking it again only counts up.
_TAKE: Final = "SELECT pg_try_advisory_lock(hashtextextended('shouwang writer ' || current_schema(), 0))"


class Guard(Protocol):
    """A lock for as long as this process lives."""

    def hold(self) -> bool:
        """Take it, or say that it is ours already; False when somebody alive has it."""

    def let_go(self) -> None:
        """Free it; harmless when it is not held."""


class FileGuard:
    """An flock beside the SQLite file."""

    def __init__(self, file: Path) -> None:
        self._path = file.with_name(file.name + ".writer")
        self._descriptor: int | None = None

    def hold(self) -> bool:
        """Take the lock without waiting."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def let_go(self) -> None:
        """Free the lock. The file stays: removing it would let two processes lock two files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class SessionGuard:
    """An advisory lock of PostgreSQL, on a connection of its own that is open for as long as we live."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._session: psycopg.Connection | None = None
        self._watch = Watch()

    def hold(self) -> bool:
        """Take the lock without waiting; again, when the server restarted meanwhile. False also when it cannot be reached."""
        try:
            if self._session is None:
                self._session = open_session(self._url)
            self._watch.begin(self._session)
            row = self._session.execute(_TAKE).fetchone()
            self._watch.end(self._session)
        except psycopg.OperationalError:
            self.let_go()
            return False
        if row is None or not row[0]:
            self.let_go()
            return False
        return True

    def let_go(self) -> None:
        """Close the connection, and the lock with it."""
        if self._session is not None:
            self._watch.end(self._session)
            self._session.close()
            self._session = None


def guard_of(url: URL) -> Guard:
    """The guard that fits the store."""
    return FileGuard(sqlite_file(url)) if url.get_backend_name() == SQLITE else SessionGuard(url)
