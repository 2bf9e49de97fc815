"""What ends by itself does so over a crash, and a drill sees where it does not; what a broker forgot is shown again."""

from collections.abc import Iterator

import pytest

from simulator.drill.fleet import Ground, ground
from simulator.drill.planted import NONE
from simulator.drill.steps import LAPSES, Step, draw

SHELVABLE = 8
"""The town of this seed has a device whose alarm may be shelved."""
PLANTS = {
    "shelf": "shelf_forgotten_after_restart",
    "signal": "warning_expiry_in_memory_only",
    "mode": "mode_in_memory_only",
    "outage": "outage_in_memory_only",
}


@pytest.fixture(scope="module")
def here() -> Iterator[Ground]:
    with ground() as made:
        yield made


def _lapse(word: str) -> tuple[Step, ...]:
    return (Step(1, 1000, "lapse", word, 45.0, (0.1, 0.5, 0.5, 0.5)),)


def test_every_sort_is_drawn() -> None:
    drawn = {step.word for seed in range(1, 400) for step in draw(seed) if step.what == "lapse"}
    assert drawn == set(LAPSES) == set(PLANTS)


@pytest.mark.parametrize("word", LAPSES)
def test_it_ends_by_itself_over_a_crash(here: Ground, word: str) -> None:
    outcome = here.play(SHELVABLE, steps=_lapse(word))
    assert outcome.is_well, outcome.detail
    assert outcome.crash_count == 1


@pytest.mark.parametrize("word", LAPSES)
def test_an_end_that_was_in_memory_only_is_missed(here: Ground, word: str) -> None:
    outcome = here.play(SHELVABLE, steps=_lapse(word), plant=PLANTS[word])
    assert outcome.law[:2] in {"I4", "I9"}, outcome.detail
    assert "not in the timeline" in outcome.detail or "an undisturbed chain decides" in outcome.detail


@pytest.mark.parametrize(("plant", "is_well"), [(NONE, True), ("states_not_shown_again", False)])
def test_a_broker_that_forgot_is_shown_again_what_lasts(here: Ground, plant: str, is_well: bool) -> None:
    steps = (
        Step(1, 1000, "danger", numbers=(0.0, 0.9, 0.9, 0.9)),
        Step(2, 700_000, "broker", "forgets", 2.0, (0.5, 0.5, 0.5, 0.5)),
    )
    outcome = here.play(8, steps=steps, plant=plant)
    assert outcome.is_well is is_well, outcome.detail
    assert is_well or "not shown" in outcome.detail
