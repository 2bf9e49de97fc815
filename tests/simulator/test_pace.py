"""How fast a stream runs: when each message is due, and that standing, stepping and another speed leave no jump."""

import pytest

from simulator.pace import Pace


class Hands:
    """A clock that shows what it is told."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def pace(hands: Hands) -> Pace:
    """Ten times as fast as life; its first message, at 500 ms, has just left."""
    made = Pace(10.0, clock=hands)
    assert made.wait_ms(500.0) == 0.0
    assert made.release(500.0) == 0.0
    return made


def test_the_distance_to_the_first_message_is_divided_by_the_speed(pace: Pace, hands: Hands) -> None:
    hands.at = 20.0
    assert pace.wait_ms(1500.0) == 80.0
    assert pace.wait_ms(600.0) == -10.0
    assert pace.release(1500.0) == 100.0


def test_standing_nothing_is_due_and_going_on_it_is_as_far_as_before(pace: Pace, hands: Hands) -> None:
    hands.at = 40.0
    pace.stand()
    hands.at = 5000.0
    pace.stand()  # a second time changes nothing
    assert pace.wait_ms(1500.0) is None
    pace.go()
    assert pace.wait_ms(1500.0) == 60.0
    pace.go()
    hands.at = 5060.0
    assert pace.release(1500.0) == 5060.0


def test_a_step_lets_one_message_pass_and_what_follows_counts_from_there(pace: Pace, hands: Hands) -> None:
    pace.step()  # while it runs there is nothing to step
    pace.stand()
    hands.at = 1000.0
    assert pace.wait_ms(90_000.0) is None
    pace.step()
    assert pace.wait_ms(90_000.0) == 0.0
    assert pace.release(90_000.0) == 1000.0
    assert pace.wait_ms(90_500.0) is None
    hands.at = 2000.0
    pace.go()
    assert pace.wait_ms(90_500.0) == 50.0


def test_steps_that_were_not_taken_are_forgotten_when_it_goes_on(pace: Pace) -> None:
    pace.stand()
    pace.step()
    pace.go()
    pace.stand()
    assert pace.wait_ms(1500.0) is None


def test_another_speed_begins_where_it_is(pace: Pace, hands: Hands) -> None:
    hands.at = 50.0  # half of the way to 1500
    pace.run_at(1.0)
    assert pace.wait_ms(1500.0) == 500.0
    pace.stand()
    pace.run_at(100.0)
    hands.at = 99.0
    pace.go()
    assert pace.wait_ms(1500.0) == 5.0


def test_it_may_begin_standing(hands: Hands) -> None:
    pace = Pace(1.0, is_standing=True, clock=hands)
    assert pace.wait_ms(70.0) is None
    pace.step()
    assert pace.wait_ms(70.0) == 0.0


def test_every_change_is_told_to_who_waits(pace: Pace) -> None:
    for change in (pace.stand, pace.step, pace.go):
        pace.changed.clear()
        change()
        assert pace.changed.is_set()
    pace.changed.clear()
    pace.run_at(2.0)
    assert pace.changed.is_set()


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_no_stream_runs_backwards(speed: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Pace(speed)
