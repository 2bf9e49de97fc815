"""The read side of the data exchange: the incidents that changed behind a cursor, and what partners have confirmed.

The feed is in the order of revisions. An incident's revision is the place of its last fact, so each incident stands in the feed
once, at its latest change: a change moves it to the end, behind every cursor that was given before. Facts are stored by one
writer in the order of their places, in one transaction with the incident: nothing appears later in front of a cursor.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, exists, func, select

from handlers.cited import CitedViews
from handlers.exchange.contract import Partner, SharedIncident, shared
from handlers.exchange.cursor import Place, mark_of
from handlers.receipts import Receipt, latest_receipts
from handlers.schema import incident, timeline
from handlers.views import Doc

SCAN_MAX: Final = 20_000
"""Facts that one question looks at, so that a partner for whom there is little holds nothing up; it is told to ask on."""
WAITING_MAX: Final = 100
WAITING_SCAN_MAX: Final = 2_000
"""What waits for a partner is counted up to here, in the next facts behind its receipt: health is asked for often."""


class CursorOfAnother(ValueError):  # noqa: N818 - a state of the world
    """The cursor stands behind a fact that this store does not have: one made anew or brought back, or another desk's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPage:
    """A piece of the feed. ``up_to``: from where to go on. ``has_more``: there was more to look at already."""

    incidents: tuple[SharedIncident, ...]
    up_to: Place
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a partner has confirmed, None where it never did, and how many incidents changed since."""

    receipt: Receipt | None
    waiting_count: int


class ExchangeViews(CitedViews):
    """``CitedViews``, and what partners fetch."""

    def shared(self, partner: Partner, after: Place, limit: int) -> SharedPage:
        """What this partner may know of and changed behind ``after``, as it is now. Raises CursorOfAnother."""
        with self._reading() as connection:
            head = _head(connection)
            _hold_to_place(connection, after, head)
            until = min(head, after.seq + SCAN_MAX)
            rows = connection.execute(_changed(partner, after.seq, until).limit(limit + 1)).all()
            is_cut = len(rows) > limit
            up_to = _place_at(connection, rows[limit - 1].seq if is_cut else until)
        return SharedPage(
            incidents=tuple(shared(_plain(row.doc), row.seq, partner.purpose) for row in rows[:limit]),
            up_to=up_to,
            has_more=is_cut or until < head,
        )

    def exchange_place(self, seq: int) -> Place:
        """The place behind the fact of this number."""
        with self._reading() as connection:
            return _place_at(connection, seq)

    def hold_to_place(self, place: Place) -> None:
        """Raises CursorOfAnother where this store has no such fact."""
        with self._reading() as connection:
            _hold_to_place(connection, place, _head(connection))

    def standings(self, partners: Sequence[Partner]) -> Mapping[str, Standing]:
        """How far each of these partners has confirmed, by its name."""
        with self._reading() as connection:
            known = latest_receipts(connection)
            return {each.name: _standing(connection, each, known.get(each.name)) for each in partners}


def _standing(connection: Connection, partner: Partner, receipt: Receipt | None) -> Standing:
    after = 0 if receipt is None else receipt.position
    rows = _changed(partner, after, after + WAITING_SCAN_MAX).limit(WAITING_MAX).subquery()
    count = connection.execute(select(func.count()).select_from(rows)).scalar_one()
    return Standing(receipt=receipt, waiting_count=count)


def _hold_to_place(connection: Connection, place: Place, head: int) -> None:
    if place.seq > head:
        raise CursorOfAnother(f"cursor at {place.seq}, our last fact is {head}")
    if place != (ours := _place_at(connection, place.seq)):
        raise CursorOfAnother(f"cursor at {place.seq}: the fact there is {ours.mark or 'none'}, not {place.mark or 'none'}")


def _place_at(connection: Connection, seq: int) -> Place:
    """Its mark is that of the last fact up to it: a database may leave numbers out."""
    last = select(timeline.c.fact_id).where(timeline.c.seq <= seq).order_by(timeline.c.seq.desc()).limit(1)
    fact_id = connection.execute(last).scalar_one_or_none()
    return Place(seq, "" if fact_id is None else mark_of(fact_id))


def _head(connection: Connection) -> int:
    return connection.execute(select(func.max(timeline.c.seq))).scalar_one() or 0


def _changed(partner: Partner, after: int, until: int) -> Select[Any]:
    later = timeline.alias("later")
    is_last = ~exists(select(later.c.seq).where(later.c.incident_id == timeline.c.incident_id, later.c.seq > timeline.c.seq))
    return (
        select(timeline.c.seq, incident.c.doc)
        .join(incident, incident.c.id == timeline.c.incident_id)
        .where(timeline.c.seq > after, timeline.c.seq <= until)
        .where(incident.c.community.in_(partner.communities), incident.c.hazard.in_(partner.hazards))
        .where(is_last)
        .order_by(timeline.c.seq)
    )


def _plain(text: str) -> Doc:
    doc: Doc = json.loads(text)
    return doc
