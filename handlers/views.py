"""The read side: what the console, the API and the command line see. Read-only connections; nothing here waits for the writer.

Records come as plain dicts of their canonical JSON; each answer is one moment of the store. Any may raise StoreUnavailable.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, true

from handlers import gathered, schema
from handlers.connections import open_reader, read_url
from handlers.faults import telling_faults_apart
from handlers.schema import answer, incident, lease, outbox, progress, rejected, timeline
from rules.model import Entity, Level

Doc = dict[str, Any]
PAGE_MAX: Final = 500

_RECORDS: Final = {
    Entity.WARNING: schema.warning,
    Entity.ALARM: schema.alarm,
    Entity.INCIDENT: schema.incident,
    Entity.DISPATCH: schema.dispatch,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Which incidents to list; an empty field asks nothing. ``since_at`` bounds closed ones only: an open one is never hidden."""

    is_open: bool | None = None
    levels: tuple[Level, ...] = ()
    hazards: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    zone: str = ""  # this place and all inside it
    since_at: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. ``next_cursor`` asks for the next one; None at the end."""

    items: tuple[Doc, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDetail:
    """One incident with what belongs to it. The timeline is in the order in which it was decided."""

    incident: Doc
    warnings: tuple[Doc, ...]
    alarms: tuple[Doc, ...]
    dispatches: tuple[Doc, ...]
    timeline: tuple["TimelineEntry", ...]
    deliveries: tuple[Doc, ...]
    is_timeline_whole: bool = True
    more_warning_count: int = 0  # beside those that are here
    more_alarm_count: int = 0
    more_delivery_count: int = 0


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One fact with its place in the order of all facts: the SSE event id."""

    seq: int
    fact: Doc


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the chain has decided, and who writes."""

    applied_position: int
    snapshot_position: int
    epoch: int
    changed_at: int
    holder: str
    lease_expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of what there is now, for the console's head and for metrics."""

    open_incidents: Mapping[str, int]  # by level
    underway: Mapping[str, int] = field(default_factory=dict)  # warning, alarm, dispatch not ended
    deliveries: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by (channel, state)
    oldest_owed_at: int | None = None
    rejected_count: int = 0
    timeline_last_seq: int = 0


