"""Foreign formats in a drill: kept once over a crash, answered after the commit, and each bug of their ways is seen."""

from collections.abc import Iterator

import pytest

from simulator.drill.fleet import Ground, ground
from simulator.drill.planted import NONE
from simulator.drill.steps import Step

NUMBERS = (0.1, 0.1, 0.9, 0.5)
"""The first detector, in danger, said once."""
CRASH = Step(1, 1000, "crash_at", "journal_after", 1.0, (0.0, 0.5, 0.5, 0.5))
"""Journaled, and nobody acknowledged: it is brought again to another process."""
BRIDGE = Step(2, 1000, "bridge", numbers=NUMBERS)
PUSH = Step(2, 1000, "push", numbers=NUMBERS)
FULL = Step(1, 1000, "disk_full", size=8.0, numbers=(0.1, 0.9, 0.9, 0.9))


@pytest.fixture(scope="module")
def here() -> Iterator[Ground]:
    with ground() as made:
        yield made


@pytest.mark.parametrize("says", [BRIDGE, PUSH], ids=["bridge", "push"])
@pytest.mark.parametrize(("plant", "is_well"), [(NONE, True), ("foreign_id_by_arrival", False)])
def test_what_comes_again_after_a_crash_is_the_same_event(here: Ground, says: Step, plant: str, is_well: bool) -> None:
    outcome = here.play(3, steps=(CRASH, says), plant=plant)
    assert outcome.is_well is is_well, outcome.detail
    assert outcome.crash_count == 1
    assert is_well or "journaled as another event" in outcome.detail


def test_a_full_disk_keeps_a_platform_waiting_for_its_answer(here: Ground) -> None:
    outcome = here.play(3, steps=(FULL, PUSH))
    assert outcome.is_well, outcome.detail


def test_a_push_that_is_answered_before_the_commit_is_seen(here: Ground) -> None:
    outcome = here.play(3, steps=(FULL, PUSH), plant="push_answered_before_commit")
    assert "answered with 200 and is not journaled" in outcome.detail


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        ("route_acknowledged_before_journal", "acknowledged and not journaled: zigbee2mqtt/z0"),
        ("route_alarm_by_the_bulk_lane", "came by the bulk lane"),
    ],
)
def test_a_route_that_is_too_hasty_or_too_slow_is_seen(here: Ground, plant: str, said: str) -> None:
    assert said in here.play(3, steps=(BRIDGE,), plant=plant).detail


def test_a_drill_without_foreign_messages_opens_no_route(here: Ground) -> None:
    outcome = here.play(3, steps=(Step(1, 1000, "beat", numbers=NUMBERS),), plant="route_alarm_by_the_bulk_lane")
    assert outcome.is_well, outcome.detail
