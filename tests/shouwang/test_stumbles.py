"""Stumbles: what stopped the chain is remembered on disk before the process ends, and is poisonous at the second stop."""

from pathlib import Path

from shouwang.stumbles import Stumbles


def test_a_position_is_poisonous_when_it_stopped_two_processes(tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    Stumbles(file).record(7)
    assert Stumbles(file).poisonous() == []
    Stumbles(file).record(7)
    Stumbles(file).record(9)
    assert Stumbles(file).poisonous() == [7]


def test_what_the_journal_has_set_aside_is_forgotten_here(tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    for _ in range(2):
        Stumbles(file).record(7)
    Stumbles(file).forget(7)
    assert Stumbles(file).poisonous() == []


def test_where_the_store_refused_something_is_remembered(tmp_path: Path) -> None:
    file = tmp_path / "stumbles.json"
    assert Stumbles(file).suspect_until == 0
    Stumbles(file).suspect(12)
    assert Stumbles(file).suspect_until == 12
