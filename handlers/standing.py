"""The alarms that have not ended, however old: the shelves, what is suppressed or out of service, and their causes."""

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, or_, select, tuple_

from handlers.queue import QueueViews
from handlers.schema import alarm
from handlers.views import Page
from rules.model import Level

LIMIT_MAX: Final = 500
_RANK: Final = case({level.value: level.rank for level in Level}, value=alarm.c.level, else_=9)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFilter:
    """Which standing alarms are wanted. There is no window of time: what stands is never hidden by its age."""

    states: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    zone: str = ""  # this zone and all within it


class StandingViews(QueueViews):
    """The queue, and the alarms that stand."""

    def standing(self, wanted: AlarmFilter, *, limit: int, cursor: str | None = None) -> Page:
        """One page, the worst level first, then the longest open. Raises ValueError for a cursor that is not ours."""
        limit = min(limit, LIMIT_MAX)
        query = select(alarm.c.id, alarm.c.level, alarm.c.opened_at, alarm.c.doc).where(*_conditions(wanted))
        if cursor is not None:
            query = query.where(tuple_(_RANK, alarm.c.opened_at, alarm.c.id) > _read_cursor(cursor))
        query = query.order_by(_RANK, alarm.c.opened_at, alarm.c.id)
        with self._reading() as connection:
            rows = connection.execute(query.limit(limit + 1)).all()
        last = rows[limit - 1] if len(rows) > limit else None
        return Page(
            items=tuple(json.loads(row.doc) for row in rows[:limit]),
            next_cursor=None if last is None else f"{Level(last.level).rank}.{last.opened_at}.{last.id}",
        )

    def count_standing(self) -> dict[str, int]:
        """How many alarms stand in each state."""
        query: Select[Any] = select(alarm.c.state, func.count()).where(alarm.c.ended_at.is_(None)).group_by(alarm.c.state)
        with self._reading() as connection:
            return {state: int(count) for state, count in connection.execute(query.order_by(alarm.c.state)).all()}


def _conditions(wanted: AlarmFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [alarm.c.ended_at.is_(None)]
    for column, values in (
        (alarm.c.state, wanted.states),
        (alarm.c.community, wanted.communities),
        (alarm.c.hazard, wanted.hazards),
        (alarm.c.level, tuple(level.value for level in wanted.levels)),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.zone:
        inside = wanted.zone.rstrip("/") + "/"
        conditions.append(or_(alarm.c.zone == inside[:-1], func.substr(alarm.c.zone, 1, len(inside)) == inside))
    return conditions


def _read_cursor(text: str) -> tuple[int, int, str]:
    rank, _, rest = text.partition(".")
    opened_at, _, last_id = rest.partition(".")
    if not (
        rank.isascii() and rank.isdecimal() and opened_at.isascii() and opened_at.isdecimal() and len(opened_at) <= 16 and last_id
    ):
        raise ValueError(f"cursor {text!r} is none of ours: pass the next_cursor of the page before, unchanged")
    return int(rank), int(opened_at), last_id
