"""Effects → rows of the open unit of work. One small function per effect; it decides nothing.

Within a batch only the last state of each record is written, and every fact is. Applying the same effects again changes no record
and no fact; owed MQTT states may be published once more, which is harmless: they are states.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import func, select

from handlers import schema
from handlers.home_assistant import discovery_config, discovery_topic
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
_LAST_SEQ: Final = select(func.max(schema.timeline.c.seq))
_CRITICAL_LEVELS: Final = frozenset({Level.RED, Level.ORANGE})


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch left behind. ``owed``: the outbox has something new to deliver and should be woken."""

    timeline_last_seq: int
    owed: bool


@dataclass(slots=True)
class _Batch:
    """The rows of one batch, each keyed so that a later state takes the place of an earlier one."""

    routes: Routes
    records: Mapping[str, dict[str, _Row]] = field(
        default_factory=lambda: {"warning": {}, "alarm": {}, "dispatch": {}, "incident": {}}
    )
    places: dict[str, _Row] = field(default_factory=dict)
    facts: dict[str, _Row] = field(default_factory=dict)
    rejected: dict[int, _Row] = field(default_factory=dict)
    answers: dict[str, _Row] = field(default_factory=dict)
    states: dict[str, _Row] = field(default_factory=dict)
    messages: dict[str, _Row] = field(default_factory=dict)


def apply(unit: UnitOfWork, effects: Sequence[Effect], routes: Routes) -> Applied:
    """Write what the effects say. Raises what ``Store.transaction`` raises."""
    batch = _Batch(routes)
    for effect in effects:
        _APPLY[type(effect)](batch, effect)
    connection = unit.connection
    for name, ended in _RECORDS.items():
        # What ended goes first: the case that closes makes room for the one that opens at the same place.
        rows = sorted(batch.records[name].values(), key=lambda row: row[ended] is None)
        upsert(connection, schema.METADATA.tables[name], rows)
    upsert(connection, schema.place_state, list(batch.places.values()))
    insert_new(connection, schema.timeline, list(batch.facts.values()), "fact_id")
    insert_new(connection, schema.rejected, list(batch.rejected.values()), "position")
    upsert(connection, schema.answer, list(batch.answers.values()))
    upsert(connection, schema.outbox, list(batch.states.values()), counting="revision")
    insert_new(connection, schema.outbox, list(batch.messages.values()), "key")
    last = connection.execute(_LAST_SEQ).scalar_one()
    return Applied(timeline_last_seq=last or 0, owed=bool(batch.states or batch.messages))


_RECORDS: Final = {"warning": "ended_at", "alarm": "ended_at", "dispatch": "ended_at", "incident": "closed_at"}


def _save_warning(batch: _Batch, effect: SaveWarning) -> None:
    warning = effect.warning
    row = _record(warning, ended_at=warning.ended_at, opened_at=warning.opened_at)
    row |= {"device": warning.device, "rule": warning.rule, "incident_id": warning.incident_id}
    batch.records["warning"][warning.id] = row
    _owe_state(batch, Entity.WARNING, warning, warning.incident_id, ended=warning.ended_at is not None)


def _save_alarm(batch: _Batch, effect: SaveAlarm) -> None:
    alarm = effect.alarm
    row = _record(alarm, ended_at=alarm.ended_at, opened_at=alarm.opened_at)
    row |= {"device": alarm.device, "rule": alarm.rule, "incident_id": alarm.incident_id}
    batch.records["alarm"][alarm.id] = row
    _owe_state(batch, Entity.ALARM, alarm, alarm.incident_id, ended=alarm.ended_at is not None)


def _save_incident(batch: _Batch, effect: SaveIncident) -> None:
    incident = effect.incident
    batch.records["incident"][incident.id] = _record(incident, closed_at=incident.closed_at, opened_at=incident.opened_at)
    _owe_state(batch, Entity.INCIDENT, incident, incident.id, ended=incident.closed_at is not None)


def _save_dispatch(batch: _Batch, effect: SaveDispatch) -> None:
    dispatch = effect.dispatch
    row = _record(dispatch, ended_at=dispatch.ended_at, opened_at=dispatch.ordered_at)
    row |= {"responder": dispatch.responder, "incident_id": dispatch.incident_id}
    batch.records["dispatch"][dispatch.id] = row
    _owe_state(batch, Entity.DISPATCH, dispatch, dispatch.incident_id, ended=dispatch.ended_at is not None)


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
            row = _owed(key, channel, hook.name, fact.community, fact.incident_id, doc, at=fact.at, is_critical=is_critical)
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


def _record(record: _Record, **instants: int | None) -> _Row:
    return {
        "id": record.id,
        "community": record.community,
        "hazard": record.hazard,
        "level": record.level.value,
        "state": record.state,
        "status": record.status.value,
        "zone": record.zone,
        "changed_at": record.changed_at,
        "doc": to_json(record).decode(),
        **instants,
    }


def _owe_state(batch: _Batch, entity: Entity, record: _Record, incident_id: str, *, ended: bool) -> None:
    """Owe the record's state on its topic: retained while it lasts; an empty retained message takes it away."""
    if not batch.routes.has_mqtt:
        return
    topic = batch.routes.state_topic(record.community, entity, record.id)
    _owe_retained(batch, record, topic, incident_id, b"" if ended else to_json(record))
    if batch.routes.home_assistant and isinstance(record, EarlyWarning | Alarm):
        announced = discovery_topic(batch.routes.home_assistant, record)
        _owe_retained(batch, record, announced, incident_id, b"" if ended else discovery_config(record, topic))


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
