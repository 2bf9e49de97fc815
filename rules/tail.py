"""How far out a number lies among those that came before it, learned one by one in constant memory.

A tail keeps the quantile beyond which one number in ten lies on each side, and how far beyond it those lie on average. What
lies beyond is as surprising as a tail that falls a little more slowly than an exponential says (peaks over threshold, as in
SPOT: Siffer et al., KDD 2017; the quantile moves by Robbins and Monro's steps).
"""

import math
from collections.abc import Sequence
from typing import Final

SHARE: Final = 0.1
"""Of the numbers on each side that count as its tail. This and all numbers below: ours, see docs/early-warning-baseline.md."""
MEMORY: Final = 3000.0
"""Readings after which the old ones fade."""
WARM_COUNT: Final = 30
"""Readings that only teach."""
HEAVINESS: Final = 0.1
"""0 would be an exponential tail; more makes the far out less surprising."""
LESSON_MAX: Final = 12.0
"""One number teaches at most so many times the usual excess: what is wild must not become usual by coming once."""
FLOOR_SHARE: Final = 0.3
"""Of the spread, added to the usual excess: a few small excesses are no measure yet."""
LEAST: Final = 1e-9


class Tail:
    """Both tails of one stream of numbers."""

    __slots__ = ("high", "high_excess", "low", "low_excess", "middle", "spread")

    def __init__(self, first: float) -> None:
        self.middle = self.high = self.low = first
        self.spread = self.high_excess = self.low_excess = 0.0

    def surprise(self, number: float, floor: float) -> float:
        """Minus the decimal logarithm of how rare it is: 1 at the quantile, 2 for one in a hundred; below 0 on the low side.

        0 where it lies between the quantiles. ``floor``: a difference that is none.
        """
        least = LEAST + FLOOR_SHARE * self.spread + floor
        if number > self.high + floor:
            return _rarity((number - self.high) / (self.high_excess + least))
        if number < self.low - floor:
            return -_rarity((self.low - number) / (self.low_excess + least))
        return 0.0

    def learn(self, number: float, floor: float, count: float, step: float) -> None:
        """Take a number in. ``count``: of those before it, MEMORY at most; ``step``: how fast the quantiles move, in spreads."""
        is_warm = count > WARM_COUNT
        least = LEAST + FLOOR_SHARE * self.spread + floor
        move = self.spread * step
        weight = count * SHARE + 2.0
        if number > self.high:
            excess = number - self.high
            if is_warm:
                excess = min(excess, LESSON_MAX * (self.high_excess + least))
            self.high_excess += (excess - self.high_excess) / weight
            self.high += move * (1.0 - SHARE)
        else:
            self.high -= move * SHARE
        if number < self.low:
            excess = self.low - number
            if is_warm:
                excess = min(excess, LESSON_MAX * (self.low_excess + least))
            self.low_excess += (excess - self.low_excess) / weight
            self.low -= move * (1.0 - SHARE)
        else:
            self.low += move * SHARE
        away = number - self.middle
        if is_warm:
            most = LESSON_MAX * self.spread + LEAST
            away = min(max(away, -most), most)
        self.middle += away / count
        self.spread += (abs(away) - self.spread) / count

    def dump(self) -> list[float]:
        """Plain numbers from which ``load`` makes the same tail again."""
        return [self.middle, self.spread, self.high, self.high_excess, self.low, self.low_excess]

    def load(self, plain: Sequence[float]) -> None:
        """Become what ``dump`` saw."""
        self.middle, self.spread, self.high, self.high_excess, self.low, self.low_excess = plain


def _rarity(beyond: float) -> float:
    return 1.0 + math.log10(1.0 + HEAVINESS * beyond) / HEAVINESS
