"""The journal by time: what was received at these instants, in this stretch, and where an instant begins."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.entries import Journaled
from ingest.journal_days import COLUMNS, Row, day_of, list_days, read_row
from ingest.journal_read import damaged, opened

_INSTANTS_AT_ONCE = 500
_DAY_MS = 86_400_000


def received_at(folder: Path, instants: Iterable[int]) -> Iterator[Journaled]:
    """Everything that was received at one of these instants (ms), in the order of the journal. Raises JournalDamaged."""
    wanted = sorted(dict.fromkeys(instants))
    for path in list_days(folder):
        mine = [at for at in wanted if day_of(at - _DAY_MS) <= path.stem <= day_of(at)]  # a file may outlast its midnight
        for begin in range(0, len(mine), _INSTANTS_AT_ONCE):
            some = mine[begin : begin + _INSTANTS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            yield from _rows(path, f"received_at IN ({marks})", some)


def alone_between(folder: Path, from_at: int, to_at: int) -> Iterator[Journaled]:
    """What was journaled by itself in this stretch, both ends included: what the service says of itself always is."""
    for path in list_days(folder):
        if day_of(from_at - _DAY_MS) <= path.stem <= day_of(to_at):
            yield from _rows(path, "received_at BETWEEN ? AND ? AND count = 1", [from_at, to_at])


def last_before(folder: Path, at: int) -> int:
    """The last position that was received before this instant; 0 where there is none. Raises JournalDamaged."""
    for path in reversed(list_days(folder)):
        with opened(path, 0) as connection:
            try:
                if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    continue
                found = connection.execute(
                    "SELECT first_position + count - 1 FROM batch WHERE received_at < ? ORDER BY first_position DESC LIMIT 1",
                    (at,),
                ).fetchone()
            except sqlite3.DatabaseError as fault:
                raise damaged(fault, 0, path) from fault
        if found is not None:
            return int(found[0])
    return 0


def begin_at(folder: Path) -> int | None:
    """The first instant that retention has left; None where nothing is there."""
    for path in list_days(folder):
        for journaled in _rows(path, "first_position = (SELECT min(first_position) FROM batch)", []):
            return journaled.received_at
    return None


def _rows(path: Path, condition: str, values: list[int]) -> Iterator[Journaled]:
    with opened(path, 0) as connection:
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                return
            rows: list[Row] = connection.execute(
                f"SELECT {COLUMNS} FROM batch WHERE {condition} ORDER BY first_position",  # noqa: S608 - constants and marks
                values,
            ).fetchall()
        except sqlite3.DatabaseError as fault:
            raise damaged(fault, 0, path) from fault
    for row in rows:
        yield from read_row(row, path)
