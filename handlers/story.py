"""The timeline and the alarms by time: what was told of packs, cases and people in a stretch, oldest first."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select, tuple_

from handlers.queue import QueueViews
from handlers.schema import alarm, snapshot, timeline, warning
from handlers.views import Doc
from rules.model import Entity

_AT_ONCE: Final = 1000


class StoryViews(QueueViews):
    """``QueueViews``, and the past by time."""

    def facts_of(self, entity: Entity, *, until_at: int, transition: str = "") -> tuple[Doc, ...]:
        """What was told of one sort of thing up to an instant, in order. For what is rare: packs, positions, modes."""
        query = (
            select(timeline.c.doc).where(timeline.c.entity == entity.value, timeline.c.at <= until_at).order_by(timeline.c.seq)
        )
        if transition:
            query = query.where(timeline.c.transition == transition)
        with self._reading() as connection:
            return tuple(json.loads(doc) for doc in connection.execute(query).scalars())

    def told_between(self, entities: Sequence[Entity], from_at: int, until_at: int) -> Iterator[Doc]:
        """What was told of these sorts of things in a stretch (ms; its end is not in it), in order."""
        query = (
            select(timeline.c.seq, timeline.c.doc)
            .where(timeline.c.entity.in_([entity.value for entity in entities]))
            .where(timeline.c.at >= from_at, timeline.c.at < until_at)
        )
        return self._in_pages(query, timeline.c.seq)

    def kept_packs(self) -> tuple[Doc, ...]:
        """The last few packs that took over, each with its whole text: the chain's own state outlives the journal's days."""
        query = select(snapshot.c.value).where(snapshot.c.key == "pack")
        with self._reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return () if found is None else tuple(json.loads(bytes(found)).get("activations", ()))

    def incident_of(self, record_id: str) -> str | None:
        """The incident that a warning, alarm, order or incident of this id belongs to; None where there is none of this id."""
        for entity in (Entity.INCIDENT, Entity.ALARM, Entity.WARNING, Entity.DISPATCH):
            doc = self.record(entity, record_id)
            if doc is not None:
                return record_id if entity is Entity.INCIDENT else str(doc["incident_id"])
        return None

    def spoken(self, entity: Entity, from_at: int, until_at: int) -> Iterator[Doc]:
        """The alarms or warnings that stood at any time of this stretch, in the order in which they were opened."""
        table = alarm if entity is Entity.ALARM else warning
        query = (
            select(table.c.opened_at, table.c.id, table.c.doc)
            .where(table.c.opened_at < until_at)
            .where(table.c.ended_at.is_(None) | (table.c.ended_at >= from_at))
        )
        return self._in_pages(query, table.c.opened_at, table.c.id)

    def _in_pages(self, query: Select[Any], *order: ColumnElement[Any]) -> Iterator[Doc]:
        """The documents in this order, ``_AT_ONCE`` in a transaction. The order's columns are unique together, and come first."""
        page = query.order_by(*order).limit(_AT_ONCE)
        rows = self._rows(page)
        while rows:
            for row in rows:
                yield json.loads(row.doc)
            rows = self._rows(page.where(tuple_(*order) > tuple_(*rows[-1][: len(order)])))

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._reading() as connection:
            return connection.execute(query).all()
