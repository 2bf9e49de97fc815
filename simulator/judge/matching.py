"""Which decision is about which happening: one decision finds at most one happening, and one happening is found once.

The rules are in docs/judge.md. What finds nothing is false; what finds a happening that was found already is a duplicate.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Final

from simulator.judge.reached import Reached
from simulator.judge.truth_file import STAGES, Happened
from simulator.world import is_within

AFTER_END_MS: Final = 600_000
"""How long after its end a happening may still be noticed (and is late then, or was due later): the longest delay of the bundled
rules. Later than that is about something else. Ours."""


@dataclass(slots=True, kw_only=True)
class Matched:
    """How one stage went in one community: what found each happening, and what found none."""

    stage: str
    happened: Sequence[Happened]
    found: dict[int, Reached] = field(default_factory=dict)  # by the happening's place in ``happened``; the first that came
    false: list[Reached] = field(default_factory=list)
    duplicates: list[Reached] = field(default_factory=list)


def match(stage: str, reached: Iterable[Reached], happened: Sequence[Happened]) -> Matched:
    """Match one stage's decisions, in the order of their instants, with what happened in their community."""
    matched = Matched(stage=stage, happened=happened)
    own = sorted([one for one in reached if one.stage == stage], key=lambda one: one.at)
    for one, running in _running(own, happened):
        fitting = [number for number in running if is_about(one, happened[number])]
        free = [number for number in fitting if number not in matched.found]
        if free:
            matched.found[min(free, key=lambda number: _nearness(one, happened[number], stage, number))] = one
        elif fitting:
            matched.duplicates.append(one)
        else:
            matched.false.append(one)
    return matched


def _running(reached: Iterable[Reached], happened: Sequence[Happened]) -> Iterator[tuple[Reached, list[int]]]:
    """Each decision with what has begun and may not be over yet: a year has thousands of happenings, and few at once."""
    waiting = sorted(range(len(happened)), key=lambda number: (-happened[number].start_at, -number))
    running: list[int] = []
    for one in reached:
        while waiting and happened[waiting[-1]].start_at <= one.at:
            running.append(waiting.pop())
        running = [number for number in running if one.at <= _last_at(happened[number])]
        yield one, running


def _last_at(happened: Happened) -> float:
    return inf if happened.end_at is None else happened.end_at + AFTER_END_MS


def is_about(reached: Reached, happened: Happened) -> bool:
    """Whether this decision may be about this happening: its hazard, its place, and its time."""
    if reached.hazard != happened.hazard or reached.at < happened.start_at:
        return False
    if reached.at > _last_at(happened):
        return False
    return touches(reached.zone, happened.zone)


def touches(zone: str, place: str) -> bool:
    """Whether a decision that names ``zone`` names a happening at ``place``: one lies within the other.

    A flat's fire may be told of the building; but who names no place at all ("") has found only what happens everywhere.
    """
    return not place or (bool(zone) and (is_within(zone, place) or is_within(place, zone)))


def is_wanted(happened: Happened, stage: str) -> bool:
    """Whether this stage is right for this happening: it, or one that comes after it, is asked for."""
    later = STAGES[STAGES.index(stage) :]
    return any(happened.due_at(each) is not None for each in later)


def _nearness(reached: Reached, happened: Happened, stage: str, number: int) -> tuple[int, int, int, int]:
    """The smaller, the better: the place that is as exact, then the one that is due first, then the one that began first."""
    depth = abs(reached.zone.count("/") + bool(reached.zone) - happened.zone.count("/") - bool(happened.zone))
    due_at = happened.due_at(stage)
    return depth, due_at if due_at is not None else 1 << 53, happened.start_at, number
