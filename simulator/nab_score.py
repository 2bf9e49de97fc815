"""The scoring rules of the Numenta Anomaly Benchmark, as published (Lavin and Ahmad, 2015; NAB white paper and wiki).

A series has windows around its true anomalies. The best detection inside a window earns up to 1, the earlier the more; a window
without one costs the profile's ``miss_weight``; a detection outside costs up to the profile's ``false_weight``, least just behind
a window. The first 15 % of a series, at most 750 rows, is for learning and is not scored. One threshold serves all series of a
profile: the one that scores best. 0 is a detector that says nothing, 100 one that marks each window's first row and nothing else.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

PROBATION_SHARE: Final = 0.15
PROBATION_MAX: Final = 750
"""Rows at the head of a series that are not scored: 15 % of it, of 5,000 rows at most (NAB white paper)."""
FAR: Final = 3.0
"""From so many window widths behind a window on, a false detection costs in full (NAB)."""
_STEEPNESS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Profile:
    """What a detection, a false one and a miss weigh: ``config/profiles.json`` of NAB."""

    name: str
    hit_weight: float
    false_weight: float
    miss_weight: float


@dataclass(frozen=True, slots=True)
class Window:
    """The rows around one true anomaly, both ends inside."""

    first: int
    last: int

    @property
    def width(self) -> int:
        """Rows in the window."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Scored:
    """A detector's scores for one series, row by row, and the windows that it should have found, in their order."""

    name: str
    scores: Sequence[float]
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one series went at a threshold."""

    name: str
    points: float  # weighted, before normalising
    found_count: int
    window_count: int
    false_count: int


@dataclass(frozen=True, slots=True)
class Result:
    """A whole benchmark under one profile at one threshold. ``score`` is normalised: 0 silent, 100 perfect."""

    profile: Profile
    threshold: float
    score: float
    outcomes: tuple[Outcome, ...]


def scaled_sigmoid(position: float) -> float:
    """What a detection is worth before weights: -1 is a window's left edge (0.9866), 0 its right edge (0), beyond it is false."""
    if position >= FAR:
        return -1.0
    return 2.0 / (1.0 + math.exp(_STEEPNESS * position)) - 1.0


def probation(row_count: int) -> int:
    """How many rows at the head are not scored."""
    return min(math.floor(PROBATION_SHARE * row_count), PROBATION_MAX)


def normalise(points: float, window_count: int, profile: Profile) -> float:
    """0 for the points of a detector that says nothing, 100 for one that is perfect."""
    silent = -profile.miss_weight * window_count
    perfect = profile.hit_weight * window_count
    return 100.0 * (points - silent) / (perfect - silent) if window_count else 0.0


class _Place(NamedTuple):
    """Where a row lies: in a window (its number), or behind one, and what a detection there is worth unweighted."""

    window: int | None
    worth: float


@lru_cache(maxsize=64)
def _places(row_count: int, windows: tuple[Window, ...]) -> tuple[_Place, ...]:
    places: list[_Place] = []
    number = 0
    for row in range(row_count):
        while number < len(windows) and row > windows[number].last:
            number += 1
        window = windows[number] if number < len(windows) else None
        if window is not None and row >= window.first:
            inside = scaled_sigmoid(-(window.last - row + 1) / window.width) / scaled_sigmoid(-1.0)
            places.append(_Place(number, inside))
            continue
        before = windows[number - 1] if number else None
        behind = FAR if before is None else (row - before.last) / max(before.width - 1, 1)
        places.append(_Place(None, scaled_sigmoid(behind)))
    return tuple(places)


def score_at(series: Sequence[Scored], profile: Profile, threshold: float) -> Result:
    """The benchmark at this threshold: a row whose score is at or above it is a detection."""
    outcomes = tuple(_outcome(each, profile, threshold) for each in series)
    window_count = sum(each.window_count for each in outcomes)
    score = normalise(sum(each.points for each in outcomes), window_count, profile)
    return Result(profile, threshold, score, outcomes)


def _outcome(series: Scored, profile: Profile, threshold: float) -> Outcome:
    places = _places(len(series.scores), series.windows)
    found: dict[int, float] = {}
    points = 0.0
    false_count = 0
    for row in range(probation(len(series.scores)), len(series.scores)):
        if series.scores[row] < threshold:
            continue
        place = places[row]
        if place.window is None:
            points += profile.false_weight * place.worth
            false_count += 1
        else:
            found[place.window] = max(found.get(place.window, 0.0), place.worth)
    points += profile.hit_weight * math.fsum(found.values()) - profile.miss_weight * (len(series.windows) - len(found))
    return Outcome(series.name, points, len(found), len(series.windows), false_count)


def best_threshold(series: Sequence[Scored], profile: Profile) -> float:
    """The one threshold for all series that scores best; the highest of them where several do. Above 1: better say nothing."""
    rows: list[tuple[float, tuple[int, int] | None, float]] = []
    for index, each in enumerate(series):
        start = probation(len(each.scores))
        for score, place in zip(each.scores[start:], _places(len(each.scores), each.windows)[start:], strict=True):
            if score > 0.0:
                rows.append((score, None if place.window is None else (index, place.window), place.worth))
    rows.sort(key=lambda row: -row[0])
    found: dict[tuple[int, int], float] = {}
    points = best = 0.0  # against the silent detector
    threshold = 1.1
    for score, group in groupby(rows, key=lambda row: row[0]):
        for _, window, worth in group:
            points += _gain(found, window, worth, profile)
        if points > best:
            best, threshold = points, score
    return threshold


def _gain(found: dict[tuple[int, int], float], window: tuple[int, int] | None, worth: float, profile: Profile) -> float:
    """What one more detection adds to the points."""
    if window is None:
        return profile.false_weight * worth
    before = found.get(window)
    if before is None:
        found[window] = worth
        return profile.hit_weight * worth + profile.miss_weight
    found[window] = max(before, worth)
    return profile.hit_weight * (found[window] - before)


def best_result(series: Sequence[Scored], profile: Profile) -> Result:
    """The benchmark at the one threshold that serves this profile best."""
    return score_at(series, profile, best_threshold(series, profile))


def read_profiles(plain: Mapping[str, Mapping[str, Mapping[str, float]]]) -> tuple[Profile, ...]:
    """The profiles of NAB's ``config/profiles.json``."""
    costs = {name: entry["CostMatrix"] for name, entry in plain.items()}
    return tuple(Profile(name, cost["tpWeight"], cost["fpWeight"], cost["fnWeight"]) for name, cost in costs.items())
