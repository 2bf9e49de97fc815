"""What drills have found in the house: each as a short drill of its own, so that it stays mended."""

from collections.abc import Iterator

import pytest

from simulator.drill.fleet import Ground, ground
from simulator.drill.planted import NONE
from simulator.drill.steps import Step


@pytest.fixture(scope="module")
def here() -> Iterator[Ground]:
    with ground() as made:
        yield made


CALL = Step(3, 1000, "danger", numbers=(0.0, 0.9, 0.9, 0.9))
"""In the town of seed 8 the first device is a call button."""


@pytest.mark.parametrize(("plant", "is_well"), [(NONE, True), ("outbox_by_the_wall_clock", False)])
def test_a_clock_set_back_holds_up_no_message(here: Ground, plant: str, is_well: bool) -> None:
    """Messages were due by the computer's clock: set back an hour, it let everybody wait for an hour."""
    back = Step(2, 1000, "clock", size=-36_000.0)
    outcome = here.play(8, plant=plant, steps=(Step(1, 1000, "speak", numbers=(0.1, 0.5, 0.9, 0.0)), back, CALL))
    assert outcome.is_well is is_well, outcome.detail
    assert is_well or "still owed" in outcome.detail


def test_what_left_without_the_store_may_be_told_again_after_a_stop_in_order(here: Ground) -> None:
    """A stop does not wait for a store that is away: what the outside heard meanwhile is owed again (at least once)."""
    away = Step(2, 1000, "store_away", size=40.0)
    stop = Step(4, 200, "stop", size=130.0)
    call = Step(3, 50, "danger", numbers=(0.0, 0.9, 0.9, 0.9))
    outcome = here.play(8, steps=(Step(1, 1000, "speak", numbers=(0.1, 0.5, 0.9, 0.0)), away, call, stop))
    assert outcome.is_well, outcome.detail
