"""The journal: positions without gaps, one instant a batch, days as files, one writer, and damage that is told."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.entries import Appended
from ingest.journal import Journal, JournalBroken, JournalDamaged, Journaled, JournalHeld, JournalWriteFailed, read_only
from ingest.journal_mend import mend
from rules.model import Event, EventClass, Input, Network, Rejected, SetAside

DAY = 86_400_000
NOON = 1_795_435_200_000  # 2026-11-23T12:00:00Z


class Hands:
    """A clock that shows what it is told."""

    def __init__(self, at: int = NOON) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


def event(name: str) -> Event:
    return Event(
        id=name,
        community="jade",
        network=Network.IOT,
        event_class=EventClass.READING,
        device="d1",
        kind="temperature",
        value=21.5,
    )


def batch(*names: str) -> list[Input]:
    return [event(name) for name in names]


def names(journaled: Iterator[Journaled] | list[Journaled]) -> list[str]:
    return [one.entry.id for one in journaled]


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def opened(folder: Path, hands: Hands) -> Iterator[Callable[[], Journal]]:
    """Open the journal, closing the one opened before: a restart."""
    held: list[Journal] = []

    def open_again() -> Journal:
        while held:
            held.pop().close()
        held.append(Journal(folder, clock=hands))
        return held[-1]

    yield open_again
    while held:
        held.pop().close()


Opened = Callable[[], Journal]


# ----------------------------------------------------------------------------------------------- writing and reading


def test_a_batch_gets_positions_and_one_instant(opened: Opened) -> None:
    journal = opened()

    assert journal.last_position() == 0
    assert journal.append(batch("a", "b")) == Appended(first_position=1, received_at=NOON, count=2)
    assert journal.append(batch("c")) == Appended(first_position=3, received_at=NOON, count=1)
    assert list(journal.read()) == [
        Journaled(position=position, received_at=NOON, entry=event(name)) for position, name in enumerate("abc", 1)
    ]
    assert journal.last_position() == 3


def test_reading_begins_after_a_position_also_inside_a_batch(opened: Opened) -> None:
    journal = opened()
    for part in ("abc", "d", "ef"):
        journal.append(batch(*part))

    assert ["".join(names(journal.read(after=after))) for after in range(7)] == ["abcdef", "bcdef", "cdef", "def", "ef", "f", ""]


def test_one_position_is_found(opened: Opened) -> None:
    journal = opened()
    journal.append(batch("a", "b"))
    journal.append(batch("c"))

    assert [found and found.entry.id for found in map(journal.find, range(5))] == [None, "a", "b", "c", None]


def test_the_tail_is_the_last_entries_in_order(opened: Opened, hands: Hands) -> None:
    journal = opened()
    for part in ("abc", "d", "ef"):
        journal.append(batch(*part))
        hands.at += DAY

    assert ["".join(names(journal.tail(count))) for count in range(8)] == [
        "",
        "f",
        "ef",
        "def",
        "cdef",
        "bcdef",
        "abcdef",
        "abcdef",
    ]


def test_a_batch_of_nothing_is_the_callers_mistake(opened: Opened) -> None:
    with pytest.raises(ValueError, match="no entries"):
        opened().append([])


def test_all_is_there_after_a_restart(opened: Opened) -> None:
    opened().append(batch("a", "b"))
    journal = opened()

    assert journal.last_position() == 2
    assert journal.append(batch("c")).first_position == 3
    assert names(opened().read()) == ["a", "b", "c"]


def test_readers_read_while_the_writer_goes_on(opened: Opened, folder: Path, hands: Hands) -> None:
    journal = opened()
    for number in range(100):
        journal.append(batch(f"{number}"))
    reading = read_only(folder)
    first = [next(reading).entry.id for _ in range(50)]
    journal.append(batch("late"))
    hands.at += DAY
    journal.append(batch("next day"))

    assert first + names(reading) == [*map(str, range(100)), "late", "next day"]
    assert names(journal.read(after=100)) == ["late", "next day"]


# ---------------------------------------------------------------------------------------------------------- time


def test_the_instant_never_goes_back_not_even_over_a_restart(opened: Opened, hands: Hands) -> None:
    journal = opened()
    journal.append(batch("a"))
    hands.at -= 3_600_000
    assert journal.now() == NOON
    assert journal.append(batch("b")).received_at == NOON

    journal = opened()
    assert journal.now() == NOON
    hands.at += 1_000
    assert journal.now() == NOON + 500


def test_the_engines_own_time_can_be_held(opened: Opened) -> None:
    journal = opened()
    journal.hold_now(NOON + 5)

    assert journal.append(batch("a")).received_at == NOON + 5


def test_each_day_has_its_file_and_positions_go_on(opened: Opened, folder: Path, hands: Hands) -> None:
    journal = opened()
    for name in "abc":
        journal.append(batch(name))
        hands.at += DAY

    assert sorted(path.name for path in folder.glob("*.sqlite")) == [f"2026-11-2{day}.sqlite" for day in (3, 4, 5)]
    assert names(journal.read()) == ["a", "b", "c"]
    assert journal.find(2) == Journaled(position=2, received_at=NOON + DAY, entry=event("b"))
    assert names(opened().read(after=1)) == ["b", "c"]


def test_whole_days_are_dropped_but_nothing_that_was_not_applied(opened: Opened, folder: Path, hands: Hands) -> None:
    journal = opened()
    for part in ("ab", "cd", "ef", "gh"):
        journal.append(batch(*part))
        hands.at += DAY

    assert journal.drop_before(date(2026, 11, 26), applied_position=3) == ("2026-11-23.sqlite",)
    assert "".join(names(journal.read())) == "cdefgh"
    assert journal.drop_before(date(2026, 11, 25), applied_position=8) == ("2026-11-24.sqlite",)
    assert journal.drop_before(date(2030, 1, 1), applied_position=8) == ("2026-11-25.sqlite",)
    assert "".join(names(journal.read())) == "gh"
    assert journal.find(1) is None
    with pytest.raises(JournalDamaged, match=r"position 4 .*the oldest position left is 7"):
        list(journal.read(after=3))
    assert opened().last_position() == 8


def test_a_new_day_that_holds_nothing_yet_keeps_the_count(opened: Opened, folder: Path) -> None:
    opened().append(batch("a", "b"))
    (folder / "2026-11-24.sqlite").touch()  # its maker was killed before it was set up
    journal = opened()

    assert journal.last_position() == 2
    assert names(journal.read(after=1)) == ["b"]
    assert journal.drop_before(date(2030, 1, 1), applied_position=2) == ()
    assert journal.append(batch("c")).first_position == 3


# --------------------------------------------------------------------------------------------------- one writer


def test_a_second_writer_is_refused_and_told_who_holds_it(opened: Opened, folder: Path, hands: Hands) -> None:
    opened()

    with pytest.raises(JournalHeld, match=r"is written by process \d+; only one may"):
        Journal(folder, clock=hands)


# ------------------------------------------------------------------------------------------------------- trouble


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