class Views:
    """Everything that can be read. Thread-safe; one instance per process."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self._reader = open_reader(read_url(url), pool_size)

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()

    def incidents(self, wanted: IncidentFilter, *, cursor: str | None = None, limit: int = 50) -> Page:
        """Open incidents first, the newest first in each half. Raises ValueError for a cursor that is not ours."""
        limit = min(limit, PAGE_MAX)
        halves = [half for half in (True, False) if wanted.is_open in {None, half}]
        after = None if cursor is None else _read_cursor(cursor)
        rows: list[Row[Any]] = []
        with self._reading() as connection:
            for half in halves:
                if after is not None and after[0] and not half:
                    passed = None  # the cursor stood in the open half; the closed half begins at its beginning
                elif after is not None and after[0] != half:
                    continue
                else:
                    passed = after
                query = _incidents(wanted, is_open=half, passed=passed).limit(limit + 1 - len(rows))
                rows.extend(connection.execute(query).all())
                if len(rows) > limit:
                    break
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(
            items=tuple(json.loads(row.doc) for row in rows[:limit]),
            next_cursor=None if last is None else f"{int(last.closed_at is None)}.{last.opened_at}.{last.id}",
        )

    def incident(
        self,
        incident_id: str,
        *,
        members_max: int | None = None,
        timeline_max: int | None = None,
        deliveries_max: int | None = None,
        also_id: str = "",
    ) -> IncidentDetail | None:
        """One incident with what belongs to it; None when there is none of this id.

        The maxima bound what is read of warnings and alarms (each), lines and deliveries; None: all. ``also_id``: a warning or
        alarm that must be among them.
        """
        with self._reading() as connection:
            doc = _doc_of(connection, Entity.INCIDENT, incident_id)
            if doc is None:
                return None
            lines, is_whole = gathered.story(connection, incident_id, timeline_max)
            warnings = gathered.members(connection, schema.warning, incident_id, members_max, also_id)
            alarms = gathered.members(connection, schema.alarm, incident_id, members_max, also_id)
            sent = gathered.deliveries(connection, incident_id, deliveries_max)
            return IncidentDetail(
                incident=doc,
                warnings=warnings.docs,
                alarms=alarms.docs,
                dispatches=gathered.members(connection, schema.dispatch, incident_id, None).docs,
                timeline=_entries(lines),
                deliveries=sent.docs,
                is_timeline_whole=is_whole,
                more_warning_count=warnings.more_count,
                more_alarm_count=alarms.more_count,
                more_delivery_count=sent.more_count,
            )

    def record(self, entity: Entity, record_id: str) -> Doc | None:
        """One warning, alarm, incident or dispatch as it now is; None when there is none of this id."""
        with self._reading() as connection:
            return _doc_of(connection, entity, record_id)

    def underway(self, entity: Entity, communities: Sequence[str] = (), limit: int = PAGE_MAX) -> tuple[Doc, ...]:
        """The warnings, alarms or dispatches that have not ended, the newest first."""
        table = _RECORDS[entity]
        ended = table.c.closed_at if entity is Entity.INCIDENT else table.c.ended_at
        query = (
            select(table.c.doc).where(ended.is_(None)).order_by(table.c.opened_at.desc(), table.c.id).limit(min(limit, PAGE_MAX))
        )
        if communities:
            query = query.where(table.c.community.in_(communities))
        with self._reading() as connection:
            return tuple(json.loads(doc) for doc in connection.execute(query).scalars())

    def outbox_of(self, incident_id: str) -> tuple[Doc, ...]:
        """What is owed and was delivered for an incident, to whom, by which way, and how it went."""
        with self._reading() as connection:
            return gathered.deliveries(connection, incident_id, None).docs

    def facts_after(self, seq: int, limit: int = PAGE_MAX, communities: Sequence[str] = ()) -> tuple[TimelineEntry, ...]:
        """The facts behind this one, in order. No fact can appear later in front of one that was returned."""
        query = select(timeline.c.seq, timeline.c.doc).where(timeline.c.seq > seq).order_by(timeline.c.seq).limit(limit)
        if communities:
            query = query.where(timeline.c.community.in_(communities))
        with self._reading() as connection:
            return _entries(connection.execute(query).all())

    def last_seq(self) -> int:
        """The last fact's place; 0 before the first."""
        with self._reading() as connection:
            return connection.execute(select(func.max(timeline.c.seq))).scalar_one() or 0

    def rejected(self, *, cursor: int | None = None, limit: int = 50, reason: str = "") -> Page:
        """Refused input, the last first. The cursor is the journal position of the last one seen."""
        limit = min(limit, PAGE_MAX)
        query = select(rejected).order_by(rejected.c.position.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(rejected.c.position < cursor)
        if reason:
            query = query.where(rejected.c.reason == reason)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return Page(
            items=tuple(_rejection(row) for row in rows[:limit]),
            next_cursor=str(rows[limit - 1].position) if len(rows) > limit else None,
        )

    def rejection(self, position: int) -> Doc | None:
        """The refused input at this journal position."""
        with self._reading() as connection:
            row = connection.execute(select(rejected).where(rejected.c.position == position)).one_or_none()
        return None if row is None else _rejection(row)

    def answer(self, action_id: str) -> Doc | None:
        """How an operator's action was decided; None when it is not decided yet."""
        with self._reading() as connection:
            doc = connection.execute(select(answer.c.doc).where(answer.c.action_id == action_id)).scalar_one_or_none()
        return None if doc is None else json.loads(doc)

    def progress(self) -> Progress:
        """How far the chain is, and who writes until when."""
        with self._reading() as connection:
            done = connection.execute(select(progress)).one()
            held = connection.execute(select(lease)).one()
        return Progress(
            applied_position=done.applied_position,
            snapshot_position=done.snapshot_position,
            epoch=done.epoch,
            changed_at=done.changed_at,
            holder=held.holder,
            lease_expires_at=held.expires_at,
        )

    def counts(self) -> Counts:
        """How many of what there is now."""
        by_level = (
            select(incident.c.level, func.count().label("number"))
            .where(incident.c.closed_at.is_(None))
            .group_by(incident.c.level)
        )
        by_way = select(outbox.c.channel, outbox.c.state, func.count()).group_by(outbox.c.channel, outbox.c.state)
        with self._reading() as connection:
            levels: dict[str, int] = {row.level: row.number for row in connection.execute(by_level)}
            underway = {
                table.name: connection.execute(select(func.count()).where(table.c.ended_at.is_(None))).scalar_one()
                for table in (schema.warning, schema.alarm, schema.dispatch)
            }
            ways = {(channel, state): number for channel, state, number in connection.execute(by_way)}
            oldest = connection.execute(select(func.min(outbox.c.created_at)).where(outbox.c.ended_at.is_(None))).scalar_one()
            refused = connection.execute(select(func.count()).select_from(rejected)).scalar_one()
            last = connection.execute(select(func.max(timeline.c.seq))).scalar_one()
        return Counts(
            open_incidents={level.value: levels.get(level.value, 0) for level in Level},
            underway=underway,
            deliveries=ways,
            oldest_owed_at=oldest,
            rejected_count=refused,
            timeline_last_seq=last or 0,
        )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with telling_faults_apart(), self._reader.begin() as connection:
            yield connection


def _incidents(wanted: IncidentFilter, *, is_open: bool, passed: tuple[bool, int, str] | None) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [incident.c.closed_at.is_(None) if is_open else incident.c.closed_at.is_not(None)]
    for column, values in (
        (incident.c.level, tuple(level.value for level in wanted.levels)),
        (incident.c.hazard, wanted.hazards),
        (incident.c.community, wanted.communities),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.zone:
        inside = wanted.zone.rstrip("/") + "/"
        conditions.append(or_(incident.c.zone == inside[:-1], func.substr(incident.c.zone, 1, len(inside)) == inside))
    if wanted.since_at is not None and not is_open:
        conditions.append(incident.c.closed_at >= wanted.since_at)
    if passed is not None:
        _, opened_at, last_id = passed
        same = and_(incident.c.opened_at == opened_at, incident.c.id < last_id)
        conditions.append(or_(incident.c.opened_at < opened_at, same))
    return (
        select(incident.c.id, incident.c.opened_at, incident.c.closed_at, incident.c.doc)
        .where(and_(true(), *conditions))
        .order_by(incident.c.opened_at.desc(), incident.c.id.desc())
    )


def _read_cursor(text: str) -> tuple[bool, int, str]:
    half, _, rest = text.partition(".")
    opened_at, _, last_id = rest.partition(".")
    if half not in {"0", "1"} or not opened_at.removeprefix("-").isdecimal() or not last_id:
        raise ValueError(f"cursor {text!r} is none of ours: pass the next_cursor of the page before, unchanged")
    return half == "1", int(opened_at), last_id


def _doc_of(connection: Connection, entity: Entity, record_id: str) -> Doc | None:
    table = _RECORDS[entity]
    doc = connection.execute(select(table.c.doc).where(table.c.id == record_id)).scalar_one_or_none()
    return None if doc is None else json.loads(doc)


def _entries(rows: Sequence[Any]) -> tuple[TimelineEntry, ...]:
    return tuple(TimelineEntry(row.seq, json.loads(row.doc)) for row in rows)


def _rejection(row: Row[Any]) -> Doc:
    return {**row._mapping, "excerpt": bytes(row.excerpt).decode("utf-8", "backslashreplace")}
