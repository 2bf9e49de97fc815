"""What partners of the data exchange have confirmed: who, when, up to which fact, how much. Lines are only ever added."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, func, insert, select

from handlers.schema import exchange_receipt, timeline
from handlers.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One confirmation: all up to ``position`` is durable at the partner's; ``incident_count`` as it says. ``at`` in ms."""

    partner: str
    position: int
    incident_count: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What now stands for a partner. ``is_new``: false where as much, or more, had been confirmed before."""

    receipt: Receipt
    is_new: bool


def confirm(unit: UnitOfWork, receipt: Receipt) -> Confirmed | None:
    """Add this confirmation, unless it says nothing new: sent again it changes nothing. None for a fact that is not there yet."""
    connection = unit.connection
    known = latest_receipts(connection).get(receipt.partner)
    if known is not None and known.position >= receipt.position:
        return Confirmed(receipt=known, is_new=False)
    if receipt.position > (connection.execute(select(func.max(timeline.c.seq))).scalar_one() or 0):
        return None
    connection.execute(insert(exchange_receipt).values(**asdict(receipt)))
    return Confirmed(receipt=receipt, is_new=True)


def latest_receipts(connection: Connection) -> Mapping[str, Receipt]:
    """The last line of each partner."""
    last = select(func.max(exchange_receipt.c.seq)).group_by(exchange_receipt.c.partner)
    rows = connection.execute(select(exchange_receipt).where(exchange_receipt.c.seq.in_(last))).all()
    receipts = [Receipt(partner=row.partner, position=row.position, incident_count=row.incident_count, at=row.at) for row in rows]
    return {each.partner: each for each in receipts}
