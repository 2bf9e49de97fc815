"""The journal: positions without gaps, one instant a batch, days as files, one writer, and damage that is told."""

from datetime import date
from pathlib import Path

import pytest

from ingest.entries import Appended
from ingest.journal import Journal, JournalDamaged, Journaled, JournalHeld, read_only
from tests.ingest.journal_kit import DAY, NOON, Hands, Opened, batch, event, names

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


def test_it_is_read_backwards_batch_by_batch_from_any_position(opened: Opened, hands: Hands) -> None:
    journal = opened()
    for part in ("abc", "d", "ef"):
        journal.append(batch(*part))
        hands.at += DAY

    assert [["".join(names(each)) for each in journal.backwards(until)] for until in range(8)] == [
        [],
        ["a"],
        ["ab"],
        ["abc"],
        ["d", "abc"],
        ["e", "d", "abc"],
        ["ef", "d", "abc"],
        ["ef", "d", "abc"],
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
