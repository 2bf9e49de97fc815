"""The journal: all that was accepted or refused, append-only and durable; it stamps received_at, and replay reads it.

One writer holds the folder (a lock says so to a second one). A batch is one row: it is there whole or not at all. A file is
a day: retention is deleting files.
"""

import contextlib
import fcntl
import itertools
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import FileIO
from pathlib import Path
from typing import Final

from ingest import journal_read
from ingest.entries import Appended, Journaled
from ingest.journal_days import (
    COLUMNS,
    FORMAT,
    SCHEMA,
    JournalDamaged,
    day_file,
    day_of,
    list_days,
    make_row,
    read_row,
    version_of,
)
from ingest.journal_read import read_only
from ingest.steady import SteadyClock
from rules.model import Input

__all__ = [
    "Appended",
    "Journal",
    "JournalBroken",
    "JournalDamaged",
    "JournalHeld",
    "JournalWriteFailed",
    "Journaled",
    "read_only",
]

_INSERT: Final = "INSERT INTO batch (first_position, count, received_at, crc, body) VALUES (?, ?, ?, ?, ?)"
_LAST_ROW: Final = f"SELECT {COLUMNS} FROM batch ORDER BY first_position DESC LIMIT 1"  # noqa: S608 - constants
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)
_FATAL: Final = sqlite3.SQLITE_IOERR
_NO_SPACE: Final = sqlite3.SQLITE_IOERR_SHMSIZE  # the index of the write-ahead log could not grow
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class JournalWriteFailed(Exception):  # noqa: N818 - a state of the disk, not a mistake; the interface's agreed word
    """Nothing was journaled, so acknowledge nothing. Call again later: it works as soon as the cause is gone (disk full)."""


class JournalBroken(Exception):  # noqa: N818 - as above
    """The disk failed while writing, and whether the batch is there is not known. End the process; a new start finds out."""


class JournalHeld(Exception):  # noqa: N818 - as above
    """Another process writes this journal."""


