"""What shadow rules would have done beside what the live ones did: only live, only shadow, both with the shift in time, by rule.

The live side is the store's own timeline; the shadows' side is their own file. Both are counted as the judge counts
(docs/judge.md), as far as the shadows have come; what was live and later than that is not counted against them.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from handlers.shadow_book import FILE, Gap, Told, Watched, read_told
from handlers.story import StoryViews
from rules.canonical import from_plain
from rules.model import Entity, Fact
from simulator.judge.difference import Decided, difference, paired
from simulator.judge.reached import Register
from simulator.judge.truth_file import STAGES
from simulator.recording import iso

SCHEMA: Final = "shouwang.shadow/1"
"""Raised when a field changes its meaning or goes; new fields do not raise it."""
STAGED: Final = (Entity.WARNING, Entity.ALARM, Entity.DISPATCH)
"""Of what the live side is read."""
LATEST_MAX: Final = 20
"""Decisions of each fate that are listed with their live cases, the latest. Ours."""
_WORDLESS: Final = {"evidence": [], "sentence": {"zh": "", "en": ""}}
Report = dict[str, object]


class TooManyFacts(Exception):  # noqa: N818 - a bound that was reached, not a mistake of ours
    """The stretch has more lines than whoever asks has patience for."""


def heard_in(data: Path, story: StoryViews, from_at: int, until_at: int, *, facts_max: int = 1 << 62) -> Report | None:
    """The report on a stretch (ms) of this data folder and store; None where no shadow was ever heard.

    Raises TooManyFacts, StoreUnavailable and StoreBroken.
    """
    told = read_told(data / FILE, from_at)
    if told is None or not told.watched:
        return None
    live: list[Fact] = []
    for doc in story.told_between(STAGED, from_at, until_at):
        if len(live) + len(told.facts) >= facts_max:
            raise TooManyFacts
        live.append(from_plain(Fact, {**doc, **_WORDLESS}))
    return report(told, live, from_at, until_at)


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
        "latest": [row for stage in STAGES for row in _latest(stage, theirs, ours)],
    }


def _latest(stage: str, lives: Sequence[Decided], shadows: Sequence[Decided]) -> list[Report]:
    """The latest decisions of a stage by their fate, each with the live case where there is one."""
    old = [one for one in lives if one.reached.stage == stage]
    new = [one for one in shadows if one.reached.stage == stage]
    live_of = {there: old[here] for here, there in paired(old, new)}
    taken = {id(one) for one in live_of.values()}
    found: dict[str, list[tuple[Decided, Decided | None]]] = {
        "both": [(new[there], live) for there, live in live_of.items()],
        "only_shadow": [(one, None) for number, one in enumerate(new) if number not in live_of],
        "only_live": [(one, one) for one in old if id(one) not in taken],
    }
    return [
        _listed(fate, one, live)
        for fate, some in found.items()
        for one, live in sorted(some, key=lambda pair: -pair[0].reached.at)[:LATEST_MAX]
    ]


def _listed(fate: str, one: Decided, live: Decided | None) -> Report:
    return {
        "fate": fate,
        "stage": one.reached.stage,
        "at": iso(one.reached.at),
        "rule": one.reached.rule,
        "community": one.community,
        "zone": one.reached.zone,
        "device": one.reached.device,
        "level": one.reached.level,
        "live_rule": live.reached.rule if live is not None and fate == "both" else "",
        "incident_id": "" if live is None else live.reached.incident_id,
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
