"""Effects → rows of the open unit of work. One small function per effect; it decides nothing.

Within a batch only the last state of each record is written, and every fact is. Applying the same effects again changes no record
and no fact; owed MQTT states may be published once more, which is harmless: they are states.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Connection

from handlers import schema
from handlers.case_messages import OwedCase, owed_cases
from handlers.exchange.told_case import ToldCase
from handlers.gb28181_messages import OwedNotify, owed_notifies
from handlers.home_assistant import discovery_config, discovery_topic
from handlers.order_messages import Citing, OwedResult, is_told_orders, owed_results
from handlers.outward import outward_fact, outward_record
from handlers.routes import MQTT, PEOPLE, Routes, hook_channel
from handlers.store import UnitOfWork
from handlers.upsert import insert_new, upsert
from rules.canonical import to_json
from rules.effects import (
    AnswerAction,
    Effect,
    IssueReceipt,
    Notify,
    RecordFact,
    RecordRejection,
    SaveAlarm,
    SaveDispatch,
    SaveIncident,
    SaveOutage,
    SavePlaceMode,
    SaveWarning,
)
from rules.model import Alarm, Dispatch, EarlyWarning, Entity, Incident, Level
from rules.place import Outage, PlaceMode

_Row = dict[str, Any]
_CRITICAL_LEVELS: Final = frozenset({Level.RED, Level.ORANGE})


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch left behind. ``owed``: the outbox has something new to deliver and should be woken."""

    owed: bool


@dataclass(slots=True)
class _Batch:
    """The rows of one batch, each keyed so that a later state takes the place of an earlier one."""

    routes: Routes
    records: dict[tuple[Entity, str], "_Record"] = field(default_factory=dict)
    places: dict[str, _Row] = field(default_factory=dict)
    facts: dict[str, _Row] = field(default_factory=dict)
    rejected: dict[int, _Row] = field(default_factory=dict)
    answers: dict[str, _Row] = field(default_factory=dict)
    states: dict[str, _Row] = field(default_factory=dict)
    messages: dict[str, _Row] = field(default_factory=dict)
    citing: Citing | None = None  # None: nobody is told of work orders


def apply(unit: UnitOfWork, effects: Sequence[Effect], routes: Routes) -> Applied:
    """Write what the effects say. Raises what ``Store.transaction`` raises."""
    batch = _Batch(routes, citing=Citing() if is_told_orders(routes.hooks) else None)
    for effect in effects:
        _APPLY[type(effect)](batch, effect)
    connection = unit.connection
    _owe_cases(batch, connection)
    for entity, rows in _record_rows(batch).items():
        ended = _ENDED[entity]
        # What ended goes first: the case that closes makes room for the one that opens at the same place.
        rows.sort(key=lambda row: row[ended] is None)
        upsert(connection, schema.METADATA.tables[entity.value], rows)
    upsert(connection, schema.place_state, list(batch.places.values()))
    insert_new(connection, schema.timeline, list(batch.facts.values()), "fact_id")
    insert_new(connection, schema.rejected, list(batch.rejected.values()), "position")
    upsert(connection, schema.answer, list(batch.answers.values()))
    upsert(connection, schema.outbox, list(batch.states.values()), counting="revision")
    insert_new(connection, schema.outbox, list(batch.messages.values()), "key")
    return Applied(owed=bool(batch.states or batch.messages))


_ENDED: Final = {
    Entity.WARNING: "ended_at",
    Entity.ALARM: "ended_at",
    Entity.DISPATCH: "ended_at",
    Entity.INCIDENT: "closed_at",
}


def _save_warning(batch: _Batch, effect: SaveWarning) -> None:
    batch.records[Entity.WARNING, effect.warning.id] = effect.warning
    if batch.citing is not None:
        batch.citing.hear(effect.warning)


def _save_alarm(batch: _Batch, effect: SaveAlarm) -> None:
    batch.records[Entity.ALARM, effect.alarm.id] = effect.alarm
    if batch.citing is not None:
        batch.citing.hear(effect.alarm)


def _save_incident(batch: _Batch, effect: SaveIncident) -> None:
    batch.records[Entity.INCIDENT, effect.incident.id] = effect.incident