class Journal:
    """The writer. ``append`` belongs to one thread; ``now`` and all that reads may be called from any. Readers open their own."""

    def __init__(self, folder: Path, *, clock: Callable[[], int]) -> None:
        """Take the folder. Raises JournalHeld, JournalDamaged (the last batch cannot be trusted), JournalWriteFailed."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._broken = ""
        self._lock = hold_folder(folder)
        try:
            self._last_position, floor_at, newest = _end_of(folder)
            self._clock = SteadyClock(clock, floor_at)
            self._day = newest.stem if newest else day_of(self._clock.now())
            self._connection = self._open(self._day)
        except BaseException:
            self._lock.close()
            raise

    def now(self) -> int:
        """The instant in ms: never decreasing, also over restarts and when the clock is set back."""
        return self._clock.now()

    def hold_now(self, at: int) -> None:
        """Never show an instant before this one: the engine's own, where timers ran after the last batch."""
        self._clock.hold(at)

    def last_position(self) -> int:
        """The position of the last entry; 0 before the first."""
        return self._last_position

    def append(self, entries: Sequence[Input]) -> Appended:
        """Journal these entries: durable when it returns, and all stamped with the same instant.

        Raises JournalWriteFailed (nothing was written; call again) and JournalBroken (end the process).
        """
        if not entries:
            raise ValueError("a batch of no entries was to be journaled; the caller must not offer one")
        if self._broken:
            raise JournalBroken(self._broken)
        received_at = self.now()
        row = make_row(self._last_position + 1, received_at, entries)
        try:
            if (day := day_of(received_at)) != self._day:
                self._turn_to(day)
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(_INSERT, row)
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError as fault:
            raise self._failure(fault) from fault
        self._last_position += len(entries)
        return Appended(first_position=row[0], received_at=received_at, count=len(entries))

    def read(self, after: int = 0) -> Iterator[Journaled]:
        """All entries after a position; see ``journal_read.read_only``."""
        return read_only(self._folder, after)

    def find(self, position: int) -> Journaled | None:
        """The entry at this position; None where there is none."""
        return journal_read.find(self._folder, position)

    def backwards(self, until: int) -> Iterator[list[Journaled]]:
        """Batch by batch from this position back to the oldest that is left, each batch in its own order."""
        return journal_read.backwards(self._folder, until)

    def drop_before(self, day: date, *, applied_position: int) -> tuple[str, ...]:
        """Delete the files of whole days before this one, oldest first, as far as all in them was applied; says which.

        A file holding a position beyond ``applied_position`` stays, and so does every later one, and always the newest.
        """
        dropped: list[str] = []
        days = list_days(self._folder)
        for path, following in itertools.pairwise(days):
            next_position = journal_read.first_position(following)
            if path.stem >= day.isoformat() or next_position == 0 or next_position - 1 > applied_position:
                break
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                (self._folder / name).unlink(missing_ok=True)
            dropped.append(path.name)
        return tuple(dropped)

    def close(self) -> None:
        """Let go of file and folder."""
        self._connection.close()
        self._lock.close()

    def _open(self, day: str) -> sqlite3.Connection:
        """The file of a day, set up where it is new."""
        path = day_file(self._folder, day)
        connection = None
        try:
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.execute("BEGIN IMMEDIATE")
                for statement in SCHEMA:
                    connection.execute(statement)
                connection.execute("INSERT INTO about VALUES (?, ?)", (self._last_position + 1, self._clock.now()))
                connection.execute("COMMIT")
        except sqlite3.DatabaseError as fault:
            if connection is not None:
                connection.close()
            raise self._failure(fault, path) from fault
        return connection

    def _turn_to(self, day: str) -> None:
        """Go on in the file of a new day. Closing folds the old one's log into it, unless somebody is reading it."""
        fresh = self._open(day)
        old, self._connection, self._day = self._connection, fresh, day
        old.close()

    def _failure(self, fault: sqlite3.DatabaseError, path: Path | None = None) -> Exception:
        """What a failed write means: try again, end, or call a person."""
        code = getattr(fault, "sqlite_errorcode", 0)
        text = f"{getattr(fault, 'sqlite_errorname', type(fault).__name__)}: {fault}"
        if path is None and self._connection.in_transaction:
            with contextlib.suppress(sqlite3.DatabaseError):  # the failure itself is what is told below
                self._connection.execute("ROLLBACK")
        if code & 0xFF in _DAMAGED:
            return JournalDamaged(self._last_position + 1, path or day_file(self._folder, self._day), f"SQLite says {text}")
        if code & 0xFF == _FATAL and code != _NO_SPACE:
            self._broken = f"the journal in {self._folder} failed while writing ({text}); look at the disk, then start again"
            return JournalBroken(self._broken)
        return JournalWriteFailed(f"the journal in {self._folder} cannot be written ({text}); free disk space, nothing was lost")


def hold_folder(folder: Path) -> FileIO:
    """Hold the folder as its only writer, until the file is closed or the process ends, however it ends."""
    lock = FileIO(folder / "lock", "a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        lock.seek(0)
        holder = lock.read(32).decode("ascii", "replace").strip() or "unknown"
        lock.close()
        raise JournalHeld(f"the journal in {folder} is written by process {holder}; only one may. End that one first") from fault
    lock.truncate(0)
    lock.write(str(os.getpid()).encode())
    return lock


def _end_of(folder: Path) -> tuple[int, int, Path | None]:
    """Last position, last instant and newest file; the last batch is read whole, so that a damaged end is met at the start."""
    for path in reversed(list_days(folder)):
        with journal_read.opened(path, 0) as connection:
            try:
                version = version_of(connection)
                if version == 0:
                    continue
                if version != FORMAT:
                    todo = "Start the version of Shouwang that wrote it, or a newer one."
                    raise JournalDamaged(0, path, f"it has format {version} and this version reads {FORMAT}", todo)
                first_position, floor_at = connection.execute("SELECT first_position, floor_at FROM about").fetchone()
                row = connection.execute(_LAST_ROW).fetchone()
            except sqlite3.DatabaseError as fault:
                raise journal_read.damaged(fault, 0, path) from fault
        if row is None:
            return first_position - 1, floor_at, path
        read_row(row, path)
        return row[0] + row[1] - 1, row[2], path
    return 0, 0, None
