"""Positions that stopped the chain: remembered over the stop, and set aside the second time."""

from pathlib import Path

import pytest

from shouwang.stumbles import Stumbles


def test_the_second_stop_makes_it_poisonous_and_restarts_lie_between(tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    Stumbles(file).record(7)
    assert Stumbles(file).poisonous() == []
    Stumbles(file).record(9)
    Stumbles(file).record(7)
    assert Stumbles(file).poisonous() == [7]
    again = Stumbles(file)
    again.record(9)
    assert again.poisonous() == [7, 9]
    again.forget(7)
    assert Stumbles(file).poisonous() == [9]


def test_timers_are_remembered_beside_positions_by_name_and_deadline(tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    for _ in range(2):
        Stumbles(file).record_timer("clock d-1 of a name with blanks", 1_795_435_200_000)
        Stumbles(file).record_timer("clock d-1", -5)
    Stumbles(file).record_timer("clock d-1", 7)
    again = Stumbles(file)
    assert again.poisonous() == []
    assert again.poisonous_timers() == [("clock d-1", -5), ("clock d-1 of a name with blanks", 1_795_435_200_000)]
    again.forget_timer("clock d-1", -5)
    assert Stumbles(file).poisonous_timers() == [("clock d-1 of a name with blanks", 1_795_435_200_000)]


def test_what_is_suspected_is_remembered_too(tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    assert Stumbles(file).suspect_until == 0
    Stumbles(file).suspect(12)
    Stumbles(file).record(3)
    assert Stumbles(file).suspect_until == 12


def test_a_power_cut_while_it_is_written_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    Stumbles(file).record(7)
    file.with_suffix(".new").write_text('{"stops": {"7"')
    assert Stumbles(file).poisonous() == []
    Stumbles(file).record(7)
    assert Stumbles(file).poisonous() == [7]
    assert not file.with_suffix(".new").exists()


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"stops": {"x": 2}}', '{"stops": 1, "suspect_until": "y"}'])
def test_a_file_that_somebody_spoiled_does_not_keep_the_service_from_starting(text: str, tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    file.write_text(text)
    stumbles = Stumbles(file)
    assert stumbles.poisonous() == []
    stumbles.record(7)
    assert Stumbles(file).poisonous() == []
