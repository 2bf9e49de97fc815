"""The open cases, and what changes in them: every record that is not yet final, and the effects of the step under way.

All stages write through the book: it keeps a record, marks it for the snapshot, and asks the outside to save it once per step.
"""

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Final

from rules.canonical import digest_id
from rules.definition import Escalation, Plan, RulePack
from rules.effects import Effect, RecordFact, SaveAlarm, SaveDispatch, SaveIncident, SaveOutage, SavePlaceMode, SaveWarning
from rules.flood import Flood
from rules.grouping import UNTOLD, Group
from rules.lifecycle import ALARM, DISPATCH, INCIDENT, WARNING
from rules.members import Members, in_order
from rules.model import Alarm, Dispatch, EarlyWarning, Entity, Evidence, Fact, Incident, Reason, Sentence, Status
from rules.owed_orders import OwedOrders
from rules.place import Modes, Outage, Outages, PlaceMode
from rules.quieted import Quieted
from rules.routes import Routes
from rules.timers import Timers
from rules.watch import ActiveRule, Row, Watch

Record = EarlyWarning | Alarm | Incident | Dispatch
_ENTITIES: Final[dict[type, Entity]] = {
    EarlyWarning: Entity.WARNING,
    Alarm: Entity.ALARM,
    Incident: Entity.INCIDENT,
    Dispatch: Entity.DISPATCH,
}


NO_PACK: Final = RulePack(
    id="",
    version="",
    digest="",
    title=Sentence("无规则包", "no rule pack"),
    timezone=UTC,
    hazards={},
    rules=(),
    plans={},
    parties={},
    responders=(),
)
"""What decides before the first pack is activated: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """How one order of a case's plan stands: given to somebody, or owed because nobody was free."""

    order: int  # its place in the plan
    dispatch_id: str = ""  # empty while owed
    tried: tuple[str, ...] = ()  # responders who declined or did not answer


@dataclass(frozen=True, slots=True)
class Taken:
    """The hazard and place of an incident that was merged into another: what comes there belongs to that one now."""

    hazard: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An open incident with what the chain must remember of it, its plan as it was when the case began."""

    incident: Incident
    plan: Plan | None
    last_at: int  # the last happening: what comes within the hazard's time belongs here
    episode: int = 1  # counts how often it opened again after it had recovered
    placed: tuple[Placed, ...] = ()
    group: Group = UNTOLD  # what the parties were told of its alarms, and are still owed
    warned_at: int | None = None  # the first of the warnings that have come true in this episode
    told: tuple[str, ...] = ()  # the steps of which people were told, so that each is told once
    taken: tuple[Taken, ...] = ()
    split_from: str = ""  # the incident off which it was split, where it stands at a place more exact than its hazard gathers


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A dispatch under way, with the escalation steps as they were when it began. ``order`` is -1 where a person ordered."""

    dispatch: Dispatch
    escalations: tuple[Escalation, ...]
    order: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Activated:
    """That a pack took over: when, by whom (``start`` for a start of the service), and its whole text."""

    at: int
    pack: str
    version: str
    digest: str
    actor: str
    text: str


