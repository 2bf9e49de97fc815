"""A piece of time in which all devices are asked what they say, and what little is remembered from one piece to the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import ceil
from typing import Final

from simulator.hazards.course import Mute
from simulator.sayings import Saying
from simulator.sky import Sky

SPAN_S: Final = 600.0
"""How long a piece is: long enough that most devices speak in it, short enough that 100,000 of them fit into little memory."""


@dataclass(frozen=True, slots=True)
class Span:
    """One piece, from its first second up to, but not including, its last. The sky is that of both ends."""

    number: int
    from_s: float
    to_s: float
    begins: Sky
    ends: Sky

    def beats(self, first_s: float, interval_s: float) -> Iterator[float]:
        """The instants of a regular speaker that fall into it."""
        step = max(0, ceil((self.from_s - first_s) / interval_s))
        at_s = first_s + step * interval_s
        while at_s < self.to_s:
            yield at_s
            step += 1
            at_s = first_s + step * interval_s


@dataclass(slots=True)
class Memory:
    """What cannot be known from the time alone. Everything else about a device follows from its name, the seed and the span."""

    calling: dict[str, bool] = field(default_factory=dict)  # detectors that sound, until their air is clean again
    busy_until_s: dict[str, float] = field(default_factory=dict)  # doors that stand open, lifts that ride
    outages: dict[str, tuple[float, float]] = field(default_factory=dict)  # of this day and of the one before
    mutes: Mapping[str, tuple[Mute, ...]] = field(default_factory=dict)  # what the scenario keeps from speaking, and when


class Later:
    """What is known beforehand and not yet said: hazards, mistakes, doors that will shut."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Saying]] = []
        self._order = count()

    def add(self, saying: Saying) -> None:
        """Keep it until its time comes."""
        heappush(self._heap, (saying.at_s, next(self._order), saying))

    def until(self, to_s: float) -> list[Saying]:
        """Take out what is due before this second, in the order of time; at the same instant as it was added."""
        due: list[Saying] = []
        while self._heap and self._heap[0][0] < to_s:
            due.append(heappop(self._heap)[2])
        return due
