"""The journal by time: instants, stretches, and where an instant begins; over midnights too."""

from pathlib import Path

import pytest

from ingest.journal_at import alone_between, begin_at, last_before, received_at
from ingest.journal_days import JournalDamaged
from tests.ingest.journal_kit import DAY, NOON, Hands, Opened, batch, names


@pytest.fixture
def days(folder: Path, opened: Opened, hands: Hands) -> Path:
    journal = opened()
    for part in ("abc", "d", "ef"):
        journal.append(batch(*part))
        hands.at += DAY
    return folder


def test_what_was_received_at_some_instants(days: Path) -> None:
    assert names(list(received_at(days, [NOON + 2 * DAY, NOON, NOON]))) == list("abcef")
    assert list(received_at(days, [])) == []
    assert list(received_at(days, range(NOON + 1, NOON + 1200))) == []


def test_what_was_journaled_by_itself(days: Path) -> None:
    assert names(list(alone_between(days, NOON, NOON + 2 * DAY))) == ["d"]
    assert list(alone_between(days, NOON, NOON + DAY - 1)) == []
    assert names(list(alone_between(days, NOON + DAY, NOON + DAY))) == ["d"]


def test_where_an_instant_begins(days: Path) -> None:
    assert [last_before(days, at) for at in (NOON, NOON + 1, NOON + DAY, NOON + DAY + 1, NOON + 9 * DAY)] == [0, 3, 3, 4, 6]
    assert begin_at(days) == NOON


def test_nothing_is_there_yet(folder: Path) -> None:
    assert begin_at(folder) is None
    assert last_before(folder, NOON) == 0
    folder.mkdir()
    (folder / "2026-11-23.sqlite").touch()  # its maker was killed before it set it up
    assert begin_at(folder) is None
    assert last_before(folder, NOON) == 0


def test_a_damaged_file_is_told(folder: Path) -> None:
    folder.mkdir()
    (folder / "2026-11-23.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(JournalDamaged):
        last_before(folder, NOON + 9 * DAY)
    with pytest.raises(JournalDamaged):
        list(received_at(folder, [NOON]))
