"""A stretch of the past for reports: which cases alarms led to, and every line that was told of alarms. Read in pieces."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from handlers.schema import alarm, incident, timeline
from handlers.standing import StandingViews
from handlers.views import Doc
from rules.model import Entity

_AT_ONCE: Final = 2000
_IDS_AT_ONCE: Final = 500


class PastViews(StandingViews):
    """``StandingViews``, and what a stretch of the past was told of alarms."""

    def alarmed_cases(self, from_at: int, until_at: int, communities: Sequence[str] = ()) -> Iterator[tuple[str, str, Doc]]:
        """Rule and status of the alarms that were opened in this stretch, with their incident, each once."""
        query = (
            select(alarm.c.rule, alarm.c.status, incident.c.doc)
            .distinct()
            .join(incident, incident.c.id == alarm.c.incident_id)
            .where(alarm.c.opened_at >= from_at, alarm.c.opened_at < until_at)
            .order_by(alarm.c.rule, incident.c.doc)
        )
        if communities:
            query = query.where(alarm.c.community.in_(communities))
        with self._reading() as connection:
            for row in connection.execute(query):
                yield row.rule, row.status, json.loads(row.doc)

    def alarm_facts(self, from_at: int, until_at: int, communities: Sequence[str] = ()) -> Iterator[Doc]:
        """What was told in this stretch of alarms, and before it of those that were open when it began; in order."""
        with self._reading() as connection:
            first_seq = seq_at(connection, from_at)
            yield from self._before(connection, from_at, first_seq, communities)
            query = (
                select(timeline.c.seq, timeline.c.at, timeline.c.doc)
                .where(timeline.c.entity == Entity.ALARM.value, timeline.c.at < until_at)
                .order_by(timeline.c.seq)
            )
            if communities:
                query = query.where(timeline.c.community.in_(communities))
            yield from _in_pieces(connection, query, first_seq, seq_at(connection, until_at))

    def _before(self, connection: Connection, from_at: int, first_seq: int, communities: Sequence[str]) -> Iterator[Doc]:
        """The earlier lines of the alarms that were open when the stretch began."""
        open_then = select(alarm.c.id).where(
            alarm.c.opened_at < from_at, alarm.c.ended_at.is_(None) | (alarm.c.ended_at >= from_at)
        )
        if communities:
            open_then = open_then.where(alarm.c.community.in_(communities))
        ids = list(connection.execute(open_then.order_by(alarm.c.id)).scalars())
        rows: list[Any] = []
        for start in range(0, len(ids), _IDS_AT_ONCE):
            some = ids[start : start + _IDS_AT_ONCE]
            query = select(timeline.c.seq, timeline.c.doc).where(timeline.c.entity_id.in_(some), timeline.c.seq < first_seq)
            rows += connection.execute(query.where(timeline.c.entity == Entity.ALARM.value)).all()
        for row in sorted(rows, key=lambda row: row.seq):
            yield json.loads(row.doc)


def seq_at(connection: Connection, at: int) -> int:
    """The place of the first line told at this instant or later. Instants never fall in the order of lines: one clock."""
    last = connection.execute(select(timeline.c.seq).order_by(timeline.c.seq.desc()).limit(1)).scalar_one_or_none() or 0
    low, high = 0, last + 1
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(
            select(timeline.c.seq, timeline.c.at).where(timeline.c.seq >= middle).order_by(timeline.c.seq).limit(1)
        ).one_or_none()
        if found is None or found.at >= at:
            high = middle
        else:
            low = found.seq + 1
    return low


def _in_pieces(connection: Connection, query: Select[Any], first_seq: int, end_seq: int) -> Iterator[Doc]:
    after = first_seq - 1
    while True:
        rows = connection.execute(query.where(timeline.c.seq > after, timeline.c.seq < end_seq).limit(_AT_ONCE)).all()
        for row in rows:
            yield json.loads(row.doc)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].seq
