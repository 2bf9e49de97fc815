"""What is usual at this hour: a mean for each hour of the day, or of the week, learned slowly and never pulled far at once."""

from array import array
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Final

HOUR_MS: Final = 3_600_000
DAY_HOURS: Final = 24
WEEK_HOURS: Final = 168
BIN_MEMORY: Final = 200.0
"""Readings of one hour after which its old ones fade: two weeks of one every five minutes; ours."""
TRUSTED_COUNT: Final = 5
"""Readings from which on an hour is known: no single one pulls it far then, an hour of the week speaks for itself; ours."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Season(StrEnum):
    """Which rhythm is learned."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"


@lru_cache(maxsize=4096)
def _offset_ms(hour: int, zone: tzinfo) -> int:
    local = (_EPOCH + timedelta(hours=hour)).astimezone(zone)
    offset = local.utcoffset()
    return 0 if offset is None else int(offset.total_seconds() * 1000)


def local_hour(at: int, zone: tzinfo) -> int:
    """The number of the local hour that the instant (ms) lies in, counted from a Thursday's midnight."""
    return (at + _offset_ms(at // HOUR_MS, zone)) // HOUR_MS


def local_hour_end(at: int, zone: tzinfo) -> int:
    """The instant (ms) at which the local hour that this one lies in is over."""
    return at + HOUR_MS - (at + _offset_ms(at // HOUR_MS, zone)) % HOUR_MS


class Bins:
    """One mean for each hour of a period."""

    __slots__ = ("counts", "means")

    def __init__(self, size: int) -> None:
        self.means = array("d", bytes(8 * size))
        self.counts = array("d", bytes(8 * size))

    def learn(self, index: int, value: float, most: float) -> None:
        """Move the mean of an hour towards a value, by ``most`` at a time once the hour is known."""
        count = self.counts[index] = min(self.counts[index] + 1.0, BIN_MEMORY)
        away = value - self.means[index]
        if count > TRUSTED_COUNT:
            away = min(max(away, -most), most)
        self.means[index] += away / count


class Usual:
    """The usual value by the hour: of the day, of the week where that is known already, or at any hour."""

    __slots__ = ("day", "week")

    def __init__(self, season: Season) -> None:
        self.day = Bins(1 if season is Season.NONE else DAY_HOURS)
        self.week = Bins(WEEK_HOURS) if season is Season.WEEK else None

    def at(self, hour: int, otherwise: float) -> float:
        """What is usual in this local hour; ``otherwise`` where nothing is known of it."""
        week, day = self.week, self.day
        if week is not None and week.counts[hour % WEEK_HOURS] >= TRUSTED_COUNT:
            return week.means[hour % WEEK_HOURS]
        index = hour % len(day.means)
        return day.means[index] if day.counts[index] else otherwise

    def learn(self, hour: int, value: float, most: float) -> None:
        """Take a reading in."""
        self.day.learn(hour % len(self.day.means), value, most)
        if self.week is not None:
            self.week.learn(hour % WEEK_HOURS, value, most)

    def dump(self) -> list[list[float]]:
        """Plain numbers from which ``load`` makes the same again."""
        return [list(part) for bins in (self.day, self.week) if bins is not None for part in (bins.means, bins.counts)]

    def load(self, plain: Sequence[Sequence[float]]) -> None:
        """Become what ``dump`` saw."""
        self.day.means, self.day.counts = array("d", plain[0]), array("d", plain[1])
        if self.week is not None:
            self.week.means, self.week.counts = array("d", plain[2]), array("d", plain[3])
