"""The only clock: the wall's, or a demonstration's faster sister."""

from hypothesis import given
from hypothesis import strategies as st

from shouwang.clock import shown_at, system_now, wall_now

INSTANTS = st.integers(min_value=0, max_value=4_102_444_800_000)


def test_without_a_setting_the_wall_clock_is_shown() -> None:
    assert shown_at(1_780_000_000_123, "") == 1_780_000_000_123
    assert abs(system_now() - wall_now()) < 1000


def test_a_demonstration_shows_the_hour_of_its_scenario_and_hurries() -> None:
    setting = "1000:500000:4.0"
    assert shown_at(1000, setting) == 500_000
    assert shown_at(1250, setting) == 501_000
    assert shown_at(2000, setting) == 504_000


@given(start=INSTANTS, shown=INSTANTS, speed=st.floats(min_value=1, max_value=100), early=INSTANTS, late=INSTANTS)
def test_a_hurried_clock_never_goes_back(start: int, shown: int, speed: float, early: int, late: int) -> None:
    setting = f"{start}:{shown}:{speed}"
    first, second = sorted((early, late))
    assert shown_at(first, setting) <= shown_at(second, setting)
