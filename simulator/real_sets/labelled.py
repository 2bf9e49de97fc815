"""A recorded set as the judge takes it: cases of events with what really happened, and what is said about the set on the page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from simulator.judge.score import Town
from simulator.judge.truth_file import Happened
from simulator.recording import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One recording, alone in its community."""

    name: str
    records: Callable[[], Iterable[Recorded]]
    truth: tuple[Happened, ...]


Misses = Callable[[Sequence[Town]], str]
"""Says of what was played why something was not told in time: a part of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealSet:
    """A set, its cases, and the sentences that stand beside its figures."""

    name: str
    cases: Callable[[], Iterator[Case]]
    asked: str  # what the truth is and what is asked, with the source of each number
    published: str  # what others have reached on it; "–" where nothing is known
    misses: Misses | None = None


def event(at: int, community: str, word: str, device: str, body: str) -> Recorded:
    """A message of a device: ``word`` is its network and class, such as ``iot/alarm``; ``body`` the JSON fields after ``at``."""
    return Recorded(at, f"shouwang/v1/{community}/{word}/{device}", f'{{"at":{at},{body}}}'.encode())