class Book:
    """All that is open in this partition, and the effects of the present step."""

    def __init__(self) -> None:
        self.pack = NO_PACK
        self.pack_text = ""
        self.activations: tuple[Activated, ...] = ()  # the last few, the oldest first
        self.rules: dict[str, ActiveRule] = {}
        self.routes = Routes(NO_PACK, ())
        self.now = 0
        self.cause_id = ""
        self.timers = Timers()
        self.warnings: dict[str, EarlyWarning] = {}
        self.alarms: dict[str, Alarm] = {}
        self.members = Members()
        self.quieted = Quieted()
        self.cases: dict[str, Case] = {}
        self.runs: dict[str, Run] = {}
        self.places: dict[tuple[str, Status, str, str], str] = {}  # the open incident of a community, status, hazard and place
        self.modes = Modes()
        self.outages = Outages()
        self.owed = OwedOrders()  # what nobody could take
        self.watch_of: dict[str, Watch] = {}  # by the id of the warning or alarm that a watch has led to
        self.floods: dict[str, Flood] = {}  # by community and position
        self.dirty: dict[str, None] = {}
        self.dirty_rows: list[Row] = []
        self.saves: dict[str, Effect] = {}  # of the present step: each record once, as it now is
        self._told: list[Effect] = []
        self._fact_count = 0

    def pack_of(self, community: str) -> RulePack:
        """The pack as it holds in this community."""
        return self.pack.by_community.get(community, self.pack)

    # ------------------------------------------------------------------------------------------------- records

    def put_warning(self, warning: EarlyWarning) -> None:
        """Keep an early warning as it now is; a final one is let go."""
        before = self.warnings.get(warning.id)
        if WARNING.is_final(warning.state):
            self.warnings.pop(warning.id, None)
            self.watch_of.pop(warning.id, None)
            self.quieted.drop_warning(warning)
            self.members.put_warning(before, None)
        else:
            self.keep_warning(warning)
        self._changed(f"warning/{warning.id}", SaveWarning(warning))

    def put_alarm(self, alarm: Alarm) -> None:
        """Keep an alarm as it now is; a final one is let go."""
        before = self.alarms.get(alarm.id)
        if ALARM.is_final(alarm.state):
            self.timers.disarm(f"inhibit {alarm.id}")
            self.alarms.pop(alarm.id, None)
            self.watch_of.pop(alarm.id, None)
            self.quieted.drop(before or alarm)
            self.members.put_alarm(before, None)
        else:
            self.keep_alarm(alarm)
        self._changed(f"alarm/{alarm.id}", SaveAlarm(alarm))

    def keep_warning(self, warning: EarlyWarning) -> None:
        """Keep an open warning where it is looked for: by its id, by its incident, by what quiets it."""
        self.members.put_warning(self.warnings.get(warning.id), warning)
        self.quieted.put_warning(warning)
        self.warnings[warning.id] = warning

    def keep_alarm(self, alarm: Alarm) -> None:
        """Keep an open alarm where it is looked for: by its id, by its incident, by what quiets it or is quieted by it."""
        before = self.alarms.get(alarm.id)
        self.members.put_alarm(before, alarm)
        self.quieted.put(before, alarm)
        self.alarms[alarm.id] = alarm

    def warnings_of(self, incident: Incident) -> list[EarlyWarning]:
        """The warnings of an incident that are not over, in the order in which they joined it."""
        return in_order(incident.warning_ids, [self.warnings[name] for name in self.members.warnings_of(incident.id)])

    def alarms_of(self, incident: Incident) -> list[Alarm]:
        """The alarms of an incident that are not over, in the order in which they joined it."""
        return in_order(incident.alarm_ids, [self.alarms[name] for name in self.members.alarms_of(incident.id)])

    def put_case(self, case: Case) -> None:
        """Keep a case as it now is; a closed one is let go."""
        incident = case.incident
        known = self.cases.get(incident.id)
        before = None if known is None else known.incident
        if known is not None and (INCIDENT.is_final(incident.state) or known.taken != case.taken):
            for place in _places_of(known):
                self.places.pop(place, None)
        if INCIDENT.is_final(incident.state):
            self.cases.pop(incident.id, None)
            self.owed.put(incident.id, ())
        else:
            self.keep_case(case)
        self.dirty[f"case/{incident.id}"] = None
        if before is None or before != incident:
            self.saves[incident.id] = SaveIncident(incident)

    def keep_case(self, case: Case) -> None:
        """Keep an open case where it is looked for: by its id, by its places, by what it owes."""
        self.cases[case.incident.id] = case
        self.mark_owed(case)
        for place in _places_of(case):
            self.places[place] = case.incident.id

    def mark_owed(self, case: Case) -> None:
        """Keep what an incident owes where it is looked for."""
        incident, orders = case.incident, case.plan.orders if case.plan else ()
        is_real = incident.status is Status.ACTUAL
        owed = [placed.order for placed in case.placed if not placed.dispatch_id]
        claims = [((is_real, orders[number].capability), (incident.opened_at, incident.id, number)) for number in owed]
        self.owed.put(incident.id, tuple(claims))

    def put_run(self, run: Run) -> None:
        """Keep a dispatch as it now is; a final one is let go."""
        dispatch = run.dispatch
        if DISPATCH.is_final(dispatch.state):
            self.runs.pop(dispatch.id, None)
        else:
            self.runs[dispatch.id] = run
        self._changed(f"run/{dispatch.id}", SaveDispatch(dispatch))

    def put_mode(self, mode: PlaceMode) -> None:
        """Keep a mode of a place as it now is; one that has ended is let go."""
        self.modes.put(mode)
        self._changed(f"mode/{mode.id}", SavePlaceMode(mode))

    def put_outage(self, outage: Outage) -> None:
        """Keep what is out of service as it now is; what is over is let go."""
        self.outages.put(outage)
        self._changed(f"outage/{outage.id}", SaveOutage(outage))

    def _changed(self, key: str, save: Effect) -> None:
        self.dirty[key] = None
        self.saves[key] = save

    def remember(self, watch: Watch) -> None:
        """Mark a watch for the next snapshot."""
        row = watch.row
        if not row.is_dirty:
            row.is_dirty = True
            self.dirty_rows.append(row)

    def keep(self, watch: Watch) -> None:
        """Remember a watch while there is something to remember, and let go of it after that."""
        self.remember(watch)
        if not watch.is_needed():
            watch.active.drop(watch)
            self.timers.disarm(watch.name)
            watch.armed_at = None

    # ------------------------------------------------------------------------------------------------- effects

    def tell(
        self,
        record: Record,
        transition: str,
        reason: Reason,
        sentence: Sentence,
        *,
        from_state: str = "",
        actor: str = "",
        evidence: tuple[Evidence, ...] = (),
        value: float | str | None = None,
    ) -> None:
        """Append one line to the story of a record."""
        device, rule = (record.device, record.rule) if isinstance(record, EarlyWarning | Alarm) else ("", "")
        fact = Fact(
            id=self._next_fact_id(record.community, record.id, transition, self.now),
            at=self.now,
            community=record.community,
            entity=_ENTITIES[type(record)],
            entity_id=record.id,
            incident_id=record.id if isinstance(record, Incident) else record.incident_id,
            transition=transition,
            from_state=from_state,
            to_state=record.state,
            reason=reason,
            cause_id=self.cause_id,
            sentence=sentence,
            hazard=record.hazard,
            level=record.level,
            zone=record.zone,
            device=device,
            rule=rule,
            pack_version=record.pack_version,
            actor=actor,
            value=_value_of(evidence) if value is None else value,
            evidence=evidence,
            status=record.status,
        )
        self._told.append(RecordFact(fact))

    def add_fact(self, fact: Fact) -> None:
        """Append one line to the timeline, under an id of its own."""
        name = self._next_fact_id(fact.community, fact.entity_id, fact.transition, fact.at)
        self._told.append(RecordFact(replace(fact, id=name)))

    def _next_fact_id(self, community: str, entity_id: str, transition: str, at: int) -> str:
        """A digest of what a line of the timeline comes from, so that a replay gives the same."""
        self._fact_count += 1
        return digest_id("f", community, self.cause_id, entity_id, transition, at, self._fact_count)

    def add(self, effect: Effect) -> None:
        """Ask the outside for something that is neither a record nor a line of the timeline."""
        self._told.append(effect)

    def alarm_facts(self) -> list[Fact]:
        """What this step has told of alarms so far; nearly always nothing."""
        told = [effect.fact for effect in self._told if type(effect) is RecordFact]
        return [fact for fact in told if fact.entity is Entity.ALARM]

    def begin_step(self, now: int, cause_id: str) -> None:
        """A new cause: one input, or one timer at its own deadline."""
        self.now = now
        self.cause_id = cause_id
        self._fact_count = 0

    def end_step(self) -> tuple[Effect, ...]:
        """What this step asks for: the records first, each once and as it now is, then what is told of them."""
        if not self.saves and not self._told:
            return ()
        effects = (*self.saves.values(), *self._told)
        self.saves = {}
        self._told = []
        return effects


def _places_of(case: Case) -> tuple[tuple[str, Status, str, str], ...]:
    """The places whose happenings belong to this case: its own, and those of the cases that were merged into it."""
    incident = case.incident
    own = (incident.community, incident.status, incident.hazard, incident.zone)
    return own, *[(incident.community, incident.status, taken.hazard, taken.zone) for taken in case.taken]


def _value_of(evidence: tuple[Evidence, ...]) -> float | str | None:
    if not evidence:
        return None
    return evidence[-1].state if evidence[-1].value is None else evidence[-1].value