def _save_dispatch(batch: _Batch, effect: SaveDispatch) -> None:
    batch.records[Entity.DISPATCH, effect.dispatch.id] = effect.dispatch


def _record_rows(batch: _Batch) -> dict[Entity, list[_Row]]:
    """The rows of the records by their last states, with what is owed for them: each is put into words once."""
    rows: dict[Entity, list[_Row]] = {entity: [] for entity in _ENDED}
    for (entity, _), record in batch.records.items():
        doc = to_json(record)
        row = _record(record, doc)
        match record:
            case EarlyWarning() | Alarm():
                row |= {"device": record.device, "rule": record.rule, "incident_id": record.incident_id}
                row |= {"opened_at": record.opened_at, "ended_at": record.ended_at}
            case Incident():
                row |= {"opened_at": record.opened_at, "closed_at": record.closed_at}
            case Dispatch():
                row |= {"responder": record.responder, "incident_id": record.incident_id}
                row |= {"opened_at": record.ordered_at, "ended_at": record.ended_at}
        rows[entity].append(row)
        incident_id = record.id if isinstance(record, Incident) else record.incident_id
        _owe_state(
            batch, entity, record, incident_id, doc=b"" if row[_ENDED[entity]] is not None else outward_record(record, doc)
        )
    return rows


def _owe_cases(batch: _Batch, connection: Connection) -> None:
    """Owe the messages of cases, and of work orders, to the hooks that are told in the form of another system."""
    incidents = [record for record in batch.records.values() if isinstance(record, Incident)]
    for told in owed_cases(connection, batch.routes.hooks, incidents):
        _owe_message(batch, told, told.case)
    alarms = [record for record in batch.records.values() if isinstance(record, Alarm)]
    for notify in owed_notifies(connection, batch.routes.hooks, incidents, alarms):
        _owe_message(batch, notify, notify.incident)
    if batch.citing is not None:
        for result in owed_results(connection, batch.routes.hooks, batch.citing, incidents):
            _owe_message(batch, result, result.incident)


def _owe_message(batch: _Batch, told: OwedCase | OwedNotify | OwedResult, case: ToldCase | Incident) -> None:
    is_critical = case.level in _CRITICAL_LEVELS
    at, payload = case.changed_at, told.payload
    batch.messages[told.key] = _owed(
        told.key, told.channel, told.hook, case.community, case.id, payload, at=at, is_critical=is_critical
    )


def _save_place_mode(batch: _Batch, effect: SavePlaceMode) -> None:
    _save_place(batch, "mode", effect.mode, began_at=effect.mode.since_at)


def _save_outage(batch: _Batch, effect: SaveOutage) -> None:
    _save_place(batch, "outage", effect.outage, began_at=effect.outage.from_at)


def _save_place(batch: _Batch, sort: str, record: PlaceMode | Outage, *, began_at: int) -> None:
    batch.places[record.id] = {
        "id": record.id,
        "sort": sort,
        "community": record.community,
        "zone": record.zone,
        "began_at": began_at,
        "ended_at": record.ended_at,
        "doc": to_json(record).decode(),
    }


def _record_fact(batch: _Batch, effect: RecordFact) -> None:
    fact = effect.fact
    doc = to_json(fact)
    batch.facts[fact.id] = {
        "fact_id": fact.id,
        "at": fact.at,
        "community": fact.community,
        "entity": fact.entity.value,
        "entity_id": fact.entity_id,
        "incident_id": fact.incident_id,
        "transition": fact.transition,
        "doc": doc.decode(),
    }
    for hook in batch.routes.hooks:
        if hook.wants(fact):
            channel = hook_channel(hook.name)
            key = f"{channel}:{fact.id}"
            is_critical = fact.level in _CRITICAL_LEVELS
            told = outward_fact(fact, doc)
            row = _owed(key, channel, hook.name, fact.community, fact.incident_id, told, at=fact.at, is_critical=is_critical)
            batch.messages[key] = row


