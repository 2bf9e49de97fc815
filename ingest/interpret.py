"""What the fields of an event mean: kind against class, value and state, time, place, identity; the stated defaults."""

from collections.abc import Collection, Mapping
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

from ingest.body import EventBody
from ingest.contacts import masked_words
from ingest.instants import ASSUMED_TIMEZONE, read_instant
from ingest.kinds import fault_of_state, unit_of
from ingest.refusal import Refusal, Refused, shown
from ingest.text import clean_attribute_name, clean_name, clean_text, clean_zone
from ingest.topics import Place
from rules.model import NOTHING, WEAK_ID, Attribute, Event, EventClass, Status

CLOCK_SET_FROM: Final = 946_684_800_000
"""2000-01-01: a device that says it is earlier has no clock, and its time tells no two events apart."""

_PERSONAL: Final = frozenset({"report", "sos"})
_WRITTEN: Final = frozenset({"text", "what", "description", "headline", "instruction", "address", "contact", "status_notes"})
"""What people write themselves: whatever numbers stand in it are masked before it is journaled."""

_STATUS: Final = {status.value: status for status in Status}


class Message:
    """One delivery, and the digests of it that identities are made from: each computed once, and only when wanted."""

    __slots__ = ("_arrived", "_said", "arrival", "is_retained", "payload", "topic")

    def __init__(self, topic: str, payload: bytes, arrival: str, is_retained: bool) -> None:
        self.topic = topic
        self.payload = payload
        self.arrival = arrival
        self.is_retained = is_retained
        self._said = ""
        self._arrived = ""

    def said(self) -> str:
        """Digest of topic and payload."""
        if not self._said:
            self._said = _digest(b"%b\n%b" % (self.topic.encode(), self.payload))
        return self._said

    def arrived(self) -> str:
        """Digest of topic, payload and arrival."""
        if not self._arrived:
            self._arrived = _digest(b"%b\n%b\n%b" % (self.topic.encode(), self.arrival.encode(), self.payload))
        return self._arrived


def interpret(message: Message, place: Place, body: EventBody, index: int) -> Event | Refused:
    """The event that these fields are, or why they are none. ``index`` is the place in the array, -1 for a single object."""
    event_class = place.event_class
    fault = _fault_of_class(event_class, body)
    if fault is not None:
        return fault
    kind = body.get("kind", "heartbeat")
    unit = unit_of(event_class, kind, body.get("unit"))
    if isinstance(unit, Refused):
        return unit
    state = body.get("state")
    if state is None and event_class is EventClass.ALARM:
        state = "on"  # who sends an alarm without saying "off" is alarmed: here doubt never means silence
    if state is not None and (fault := fault_of_state(event_class, kind, state)) is not None:
        return fault
    zone = clean_zone(body.get("zone", ""))
    if isinstance(zone, Refused):
        return zone
    at = body.get("at")
    occurred_at, assumed = (None, "") if at is None else read_instant(at)
    attributes = _attributes(body, assumed, _WRITTEN if kind in _PERSONAL else ())
    if isinstance(attributes, Refused):
        return attributes
    event_id = clean_name("id", body["id"]) if "id" in body else _made_id(message, body, occurred_at, index)
    if isinstance(event_id, Refused):
        return event_id
    return Event(
        id=event_id,
        community=place.community,
        network=place.network,
        event_class=event_class,
        device=place.device,
        kind=kind,
        value=body.get("value"),
        state=state,
        unit=unit,
        occurred_at=occurred_at,
        zone=zone,
        confidence=body.get("confidence", 1.0),
        status=_STATUS[body.get("status", "actual")],
        seq=body.get("seq"),
        is_retained=message.is_retained,
        wants_receipt=body.get("receipt", False),
        attributes=attributes,
    )


def _fault_of_class(event_class: EventClass, body: EventBody) -> Refused | None:
    """A reading has a value, a state has a state, all but a heartbeat have a kind; null counts as given."""
    if event_class is EventClass.HEARTBEAT:
        return None
    if "kind" not in body:
        return Refused(
            Refusal.MISSING_FIELD, f"kind: expected what is measured or reported, came {shown(sorted(body))} without it"
        )
    if event_class is EventClass.READING:
        if "value" not in body:
            return Refused(Refusal.MISSING_FIELD, "value: a reading needs a number (null: none now), came nothing")
        if "state" in body:
            return Refused(Refusal.UNKNOWN_FIELD, "state: a reading has a value only; send states on a topic of class state")
    elif event_class is EventClass.STATE and "state" not in body:
        return Refused(Refusal.MISSING_FIELD, "state: a state needs a word (null: not known), came nothing")
    return None


def _attributes(body: EventBody, assumed: str, written: Collection[str]) -> Mapping[str, Attribute] | Refused:
    given = body.get("attributes")
    if given is None and not assumed and "gateway" not in body:
        return NOTHING
    attributes: dict[str, Attribute] = {}
    for key, value in (given or {}).items():
        clean_key = clean_attribute_name(key)
        clean = clean_text(key, value) if type(value) is str else value
        if isinstance(clean_key, Refused):
            return clean_key
        if isinstance(clean, Refused):
            return Refused(clean.reason, f"attributes.{clean.detail}")
        attributes[clean_key] = masked_words(clean) if type(clean) is str and clean_key in written else clean
    if given is not None and len(attributes) < len(given):
        return Refused(Refusal.DUPLICATE_KEY, "attributes: two keys are the same text in another Unicode form")
    if "gateway" in body:
        gateway = clean_name("gateway", body["gateway"])
        if isinstance(gateway, Refused):
            return gateway
        attributes["gateway"] = gateway
    if assumed == "timezone":
        attributes["assumed_timezone"] = ASSUMED_TIMEZONE
    elif assumed == "unreadable":
        attributes["unreadable_at"] = shown(body.get("at"))
    return MappingProxyType(attributes)


def _made_id(message: Message, body: EventBody, occurred_at: int | None, index: int) -> str:
    """An identity for an event that brings none: device and count, else topic and payload, each with the time if it is one."""
    has_time = occurred_at is not None and occurred_at >= CLOCK_SET_FROM
    prefix = "e-" if has_time else WEAK_ID
    if "seq" in body:
        return prefix + _digest(f"{message.topic}\n{body.get('kind')}\n{body['seq']}\n{occurred_at if has_time else ''}".encode())
    digest = message.said() if has_time else message.arrived()
    return f"{prefix}{digest}" if index < 0 else f"{prefix}{digest}-{index}"


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
