"""The sky: seasons, days and nights of Chengdu, and the hours of the load."""

from datetime import date

from simulator.sky import YEAR_MEAN_C, sky_at


def mean_of(month: int, hour: float) -> float:
    return sum(sky_at(seed, date(2026, month, 15), hour * 3600).outdoor + YEAR_MEAN_C for seed in range(60)) / 60


def test_july_is_warm_january_is_cold_and_afternoons_are_warmer_than_nights() -> None:
    assert 24 < (mean_of(7, 3) + mean_of(7, 15)) / 2 < 29
    assert 4 < (mean_of(1, 3) + mean_of(1, 15)) / 2 < 8
    assert 5 < mean_of(4, 15) - mean_of(4, 3) < 9


def test_it_changes_slowly_also_over_midnight_and_the_turn_of_the_year() -> None:
    for before, after in ((date(2025, 12, 31), date(2026, 1, 1)), (date(2026, 4, 14), date(2026, 4, 15))):
        late, early = sky_at(1, before, 86_399), sky_at(1, after, 0)
        assert abs(late.outdoor - early.outdoor) < 0.2
        assert abs(late.load - early.load) < 0.01


def test_electricity_is_drawn_in_the_evening_and_light_comes_by_day() -> None:
    day = date(2026, 3, 4)
    loads = [sky_at(1, day, hour * 3600).load for hour in range(24)]
    assert loads.index(max(loads)) == 19
    assert max(loads) == 1.0
    assert sky_at(1, day, 12 * 3600).sun == 1.0
    assert sky_at(1, day, 2 * 3600).sun == 0.0
