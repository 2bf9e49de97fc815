"""Reading the journal: from a position on, one position, or the last so many; while another connection goes on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ingest.entries import Journaled
from ingest.journal_days import COLUMNS, JournalDamaged, Row, first_position_of, list_days, open_reading, read_row

BATCHES_AT_ONCE = 64  # rows fetched in one go: no read transaction stays open while the caller works


def read_only(folder: Path, after: int = 0) -> Iterator[Journaled]:
    """All entries with a position greater than ``after``, in order and without a gap, up to the present end.

    After 0 it begins with the oldest that retention has left. Raises JournalDamaged, also where ``after`` is not 0 and
    the next position is no longer there.
    """
    days = list_days(folder)
    if not days:
        return
    current, expected, connection = _day_with(days, after + 1)
    with closing(connection):
        for journaled in _read_day(connection, current, expected):
            expected = journaled.position + 1
            yield journaled
    # The writer may have gone on to a new day since the list was made; and on the old day before that.
    while list_days(folder)[-1].name != current.name:
        for path in list_days(folder):
            if path.name < current.name:
                continue
            current = path
            with opened(path, expected) as connection:
                for journaled in _read_day(connection, path, expected):
                    expected = journaled.position + 1
                    yield journaled


def find(folder: Path, position: int) -> Journaled | None:
    """The entry at this position; None where there is none (not yet, or dropped). Raises JournalDamaged."""
    for path in reversed(list_days(folder)):
        try:
            with closing(open_reading(path)) as connection:
                first = first_position_of(connection)
                if first == 0 or first > position:
                    continue
                row: Row | None = connection.execute(
                    f"SELECT {COLUMNS} FROM batch WHERE first_position <= ? ORDER BY first_position DESC LIMIT 1",  # noqa: S608 - constants
                    (position,),
                ).fetchone()
        except sqlite3.DatabaseError as fault:
            raise damaged(fault, position, path) from fault
        if row is None or position >= row[0] + row[1]:
            return None
        return read_row(row, path)[position - row[0]]
    return None


def backwards(folder: Path, until: int) -> Iterator[list[Journaled]]:
    """Batch by batch from this position back to the oldest that is left, each batch in its own order. Raises JournalDamaged."""
    for path in reversed(list_days(folder)):
        before, is_left = until + 1, True
        while is_left:
            rows = rows_before(path, before)
            for row in rows:
                yield [journaled for journaled in read_row(row, path) if journaled.position <= until]
                before = row[0]
            is_left = len(rows) == BATCHES_AT_ONCE


def _day_with(days: list[Path], position: int) -> tuple[Path, int, sqlite3.Connection]:
    """The file that holds a position or will, the position to expect first in it, and it opened: to open it takes longest."""
    oldest, oldest_first = days[0], 1
    for path in reversed(days):
        connection = _open(path, position)
        try:
            first = first_position_of(connection)
            if first and first <= position:
                return path, position, connection
        except sqlite3.DatabaseError as fault:
            connection.close()
            raise damaged(fault, position, path) from fault
        connection.close()
        oldest, oldest_first = path, first or oldest_first
    if position > 1:
        raise JournalDamaged(position, oldest, f"the oldest position left is {oldest_first}; earlier ones were dropped")
    return oldest, oldest_first, _open(oldest, oldest_first)


def _read_day(connection: sqlite3.Connection, path: Path, expected: int) -> Iterator[Journaled]:
    while rows := _rows_from(connection, path, expected):
        for row in rows:
            if not row[0] <= expected < row[0] + row[1]:
                raise JournalDamaged(expected, path, f"the next batch begins at {row[0]}: positions are missing")
            for journaled in read_row(row, path):
                if journaled.position >= expected:
                    yield journaled
            expected = row[0] + row[1]


def _rows_from(connection: sqlite3.Connection, path: Path, expected: int) -> list[Row]:
    """The next rows, beginning with the one in which the expected position is."""
    try:
        if first_position_of(connection) == 0:
            return []
        return connection.execute(
            f"SELECT {COLUMNS} FROM batch WHERE first_position + count > :expected AND first_position >= coalesce("  # noqa: S608 - constants
            "(SELECT max(first_position) FROM batch WHERE first_position <= :expected), 0) "
            "ORDER BY first_position LIMIT :limit",
            {"expected": expected, "limit": BATCHES_AT_ONCE},
        ).fetchall()
    except sqlite3.DatabaseError as fault:
        raise damaged(fault, expected, path) from fault


def rows_before(path: Path, before: int) -> list[Row]:
    """The next rows of this file before a position, the newest first. Raises JournalDamaged."""
    try:
        with closing(open_reading(path)) as connection:
            if first_position_of(connection) == 0:
                return []
            return connection.execute(
                f"SELECT {COLUMNS} FROM batch WHERE first_position < ? ORDER BY first_position DESC LIMIT ?",  # noqa: S608 - constants
                (before, BATCHES_AT_ONCE),
            ).fetchall()
    except sqlite3.DatabaseError as fault:
        raise damaged(fault, before, path) from fault


@contextmanager
def opened(path: Path, position: int) -> Iterator[sqlite3.Connection]:
    """A reading connection, closed afterwards. Raises JournalDamaged."""
    with closing(_open(path, position)) as connection:
        yield connection


def _open(path: Path, position: int) -> sqlite3.Connection:
    try:
        return open_reading(path)
    except sqlite3.DatabaseError as fault:
        raise damaged(fault, position, path) from fault


def first_position(path: Path) -> int:
    """The first position that a file may hold; 0 where it was never set up. Raises JournalDamaged."""
    with opened(path, 0) as connection:
        try:
            return first_position_of(connection)
        except sqlite3.DatabaseError as fault:
            raise damaged(fault, 0, path) from fault


def damaged(fault: sqlite3.Error, position: int, path: Path) -> JournalDamaged:
    """What it means when SQLite cannot read a file of ours."""
    return JournalDamaged(position, path, f"SQLite cannot read it ({getattr(fault, 'sqlite_errorname', '')} {fault})")
