"""The whole report of a backtest as plain JSON values (docs/judge.md has the schema). The same inputs give the same bytes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from rules.definition import RulePack
from rules.shadow import shadow_rules
from simulator.judge.cost import PROFILES
from simulator.judge.crew import OnLines, PackText, play_all
from simulator.judge.difference import decided_in, difference
from simulator.judge.event_files import Seen
from simulator.judge.score import Town, by_rule, figures_of, happenings, score, towns_of
from simulator.judge.truth_file import STAGES, Happened
from simulator.recording import iso
from simulator.virtual import TAIL_S

SCHEMA = "shouwang.backtest/1"
"""Raised when a field changes its meaning or goes; new fields do not raise it."""
Report = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is asked of a backtest. ``old`` is the pack to compare with, None where there is none."""

    pack: PackText
    old: PackText | None = None
    truth: tuple[Happened, ...] = ()
    job_count: int = 1
    tail_s: float = TAIL_S


def backtest(seen: Seen, wishes: Wishes, on_lines: OnLines = lambda _: None) -> Report:
    """Play, match, count. Raises rules.pack.PackError where a pack has faults."""
    pack = wishes.pack.read()
    shadows = shadow_rules(pack)
    texts = [wishes.pack, *([wishes.old] if wishes.old else [])]
    texts += [replace(wishes.pack, has_shadows_at_work=True)] if shadows else []
    played = play_all(seen, texts, job_count=wishes.job_count, tail_s=wishes.tail_s, on_lines=on_lines)
    towns = towns_of(played[0], wishes.truth)
    report: Report = {
        "schema": SCHEMA,
        "pack": _named(pack),
        "input": _input(seen, towns, wishes),
        "apart": {stage: sum(town.played.apart[stage] for town in towns) for stage in STAGES},
        **score(towns, [rule for rule in pack.rules if not rule.is_shadow]),
        "happenings": happenings(towns),
        "profiles": [asdict(profile) for profile in PROFILES],
    }
    if wishes.old is not None:
        before = towns_of(played[1], wishes.truth)
        report["against"] = {
            "pack": _named(wishes.old.read()),
            "all": figures_of(before).plain(),
            "difference": difference(decided_in(before), decided_in(towns)),
        }
    if shadows:
        report["shadow"] = _shadow(pack, towns, towns_of(played[-1], wishes.truth))
    return report


def as_bytes(report: Report) -> bytes:
    """The report as a JSON file."""
    return (json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _shadow(pack: RulePack, live: Sequence[Town], both: Sequence[Town]) -> Report:
    """The shadow rules' own figures, and what they say beside the live rules of the same hazards."""
    shadows = shadow_rules(pack)
    ours = [one for one in decided_in(both) if one.reached.rule in shadows]
    theirs = [one for one in decided_in(live) if one.reached.hazard in shadows.values()]
    return {
        "by_rule": by_rule(both, [rule for rule in pack.rules if rule.is_shadow]),
        "difference": difference(theirs, ours),
    }


def _input(seen: Seen, towns: Sequence[Town], wishes: Wishes) -> Report:
    heard = [town.played for town in towns if town.played.event_count]
    return {
        "lines": seen.line_count,
        "foreign_lines": seen.foreign_count,
        "events": sum(played.event_count for played in heard),
        "refused": sum(played.refused_count for played in heard),
        "happenings": len(wishes.truth),
        "from": iso(min(played.from_at for played in heard)) if heard else None,
        "until": iso(max(played.until_at for played in heard)) if heard else None,
        "communities": [town.played.community for town in towns],
        "unheard": [town.played.community for town in towns if not town.played.event_count],
    }


def _named(pack: RulePack) -> Report:
    return {"id": pack.id, "version": pack.version, "digest": pack.digest}
