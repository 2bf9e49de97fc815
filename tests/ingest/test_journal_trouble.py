"""The journal in trouble: damage is told with its position, a full disk heals, a failing one ends, and a person can mend."""

import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.entries import Appended, pack_entries
from ingest.journal import Journal, JournalBroken, JournalDamaged, JournalWriteFailed, read_only
from ingest.journal_days import checksum
from ingest.journal_mend import main, mend
from ingest.journal_read import backwards, find
from rules.model import Event, Input, Rejected, SetAside
from tests.ingest.journal_kit import DAY, NOON, Hands, Opened, batch, names


def harm(folder: Path, statement: str) -> None:
    (path,) = folder.glob("*.sqlite")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()


DAMAGE = {
    "a flipped bit": "UPDATE batch SET body = zeroblob(length(body)) WHERE first_position = {}",
    "a truncated row": "UPDATE batch SET body = substr(body, 1, 10) WHERE first_position = {}",
    "another instant": "UPDATE batch SET received_at = received_at + 1 WHERE first_position = {}",
    "another count": "UPDATE batch SET count = count + 1 WHERE first_position = {}",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_end_is_refused_at_the_start(opened: Opened, folder: Path, hands: Hands, statement: str) -> None:
    journal = opened()
    journal.append(batch("a"))
    journal.append(batch("b", "c"))
    journal.close()
    harm(folder, statement.format(2))

    with pytest.raises(
        JournalDamaged, match=r"damaged at position 2 in 2026-11-23.sqlite.* Restore the file from a copy"
    ) as damage:
        Journal(folder, clock=hands)
    assert damage.value.position == 2


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_middle_is_met_when_it_is_read(opened: Opened, folder: Path, statement: str) -> None:
    journal = opened()
    for part in ("a", "bc", "d"):
        journal.append(batch(*part))
    harm(folder, statement.format(2))

    reading = journal.read()
    assert next(reading).entry.id == "a"
    with pytest.raises(JournalDamaged, match="position 2") as damage:
        next(reading)
    assert damage.value.position == 2


def test_a_missing_row_is_a_gap_and_told(opened: Opened, folder: Path) -> None:
    journal = opened()
    for part in ("a", "bc", "d"):
        journal.append(batch(*part))
    harm(folder, "DELETE FROM batch WHERE first_position = 2")

    with pytest.raises(JournalDamaged, match=r"position 2 .*begins at 4"):
        list(journal.read())


def test_a_file_that_is_no_database_is_told(opened: Opened, folder: Path, hands: Hands) -> None:
    journal = opened()
    journal.append(batch("a"))
    journal.close()
    (path,) = folder.glob("*.sqlite")
    path.write_bytes(b"not a database " * 1000)

    with pytest.raises(JournalDamaged, match="NOTADB"):
        Journal(folder, clock=hands)


def test_mending_sets_aside_what_cannot_be_read_and_keeps_every_position(opened: Opened, folder: Path) -> None:
    journal = opened()
    for part in ("a", "bc", "d", "e"):
        journal.append(batch(*part))
    journal.close()
    harm(folder, DAMAGE["a flipped bit"].format(2))
    harm(folder, "DELETE FROM batch WHERE first_position = 4")

    mended = mend(folder)

    assert [(one.first_position, one.last_position) for one in mended] == [(2, 4)]  # until the next that can be read
    entries = list(read_only(folder))
    assert [one.position for one in entries] == [1, 2, 3, 4, 5]
    assert [type(one.entry) for one in entries] == [Event, SetAside, SetAside, SetAside, Event]
    assert mend(folder) == ()


def test_mending_from_the_command_line_says_what_was_lost(
    opened: Opened, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = opened()
    journal.append(batch("a"))
    journal.append(batch("b", "c"))
    journal.close()
    harm(folder, DAMAGE["another count"].format(2))

    with pytest.raises(JournalDamaged, match=r"python -m ingest.journal_mend /.*/journal'"):
        opened()
    assert main([]) == 2
    assert main([str(folder)]) == 0
    assert "2-4: " in capsys.readouterr().out  # the row said three; what it held is lost, whatever it was
    assert opened().append(batch("d")).first_position == 5


def test_a_full_disk_loses_nothing_and_heals_without_a_restart(opened: Opened) -> None:
    journal = opened()
    journal.append(batch("a"))
    connection = journal._connection  # the engine's own limit stands in for the disk
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    big: list[Input] = [
        Rejected(id="r", source="s", reason="empty", detail=bytes(range(32, 127)).decode() * n, excerpt=b"", size=n)
        for n in range(1, 300)
    ]

    with pytest.raises(JournalWriteFailed, match=r"SQLITE_FULL.*free disk space"):
        journal.append(big)
    assert journal.last_position() == 1

    connection.execute("PRAGMA max_page_count = 1000000")
    assert journal.append(big).first_position == 2
    assert len(list(journal.read())) == 300


class FailingDisk(sqlite3.Connection):
    """A connection whose next commit fails as SQLite says it."""

    code = 0
    name = ""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if self.code and sql == "COMMIT":
            fault = sqlite3.OperationalError("disk I/O error")
            fault.sqlite_errorcode, fault.sqlite_errorname = self.code, self.name
            raise fault
        return super().execute(sql, parameters)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[FailingDisk]]:
    connect = sqlite3.connect

    def connect_failing(*arguments: object, **options: object) -> sqlite3.Connection:
        return connect(*arguments, factory=FailingDisk, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("ingest.journal.sqlite3.connect", connect_failing)
    yield FailingDisk
    FailingDisk.code = 0


@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_WRITE", "SQLITE_IOERR"])
def test_a_failing_disk_ends_the_writing_for_good(failing: type[FailingDisk], opened: Opened, name: str) -> None:
    journal = opened()
    journal.append(batch("a"))
    failing.code, failing.name = getattr(sqlite3, name), name

    with pytest.raises(JournalBroken, match=f"{name}.*look at the disk"):
        journal.append(batch("b"))
    failing.code = 0
    with pytest.raises(JournalBroken):
        journal.append(batch("b"))
    assert names(opened().read()) == ["a"]


def test_a_new_day_that_cannot_be_made_is_tried_again(failing: type[FailingDisk], opened: Opened, hands: Hands) -> None:
    journal = opened()
    journal.append(batch("a"))
    failing.code, failing.name = sqlite3.SQLITE_FULL, "SQLITE_FULL"
    hands.at += DAY

    with pytest.raises(JournalWriteFailed, match="SQLITE_FULL"):
        journal.append(batch("b"))
    failing.code = 0
    assert journal.append(batch("b")) == Appended(first_position=2, received_at=NOON + DAY, count=1)
    assert names(journal.read()) == ["a", "b"]


def test_a_copy_of_the_folder_reads_the_same(opened: Opened, folder: Path, tmp_path: Path) -> None:
    journal = opened()
    journal.append(batch("a", "b"))
    journal.close()
    shutil.copytree(folder, tmp_path / "copy")

    assert names(read_only(tmp_path / "copy")) == ["a", "b"]
    assert names(read_only(tmp_path / "nowhere")) == []


def test_a_journal_of_a_newer_version_is_left_alone(opened: Opened, folder: Path, hands: Hands) -> None:
    journal = opened()
    journal.append(batch("a"))
    journal.close()
    harm(folder, "PRAGMA user_version = 99")

    with pytest.raises(JournalDamaged, match=r"format 99 and this version reads 1.*Start the version"):
        Journal(folder, clock=hands)


READERS: dict[str, Callable[[Path], object]] = {
    "from a position": lambda folder: list(read_only(folder, after=1)),
    "one": lambda folder: find(folder, 1),
    "the way back": lambda folder: list(backwards(folder, 5)),
    "mending": mend,
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
def test_no_reader_takes_a_broken_file_for_an_empty_one(opened: Opened, folder: Path, read: Callable[[Path], object]) -> None:
    journal = opened()
    journal.append(batch("a"))
    journal.close()
    (path,) = folder.glob("*.sqlite")
    path.write_bytes(b"not a database " * 1000)

    with pytest.raises(JournalDamaged, match=r"damaged at position \d+ in 2026-11-23.sqlite: SQLite"):
        read(folder)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"no zlib", "cannot be read"),
        (zlib.compress(b"no json"), "expected a batch"),
        (zlib.compress(pack_entries(batch("a", "b"))), "should hold 1 entries and holds 2"),
    ],
)
def test_a_good_checksum_over_a_wrong_body_is_no_excuse(opened: Opened, folder: Path, body: bytes, says: str) -> None:
    journal = opened()
    journal.append(batch("a"))
    (path,) = folder.glob("*.sqlite")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE batch SET body = ?, crc = ?", (body, checksum(1, 1, NOON, body)))
    connection.close()

    with pytest.raises(JournalDamaged, match=says):
        list(journal.read())


