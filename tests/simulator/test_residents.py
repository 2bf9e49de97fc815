"""Days and nights: people sleep, cook, leave and come back, and water is drawn only by somebody who is awake at home."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.community import Flat
from simulator.residents import DAY_S, day_of

ELDER = Flat(zone="b02/u1/0301", is_elder=True)
FAMILY = Flat(zone="b03/u1/0502", is_elder=False)


def test_a_day_is_the_same_for_the_same_seed_and_another_on_the_next_day() -> None:
    assert day_of(1, ELDER, 3) == day_of(1, ELDER, 3)
    assert day_of(1, ELDER, 3) != day_of(1, ELDER, 4)


@given(seed=st.integers(0, 10_000), number=st.integers(0, 400))
def test_an_elder_at_home_is_never_unseen_for_ten_hours(seed: int, number: int) -> None:
    today = list(day_of(seed, ELDER, number).moves_s)
    tomorrow = [second + DAY_S for second in day_of(seed, ELDER, number + 1).moves_s]
    moves = sorted(today + tomorrow)
    assert max(later - earlier for earlier, later in pairwise(moves)) < 10 * 3600


@given(seed=st.integers(0, 10_000), number=st.integers(0, 400))
def test_nobody_cooks_while_away_or_before_waking_hours(seed: int, number: int) -> None:
    day = day_of(seed, FAMILY, number)
    for meal in day.meals:
        assert day.is_home(meal.from_s)
        assert meal.from_s > 5 * 3600
        assert meal.strength <= 1.0


@given(seed=st.integers(0, 10_000))
def test_no_water_is_drawn_at_night_or_away(seed: int) -> None:
    day = day_of(seed, FAMILY, 0)
    assert day.water_flow(3 * 3600) == 0
    for leaves, returns in day.away:
        assert day.water_flow((leaves + returns) / 2) == 0
    assert day.water_flow(day.wakes_s + 60) > 0


@pytest.mark.parametrize("number", [5, 6])
def test_at_the_weekend_the_family_cooks_at_noon(number: int) -> None:
    days = [day_of(seed, FAMILY, number) for seed in range(40)]
    assert any(any(10.5 * 3600 < meal.from_s < 13 * 3600 for meal in day.meals) for day in days)
