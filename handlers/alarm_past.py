"""The cases of past alarms as they now are, and the state of places: what is out of service, and which modes hold."""

import json
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select

from handlers.past import PastViews
from handlers.schema import incident, place_state
from handlers.views import Doc

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

    def _docs(self, query: Select[Any]) -> tuple[Doc, ...]:
        with self._reading() as connection:
            return tuple(json.loads(doc) for doc in connection.execute(query).scalars())
