"""报警记录: what the timeline says of alarms, put back into each time that a condition held.

ISA-18.2 counts conditions: each time one begins is an occurrence, however often it is reported meanwhile, and whatever people or
other rules do with the alarm. Everything that looks back (chatter, previews, reports) reads the record through this one room.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rules.annunciation import is_annunciated
from rules.definition import Key, RulePack
from rules.lifecycle import ALARM
from rules.model import Alarm, Entity, Evidence, Fact, Level, Reason, Status
from rules.where import place_of

_BEGINS: Final = ("opened", "retriggered")
_PHASES: Final = ("opened", "retriggered", "repeated", "level_changed")


@dataclass(frozen=True, slots=True, order=True)
class AlarmKey:
    """The same alarm, however often it comes: one rule at one place."""

    community: str
    rule: str
    place: str  # as exact as the rule looks: a device in its zone, a zone, a building, or the whole community ("")
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """From this instant (ms) on the condition held at this level, because of this evidence."""

    at: int
    transition: str  # opened, retriggered, repeated (reported again while it held), level_changed
    level: Level
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time that an alarm's condition held. Instants are ms."""

    key: AlarmKey
    alarm_id: str
    incident_id: str
    hazard: str
    zone: str
    device: str  # with which it began, also where the rule looks at a whole zone
    began_at: int
    phases: tuple[Phase, ...]
    ended_at: int | None = None  # None: it holds still
    is_by_itself: bool = False  # it ended because the condition went back, and not by a person or an edit
    acted_at: int | None = None  # a person's first act on the alarm while it held
    rang_at: tuple[int, ...] = ()  # when it was announced (annunciation.py)
    is_out_of_service: bool = False  # somebody worked there when it began
    cleared_by: tuple[Evidence, ...] = ()

    @property
    def level(self) -> Level:
        """The worst level that it had."""
        return min([phase.level for phase in self.phases], key=lambda level: level.rank)

    @property
    def lasted_ms(self) -> int | None:
        """How long it held; None where it holds still."""
        return None if self.ended_at is None else self.ended_at - self.began_at


@dataclass(slots=True)
class _Alarm:
    """What is known of one alarm while its lines are read."""

    is_out: bool = False
    running: Occurrence | None = None
    done: list[Occurrence] = field(default_factory=list)


def occurrences_of(facts: Iterable[Fact], pack: RulePack) -> tuple[Occurrence, ...]:
    """Every occurrence that these lines of the timeline tell of, the earlier first. Lines of other records say nothing.

    ``pack`` says of each rule what it watches one of at a time; a rule that it no longer has is taken to watch devices.
    """
    keys = {(name, rule.id): rule.key for name, own in (("", pack), *pack.by_community.items()) for rule in own.rules}
    alarms: dict[str, _Alarm] = {}
    for fact in facts:
        if fact.entity is Entity.ALARM:
            key = keys.get((fact.community, fact.rule)) or keys.get(("", fact.rule), Key.DEVICE)
            _read(alarms.setdefault(fact.entity_id, _Alarm()), fact, key)
    found = [each for alarm in alarms.values() for each in (*alarm.done, *([alarm.running] if alarm.running else []))]
    return tuple(sorted(found, key=lambda each: (each.began_at, each.key, each.alarm_id)))


def key_of(alarm: Alarm, pack: RulePack) -> AlarmKey:
    """Which alarm this record is one of."""
    rules = pack.by_community.get(alarm.community, pack).rules
    key = next((rule.key for rule in rules if rule.id == alarm.rule), Key.DEVICE)
    return AlarmKey(alarm.community, alarm.rule, place_of(key, alarm.zone, alarm.device), alarm.status)


def by_alarm(occurrences: Iterable[Occurrence]) -> Mapping[AlarmKey, tuple[Occurrence, ...]]:
    """The occurrences of each alarm, the earlier first."""
    found: dict[AlarmKey, list[Occurrence]] = {}
    for each in occurrences:
        found.setdefault(each.key, []).append(each)
    return {key: tuple(found[key]) for key in sorted(found)}


def _read(alarm: _Alarm, fact: Fact, key: Key) -> None:
    if fact.transition in ("retired", "restored"):
        alarm.is_out = fact.transition == "retired"
    if fact.transition in _BEGINS and alarm.running is None:
        alarm.running = _begun(fact, key, is_out=alarm.is_out)
    running = alarm.running
    if running is None:
        return
    running = _gone_on(running, fact)
    if fact.transition == "cleared" or ALARM.is_final(fact.to_state):
        is_by_itself = fact.transition == "cleared" and fact.reason is not Reason.RULE_REMOVED
        ended = replace(running, ended_at=fact.at, is_by_itself=is_by_itself, cleared_by=fact.evidence)
        alarm.done.append(ended)
        alarm.running = None
    else:
        alarm.running = running


def _begun(fact: Fact, key: Key, *, is_out: bool) -> Occurrence:
    return Occurrence(
        key=AlarmKey(fact.community, fact.rule, place_of(key, fact.zone, fact.device), fact.status),
        alarm_id=fact.entity_id,
        incident_id=fact.incident_id,
        hazard=fact.hazard,
        zone=fact.zone,
        device=fact.device,
        began_at=fact.at,
        phases=(),
        is_out_of_service=is_out,
    )


def _gone_on(running: Occurrence, fact: Fact) -> Occurrence:
    """The occurrence with what this line adds to it."""
    phases, rang_at = running.phases, running.rang_at
    if fact.transition in _PHASES and fact.level is not None:
        phases = (*phases, Phase(at=fact.at, transition=fact.transition, level=fact.level, evidence=fact.evidence))
    if is_annunciated(fact):
        rang_at = (*rang_at, fact.at)
    return replace(
        running,
        incident_id=fact.incident_id,
        phases=phases,
        rang_at=rang_at,
        acted_at=fact.at if fact.actor and running.acted_at is None else running.acted_at,
        is_out_of_service=running.is_out_of_service or (fact.transition == "retired" and fact.at == running.began_at),
    )
