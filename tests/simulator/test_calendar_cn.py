"""The calendar agrees with the one that rule packs are given, and knows make-up days and school holidays."""

from datetime import date, timedelta

import pytest

from shouwang.public_holidays import public_holidays
from simulator.calendar_cn import is_holiday, is_long_holiday, is_school_day, is_workday


@pytest.mark.parametrize("year", [2025, 2026])
def test_workdays_are_those_of_the_announced_calendar(year: int) -> None:
    known = public_holidays("CN", year)
    day = date(year, 1, 1)
    while day.year == year:
        is_expected = day in known.workdays or (day.weekday() < 5 and day not in known.days)
        assert is_workday(day) == is_expected, day
        day += timedelta(days=1)


def test_long_holidays_are_those_of_five_days_and_more() -> None:
    assert is_long_holiday(date(2026, 2, 17))
    assert is_long_holiday(date(2026, 5, 1))
    assert not is_long_holiday(date(2026, 4, 5))
    assert not is_long_holiday(date(2026, 2, 14))


def test_schools_rest_in_summer_and_on_holidays() -> None:
    assert is_school_day(date(2026, 6, 10))
    assert not is_school_day(date(2026, 7, 15))
    assert not is_school_day(date(2026, 6, 19))


def test_of_years_not_yet_announced_the_fixed_days_are_known() -> None:
    assert is_holiday(date(2031, 10, 1))
    assert not is_workday(date(2031, 1, 1))
    assert is_workday(date(2031, 1, 2))
