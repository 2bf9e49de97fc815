"""What is usual at an hour, in the local clock of the pack."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from rules.usual import BIN_MEMORY, HOUR_MS, TRUSTED_COUNT, WEEK_HOURS, Season, Usual, local_hour

SHANGHAI = ZoneInfo("Asia/Shanghai")
FAR = 1e9


def test_an_hour_is_the_local_one() -> None:
    assert local_hour(0, UTC) == 0
    assert local_hour(HOUR_MS - 1, UTC) == 0
    assert local_hour(HOUR_MS, UTC) == 1
    assert local_hour(0, SHANGHAI) == 8
    assert local_hour(0, ZoneInfo("Asia/Kolkata")) == 5
    assert local_hour(HOUR_MS // 2, ZoneInfo("Asia/Kolkata")) == 6


def test_nothing_is_known_at_first() -> None:
    assert Usual(Season.DAY).at(5, 7.0) == 7.0


def test_each_hour_of_the_day_has_its_own() -> None:
    usual = Usual(Season.DAY)
    for day in range(3):
        usual.learn(day * 24 + 8, 80.0, FAR)
        usual.learn(day * 24 + 3, 5.0, FAR)
    assert usual.at(99 * 24 + 8, 0.0) == 80.0
    assert usual.at(99 * 24 + 3, 0.0) == 5.0
    assert usual.at(4, 42.0) == 42.0


def test_without_a_season_every_hour_is_the_same() -> None:
    usual = Usual(Season.NONE)
    usual.learn(8, 10.0, FAR)
    usual.learn(3, 20.0, FAR)
    assert usual.at(17, 0.0) == 15.0


def test_an_hour_of_the_week_speaks_once_it_is_known() -> None:
    usual = Usual(Season.WEEK)
    for week in range(TRUSTED_COUNT):
        assert usual.at(week * WEEK_HOURS + 8, 0.0) == (0.0 if week == 0 else pytest.approx(usual.day.means[8]))
        usual.learn(week * WEEK_HOURS + 8, 80.0, FAR)
        usual.learn(week * WEEK_HOURS + 24 + 8, 20.0, FAR)
    assert usual.at(8, 0.0) == 80.0
    assert usual.at(24 + 8, 0.0) == 20.0
    assert usual.at(48 + 8, 0.0) == pytest.approx(50.0, abs=1.0)


def test_a_reading_pulls_only_so_far_once_the_hour_is_known() -> None:
    usual = Usual(Season.DAY)
    for _ in range(TRUSTED_COUNT):
        usual.learn(8, 10.0, 4.0)
    usual.learn(8, 1000.0, 4.0)
    assert usual.at(8, 0.0) == pytest.approx(10.0 + 4.0 / (TRUSTED_COUNT + 1))


def test_the_first_readings_of_an_hour_count_in_full() -> None:
    usual = Usual(Season.DAY)
    usual.learn(9, 1000.0, 3.0)
    assert usual.at(9, 0.0) == 1000.0
    for _ in range(TRUSTED_COUNT - 1):
        usual.learn(9, 0.0, 3.0)
    assert usual.at(9, 0.0) == pytest.approx(1000.0 / TRUSTED_COUNT)


def test_the_old_fades() -> None:
    usual = Usual(Season.DAY)
    for _ in range(1000):
        usual.learn(8, 10.0, FAR)
    usual.learn(8, 10.0 + BIN_MEMORY, FAR)
    assert usual.at(8, 0.0) == 11.0


@pytest.mark.parametrize("season", list(Season))
def test_what_is_saved_is_the_same(season: Season) -> None:
    usual, other = Usual(season), Usual(season)
    for hour in range(200):
        usual.learn(hour, float(hour % 24), 50.0)
    other.load(usual.dump())
    assert other.dump() == usual.dump()
