"""What the journal keeps: entries, their positions, and their canonical bytes.

A batch of events is written by column (all ids, then all communities …): a third of the bytes go after compression, and the
JSON encoder of the standard library needs about 2 µs an event. The same entries always give the same bytes.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from rules.model import (
    NOTHING,
    Attribute,
    DeliveryReport,
    Entity,
    Event,
    EventClass,
    Input,
    Network,
    OperatorAction,
    PackActivation,
    Rejected,
    Resumed,
    SetAside,
    Status,
    Verb,
)

FORMAT: Final = 1
"""First number of every batch. A batch of another format is refused, never guessed."""


class EntriesUnreadable(ValueError):  # noqa: N818 - a state of the bytes, and reads as one
    """These bytes are no batch of entries that this version can read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """A batch is durable: its entries hold the positions ``first_position`` to ``first_position + count - 1``."""

    first_position: int
    received_at: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Journaled:
    """One entry as the journal holds it. Positions start at 1 and have no gaps."""

    position: int
    received_at: int
    entry: Input


_EVENT_COLUMNS: Final = [
    "id",
    "community",
    "network",
    "event_class",
    "device",
    "kind",
    "value",
    "state",
    "unit",
    "occurred_at",
    "zone",
    "confidence",
    "status",
    "seq",
    "is_retained",
    "wants_receipt",
    "attributes",
]
_event_row: Final = attrgetter(*_EVENT_COLUMNS)
_NETWORKS: Final = {one.value: one for one in Network}
_CLASSES: Final = {one.value: one for one in EventClass}
_STATUS: Final = {one.value: one for one in Status}
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False, default=dict)


def pack_entries(entries: Sequence[Input]) -> bytes:
    """The canonical bytes of a batch. Attributes keep the order in which they came."""
    events: list[tuple[Any, ...]] = []
    others: list[tuple[int, str, list[Any]]] = []
    for index, entry in enumerate(entries):
        if isinstance(entry, Event):
            events.append(_event_row(entry))
        else:
            others.append((index, *_pack_other(entry)))
    return _ENCODER.encode([FORMAT, list(zip(*events, strict=True)), others]).encode("utf-8", "surrogatepass")


def unpack_entries(packed: bytes) -> list[Input]:
    """The entries of a batch, equal to those that were packed. Raises EntriesUnreadable."""
    try:
        batch = json.loads(packed.decode("utf-8", "surrogatepass"))
        if not isinstance(batch, list) or batch[0] != FORMAT:
            raise EntriesUnreadable(f"expected a batch of format {FORMAT}, came {packed[:40]!r}; a newer Shouwang wrote it?")
        _, columns, others = batch
        entries: list[Input] = list(_events(columns))
        for index, tag, row in others:
            entries.insert(index, _UNPACK[tag](row))
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        if isinstance(fault, EntriesUnreadable):
            raise
        raise EntriesUnreadable(f"expected a batch of entries, came {packed[:40]!r}: {fault!r}") from fault
    return entries


def _events(columns: list[list[Any]]) -> Iterator[Event]:
    rows = zip(*columns, strict=True)
    for (
        id_, community, network, event_class, device, kind, value, state, unit, occurred_at, zone, confidence, status, seq,
        is_retained, wants_receipt, attributes,
    ) in rows:  # fmt: skip  # one column each, in the order of _EVENT_COLUMNS
        yield Event(
            id=id_,
            community=community,
            network=_NETWORKS[network],
            event_class=_CLASSES[event_class],
            device=device,
            kind=kind,
            value=value,
            state=state,
            unit=unit,
            occurred_at=occurred_at,
            zone=zone,
            confidence=confidence,
            status=_STATUS[status],
            seq=seq,
            is_retained=is_retained,
            wants_receipt=wants_receipt,
            attributes=_attributes(attributes),
        )


def _attributes(given: dict[str, Attribute]) -> Mapping[str, Attribute]:
    return MappingProxyType(given) if given else NOTHING


def _pack_other(entry: OperatorAction | DeliveryReport | PackActivation | Rejected | SetAside | Resumed) -> tuple[str, list[Any]]:
    match entry:
        case OperatorAction():
            row = [entry.id, entry.community, entry.actor, entry.verb, entry.entity, entry.entity_id, dict(entry.arguments)]
            return "action", row
        case DeliveryReport():
            place = [entry.id, entry.community, entry.incident_id, entry.key, entry.channel, entry.target]
            return "delivery", [*place, entry.is_delivered, entry.detail]
        case PackActivation():
            return "pack", [entry.id, entry.pack, entry.version, entry.digest, entry.text, entry.actor, entry.community]
        case Rejected():
            excerpt = entry.excerpt.decode("latin-1")  # one character a byte: any bytes come back as they were
            return "rejected", [entry.id, entry.source, entry.reason, entry.detail, excerpt, entry.size, entry.community]
        case SetAside():
            return "set_aside", [entry.id, entry.position, entry.detail, entry.community, entry.timer, entry.deadline_at]
        case Resumed():
            return "resumed", [entry.id, entry.deaf_since_at, entry.community]


def _action(row: list[Any]) -> OperatorAction:
    id_, community, actor, verb, entity, entity_id, arguments = row
    return OperatorAction(
        id=id_,
        community=community,
        actor=actor,
        verb=Verb(verb),
        entity=Entity(entity),
        entity_id=entity_id,
        arguments=_attributes(arguments),
    )


def _delivery(row: list[Any]) -> DeliveryReport:
    id_, community, incident_id, key, channel, target, is_delivered, detail = row
    return DeliveryReport(
        id=id_,
        community=community,
        incident_id=incident_id,
        key=key,
        channel=channel,
        target=target,
        is_delivered=is_delivered,
        detail=detail,
    )


def _pack(row: list[Any]) -> PackActivation:
    id_, pack, version, digest, text, actor, community = row
    return PackActivation(id=id_, pack=pack, version=version, digest=digest, text=text, actor=actor, community=community)


def _rejected(row: list[Any]) -> Rejected:
    id_, source, reason, detail, excerpt, size, community = row
    return Rejected(
        id=id_,
        source=source,
        reason=reason,
        detail=detail,
        excerpt=excerpt.encode("latin-1"),
        size=size,
        community=community,
    )


def _set_aside(row: list[Any]) -> SetAside:
    id_, position, detail, community, *timer = row
    name, deadline_at = timer or ("", 0)  # a first version knew positions only
    return SetAside(id=id_, position=position, detail=detail, community=community, timer=name, deadline_at=deadline_at)


def _resumed(row: list[Any]) -> Resumed:
    id_, deaf_since_at, community = row
    return Resumed(id=id_, deaf_since_at=deaf_since_at, community=community)


_UNPACK: Final[Mapping[str, Callable[[list[Any]], Input]]] = MappingProxyType(
    {
        "action": _action,
        "delivery": _delivery,
        "pack": _pack,
        "rejected": _rejected,
        "resumed": _resumed,
        "set_aside": _set_aside,
    }
)