def _record_rejection(batch: _Batch, effect: RecordRejection) -> None:
    rejected = effect.rejected
    batch.rejected[effect.position] = {
        "position": effect.position,
        "id": rejected.id,
        "at": effect.at,
        "community": rejected.community,
        "source": rejected.source,
        "reason": rejected.reason,
        "detail": rejected.detail,
        "excerpt": rejected.excerpt,
        "size": rejected.size,
        "redriven_at": None,
    }


def _notify(batch: _Batch, effect: Notify) -> None:
    if batch.routes.has_people:
        row = _owed(
            effect.key,
            PEOPLE,
            effect.target,
            effect.community,
            effect.incident_id,
            to_json(effect),
            at=effect.at,
            is_critical=effect.is_critical,
        )
        batch.messages[effect.key] = row


def _answer_action(batch: _Batch, effect: AnswerAction) -> None:
    batch.answers[effect.action_id] = {
        "action_id": effect.action_id,
        "community": effect.community,
        "is_accepted": effect.is_accepted,
        "reason": effect.reason.value,
        "at": effect.at,
        "doc": to_json(effect).decode(),
    }


def _issue_receipt(batch: _Batch, effect: IssueReceipt) -> None:
    if batch.routes.has_mqtt:
        topic = batch.routes.receipt_topic(effect.community, effect.event_id)
        key = f"{MQTT}:{topic}"
        batch.states[key] = _owed(key, MQTT, topic, effect.community, "", to_json(effect), at=effect.at, is_critical=False)


_APPLY: Final = cast(
    Mapping[type[Effect], Callable[[_Batch, Effect], None]],
    {
        SaveWarning: _save_warning,
        SaveAlarm: _save_alarm,
        SaveIncident: _save_incident,
        SaveDispatch: _save_dispatch,
        SavePlaceMode: _save_place_mode,
        SaveOutage: _save_outage,
        RecordFact: _record_fact,
        RecordRejection: _record_rejection,
        Notify: _notify,
        AnswerAction: _answer_action,
        IssueReceipt: _issue_receipt,
    },
)


_Record = EarlyWarning | Alarm | Incident | Dispatch


def _record(record: _Record, doc: bytes) -> _Row:
    return {
        "id": record.id,
        "community": record.community,
        "hazard": record.hazard,
        "level": record.level.value,
        "state": record.state,
        "status": record.status.value,
        "zone": record.zone,
        "changed_at": record.changed_at,
        "doc": doc.decode(),
    }


def _owe_state(batch: _Batch, entity: Entity, record: _Record, incident_id: str, *, doc: bytes) -> None:
    """Owe the record's state on its topic: retained while it lasts; an empty ``doc``, retained, takes it away."""
    if not batch.routes.has_mqtt:
        return
    topic = batch.routes.state_topic(record.community, entity, record.id)
    _owe_retained(batch, record, topic, incident_id, doc)
    if batch.routes.home_assistant and isinstance(record, EarlyWarning | Alarm):
        announced = discovery_topic(batch.routes.home_assistant, record)
        _owe_retained(batch, record, announced, incident_id, discovery_config(record, topic) if doc else b"")


def _owe_retained(batch: _Batch, record: _Record, topic: str, incident_id: str, payload: bytes) -> None:
    key = f"{MQTT}:{topic}"
    batch.states[key] = _owed(
        key,
        MQTT,
        topic,
        record.community,
        incident_id,
        payload,
        at=record.changed_at,
        is_critical=record.level in _CRITICAL_LEVELS,
        is_retained=True,
    )


def _owed(  # noqa: PLR0913 - the six are the columns that all deliveries have, in the table's order
    key: str,
    channel: str,
    target: str,
    community: str,
    incident_id: str,
    payload: bytes,
    *,
    at: int,
    is_critical: bool,
    is_retained: bool = False,
) -> _Row:
    return {
        "key": key,
        "channel": channel,
        "target": target,
        "community": community,
        "incident_id": incident_id,
        "payload": payload,
        "is_retained": is_retained,
        "is_critical": is_critical,
        "revision": 1,
        "created_at": at,
        "state": "owed",
        "attempt_count": 0,
        "next_attempt_at": at,
        "claimed_until_at": None,
        "detail": "",
        "ended_at": None,
    }
