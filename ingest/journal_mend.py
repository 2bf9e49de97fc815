"""Mending a damaged journal, by a person's decision: what cannot be read is set aside, loudly, and positions stay as they are.

Entries that were in a damaged batch are replaced by ``SetAside`` records at the same positions, so that the chain passes over
them and says so; the damaged row itself is kept in the table ``damaged`` of the same file. A file that SQLite itself cannot
read is beyond this: restore it from a copy. ``python -m ingest.journal_mend FOLDER`` does it and lists what was set aside.
"""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.journal import hold_folder
from ingest.journal_days import COLUMNS, JournalDamaged, Row, list_days, make_row, read_row
from rules.model import Input, SetAside

COUNT_MAX = 100_000  # a batch is smaller; a count beyond is part of the damage


@dataclass(frozen=True, slots=True)
class Mended:
    """These positions were set aside: what they held must be sent again."""

    file: str
    first_position: int
    last_position: int
    detail: str


def mend(folder: Path) -> tuple[Mended, ...]:
    """Set aside what cannot be read and say which. The service must not be running (JournalHeld)."""
    mended: list[Mended] = []
    expected = 0
    with hold_folder(folder):
        for path in list_days(folder):
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                expected = _mend_day(connection, path, expected, mended)
    return tuple(mended)


def _mend_day(connection: sqlite3.Connection, path: Path, expected: int, mended: list[Mended]) -> int:
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            return expected
        first_position, received_at = connection.execute("SELECT first_position, floor_at FROM about").fetchone()
        expected = expected or first_position
        rows: list[Row] = connection.execute(f"SELECT {COLUMNS} FROM batch ORDER BY first_position").fetchall()  # noqa: S608 - constants
    except sqlite3.DatabaseError as fault:
        todo = "SQLite itself cannot read the file: restore it from a copy."
        raise JournalDamaged(expected, path, f"SQLite says {fault}", todo) from fault
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        if row[0] > expected:
            _set_aside(connection, path, (expected, row[0] - expected, received_at), "positions were missing", mended)
        count = following[0] - row[0] if following else row[1] if 0 < row[1] <= COUNT_MAX else 1
        try:
            read_row(row, path)
            received_at = row[2]
        except JournalDamaged as damage:
            _set_aside(connection, path, (row[0], count, received_at), str(damage), mended)
        expected = row[0] + count
    return expected


def _set_aside(
    connection: sqlite3.Connection, path: Path, place: tuple[int, int, int], detail: str, mended: list[Mended]
) -> None:
    """Put records of what is lost where it was; in one transaction, keeping the damaged row."""
    first_position, count, received_at = place
    entries: list[Input] = [
        SetAside(id=f"set-aside-{position}", position=position, detail="the journal was damaged here and mended")
        for position in range(first_position, first_position + count)
    ]
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"CREATE TABLE IF NOT EXISTS damaged ({COLUMNS})")
    connection.execute(f"INSERT INTO damaged SELECT {COLUMNS} FROM batch WHERE first_position = ?", (first_position,))  # noqa: S608 - constants
    connection.execute("DELETE FROM batch WHERE first_position = ?", (first_position,))
    connection.execute(f"INSERT INTO batch ({COLUMNS}) VALUES (?, ?, ?, ?, ?)", make_row(first_position, received_at, entries))  # noqa: S608 - constants
    connection.execute("COMMIT")
    mended.append(Mended(path.name, first_position, first_position + count - 1, detail))


def main(arguments: Sequence[str]) -> int:
    """Mend the journal in the folder named, and say in both languages what was set aside."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m ingest.journal_mend FOLDER\n")
        return 2
    mended = mend(Path(arguments[0]))
    for one in mended:
        sys.stdout.write(f"{one.file}: {one.first_position}-{one.last_position}: {one.detail}\n")
    lost = sum(one.last_position - one.first_position + 1 for one in mended)
    sys.stdout.write(f"已搁置 {lost} 个位置，须由发送方重发。 / {lost} positions set aside; their senders must send again.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
