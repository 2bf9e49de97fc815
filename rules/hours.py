"""Local hours: when a rule is armed and a responder on duty. The zone is the pack's; the minute of the day is cached."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from rules.definition import Hours

MINUTE_MS: Final = 60_000
DAY_MINUTES: Final = 1440
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def _minute_of_day(minute: int, zone: tzinfo) -> int:
    local = (_EPOCH + timedelta(minutes=minute)).astimezone(zone)
    return local.hour * 60 + local.minute


def is_within(hours: Hours | None, at: int, zone: tzinfo) -> bool:
    """Whether the instant lies in these hours. No hours means always; start is inside, end is not; equal means all day."""
    if hours is None or hours.start_minute == hours.end_minute:
        return True
    minute = _minute_of_day(at // MINUTE_MS, zone)
    if hours.start_minute < hours.end_minute:
        return hours.start_minute <= minute < hours.end_minute
    return minute >= hours.start_minute or minute < hours.end_minute


def next_start(hours: Hours, at: int, zone: tzinfo) -> int:
    """The next local start of these hours after ``at``, in ms. Off by the change where the clocks change: ask again."""
    minute = at // MINUTE_MS
    ahead = (hours.start_minute - _minute_of_day(minute, zone)) % DAY_MINUTES or DAY_MINUTES
    return (minute + ahead) * MINUTE_MS
