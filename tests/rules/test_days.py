"""Days and hours together: both ends, over midnight, make-up days, and where the clocks change."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from rules.days import Timetable, is_open, next_opening
from rules.definition import Days, Hours

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = Hours(start_minute=22 * 60, end_minute=6 * 60)
FRIDAY = Days(weekdays=(4,))
SPRING = date(2026, 2, 17).toordinal()  # a Tuesday, a public holiday
MADE_UP = date(2026, 2, 28).toordinal()  # a Saturday on which people work
WORKDAYS = Days(weekdays=(0, 1, 2, 3, 4), plus=frozenset({MADE_UP}), minus=frozenset({SPRING}))


def at(text: str, zone: ZoneInfo = SHANGHAI, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-16T12:00", True),  # Monday
        ("2026-02-16T23:59:59.999", True),
        ("2026-02-17T00:00", False),  # the holiday
        ("2026-02-18T00:00", True),
        ("2026-02-21T12:00", False),  # Saturday
        ("2026-02-27T23:59:59.999", True),
        ("2026-02-28T12:00", True),  # the Saturday that is worked
        ("2026-03-01T00:00", False),  # Sunday
    ],
)
def test_a_workday_is_a_weekday_that_is_no_holiday_or_a_weekend_day_that_is_worked(text: str, expected: bool) -> None:
    assert is_open(Timetable(None, (WORKDAYS,)), at(text), SHANGHAI) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01T05:59:59.999", False),  # Friday morning belongs to Thursday's night
        ("2026-05-01T21:59:59.999", False),
        ("2026-05-01T22:00", True),
        ("2026-05-02T00:00", True),
        ("2026-05-02T05:59:59.999", True),
        ("2026-05-02T06:00", False),
        ("2026-05-02T22:00", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(text: str, expected: bool) -> None:
    assert is_open(Timetable(NIGHT, (FRIDAY,)), at(text), SHANGHAI) is expected


def test_any_of_several_sets_of_days_will_do() -> None:
    table = Timetable(None, (FRIDAY, Days(plus=frozenset({SPRING}))))
    found = [is_open(table, at(text), SHANGHAI) for text in ("2026-02-17T12:00", "2026-02-20T12:00", "2026-02-18T12:00")]
    assert found == [True, True, False]


@pytest.mark.parametrize(
    ("table", "text", "expected"),
    [
        (Timetable(NIGHT), "2026-05-01T21:59:59.999", "2026-05-01T22:00"),
        (Timetable(NIGHT), "2026-05-01T22:00", "2026-05-02T22:00"),
        (Timetable(NIGHT, (FRIDAY,)), "2026-05-01T22:00", "2026-05-08T22:00"),
        (Timetable(None, (FRIDAY,)), "2026-04-30T12:00", "2026-05-01T00:00"),
        (Timetable(None, (WORKDAYS,)), "2026-02-16T12:00", "2026-02-18T00:00"),
        (Timetable(None, (Days(plus=frozenset({SPRING})),)), "2026-01-01T00:00", "2026-02-17T00:00"),
    ],
)
def test_the_next_beginning(table: Timetable, text: str, expected: str) -> None:
    assert next_opening(table, at(text), SHANGHAI) == at(expected)


@pytest.mark.parametrize("table", [Timetable(None, (Days(plus=frozenset({SPRING})),)), Timetable()])
def test_what_never_begins_again_has_no_next_beginning(table: Timetable) -> None:
    assert next_opening(table, at("2026-02-18T00:00"), SHANGHAI) is None


class TestWhereTheClocksChange:
    """Berlin: 2026-03-29 02:00 becomes 03:00, 2026-10-25 03:00 becomes 02:00."""

    def test_hours_that_begin_in_the_missing_hour_begin_when_it_would_have_been(self) -> None:
        table = Timetable(Hours(start_minute=150, end_minute=240))
        opens_at = at("2026-03-29T03:00", BERLIN)
        assert next_opening(table, at("2026-03-28T12:00", BERLIN), BERLIN) == opens_at
        assert (is_open(table, opens_at - 1, BERLIN), is_open(table, opens_at, BERLIN)) == (False, True)

    def test_hours_that_lie_in_the_missing_hour_do_not_come_on_that_day(self) -> None:
        table = Timetable(Hours(start_minute=130, end_minute=170))
        assert next_opening(table, at("2026-03-28T12:00", BERLIN), BERLIN) == at("2026-03-30T02:10", BERLIN)

    def test_hours_that_begin_in_the_doubled_hour_begin_twice(self) -> None:
        table = Timetable(Hours(start_minute=150, end_minute=180))
        first, second = at("2026-10-25T02:30", BERLIN), at("2026-10-25T02:30", BERLIN, fold=1)
        assert next_opening(table, at("2026-10-24T12:00", BERLIN), BERLIN) == first
        assert next_opening(table, first, BERLIN) == second == first + 3_600_000

    def test_hours_that_end_in_the_doubled_hour_begin_again_with_it(self) -> None:
        table = Timetable(Hours(start_minute=60, end_minute=150))
        assert next_opening(table, at("2026-10-25T01:00", BERLIN), BERLIN) == at("2026-10-25T02:00", BERLIN, fold=1)

    def test_a_night_over_the_change_is_one_night(self) -> None:
        table = Timetable(NIGHT, (Days(weekdays=(5,)),))
        assert next_opening(table, at("2026-03-28T22:00", BERLIN), BERLIN) == at("2026-04-04T22:00", BERLIN)
        assert is_open(table, at("2026-03-29T05:59", BERLIN), BERLIN)
