"""The live queue as the duty desk reads it: open cases by urgency, closed ones by age, and what is under way on each.

Urgency: the worst level first, and among equals the one that has been open longest.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from handlers.schema import dispatch, incident
from handlers.views import Doc, Page, Views
from rules.model import Level, Status

LIMIT_MAX: Final = 500
_RANK: Final = case({level.value: level.rank for level in Level}, value=incident.c.level, else_=9)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which incidents are wanted. An empty tuple or text asks for nothing in particular."""

    is_open: bool | None = True  # None: open and closed
    communities: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    states: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    zone: str = ""  # this zone and all within it
    opened_from_at: int | None = None
    opened_before_at: int | None = None


class QueueViews(Views):
    """``Views``, and the queue."""

    def queue(self, wanted: QueueFilter, *, limit: int, cursor: str | None = None) -> Page:
        """One page: open ones by urgency, all others the latest opened first. Raises ValueError for a cursor that is not ours."""
        limit = min(limit, LIMIT_MAX)
        query = select(incident.c.id, incident.c.level, incident.c.opened_at, incident.c.doc).where(and_(*_conditions(wanted)))
        query = _by_urgency(query, cursor) if wanted.is_open else _by_age(query, cursor)
        with self._reading() as connection:
            rows = connection.execute(query.limit(limit + 1)).all()
        last = rows[limit - 1] if len(rows) > limit else None
        order = "u" if wanted.is_open else "a"
        return Page(
            items=tuple(json.loads(row.doc) for row in rows[:limit]),
            next_cursor=None if last is None else f"{order}.{Level(last.level).rank}.{last.opened_at}.{last.id}",
        )

    def under_way_for(self, incident_ids: Sequence[str]) -> tuple[Doc, ...]:
        """The dispatches of these incidents that have not ended."""
        if not incident_ids:
            return ()
        query = select(dispatch.c.doc).where(dispatch.c.incident_id.in_(incident_ids), dispatch.c.ended_at.is_(None))
        with self._reading() as connection:
            return tuple(json.loads(doc) for doc in connection.execute(query.order_by(dispatch.c.id)).scalars())

    def count_open_in(self, state: str) -> int:
        """How many open incidents are in this state."""
        query = select(func.count()).select_from(incident).where(incident.c.closed_at.is_(None), incident.c.state == state)
        with self._reading() as connection:
            return int(connection.execute(query).scalar_one())


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [incident.c.opened_at >= (wanted.opened_from_at or 0)]
    if wanted.is_open is not None:
        conditions.append(incident.c.closed_at.is_(None) if wanted.is_open else incident.c.closed_at.is_not(None))
    for column, values in (
        (incident.c.community, wanted.communities),
        (incident.c.hazard, wanted.hazards),
        (incident.c.level, tuple(level.value for level in wanted.levels)),
        (incident.c.state, wanted.states),
        (incident.c.status, tuple(status.value for status in wanted.statuses)),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.zone:
        inside = wanted.zone.rstrip("/") + "/"
        conditions.append(or_(incident.c.zone == inside[:-1], func.substr(incident.c.zone, 1, len(inside)) == inside))
    if wanted.opened_before_at is not None:
        conditions.append(incident.c.opened_at < wanted.opened_before_at)
    return conditions


def _by_urgency(query: Select[Any], cursor: str | None) -> Select[Any]:
    if cursor is not None:
        query = query.where(tuple_(_RANK, incident.c.opened_at, incident.c.id) > _read_cursor(cursor, "u"))
    return query.order_by(_RANK, incident.c.opened_at, incident.c.id)


def _by_age(query: Select[Any], cursor: str | None) -> Select[Any]:
    if cursor is not None:
        _, opened_at, last_id = _read_cursor(cursor, "a")
        query = query.where(tuple_(incident.c.opened_at, incident.c.id) < (opened_at, last_id))
    return query.order_by(incident.c.opened_at.desc(), incident.c.id.desc())


def _read_cursor(text: str, order: str) -> tuple[int, int, str]:
    parts = text.split(".", 3)
    if len(parts) != 4 or parts[0] != order or not (_is_instant(parts[1]) and _is_instant(parts[2])):
        raise ValueError(f"cursor {text!r} is none of ours: pass the next_cursor of the page before, unchanged")
    return int(parts[1]), int(parts[2]), parts[3]


def _is_instant(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 16
