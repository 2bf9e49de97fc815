"""A place's own rhythm: in which hours of the day something is usually heard there, and how rare a silence therefore is.

Two numbers are kept for each hour of the day: of how many days it was watched, and on how many of these anything was heard.
They fade, so that four weeks are remembered. There is no list of when somebody moved, and none can be made from it: how often,
and on which day, is not known. A silence is as rare as the product of the shares of days on which its hours were silent too.
"""

import math
from array import array
from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rules.usual import DAY_HOURS, HOUR_MS, local_hour, local_hour_end

LEARN_DAYS: Final = 7
"""Days on which an hour must have been watched before it says anything: a week has one of each; ours."""
MEMORY_DAYS: Final = 28.0
"""Days after which old ones fade; ours."""
SURE_MAX: Final = 1.0
"""One hour says no more than "one day in ten", however sure it is: neighbouring hours are no independent proofs; ours."""
GAP_MAX_HOURS: Final = 24
"""A longer silence teaches nothing: it is an absence that nobody announced, or a case; ours."""


class Rhythm:
    """What is known of one place: 400 bytes."""

    __slots__ = ("days", "heard")

    def __init__(self) -> None:
        self.days = array("d", bytes(8 * DAY_HOURS))  # on which this hour was watched
        self.heard = array("d", bytes(8 * DAY_HOURS))  # and something was heard in it

    def learn(self, last_at: int, now: int, zone: tzinfo, *, is_watched: bool) -> bool:
        """Something was heard now, and before that at ``last_at`` [ms]. Returns whether an hour was learned.

        ``is_watched``: whether something could have been heard all the time in between.
        """
        first, last = local_hour(last_at, zone), local_hour(now, zone)
        if last <= first:
            return False
        self._take(first, 1.0)
        if is_watched and last - first <= GAP_MAX_HOURS:
            for hour in range(first + 1, last):
                self._take(hour, 0.0)
        return True

    def _take(self, hour: int, heard: float) -> None:
        index = hour % DAY_HOURS
        fade = (MEMORY_DAYS - 1.0) / MEMORY_DAYS if self.days[index] >= MEMORY_DAYS else 1.0
        self.days[index] = self.days[index] * fade + 1.0
        self.heard[index] = self.heard[index] * fade + heard

    def weight(self, hour: int) -> float:
        """How much a whole silent hour says: minus the decimal logarithm of the share of days on which it is silent."""
        index = hour % DAY_HOURS
        days = self.days[index]
        if days < LEARN_DAYS:
            return 0.0
        silent = days - self.heard[index]
        return min(SURE_MAX, math.log10((days + 1.0) / (silent + 0.5)))

    def wait_ms(self, start: int, zone: tzinfo, surprise: float, *, least_ms: int, most_ms: int) -> int:
        """For how long a silence from ``start`` [ms] on is not told: until it is as rare as 10 to minus ``surprise``.

        Never less than ``least_ms``, never more than ``most_ms``.
        """
        at, end, left = start, start + most_ms, surprise
        while at < end:
            hour_end = min(local_hour_end(at, zone), end)
            weight = self.weight(local_hour(at, zone))
            told = weight * (hour_end - at) / HOUR_MS
            if told >= left:
                at += math.ceil(left * HOUR_MS / weight)
                break
            left -= told
            at = hour_end
        return min(max(at - start, least_ms), most_ms)

    def dump(self) -> list[list[float]]:
        """Plain numbers from which ``load`` makes the same again."""
        return [list(self.days), list(self.heard)]

    def load(self, plain: Sequence[Sequence[float]]) -> None:
        """Become what ``dump`` saw."""
        self.days, self.heard = array("d", plain[0]), array("d", plain[1])
