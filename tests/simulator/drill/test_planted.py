"""Planted bugs: each changes what is there, and a cheap handful is found here by the seeds that docs/drill.md names."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.drill.fleet import Ground, ground
from simulator.drill.page import page_of
from simulator.drill.planted import BUGS, BY_NAME, planted
from simulator.drill.planted.bug import Patch

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "drill.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \|[^|]*\| (\d+|not found) \|", PAGE, re.MULTILINE))
EARLY = [name for name, seed in ROWS.items() if seed.isdecimal() and int(seed) <= 2]


@pytest.fixture(scope="module")
def here() -> Iterator[Ground]:
    with ground() as made:
        yield made


@pytest.mark.parametrize("name", EARLY)
def test_a_planted_bug_is_found(here: Ground, name: str) -> None:
    outcome = here.play(int(ROWS[name]), plant=name)
    assert not outcome.is_well
    assert outcome.detail


def test_without_it_the_same_seed_is_well(here: Ground) -> None:
    assert here.play(2).is_well


def test_the_page_names_every_bug_and_none_lives() -> None:
    assert list(ROWS) == [bug.name for bug in BUGS]
    assert len(BUGS) >= 25
    assert all(seed.isdecimal() and int(seed) <= 1000 for seed in ROWS.values())


def test_the_page_is_made_by_its_regenerator() -> None:
    head, _, table = PAGE.partition("## Planted bugs")
    assert page_of({}, range(1, 1001)).partition("## Planted bugs")[0] == head
    assert table.startswith("\n\nA drill that finds nothing proves little.")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: str(bug.name))
def test_planting_changes_something_and_is_undone(bug: object) -> None:
    name = getattr(bug, "name", "")
    with Patch() as patch:
        BY_NAME[name].plant(patch)
        changed = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in patch._before]
    assert changed
    assert all(getattr(owner, attribute) is not planted_one for owner, attribute, planted_one in changed)


def test_an_unknown_bug_is_none_of_ours() -> None:
    with pytest.raises(KeyError), planted("nothing_like_it"):
        raise AssertionError("it was planted")
