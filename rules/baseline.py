"""How unlike its usual a reading is: a streaming detector in constant memory that only knows what came before.

Five things are watched, each against its own history (``tail.py``): the mean of the last hours against the long level, the
difference from what is usual at this hour over a few readings and over many, the size on a logarithmic scale, and how much
the value moves at all (so a flat line and a noisy one are unusual too). Their surprises are joined; what was as surprising
at this hour on earlier days is taken off, for a spike that comes every night is no news; and after one detection only one
twice as surprising counts for a while, so that one happening is said once. All constants hold for every series: how they
were chosen, and what comes of them on labelled series, is in docs/early-warning-baseline.md. They are ours.
"""

import math
from array import array
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple, cast

from rules.tail import MEMORY, WARM_COUNT, Tail
from rules.usual import DAY_HOURS, Season, Usual

LEARNING_COUNT: Final = 100
"""Readings before the first score above 0."""
LONG: Final = 60.0
"""Readings of the mean that is held against the level."""
LEVEL: Final = 1000.0
"""Readings of the level."""
FEW: Final = 4.0
"""Readings over which the difference from the usual is taken, at its quickest."""
MANY: Final = 150.0
"""Readings over which it is taken at its slowest."""
BUSY: Final = 20.0
"""Readings over which the movement is taken."""
LESSON_MAX: Final = 8.0
"""One reading teaches the usual at most so many usual differences."""
LIKE_SHARE: Final = 0.002
"""Of the usual size: a difference that is none."""
LOG_LIKE: Final = 0.01
"""On the logarithmic scales: a difference that is none."""
JOINT: Final = 4
"""Surprises are joined as a norm of this order: the largest counts most, several count more than one."""
CALM: Final = 2.0
"""Usual differences within which a reading is like its usual again, whatever the last hours held."""
RECURRENCE: Final = 0.5
"""Of the surprise that this hour held on earlier days is taken off, at least."""
ROUTINE: Final = 4.0
"""All of it is taken off where it was so large: what is glaring at this hour every day is the place's routine."""
FADE: Final = 0.1
"""Each calmer day takes this share off what an hour is remembered for."""
SETTLED_HOURS: Final = 12
"""What an hour held is remembered from then on: what still goes on must not excuse itself."""
QUIET_COUNT: Final = 100
"""Readings after a detection in which only one QUIET_FACTOR times as surprising counts."""
QUIET_FACTOR: Final = 2.0
DETECTION: Final = 0.99
"""The score from which on a reading is a detection, where nothing else is asked for."""
STRETCH: Final = 4.0 / 3.0
"""Decimal places of the score for one surprise: so stretched that DETECTION is where it does best."""
VALUE_MAX: Final = 1e150
"""Larger values are taken for this one: their differences stay numbers."""
_NEVER: Final = -1.0
_ACTIVITY: Final = 3


class Side(StrEnum):
    """On which side of its usual a reading is looked for."""

    HIGH = "high"
    LOW = "low"
    BOTH = "both"


class Judged(NamedTuple):
    """What the detector says of one reading."""

    score: float  # 0 to 1: how rare, said once; 0.99 is one in a hundred of what the detector calls rare
    strangeness: float  # 0 to 1: the same for as long as it is strange, and 0 for a reading that is like its usual again
    usual: float  # the value that would have been usual


