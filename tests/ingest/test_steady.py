"""The clock that never goes back."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.steady import SteadyClock


class Hands:
    """A clock that shows what it is told."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


def test_it_follows_a_clock_that_goes_forward() -> None:
    hands = Hands(1000)
    clock = SteadyClock(hands, 0)

    hands.at = 1500

    assert clock.now() == 1500


def test_set_back_it_goes_on_at_half_speed_until_caught_up() -> None:
    hands = Hands(36_000)
    clock = SteadyClock(hands, 0)
    assert clock.now() == 36_000

    hands.at = 0
    assert clock.now() == 36_000
    hands.at = 600
    assert clock.now() == 36_300
    for hands.at in range(601, 71_991):  # many small steps lose nothing
        clock.now()
    assert clock.now() == 36_000 + 71_990 // 2
    hands.at = 73_000
    assert clock.now() == 73_000


def test_a_floor_is_kept_from_the_start() -> None:
    clock = SteadyClock(Hands(10), 5_000)

    assert clock.now() == 5_000
    clock.hold(6_000)
    assert clock.now() == 6_000
    clock.hold(1)
    assert clock.now() == 6_000


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), max_size=40))
def test_it_never_goes_back_and_never_runs_ahead_of_a_good_clock(floor_at: int, shown: list[int]) -> None:
    hands = Hands(0)
    clock = SteadyClock(hands, floor_at)
    before = floor_at
    for hands.at in shown:
        now = clock.now()
        assert before <= now <= max(before + 10**6, hands.at)
        assert now >= hands.at
        before = now
