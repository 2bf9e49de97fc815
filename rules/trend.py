"""Which way a value is heading: a robust line through its last stretch of time, in bounded memory.

Of the readings at most 16 in a window are kept. The slope is the median of the slopes between all pairs of them (Theil 1950,
Sen 1968), so that up to three in ten may be wild; it counts only where Kendall's test (Mann 1945) says that they climb or fall
in earnest, so that noise has no direction. The level is the median of the last three, carried to now.
"""

from itertools import combinations, pairwise
from statistics import median
from typing import Final

SAMPLES_MAX: Final = 16
"""Samples of a window; ours: 150 pairs to weigh at each reading, at most."""
POINTS_MIN: Final = 6
"""Fewer say nothing: six that all climb are the least that ``Z_MIN`` can be reached with."""
Z_MIN: Final = 2.33
"""Standard scores of Kendall's S that make a trend: one-sided 1 %; the level of significance is ours."""
LEVEL_POINTS: Final = 3
GAP_WINDOWS: Final = 2
"""A sample that is more windows old than this tells nothing of today; ours."""

Sample = tuple[int, float, str]
"""When [ms], how much, and the id of the event (empty in what an older version has saved)."""
Bounds = tuple[float, float, float, float]
"""The lowest and the highest value, and the steepest fall and rise [units/ms] between neighbours."""


class Trend:
    """The samples of one value of one device: those of the window, and the last one before it."""

    __slots__ = ("bounds", "samples", "window_ms")

    def __init__(self, window_ms: int) -> None:
        self.window_ms = window_ms
        self.samples: list[Sample] = []
        self.bounds: Bounds | None = None  # of the samples, perhaps also of some that are gone; a mere short cut, never saved

    def add(self, now: int, value: float, event_id: str) -> bool:
        """Take in a reading. Returns whether its trend fills the window.

        A sample that is just a window old counts as the last one before it.
        """
        samples = self.samples
        while len(samples) > 1 and samples[1][0] <= now - self.window_ms:
            samples.pop(0)
        if samples and samples[0][0] < now - GAP_WINDOWS * self.window_ms:
            samples.pop(0)
        if not samples or now - samples[-1][0] >= self.window_ms / SAMPLES_MAX:
            if self.bounds is not None and samples:
                self.bounds = _wider(self.bounds, samples[-1], (now, value))
            samples.append((now, value, event_id))
        count = len(samples) + (samples[-1][0] < now)
        return samples[0][0] <= now - self.window_ms and count >= POINTS_MIN

    def points(self, now: int, value: float) -> list[tuple[int, float]]:
        """The points of the trend, up to and with a reading that was taken in."""
        points = [(at, known) for at, known, _ in self.samples if at < now]
        points.append((now, value))
        return points

    def is_far(self, now: int, value: float, limit: float, *, is_rising: bool, within_ms: int) -> bool:
        """Whether not even the steepest neighbours could reach the limit: the way of most readings, without a look at all."""
        last = self.samples[-1]
        if last[0] == now:
            last = self.samples[-2]
        bounds = self.bounds
        for _ in range(2):  # bounds of samples that are gone are too wide: then once more, exactly
            if bounds is None:
                bounds = self._measure()
            low, high, fastest_fall, fastest_rise = bounds
            slope = (value - last[1]) / (now - last[0])
            ahead_ms = now - self.samples[0][0] + within_ms
            if is_rising:
                steepest = max(slope, fastest_rise)
                is_far = steepest <= 0 or max(value, high) + steepest * ahead_ms < limit
            else:
                steepest = min(slope, fastest_fall)
                is_far = steepest >= 0 or min(value, low) + steepest * ahead_ms > limit
            if is_far:
                return True
            bounds = None
        return False

    def _measure(self) -> Bounds:
        values = [value for _, value, _ in self.samples]
        slopes = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in pairwise(self.samples)]
        self.bounds = (min(values), max(values), min(slopes), max(slopes))
        return self.bounds


def _wider(bounds: Bounds, last: Sample, point: tuple[int, float]) -> Bounds:
    """The bounds with one sample more."""
    low, high, fastest_fall, fastest_rise = bounds
    at, value = point
    slope = (value - last[1]) / (at - last[0])
    return min(low, value), max(high, value), min(fastest_fall, slope), max(fastest_rise, slope)


def time_to(points: list[tuple[int, float]], limit: float, *, is_rising: bool, within_ms: int) -> int | None:
    """How many ms from the last point on until the line reaches the limit from below (``is_rising``) or from above.

    0 where the line is past it already; None where it does not head there, or not within this time.
    """
    sign = 1.0 if is_rising else -1.0
    points = [(at, sign * value) for at, value in points]
    goal, now = sign * limit, points[-1][0]
    steepest = max([(after[1] - before[1]) / (after[0] - before[0]) for before, after in pairwise(points)])
    if steepest <= 0 or max([value for _, value in points]) + steepest * (now - points[0][0] + within_ms) < goal:
        return None  # no pair is steeper than the steepest neighbours: the way of most readings
    slope = _slope(points)
    if slope <= 0:
        return None
    level = median([value + slope * (now - at) for at, value in points[-LEVEL_POINTS:]])
    time_ms = max(0, round((goal - level) / slope))
    return time_ms if time_ms <= within_ms else None


def _slope(points: list[tuple[int, float]]) -> float:
    """The median slope [units/ms]; 0 where the points do not climb in earnest."""
    count = len(points)
    slopes = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in combinations(points, 2)]
    score = sum([(slope > 0) - (slope < 0) for slope in slopes])
    deviation = (count * (count - 1) * (2 * count + 5) / 18) ** 0.5
    return median(slopes) if score - 1 >= Z_MIN * deviation else 0.0
