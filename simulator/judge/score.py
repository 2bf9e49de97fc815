"""The score: all that was decided, matched with all that happened, in every slice that people ask about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rules.definition import Rule
from simulator.judge.figures import Figures
from simulator.judge.matching import Matched, match
from simulator.judge.reached import Played, Reached
from simulator.judge.truth_file import STAGES, Happened
from simulator.recording import iso

Keep = Callable[[str, str], bool]
"""Whether a slice keeps what has this hazard and this rule; the rule is "" for a happening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """One community: what was decided there, and what happened."""

    played: Played
    happened: tuple[Happened, ...]


def towns_of(played: Iterable[Played], truth: Iterable[Happened]) -> tuple[Town, ...]:
    """Every community that spoke or in which something happened, by name: where nothing was heard, all is missed."""
    by_name = {one.community: one for one in played}
    happened: dict[str, list[Happened]] = {name: [] for name in by_name}
    for one in truth:
        happened.setdefault(one.community, []).append(one)
    return tuple([Town(played=by_name.get(name, _silent(name)), happened=tuple(happened[name])) for name in sorted(happened)])


def figures_of(towns: Sequence[Town], keep: Keep = lambda _, __: True, stages: Sequence[str] = STAGES) -> Figures:
    """The figures of a slice of these communities. A rule that only warns is not asked to alarm: ``stages`` are its own."""
    figures = Figures()
    for town in towns:
        happened = [one for one in town.happened if keep(one.hazard, "")]
        reached = [one for one in town.played.reached if keep(one.hazard, one.rule)]
        for stage in stages:
            figures.take_stage(match(stage, reached, happened))
        if town.played.event_count:
            rang = [one.at for one in town.played.rang if keep(one.hazard, one.rule)]
            figures.take_load(rang, town.played)
    return figures


def score(towns: Sequence[Town], rules: Sequence[Rule]) -> dict[str, object]:
    """All slices. ``rules`` are the pack's; of these, who said nothing and had nothing to say is left out."""
    hazards = {one.hazard for town in towns for one in town.happened}
    hazards |= {one.hazard for town in towns for one in town.played.reached}
    return {
        "all": figures_of(towns).plain(),
        "by_hazard": {name: figures_of(towns, _of_hazard(name)).plain() for name in sorted(hazards)},
        "by_rule": by_rule(towns, rules),
        "by_community": {town.played.community: figures_of([town]).plain() for town in towns},
    }


def by_rule(towns: Sequence[Town], rules: Sequence[Rule]) -> dict[str, object]:
    """Each rule alone against all that happened of its hazard, by id: as if it were the only one."""
    spoke = {one.rule for town in towns for one in town.played.reached}
    asked = {one.hazard for town in towns for one in town.happened}
    own = [rule for rule in rules if rule.id in spoke or rule.hazard in asked]
    return {
        rule.id: {"hazard": rule.hazard, **figures_of(towns, _of_rule(rule), _stages_of(rule)).plain()}
        for rule in sorted(own, key=lambda rule: rule.id)
    }


def verdicts_of(town: Town) -> dict[int, str]:
    """What each decision of a community was worth, by its place in ``Played.reached``."""
    numbers = {id(one): number for number, one in enumerate(town.played.reached)}
    found: dict[int, str] = {}
    for stage in STAGES:
        matched = match(stage, town.played.reached, town.happened)
        for happened, one in matched.found.items():
            found[numbers[id(one)]] = _worth(matched, happened, one)
        found |= {numbers[id(one)]: "duplicate" for one in matched.duplicates}
        found |= {numbers[id(one)]: "false" for one in matched.false}
    return found


def happenings(towns: Sequence[Town]) -> list[dict[str, object]]:
    """Each happening with what found it and when: the list behind the figures."""
    told: list[dict[str, object]] = []
    for town in towns:
        matches = {stage: match(stage, town.played.reached, town.happened) for stage in STAGES}
        for number, one in enumerate(town.happened):
            told.append(
                {
                    "community": one.community,
                    "hazard": one.hazard,
                    "zone": one.zone,
                    "start": iso(one.start_at),
                    **{stage: _told(one, stage, matches[stage].found.get(number)) for stage in STAGES},
                }
            )
    return told


def _told(happened: Happened, stage: str, found: Reached | None) -> dict[str, object]:
    due_at = happened.due_at(stage)
    if found is None:
        verdict = "not asked" if due_at is None else "missed"
    else:
        verdict = "unasked" if due_at is None else "detected" if found.at <= due_at else "late"
    return {
        "verdict": verdict,
        "at": None if found is None else iso(found.at),
        "rule": "" if found is None else found.rule,
        "after_start_s": None if found is None else (found.at - happened.start_at) / 1000,
    }


def _worth(matched: Matched, number: int, found: Reached) -> str:
    due_at = matched.happened[number].due_at(matched.stage)
    return "unasked" if due_at is None else "right" if found.at <= due_at else "late"


def _of_hazard(name: str) -> Keep:
    return lambda hazard, _: hazard == name


def _of_rule(rule: Rule) -> Keep:
    return lambda hazard, name: name == rule.id or (not name and hazard == rule.hazard)


def _stages_of(rule: Rule) -> tuple[str, ...]:
    return ("warning",) * bool(rule.warnings) + ("alarm", "dispatch") * bool(rule.alarms)


def _silent(community: str) -> Played:
    nothing = dict.fromkeys(STAGES, 0)
    return Played(
        community=community, from_at=0, until_at=0, heard_ms=0, event_count=0, refused_count=0, reached=(), rang=(), apart=nothing
    )