def test_a_database_found_damaged_while_writing_calls_a_person(failing: type[FailingDisk], opened: Opened) -> None:
    journal = opened()
    failing.code, failing.name = sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"

    with pytest.raises(JournalDamaged, match="SQLITE_CORRUPT"):
        journal.append(batch("a"))


def test_a_day_whose_maker_was_killed_in_its_first_write_is_begun_anew(opened: Opened, folder: Path, tmp_path: Path) -> None:
    journal = opened()
    journal.append(batch("a"))
    journal.close()
    half = tmp_path / "half.sqlite"
    connection = sqlite3.connect(half, isolation_level=None)
    connection.execute("CREATE TABLE half (done)")
    for statement in ("PRAGMA cache_size = 1", "BEGIN IMMEDIATE", "INSERT INTO half VALUES (zeroblob(100000))"):
        connection.execute(statement)
    for ending in ("", "-journal"):
        shutil.copy(f"{half}{ending}", folder / f"2026-11-24.sqlite{ending}")
    connection.close()
    with sqlite3.connect(f"file:{folder / '2026-11-24.sqlite'}?mode=ro", uri=True) as reader:
        with pytest.raises(sqlite3.OperationalError) as fault:
            reader.execute("PRAGMA user_version")
        assert fault.value.sqlite_errorname == "SQLITE_READONLY_ROLLBACK"
    reader.close()

    assert names(read_only(folder)) == ["a"]
    assert opened().last_position() == 1
