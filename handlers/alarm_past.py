"""The cases of past alarms as they now are, the state of places (what is out of service, which modes hold), and of positions."""

import json
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select

from handlers.past import PastViews, seq_at
from handlers.schema import incident, place_state, timeline
from handlers.views import Doc
from rules.model import Entity

_AT_ONCE: Final = 500


class AlarmPastViews(PastViews):
    """``PastViews``, and what belongs to the alarms of the past."""

    def incidents_of(self, names: list[str]) -> tuple[Doc, ...]:
        """These incidents as they now are."""
        found: list[Doc] = []
        for first in range(0, len(names), _AT_ONCE):
            found += self._docs(select(incident.c.doc).where(incident.c.id.in_(names[first : first + _AT_ONCE])))
        return tuple(found)

    def outages(self, *, ended_since_at: int | None = None) -> tuple[Doc, ...]:
        """What is out of service, planned or running, by its beginning; and what ended since that instant, where one is given."""
        lasts: ColumnElement[bool] = place_state.c.ended_at.is_(None)
        if ended_since_at is not None:
            lasts = lasts | (place_state.c.ended_at >= ended_since_at)
        query = select(place_state.c.doc).where(place_state.c.sort == "outage", lasts)
        return self._docs(query.order_by(place_state.c.began_at, place_state.c.id))

    def modes(self) -> tuple[Doc, ...]:
        """The modes that hold, by their beginning."""
        query = select(place_state.c.doc).where(place_state.c.sort == "mode", place_state.c.ended_at.is_(None))
        return self._docs(query.order_by(place_state.c.began_at, place_state.c.id))

    def alarming_communities(self, from_at: int) -> tuple[str, ...]:
        """The communities of which alarms were told at this instant (ms) or later."""
        with self._reading() as connection:
            query = select(timeline.c.community).distinct().where(timeline.c.entity == Entity.ALARM.value)
            query = query.where(timeline.c.seq >= seq_at(connection, from_at)).order_by(timeline.c.community)
            return tuple(connection.execute(query).scalars())

    def last_of_positions(self, names: list[str]) -> tuple[Doc, ...]:
        """The last line that was told of each of these operator positions; none where nothing was."""
        last = (
            select(func.max(timeline.c.seq))
            .where(timeline.c.entity_id.in_(names), timeline.c.entity == Entity.POSITION.value)
            .group_by(timeline.c.entity_id)
        )
        return self._docs(select(timeline.c.doc).where(timeline.c.seq.in_(last)).order_by(timeline.c.seq))

    def _docs(self, query: Select[Any]) -> tuple[Doc, ...]:
        with self._reading() as connection:
            return tuple(json.loads(doc) for doc in connection.execute(query).scalars())
