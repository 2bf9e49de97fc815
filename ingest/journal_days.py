"""The journal's files: one SQLite file a UTC day, one compressed and checksummed row a batch; how rows are made and checked."""

import sqlite3
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from ingest.entries import EntriesUnreadable, Journaled, pack_entries, unpack_entries
from rules.model import Input

FORMAT: Final = 1
SCHEMA: Final = (
    "CREATE TABLE about (first_position INTEGER NOT NULL, floor_at INTEGER NOT NULL) STRICT",
    """CREATE TABLE batch (first_position INTEGER PRIMARY KEY, count INTEGER NOT NULL, received_at INTEGER NOT NULL,
    crc INTEGER NOT NULL, body BLOB NOT NULL) STRICT""",
    f"PRAGMA user_version = {FORMAT}",
)
COLUMNS: Final = "first_position, count, received_at, crc, body"
Row = tuple[int, int, int, int, bytes]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COMPRESSION: Final = 1  # 0.4 µs an event at level 1, 1.2 µs at level 6 for a fifth fewer bytes
_SHORT_BITS: Final = 13
_SHORT_MAX: Final = 1 << _SHORT_BITS
"""Up to so many bytes a body is compressed within a window of that size: 7 µs for 1 kB, of which the usual 32 kB take 30."""


class JournalDamaged(Exception):  # noqa: N818 - a state of the file, not a mistake of the caller
    """What the journal holds at this position cannot be trusted. Nothing is guessed: a person must decide."""

    def __init__(self, position: int, where: Path, detail: str, todo: str = "") -> None:
        todo = todo or (
            "Restore the file from a copy. Where there is none, end the service and run "
            f"'python -m ingest.journal_mend {where.parent}': it sets the damaged positions aside and lists them, and what "
            "they held must be sent again."
        )
        super().__init__(f"The journal is damaged at position {position} in {where.name}: {detail}. Nothing was changed. {todo}")
        self.position = position
        self.where = where


def day_of(at: int) -> str:
    """The UTC day of an instant, as files are named."""
    return (_EPOCH + timedelta(milliseconds=at)).date().isoformat()


def day_file(folder: Path, day: str) -> Path:
    """The file of a day."""
    return folder / f"{day}.sqlite"


def list_days(folder: Path) -> list[Path]:
    """The files that there are, oldest first: by name, because received_at never decreases."""
    return sorted(folder.glob("[0-9]*-[0-9][0-9]-[0-9][0-9].sqlite"))


def make_row(first_position: int, received_at: int, entries: Sequence[Input]) -> Row:
    """The row of a batch."""
    body = _compressed(pack_entries(entries))
    return first_position, len(entries), received_at, checksum(first_position, len(entries), received_at, body), body


def _compressed(body: bytes) -> bytes:
    """In zlib's format, whose first byte tells the reader the window."""
    if len(body) > _SHORT_MAX:
        return zlib.compress(body, _COMPRESSION)
    press = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, _SHORT_BITS, 6)
    return press.compress(body) + press.flush()


def checksum(first_position: int, count: int, received_at: int, body: bytes) -> int:
    """CRC-32 over all that the row says: a row at the wrong place is as bad as a wrong row."""
    return zlib.crc32(body, zlib.crc32(b"%d %d %d" % (first_position, count, received_at)))


def read_row(row: Row, where: Path) -> list[Journaled]:
    """The entries of a row. Raises JournalDamaged."""
    first_position, count, received_at, crc, body = row
    if checksum(first_position, count, received_at, body) != crc:
        raise JournalDamaged(first_position, where, f"the checksum of the batch of {count} entries does not match")
    try:
        entries = unpack_entries(zlib.decompress(body))
    except (zlib.error, EntriesUnreadable) as fault:
        raise JournalDamaged(first_position, where, f"the batch of {count} entries cannot be read ({fault})") from fault
    if len(entries) != count:
        raise JournalDamaged(first_position, where, f"the batch should hold {count} entries and holds {len(entries)}")
    return [
        Journaled(position=position, received_at=received_at, entry=entry)
        for position, entry in enumerate(entries, first_position)
    ]


def open_reading(path: Path) -> sqlite3.Connection:
    """A connection that can only read. It never checkpoints, so it cannot disturb the one that writes."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None, timeout=5)


def version_of(connection: sqlite3.Connection) -> int:
    """The format of this file; 0 where it has not been set up: its maker was killed, maybe in the very first write.

    That one is made before the write-ahead log is, so it has a journal of its own, which only a writer may roll back.
    """
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_READONLY_ROLLBACK:
            return 0
        raise


def first_position_of(connection: sqlite3.Connection) -> int:
    """The first position that this file may hold; 0 where the file has not been set up."""
    if version_of(connection) == 0:
        return 0
    return int(connection.execute("SELECT first_position FROM about").fetchone()[0])
