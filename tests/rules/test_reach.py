"""What the tests of a rule say before any event: read once, and the same for the same tests."""

import pytest

from rules.primitive import Burst, Count, Impossible, Rate, Silence, StateIs, Test, Threshold
from rules.reach import NEVER, reach_of

NO_VALUE = (NEVER, -NEVER)
HOT, COLD, WET = Threshold(above=57), Threshold(below=3), StateIs(states=("wet",))
NONE: frozenset[str] = frozenset()
WETTED = frozenset({"wet"})


@pytest.mark.parametrize(
    ("tests", "wakes", "states", "is_always"),
    [
        ((HOT,), (57, -NEVER), NONE, False),
        ((HOT, COLD, WET), (57, 3), WETTED, False),
        ((Count(of=HOT, count=3, within_s=60), Burst(of=WET, count=2, quiet_s=5)), (57, -NEVER), WETTED, False),
        ((Impossible(low=-40, high=120, rail_high=110),), (110, -40), NONE, False),
        ((Impossible(low=-40, high=120, jump_per_s=9),), NO_VALUE, NONE, True),
        ((HOT, Rate(above=1, window_s=60)), (57, -NEVER), NONE, True),
    ],
)
def test_which_values_and_states_wake_a_rule(
    tests: tuple[Test, ...], wakes: tuple[float, float], states: frozenset[str], *, is_always: bool
) -> None:
    reach = reach_of(tests)
    assert ((reach.wake_above, reach.wake_below), reach.states, reach.is_always) == (wakes, states, is_always)


def test_between_the_limits_of_a_threshold_nothing_moves() -> None:
    assert reach_of((Threshold(above=57, below=3), WET)).quiet == ((3, 57), NO_VALUE)


def test_a_rule_waits_for_silence_where_all_its_stages_do() -> None:
    assert reach_of((Silence(for_s=60), Silence(for_s=90))).is_silence
    assert not reach_of((Silence(for_s=60), HOT)).is_silence


def test_the_same_tests_are_read_once() -> None:
    assert reach_of((Threshold(above=57),)) is reach_of((Threshold(above=57),))
    assert reach_of((Threshold(above=57),)) is not reach_of((Threshold(below=57),))
