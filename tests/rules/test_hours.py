"""Local hours: both ends, over midnight, and where the clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rules.definition import Hours
from rules.hours import is_within, next_start

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAY = Hours(start_minute=8 * 60, end_minute=18 * 60)
NIGHT = Hours(start_minute=22 * 60, end_minute=6 * 60)


def at(text: str, zone: ZoneInfo = SHANGHAI, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp() * 1000)


@pytest.mark.parametrize(
    ("hours", "text", "expected"),
    [
        (DAY, "2026-05-01T07:59:59.999", False),
        (DAY, "2026-05-01T08:00", True),
        (DAY, "2026-05-01T17:59:59.999", True),
        (DAY, "2026-05-01T18:00", False),
        (NIGHT, "2026-05-01T21:59", False),
        (NIGHT, "2026-05-01T22:00", True),
        (NIGHT, "2026-05-02T00:00", True),
        (NIGHT, "2026-05-02T05:59", True),
        (NIGHT, "2026-05-02T06:00", False),
        (None, "2026-05-02T06:00", True),
        (Hours(start_minute=60, end_minute=60), "2026-05-02T06:00", True),
    ],
)
def test_start_is_inside_and_end_is_not(hours: Hours | None, text: str, expected: bool) -> None:
    assert is_within(hours, at(text), SHANGHAI) is expected


def test_the_doubled_hour_is_inside_twice_and_the_missing_one_harms_nothing() -> None:
    two = Hours(start_minute=2 * 60, end_minute=3 * 60)
    assert is_within(two, at("2026-10-25T02:30", BERLIN, fold=0), BERLIN)
    assert is_within(two, at("2026-10-25T02:30", BERLIN, fold=1), BERLIN)
    assert not is_within(two, at("2026-03-29T03:00", BERLIN), BERLIN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01T07:59:30", "2026-05-01T08:00"),
        ("2026-05-01T08:00", "2026-05-02T08:00"),
        ("2026-05-01T23:00", "2026-05-02T08:00"),
    ],
)
def test_the_next_start(text: str, expected: str) -> None:
    assert next_start(DAY, at(text), SHANGHAI) == at(expected)