class Baseline:
    """What is usual of one series. About 2 kB, 5 kB where it learns the week."""

    __slots__ = (
        "_at",
        "_count",
        "_detection",
        "_hour",
        "_is_calm",
        "_means",
        "_peaks",
        "_recent",
        "_said",
        "_season",
        "_side",
        "_tails",
        "_usual",
    )

    def __init__(self, season: Season = Season.DAY, side: Side = Side.BOTH, detection: float = DETECTION) -> None:
        self._detection = -math.log10(1.0 - detection) / STRETCH  # as a surprise
        self._is_calm = False  # the reading that was just taken: it is like its usual, and moves like it
        self._season = season
        self._side = side
        self._count = 0
        self._usual = Usual(season)
        self._means = array("d", bytes(8 * 9))  # last, level, size, spread, log level, long, few, many, movement
        self._tails = [Tail(0.0) for _ in range(5)]
        self._hour = 0
        self._peaks = array("d", [0.0]) * DAY_HOURS  # what each hour of the day is remembered for
        self._recent = array("d", [_NEVER]) * DAY_HOURS  # what it held in the last hours, not remembered yet
        self._at = array("q", [0]) * DAY_HOURS  # when that was
        self._said = (0.0, -QUIET_COUNT)  # the last detection: its surprise, and after how many readings

    def take(self, hour: int, value: float) -> Judged:
        """Judge one reading by those before it, then learn from it. ``hour``: the number of the local hour (``local_hour``)."""
        value = min(max(value, -VALUE_MAX), VALUE_MAX)
        if not self._count:
            self._means[0] = self._means[1] = self._means[5] = value
        usual = self._usual.at(hour, value)  # of an hour that was never seen nothing is unlike the usual
        surprise = self._news(hour, self._watch(hour, value, usual))
        score = 0.0
        if self._count >= LEARNING_COUNT:
            score = self._say(surprise)
        else:
            surprise = 0.0
        self._count += 1
        return Judged(_as_score(score), 0.0 if self._is_calm else _as_score(surprise), usual)

    def _watch(self, hour: int, value: float, usual: float) -> float:
        """The joint surprise of the five, which learn at once."""
        means, count = self._means, self._count + 1.0
        last, level, size, spread, log_level, long, few, many, movement = means
        away = value - usual
        size += (abs(value) - size) / min(count, LEVEL)
        long += (value - long) / min(count, LONG)
        few += (away - few) / min(count, FEW)
        many += (away - many) / min(count, MANY)
        if self._count:
            movement += (abs(value - last) - movement) / min(count, BUSY)
        log_value = math.copysign(math.log(abs(value) + 0.1 * size + 1e-9), value)
        seen = (long - level, few, many, math.log(movement + 1e-3 * size + 1e-9), log_value - log_level)
        most = LESSON_MAX * spread + 1e-12 if self._count >= WARM_COUNT else 2.0 * VALUE_MAX
        self._usual.learn(hour, value, most)
        spread += (min(abs(away), most) - spread) / min(count, MEMORY)
        log_level += (log_value - log_level) / min(count, LEVEL)
        level += min(max(value - level, -2.0 * most), 2.0 * most) / min(count, LEVEL)
        self._is_calm = abs(away) <= CALM * spread + LIKE_SHARE * size and self._is_steady(
            abs(value - last), size, seen[_ACTIVITY]
        )
        means[:] = array("d", (value, level, size, spread, log_level, long, few, many, movement))
        return self._join(seen, LIKE_SHARE * size)

    def _is_steady(self, step: float, size: float, movement: float) -> bool:
        """Whether the last step is no larger than usual, and the value does not stand still."""
        tail = self._tails[_ACTIVITY]
        return math.log(step + 1e-3 * size + 1e-9) <= tail.high and movement >= tail.low - LOG_LIKE

    def _join(self, seen: tuple[float, ...], like: float) -> float:
        count = min(self._count + 1.0, MEMORY)
        step = (1.0 if self._count >= 3 * WARM_COUNT else 4.0) / math.sqrt(count)
        total = 0.0
        for index, number in enumerate(seen):
            floor = like if index < _ACTIVITY else LOG_LIKE
            if not self._count:
                self._tails[index] = Tail(number)
            tail = self._tails[index]
            surprise = tail.surprise(number, floor)
            if self._side is not Side.BOTH and (index == _ACTIVITY or (surprise > 0.0) is not (self._side is Side.HIGH)):
                surprise = 0.0
            total += surprise**JOINT
            tail.learn(number, floor, count, step)
        return float(total ** (1.0 / JOINT))

    def _news(self, hour: int, surprise: float) -> float:
        """What is left of a surprise when that is taken off which this hour held on earlier days."""
        if self._season is Season.NONE:
            return surprise
        if hour != self._hour:
            self._settle(hour)
            self._hour = hour
        now = hour % DAY_HOURS
        if self._count >= LEARNING_COUNT:
            self._recent[now] = max(self._recent[now], surprise)
            self._at[now] = hour
        known = max(self._peaks[now - 1], self._peaks[now], self._peaks[(now + 1) % DAY_HOURS])
        return max(0.0, surprise - min(1.0, max(RECURRENCE, known / ROUTINE)) * known)

    def _settle(self, hour: int) -> None:
        """Remember what the hours held that are long enough ago."""
        for index in range(DAY_HOURS):
            held = self._recent[index]
            if held != _NEVER and hour - self._at[index] >= SETTLED_HOURS:
                peak = self._peaks[index]
                self._peaks[index] = held if held > peak else peak + (held - peak) * FADE
                self._recent[index] = _NEVER

    def _say(self, surprise: float) -> float:
        """The surprise, or nothing while it is quiet after a larger one."""
        said, since = self._said
        if self._count - since < QUIET_COUNT:
            if surprise <= said * QUIET_FACTOR:
                return 0.0
        elif surprise < self._detection:
            return surprise
        self._said = (surprise, self._count)
        return surprise

    def dump(self) -> list[object]:
        """Plain values from which ``load`` makes the same detector again."""
        own: list[object] = [self._count, self._hour, *self._said, list(self._means), self._usual.dump()]
        return [*own, [tail.dump() for tail in self._tails], list(self._peaks), list(self._recent), list(self._at)]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        self._count, self._hour = cast(int, plain[0]), cast(int, plain[1])
        self._said = (cast(float, plain[2]), cast(int, plain[3]))
        self._means = array("d", cast(list[float], plain[4]))
        self._usual.load(cast(list[list[float]], plain[5]))
        for tail, numbers in zip(self._tails, cast(list[list[float]], plain[6]), strict=True):
            tail.load(numbers)
        self._peaks = array("d", cast(list[float], plain[7]))
        self._recent = array("d", cast(list[float], plain[8]))
        self._at = array("q", cast(list[int], plain[9]))


def _as_score(surprise: float) -> float:
    return float(1.0 - 10.0 ** (-STRETCH * surprise))
