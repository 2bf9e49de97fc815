"""Two packs on the same events: which decisions only the old one makes, which only the new one, which both, how much later."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from simulator.judge.figures import percentile
from simulator.judge.matching import touches
from simulator.judge.reached import Reached
from simulator.judge.score import Town, verdicts_of
from simulator.judge.truth_file import STAGES
from simulator.recording import iso

APART_MAX_MS: Final = 1_800_000
"""Decisions of two packs further apart than half an hour are two decisions. Ours: within it, a hazard gathers by default."""
LISTED_MAX: Final = 200
"""Decisions that each list of a report shows; the counts are of all. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision with its community and what it was worth."""

    community: str
    reached: Reached
    verdict: str


def decided_in(towns: Sequence[Town]) -> list[Decided]:
    """All decisions of a play, in the order of community and time."""
    found: list[Decided] = []
    for town in towns:
        verdicts = verdicts_of(town)
        for number, one in enumerate(town.played.reached):
            found.append(Decided(community=town.played.community, reached=one, verdict=verdicts[number]))
    return found


def difference(old: Sequence[Decided], new: Sequence[Decided]) -> dict[str, object]:
    """Pair the decisions of two plays, by stage: the same community, hazard and place, the nearest in time first.

    A shift is the new one's instant minus the old one's: below 0 the new pack is earlier.
    """
    return {stage: _of_stage(_stage(old, stage), _stage(new, stage)) for stage in STAGES}


def _of_stage(old: list[Decided], new: list[Decided]) -> dict[str, object]:
    pairs = paired(old, new)
    taken = {there for _, there in pairs}
    kept = {here for here, _ in pairs}
    shifts = sorted([new[there].reached.at - old[here].reached.at for here, there in pairs])
    both = [
        {**_told(old[here]), "new_at": iso(new[there].reached.at), "shift_s": _shift_s(old[here], new[there])}
        for here, there in sorted(pairs)
    ]
    only_old = [_told(one) for number, one in enumerate(old) if number not in kept]
    only_new = [_told(one) for number, one in enumerate(new) if number not in taken]
    return {
        "only_old": len(only_old),
        "only_new": len(only_new),
        "both": len(both),
        "earlier": sum(shift < 0 for shift in shifts),
        "later": sum(shift > 0 for shift in shifts),
        "shift_p50_s": percentile(shifts, 0.5),
        "only_old_list": only_old[:LISTED_MAX],
        "only_new_list": only_new[:LISTED_MAX],
        "both_list": [one for one in both if one["shift_s"]][:LISTED_MAX],  # what did not move says nothing
    }


def paired(old: Sequence[Decided], new: Sequence[Decided]) -> list[tuple[int, int]]:
    """Which of the old ones is which of the new ones, by their numbers; all are of one stage.

    Every decision is in at most one pair. All that may be one are looked at in the order of their distance.
    """
    by_hazard: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for number, one in enumerate(new):
        by_hazard.setdefault((one.community, one.reached.hazard), []).append((one.reached.at, number))
    for line in by_hazard.values():
        line.sort()
    near: list[tuple[int, int, int, int]] = []
    for here, one in enumerate(old):
        line = by_hazard.get((one.community, one.reached.hazard), [])
        first = bisect_left(line, (one.reached.at - APART_MAX_MS, 0))
        for at, there in islice(line, first, None):
            if at > one.reached.at + APART_MAX_MS:
                break
            if _is_same_place(one.reached, new[there].reached):
                near.append((one.reached.device != new[there].reached.device, abs(at - one.reached.at), here, there))
    pairs: list[tuple[int, int]] = []
    used: set[int] = set()
    gone: set[int] = set()
    for _, _, here, there in sorted(near):
        if here not in gone and there not in used:
            pairs.append((here, there))
            gone.add(here)
            used.add(there)
    return pairs


def _is_same_place(one: Reached, other: Reached) -> bool:
    return one.zone == other.zone or touches(one.zone, other.zone)


def _stage(some: Sequence[Decided], stage: str) -> list[Decided]:
    return [one for one in some if one.reached.stage == stage]


def _shift_s(old: Decided, new: Decided) -> float:
    return (new.reached.at - old.reached.at) / 1000


def _told(one: Decided) -> dict[str, object]:
    return {
        "community": one.community,
        "hazard": one.reached.hazard,
        "zone": one.reached.zone,
        "rule": one.reached.rule,
        "device": one.reached.device,
        "at": iso(one.reached.at),
        "verdict": one.verdict,
    }
