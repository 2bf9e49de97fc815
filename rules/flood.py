"""警报洪泛: more alarms than a person can take in. Per operator position, exact to the millisecond, in bounded memory.

It begins with the alarm that makes it more than 10 announced within 10 minutes, and is over when fewer than 5 were announced
within the last 10 minutes (ISA-18.2-2016 and EEMUA 191; domain page C2). The window is half open: an alarm announced exactly 10
minutes ago is no longer in it.
"""

from collections.abc import Iterable
from typing import Final, cast

from rules.definition import Position
from rules.model import Alarm, Fact
from rules.signals import Plain

WINDOW_MS: Final = 600_000
BEGINS_ABOVE: Final = 10
ENDS_BELOW: Final = 5
"""10 minutes, more than 10, fewer than 5: ISA-18.2-2016 and EEMUA 191."""
_BUCKET_MS: Final = 1000
"""The peak is kept to the second: at most 601 numbers, however many alarms come. Begin and end are exact."""


class Flood:
    """How many alarms one position was shown lately, and whether that is a flood."""

    __slots__ = ("began_at", "count", "peak", "recent", "seconds")

    def __init__(self) -> None:
        self.recent: list[int] = []  # the instants of the latest alarms, BEGINS_ABOVE + 1 at most
        self.began_at: int | None = None
        self.count = 0  # alarms of this flood, those that made it one included
        self.peak = 0  # the most within one window
        self.seconds: list[list[int]] = []  # [second, alarms], while there is a flood

    @property
    def is_on(self) -> bool:
        """Whether there is a flood now."""
        return self.began_at is not None

    def take(self, at: int) -> bool:
        """One more alarm was announced. True where a flood begins with it."""
        self.recent = [*self.recent[-BEGINS_ABOVE:], at]
        if self.is_on:
            self.count += 1
            self._count_peak((at,))
            return False
        if len(self.recent) <= BEGINS_ABOVE or at - self.recent[0] >= WINDOW_MS:
            return False
        self.began_at = at
        self.count = len(self.recent)
        self.peak, self.seconds = 0, []
        self._count_peak(self.recent)
        return True

    def _count_peak(self, instants: Iterable[int]) -> None:
        for at in instants:
            second = at // _BUCKET_MS
            if self.seconds and self.seconds[-1][0] == second:
                self.seconds[-1][1] += 1
            else:
                self.seconds.append([second, 1])
        oldest = self.seconds[-1][0] - WINDOW_MS // _BUCKET_MS
        self.seconds = [bucket for bucket in self.seconds if bucket[0] > oldest]
        self.peak = max(self.peak, len(self.recent), sum([number for _, number in self.seconds]))

    def over_at(self) -> int | None:
        """When the flood is over if nothing else comes; None where there is none."""
        return self.recent[-ENDS_BELOW] + WINDOW_MS if self.is_on else None

    def end(self) -> None:
        """The flood is over. What it counted can still be asked for until the next one begins."""
        self.began_at = None
        self.seconds = []

    def dump(self) -> Plain:
        """Plain values for the snapshot."""
        return [list(self.recent), self.began_at, self.count, self.peak, [list(bucket) for bucket in self.seconds]]

    @classmethod
    def load(cls, plain: Plain) -> "Flood":
        """The same flood again."""
        flood = cls()
        flood.recent = cast(list[int], plain[0])
        flood.began_at = cast("int | None", plain[1])
        flood.count, flood.peak = cast(int, plain[2]), cast(int, plain[3])
        flood.seconds = cast(list[list[int]], plain[4])
        return flood


def positions_for(positions: Iterable[Position], fact: Fact | Alarm, told: tuple[str, ...]) -> list[str]:
    """The ids of the positions that this alarm is announced to; the community's own, '', where none of them answers for it.

    ``told`` are the parties whom the plan of its incident tells of an alarm.
    """
    found = [position.id for position in positions if _answers_for(position, fact, told)]
    return found or [""]


def _answers_for(position: Position, fact: Fact | Alarm, told: tuple[str, ...]) -> bool:
    is_here = not position.zones or any(fact.zone == zone or fact.zone.startswith(f"{zone}/") for zone in position.zones)
    is_theirs = not position.parties or any(party in told for party in position.parties)
    return is_here and is_theirs
