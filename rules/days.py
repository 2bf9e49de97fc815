"""Days and hours of a rule: on which local days it is armed, at which hours, and when that begins next.

A night that runs over midnight belongs to the day on which it began: ``hours: 22:00-06:00`` with ``days: [fri]`` is Friday
night until Saturday at six. Where the clocks change, local wall time decides, minute by minute.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from rules.definition import Days, Hours
from rules.hours import DAY_MINUTES, MINUTE_MS

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD_MAX_DAYS: Final = 400
"""How far ahead a beginning is looked for: longer than a year, so that a yearly holiday is found."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a rule is armed by the calendar: on any of these days (none: every day), within these hours (None: all day)."""

    hours: Hours | None = None
    days: tuple[Days, ...] = ()

    def asks(self) -> bool:
        """Whether the calendar is asked for anything."""
        return self.hours is not None or bool(self.days)


@lru_cache(maxsize=4096)
def _local(minute: int, zone: tzinfo) -> tuple[int, int]:
    """The local day, as an ordinal, and the minute of it."""
    local = (_EPOCH + timedelta(minutes=minute)).astimezone(zone)
    return local.toordinal(), local.hour * 60 + local.minute


def is_open(table: Timetable, at: int, zone: tzinfo) -> bool:
    """Whether the instant lies in this timetable. The start of the hours is inside, their end is not."""
    day, minute = _local(at // MINUTE_MS, zone)
    hours = table.hours
    if hours is not None and hours.start_minute < hours.end_minute:
        if not hours.start_minute <= minute < hours.end_minute:
            return False
    elif hours is not None and hours.start_minute > hours.end_minute and minute < hours.start_minute:
        if minute >= hours.end_minute:
            return False
        day -= 1  # the night began yesterday
    return not table.days or any(days.has(day) for days in table.days)


def next_opening(table: Timetable, at: int, zone: tzinfo) -> int | None:
    """The next instant after ``at`` at which the timetable begins, in ms; None where there is none for over a year."""
    day = _local(at // MINUTE_MS, zone)[0]
    for ordinal in range(day, day + AHEAD_MAX_DAYS):
        for minute in _candidates(table, ordinal, zone):
            opens_at = minute * MINUTE_MS
            if opens_at > at and is_open(table, opens_at, zone) and not is_open(table, opens_at - 1, zone):
                return opens_at
    return None


def _candidates(table: Timetable, ordinal: int, zone: tzinfo) -> range | tuple[int, ...]:
    """The minutes of a local day at which a timetable can begin: its start, or any where the clocks change on that day."""
    first, last = _start_of(ordinal, zone), _start_of(ordinal + 1, zone)
    if last - first != DAY_MINUTES:
        return range(first, last)
    return (first,) if table.hours is None else (first, first + table.hours.start_minute)


def _start_of(ordinal: int, zone: tzinfo) -> int:
    """The minute since 1970 at which a local day begins."""
    midnight = datetime.fromordinal(ordinal).replace(tzinfo=zone)
    return round((midnight.astimezone(UTC) - _EPOCH).total_seconds()) // 60
