"""Days and nights: people sleep, work, learn, cook, travel and come back, and water is drawn only by somebody who is up."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.households import Flat, Household
from simulator.residents import DAY_S, Day, day_of
from simulator.sorts.causes import COOKING, FRYING, MOSQUITO_COIL, SHOWER

ELDER = Flat(zone="b02/u1/0301", is_elder=True)
LONELY = Flat(zone="b02/u1/0301", is_elder=True, has_family=False)
FAMILY = Flat(zone="b03/u1/0502", is_elder=False)
WEDNESDAY, SATURDAY = date(2026, 3, 4), date(2026, 3, 7)

seeds = st.integers(0, 10_000)
days = st.dates(date(2025, 1, 1), date(2026, 12, 30))


def meals(day: Day) -> list[float]:
    return [each.from_s for each in day.doings if each.cause in (COOKING, FRYING)]


def share_away(flat: Flat, day: date, hour: float, homes: int = 80) -> float:
    return sum(not day_of(seed, flat, day).is_home(hour * 3600) for seed in range(homes)) / homes


def test_a_day_is_the_same_for_the_same_seed_and_another_on_the_next_day() -> None:
    assert day_of(1, ELDER, WEDNESDAY) == day_of(1, ELDER, WEDNESDAY)
    assert day_of(1, ELDER, WEDNESDAY) != day_of(1, ELDER, WEDNESDAY + timedelta(days=1))


@given(seed=seeds, day=days)
def test_an_elder_without_family_is_never_unseen_for_ten_hours(seed: int, day: date) -> None:
    today = list(day_of(seed, LONELY, day).moves_s)
    tomorrow = [second + DAY_S for second in day_of(seed, LONELY, day + timedelta(days=1)).moves_s]
    moves = sorted(today + tomorrow)
    assert max(later - earlier for earlier, later in pairwise(moves)) < 10 * 3600


@pytest.mark.parametrize("seed", range(12))
def test_an_elder_who_travels_with_the_family_is_told_away_and_seen_by_nobody_until_the_return(seed: int) -> None:
    year = [day_of(seed, ELDER, date(2026, 1, 1) + timedelta(days=number)) for number in range(120)]
    is_away = False
    for day in year[1:]:
        if day.told_away_s is not None:
            assert max(day.moves_s) < day.told_away_s < DAY_S
            is_away = True
        elif is_away and day.moves_s:
            assert min(day.moves_s) >= 16 * 3600  # back home
            is_away = False
    assert all(day.moves_s for day in year if day.is_home(12 * 3600) and day.is_home(1))


def test_some_elders_travel_and_those_without_family_never_do() -> None:
    spring_festival = [date(2026, 2, 15) + timedelta(days=number) for number in range(9)]
    told = [seed for seed in range(60) if any(day_of(seed, ELDER, day).told_away_s is not None for day in spring_festival)]
    assert 10 < len(told) < 40
    assert all(day_of(seed, LONELY, day).told_away_s is None for seed in range(60) for day in spring_festival)


@given(seed=seeds, day=days)
def test_nobody_cooks_or_showers_while_away(seed: int, day: date) -> None:
    lived = day_of(seed, FAMILY, day)
    for doing in lived.doings:
        assert lived.is_home(doing.from_s)
        assert 0 < doing.strength <= 1.0
        if doing.cause in (COOKING, FRYING):
            assert doing.from_s > 5 * 3600


@given(seed=seeds)
def test_no_water_is_drawn_at_night_or_away(seed: int) -> None:
    day = day_of(seed, FAMILY, WEDNESDAY)
    assert day.water_flow(3 * 3600) == 0
    for leaves, returns in day.away:
        assert day.water_flow((leaves + returns) / 2) == 0
    assert not day.is_home(day.wakes_s + 60) or day.water_flow(day.wakes_s + 60) > 0


def test_at_the_weekend_the_family_cooks_at_noon_more_often() -> None:
    noons = [
        sum(any(10.5 * 3600 < second < 13 * 3600 for second in meals(day_of(seed, FAMILY, day))) for seed in range(80))
        for day in (WEDNESDAY, SATURDAY)
    ]
    assert noons[1] > 2 * noons[0]


def test_on_a_saturday_that_makes_up_for_a_holiday_people_go_to_work() -> None:
    made_up, free = date(2026, 2, 28), SATURDAY
    assert share_away(FAMILY, made_up, 10) > 0.6
    assert share_away(FAMILY, free, 10) < 0.3


def test_on_a_holiday_in_the_week_people_stay_at_home_or_travel_for_days() -> None:
    may_day = date(2026, 5, 1)
    assert 0.15 < share_away(FAMILY, may_day + timedelta(days=2), 3) < 0.55  # the night too
    assert share_away(FAMILY, WEDNESDAY, 3) < 0.15


def test_children_are_back_before_their_parents_in_term_time() -> None:
    term, break_up = date(2026, 6, 10), date(2026, 7, 15)
    assert share_away(FAMILY, term, 17.4) + 0.15 < share_away(FAMILY, break_up, 17.4)


def test_the_night_shift_is_away_at_night_and_an_empty_flat_always() -> None:
    night = Flat(zone="b01/u1/0201", is_elder=False, household=Household.NIGHT_SHIFT)
    empty = Flat(zone="b01/u1/0202", is_elder=False, household=Household.EMPTY)
    assert share_away(night, WEDNESDAY, 3) == 1.0
    assert share_away(night, WEDNESDAY, 16) < 0.2
    assert share_away(empty, WEDNESDAY, 12) == 1.0
    assert day_of(1, empty, WEDNESDAY).doings == ()


def test_coils_burn_on_summer_nights_and_people_wash_all_the_year() -> None:
    def counted(day: date) -> tuple[int, int]:
        done = [each.cause for seed in range(60) for each in day_of(seed, FAMILY, day).doings]
        return done.count(MOSQUITO_COIL), done.count(SHOWER)

    winter, summer = counted(date(2026, 1, 14)), counted(date(2026, 7, 15))
    assert winter[0] == 0
    assert summer[0] > 5
    assert summer[1] > winter[1] > 20


@given(seed=seeds, day=days)
def test_bathroom_visits_do_not_overlap_and_none_is_alarmingly_long(seed: int, day: date) -> None:
    baths = day_of(seed, ELDER, day).baths
    for start, end in baths:
        assert end - start <= 16 * 60
    for earlier, later in pairwise(baths):
        assert later[0] > earlier[1]
