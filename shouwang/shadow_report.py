"""What shadow rules would have done beside what the live ones did: only live, only shadow, both with the shift in time, by rule.

The live side is the store's own timeline; the shadows' side is their own file. Both are counted as the judge counts
(docs/judge.md), as far as the shadows have come; what was live and later than that is not counted against them.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from handlers.shadow_book import Gap, Told, Watched
from rules.model import Entity, Fact
from simulator.judge.difference import Decided, difference
from simulator.judge.reached import Register
from simulator.recording import iso

SCHEMA: Final = "shouwang.shadow/1"
"""Raised when a field changes its meaning or goes; new fields do not raise it."""
STAGED: Final = (Entity.WARNING, Entity.ALARM, Entity.DISPATCH)
"""Of what the live side is read."""
Report = dict[str, object]


def report(told: Told, live: Iterable[Fact], from_at: int, until_at: int) -> Report:
    """The report on a stretch (ms), as plain JSON values: ``only_old`` of a difference is only live, ``only_new`` only shadow."""
    shadows, lives = _decided(told.facts), _decided(live)
    ends_at = min(until_at, told.progress.at + 1)
    return {
        "schema": SCHEMA,
        "from": iso(from_at),
        "until": iso(until_at),
        "heard_until": iso(told.progress.at) if told.progress.at else None,
        "position": told.progress.position,
        "entries": told.progress.entry_count,
        "cpu_s": told.progress.cpu_s,
        "faults": told.progress.fault_count,
        "gaps": [_gap(gap) for gap in told.progress.gaps if gap.until_at > from_at and gap.from_at < until_at],
        "rules": [_of_rule(one, shadows, lives, from_at, ends_at) for one in told.watched if _is_in(one, from_at, until_at)],
    }


def _of_rule(one: Watched, shadows: Sequence[Decided], lives: Sequence[Decided], from_at: int, ends_at: int) -> Report:
    """One rule against the live ones of its hazard, while both were there."""
    begins_at = max(from_at, one.since_at)
    ends_at = max(begins_at, min(ends_at, one.until_at or ends_at))
    ours = [each for each in shadows if each.reached.rule == one.id and begins_at <= each.reached.at < ends_at]
    theirs = [each for each in lives if each.reached.hazard == one.hazard and begins_at <= each.reached.at < ends_at]
    return {
        "rule": one.id,
        "hazard": one.hazard,
        "since": iso(one.since_at),
        "until": None if one.until_at is None else iso(one.until_at),
        "heard_days": round((ends_at - begins_at) / 86_400_000, 3),
        "difference": difference(theirs, ours),
    }


def _decided(facts: Iterable[Fact]) -> list[Decided]:
    """Each time that a stage was reached, as the judge sees it; nobody has judged it yet."""
    registers: dict[str, Register] = {}
    for fact in facts:
        registers.setdefault(fact.community, Register()).take_all((fact,))
    return [
        Decided(community=name, reached=one, verdict="unjudged")
        for name, register in sorted(registers.items())
        for one in register.reached
    ]


def _is_in(one: Watched, from_at: int, until_at: int) -> bool:
    return one.since_at < until_at and (one.until_at is None or one.until_at > from_at)


def _gap(gap: Gap) -> Report:
    return {"from": iso(gap.from_at), "until": iso(gap.until_at)}
