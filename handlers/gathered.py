"""What one incident gathers, as far as a page can show it: a storm brings a case thousands of warnings, alarms and deliveries.

First what has not ended, the worst first and of those the newest; how many there are beside is counted, never silently left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, case, func, select

from handlers.schema import outbox, timeline
from rules.model import Level

MEMBERS_MAX: Final = 100
"""Warnings, and alarms, of one case at once; ours, more than anybody reads."""
DELIVERIES_MAX: Final = 200
"""Deliveries of one case at once: what did not arrive first, then what is under way, then the newest; ours."""
_DOING: Final = {"failed": 0, "owed": 1, "claimed": 1}

Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Some:
    """Some of them, in the order in which they began, and how many there are beside."""

    docs: tuple[Doc, ...]
    more_count: int


def members(connection: Connection, table: Table, incident_id: str, most: int | None, also_id: str = "") -> Some:
    """The warnings or alarms (``table``) of an incident; None: all of them. ``also_id``: one that is asked for by its id."""
    own = table.c.incident_id == incident_id
    if most is None:
        every = connection.execute(select(table.c.doc).where(own).order_by(table.c.opened_at, table.c.id)).scalars()
        return Some(tuple(json.loads(doc) for doc in every), 0)
    rank = case({level.value: level.rank for level in Level}, value=table.c.level, else_=9)
    asked: Select[Any] = select(table.c.id, table.c.doc).where(own)
    asked = asked.order_by(table.c.ended_at.is_not(None), rank, table.c.opened_at.desc(), table.c.id).limit(most)
    found = {row.id: json.loads(row.doc) for row in connection.execute(asked)}
    if also_id and also_id not in found:
        found |= {row.id: json.loads(row.doc) for row in connection.execute(asked.where(table.c.id == also_id))}
    some = sorted(found.values(), key=lambda doc: (doc["opened_at"], doc["id"]))
    return Some(tuple(some), _count(connection, table, incident_id, len(some), most))


def deliveries(connection: Connection, incident_id: str, most: int | None) -> Some:
    """What is owed and was delivered for an incident, to whom, by which way, and how it went; None: all of it."""
    columns = [column for column in outbox.columns if column.name not in {"payload", "claimed_until_at", "revision"}]
    asked = select(*columns).where(outbox.c.incident_id == incident_id)
    if most is None:
        asked = asked.order_by(outbox.c.created_at, outbox.c.key)
    else:
        doing = case(_DOING, value=outbox.c.state, else_=2)
        asked = asked.order_by(doing, outbox.c.channel == "mqtt", outbox.c.created_at.desc(), outbox.c.key).limit(most)
    rows = [dict(row) for row in connection.execute(asked).mappings()]
    found = sorted(rows, key=lambda row: (row["created_at"], row["key"]))
    return Some(tuple(found), 0 if most is None else _count(connection, outbox, incident_id, len(found), most))


def story(connection: Connection, incident_id: str, most: int | None) -> tuple[Sequence[Any], bool]:
    """The lines of an incident in order, the newest of them where there are more; and whether these are all."""
    asked = select(timeline.c.seq, timeline.c.doc).where(timeline.c.incident_id == incident_id)
    if most is None:
        return connection.execute(asked.order_by(timeline.c.seq)).all(), True
    rows = connection.execute(asked.order_by(timeline.c.seq.desc()).limit(most + 1)).all()
    return rows[:most][::-1], len(rows) <= most


def _count(connection: Connection, table: Table, incident_id: str, found_count: int, most: int) -> int:
    """How many there are beside those that were found; asked only where there may be more."""
    if found_count < most:
        return 0
    asked = select(func.count()).select_from(table).where(table.c.incident_id == incident_id)
    return int(connection.execute(asked).scalar_one()) - found_count
