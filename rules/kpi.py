"""报警绩效: what a stretch of the past says of the alarm system itself, by ISA-18.2 and EEMUA 191. Pure: facts in, figures out.

Counted are announced alarms (annunciation.py), by operator position; exercises and tests are counted apart and are in no figure.
Floods are those of flood.py, chattering and fleeting those of chatter.py; a figure's target stands in kpi_targets.py. Shares are
0 to 1, instants ms, durations s.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rules.alarm_record import AlarmKey, Occurrence, by_alarm, occurrences_of
from rules.annunciation import is_annunciated
from rules.book import NO_PACK
from rules.chatter import Chatter, chatter_of
from rules.definition import RulePack
from rules.false_ratio import JudgedCase, RuleVerdicts, tally, tally_all
from rules.flood import positions_for
from rules.kpi_load import Floods, Load, floods_of, load_of
from rules.kpi_spans import Quiet, Span, Waited, at_once_max, quiet_of, stale_of, waited_of
from rules.lifecycle import QUIET
from rules.model import Alarm, Entity, Fact, Level, Status

TOP_COUNT: Final = 10
"""The alarms that are looked at first: the top ten of ISA-18.2 and EEMUA 191."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopAlarm:
    """One alarm (a rule at a place or device) and its share of all that were announced."""

    community: str
    rule: str
    place: str
    count: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Restless:
    """One alarm that chattered or was fleeting."""

    community: str
    rule: str
    place: str
    spell_count: int  # stretches of chatter
    chatter_count: int  # occurrences that are part of them
    fleeting_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionKpi:
    """The figures of one operator position: ``community/position``, or the community alone; "" is everything together."""

    position: str
    load: Load
    floods: Floods
    top: tuple[TopAlarm, ...]
    top_share: float  # of these ten together
    by_level: dict[Level, int]
    standing_max: int  # the most whose condition held at once
    stale_count: int  # alarms that stood for more than 24 hours
    stale_max: int  # the most of these at once
    chattering_count: int  # alarms that chattered
    fleeting_count: int  # occurrences that were gone before anybody could act
    restless: tuple[Restless, ...]  # the ten worst
    quiet: tuple[Quiet, ...]
    waited: Waited


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiReport:
    """The whole report: [from_at, until_at)."""

    from_at: int
    until_at: int
    whole: PositionKpi
    positions: tuple[PositionKpi, ...]
    apart_count: int  # alarms of exercises and tests, announced as such
    all_verdicts: RuleVerdicts
    verdicts: tuple[RuleVerdicts, ...]


def kpi(facts: Iterable[Fact], cases: Sequence[JudgedCase], pack: RulePack | None, *, from_at: int, until_at: int) -> KpiReport:
    """The report of a stretch.

    ``facts`` are the lines of the timeline about alarms, in order: all of the stretch, and the earlier ones of those alarms that
    were open when it began. ``pack`` is the one in force: it says which position answers for which alarm. Raises ValueError for
    an empty stretch.
    """
    if from_at >= until_at:
        raise ValueError(f"the stretch ends at {until_at}, before it begins at {from_at}")
    known = [fact for fact in facts if fact.entity is Entity.ALARM and fact.at < until_at]
    real = [fact for fact in known if fact.status is Status.ACTUAL]
    told = [fact for fact in known if fact.status is not Status.ACTUAL and fact.at >= from_at]
    by_position: dict[str, list[Fact]] = {}
    names_of = positions_by(pack or NO_PACK)
    belongs: dict[str, tuple[str, ...]] = {}
    for fact in real:
        for name in belongs.setdefault(fact.entity_id, names_of(fact)):
            by_position.setdefault(name, []).append(fact)
    stretch = (from_at, until_at)
    return KpiReport(
        from_at=from_at,
        until_at=until_at,
        whole=_of_position("", real, pack, stretch),
        positions=tuple([_of_position(name, by_position[name], pack, stretch) for name in sorted(by_position)]),
        apart_count=len([fact for fact in told if is_annunciated(replace(fact, status=Status.ACTUAL))]),
        all_verdicts=tally_all(cases),
        verdicts=tally(cases),
    )


def positions_by(pack: RulePack) -> Callable[[Fact | Alarm], tuple[str, ...]]:
    """Which positions an alarm is announced to, as the live desk names them: by its zone, and the parties that its plan tells."""
    plans = {
        (name, rule.id): own.plans[rule.plan].notify_on_alarm
        for name, own in (("", pack), *pack.by_community.items())
        for rule in own.rules
        if rule.plan in own.plans
    }

    def names_of(fact: Fact | Alarm) -> tuple[str, ...]:
        told = plans.get((fact.community, fact.rule), plans.get(("", fact.rule), ()))
        found = positions_for(pack.positions, fact, told)
        return tuple([f"{fact.community}/{position}" if position else fact.community for position in found])

    return names_of


def _of_position(name: str, facts: Sequence[Fact], pack: RulePack | None, stretch: tuple[int, int]) -> PositionKpi:
    from_at, until_at = stretch
    announced = [fact for fact in facts if fact.at >= from_at and is_annunciated(fact)]
    instants = [fact.at for fact in announced]
    occurrences = occurrences_of(facts, pack or NO_PACK)
    standing = [Span(each.began_at, each.ended_at) for each in occurrences]
    stale = [each for each in occurrences if stale_of([Span(each.began_at, each.ended_at)], from_at, until_at)]
    restless = chatter_of([each for each in occurrences if each.began_at >= from_at])
    top = _top(occurrences, from_at, len(announced))
    return PositionKpi(
        position=name,
        load=load_of(instants, from_at, until_at),
        floods=floods_of(instants, from_at, until_at),
        top=top,
        top_share=sum([one.count for one in top]) / len(announced) if announced else 0.0,
        by_level={level: len([fact for fact in announced if fact.level is level]) for level in Level},
        standing_max=at_once_max([span.within(from_at, until_at) for span in standing]),
        stale_count=len(stale),
        stale_max=at_once_max(stale_of(standing, from_at, until_at)),
        chattering_count=len([one for one in restless if one.spells]),
        fleeting_count=sum([one.fleeting_count for one in restless]),
        restless=tuple([_restless(one) for one in restless[:TOP_COUNT]]),
        quiet=tuple([quiet_of(facts, state, from_at, until_at) for state in QUIET]),
        waited=waited_of(facts, from_at, until_at),
    )


def _top(occurrences: Sequence[Occurrence], from_at: int, total: int) -> tuple[TopAlarm, ...]:
    """The alarms that were announced most often, the first by key among equals."""
    counts = {key: _rung(own, from_at) for key, own in by_alarm(occurrences).items()}
    ranked = sorted([(-count, key) for key, count in counts.items() if count])[:TOP_COUNT]
    return tuple([_top_alarm(key, -count, total) for count, key in ranked])


def _rung(occurrences: Sequence[Occurrence], from_at: int) -> int:
    return sum([len([at for at in each.rang_at if at >= from_at]) for each in occurrences])


def _top_alarm(key: AlarmKey, count: int, total: int) -> TopAlarm:
    return TopAlarm(community=key.community, rule=key.rule, place=key.place, count=count, share=count / total)


def _restless(one: Chatter) -> Restless:
    return Restless(
        community=one.key.community,
        rule=one.key.rule,
        place=one.key.place,
        spell_count=len(one.spells),
        chatter_count=one.chatter_count,
        fleeting_count=one.fleeting_count,
    )
