"""What all devices outdoors share: the temperature of the season, day and night, daylight, and how much electricity all draw.

Monthly means of Chengdu, and the calm swing of its days, are rounded climate normals [K]; the wander from day to day and the load
curve of a residential feeder are ours.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import cos, pi, sin
from typing import Final

from simulator.chance import Draws

YEAR_MEAN_C: Final = 16.5
_MONTHS_C: Final = (6.0, 8.5, 12.5, 17.5, 22.0, 25.0, 26.5, 26.0, 22.5, 18.0, 13.0, 7.5)
_SWING_C: Final = 3.5  # half of the difference between 15:00 and 3:00
_WANDER_C: Final = 1.6  # standard deviation of a day around its month
_LOAD: Final = (
    *(0.35, 0.30, 0.27, 0.25, 0.25, 0.28, 0.40, 0.55, 0.60, 0.58, 0.58, 0.65),
    *(0.70, 0.62, 0.55, 0.55, 0.60, 0.72, 0.88, 1.00, 0.98, 0.90, 0.70, 0.50),
)
"""The share of the evening's peak that is drawn at each full hour."""


@dataclass(frozen=True, slots=True)
class Sky:
    """One instant: degrees above or below the year's mean, the share of the evening's load, and of the noon's light."""

    outdoor: float
    load: float
    sun: float


def sky_at(seed: int, day: date, second: float) -> Sky:
    """The sky over a community on this day at this second of the day."""
    hour = second / 3600
    wander = _wander(seed, day.toordinal(), hour / 24)
    outdoor = _season(day) - YEAR_MEAN_C + wander + _SWING_C * sin(2 * pi * (hour - 9) / 24)
    load = _LOAD[int(hour) % 24] + (_LOAD[(int(hour) + 1) % 24] - _LOAD[int(hour) % 24]) * (hour % 1)
    return Sky(outdoor, load, max(0.0, sin(pi * (hour - 6) / 12)))


def _season(day: date) -> float:
    """The mean of this time of the year in °C, from one month's middle to the next."""
    place = day.month - 1 + (day.day - 15) / 30.5
    month, share = int(place // 1), place % 1
    weight = (1 - cos(pi * share)) / 2
    return _MONTHS_C[month % 12] * (1 - weight) + _MONTHS_C[(month + 1) % 12] * weight


def _wander(seed: int, ordinal: int, share: float) -> float:
    return _offset(seed, ordinal) * (1 - share) + _offset(seed, ordinal + 1) * share


@lru_cache(maxsize=64)
def _offset(seed: int, ordinal: int) -> float:
    return _WANDER_C * Draws(seed, "weather", ordinal).normal()
