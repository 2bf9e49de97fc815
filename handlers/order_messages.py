"""Which hooks are owed the result of a work order, and what the store keeps of orders: to which case each belongs, what was told.

An order belongs to the case of the first alarm that cites it, and follows that alarm (split off, merged); after the end of the
case, to that of an alarm that comes later (重办). It is told when what there is to tell of it has changed, once for each change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, select

from handlers.exchange.work_order import ToldOrder, order_of, told_order, write_work_order
from handlers.routes import Form, Hook, hook_channel
from handlers.schema import incident as incident_table
from handlers.schema import told_order as told_orders
from handlers.upsert import upsert
from rules.canonical import from_json, to_json
from rules.model import Alarm, EarlyWarning, Incident

_DIGEST_BYTES: Final = 8
_ASKED_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class OwedResult:
    """One message about one order that is owed to one hook. ``key``: ``CHANNEL:order:COMMUNITY:DEVICE:NUMBER:DIGEST``."""

    key: str
    channel: str
    hook: str
    incident: Incident
    payload: bytes


@dataclass(slots=True)
class Citing:
    """Which alarm or warning of a batch cites which order: the case it belongs to in the end, and when it last came, in ms."""

    cited: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)

    def hear(self, record: Alarm | EarlyWarning) -> None:
        """Remember the orders among what this record rests on."""
        sources, at = ([source.device for source in record.sources], record.last_at) if isinstance(record, Alarm) else ([], None)
        for device in (*(item.device for item in record.evidence), *sources):
            if device.startswith("order@") and record.incident_id:
                self.cited[record.community, device, record.id] = (record.incident_id, record.opened_at if at is None else at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What is kept of an order for one hook."""

    key: str
    channel: str
    community: str
    device: str
    incident_id: str
    cited_by: str
    is_over: bool = False
    told_count: int = 0
    told_digest: str = ""
    changed_at: int = 0


def is_told_orders(hooks: Sequence[Hook]) -> bool:
    """Whether any hook is told of orders: then it is worth remembering who cites them."""
    return any(hook.form is Form.WORK_ORDER for hook in hooks)


def owed_results(
    connection: Connection, hooks: Sequence[Hook], citing: Citing, incidents: Iterable[Incident]
) -> Iterator[OwedResult]:
    """What is owed of the orders in these cases; keeps what was told. Raises what a statement of the store raises."""
    changed = {incident.id: incident for incident in incidents}
    for hook in hooks:
        if hook.form is Form.WORK_ORDER and (changed or citing.cited):
            yield from _owed_to(connection, hook, citing, changed)


def _owed_to(connection: Connection, hook: Hook, citing: Citing, changed: Mapping[str, Incident]) -> Iterator[OwedResult]:
    before = _rows_of(connection, hook_channel(hook.name), changed, citing)
    rows = {key: _with_its_case(row, changed) for key, row in (before | _claimed(hook, citing, before)).items()}
    new = [row.incident_id for key, row in rows.items() if row != before.get(key) and row.incident_id not in changed]
    cases = {**_stored(connection, new), **changed}
    for key, row in rows.items():
        incident = cases.get(row.incident_id)
        if incident is not None:
            rows[key], owed = _told(hook, row, incident)
            if owed is not None:
                yield owed
    upsert(connection, told_orders, [_columns(row) for key, row in rows.items() if row != before.get(key)])


def _claimed(hook: Hook, citing: Citing, before: Mapping[str, _Row]) -> dict[str, _Row]:
    """The orders that are cited now and of which this hook is told, each with the case it belongs to."""
    channel = hook_channel(hook.name)
    rows: dict[str, _Row] = {}
    for (community, device, cited_by), (incident_id, at) in citing.cited.items():
        order = order_of(device)
        if order is None or not hook.hears_order(order.route, community):
            continue
        key = _key(channel, community, device)
        fresh = _Row(key=key, channel=channel, community=community, device=device, incident_id=incident_id, cited_by=cited_by)
        row = rows.get(key) or before.get(key) or fresh
        is_again = row.is_over and at > row.changed_at
        if is_again or row.cited_by == cited_by:
            row = replace(row, incident_id=incident_id, cited_by=cited_by, is_over=row.is_over and not is_again)
        rows[key] = row
    return rows


def _key(channel: str, community: str, device: str) -> str:
    """It becomes part of an HTTP header: the community's name is written in ASCII, as the order's number in the device is."""
    return f"{channel}:order:{quote(community, safe='')}:{device}"


def _with_its_case(row: _Row, changed: Mapping[str, Incident]) -> _Row:
    incident = changed.get(row.incident_id)
    return row if incident is None or not incident.merged_into else replace(row, incident_id=incident.merged_into)


def _stored(connection: Connection, names: Sequence[str]) -> dict[str, Incident]:
    """Cases that did not change, though an order came to them."""
    found: dict[str, Incident] = {}
    for first in range(0, len(names), _ASKED_MAX):
        asked = select(incident_table.c.doc).where(incident_table.c.id.in_(names[first : first + _ASKED_MAX]))
        for doc in connection.execute(asked.order_by(incident_table.c.id)).scalars():
            case = from_json(Incident, doc.encode())
            found[case.id] = case
    return found


def _told(hook: Hook, row: _Row, incident: Incident) -> tuple[_Row, OwedResult | None]:
    """The row after what this case says of it, and the message where that is news."""
    order = order_of(row.device)
    told = None if order is None else told_order(order, incident)
    row = replace(row, is_over=incident.closed_at is not None, changed_at=incident.changed_at)
    if told is None or (digest := _digest(told)) == row.told_digest:
        return row, None
    row = replace(row, told_count=row.told_count + 1, told_digest=digest)
    agency = hook.place.name.zh or incident.community
    return row, OwedResult(
        key=f"{row.key}:{row.told_count:06}:{digest}",
        channel=row.channel,
        hook=hook.name,
        incident=incident,
        payload=write_work_order(told, sequence=row.told_count, at=incident.changed_at, agency=agency),
    )


def _rows_of(connection: Connection, channel: str, changed: Mapping[str, Incident], citing: Citing) -> dict[str, _Row]:
    """The rows of the orders that these cases hold, and of those that are cited now."""
    keys = list(dict.fromkeys(_key(channel, community, device) for community, device, _ in citing.cited))
    rows: dict[str, _Row] = {}
    for column, values in ((told_orders.c.incident_id, list(changed)), (told_orders.c.key, keys)):
        for first in range(0, len(values), _ASKED_MAX):
            asked = select(told_orders).where(column.in_(values[first : first + _ASKED_MAX]), told_orders.c.channel == channel)
            for found in connection.execute(asked.order_by(told_orders.c.key)).mappings():
                rows[found["key"]] = _Row(**found)
    return rows


def _columns(row: _Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _Row.__slots__}


def _digest(told: ToldOrder) -> str:
    return blake2b(to_json(told), digest_size=_DIGEST_BYTES).hexdigest()
