"""Our own event contract, topic + JSON, in both directions; pure. This is where bytes become Events or Rejected."""

import json
from collections.abc import Iterable
from typing import Any, Final

from pydantic import ValidationError

from ingest.body import MANY, ONE, EventBody, event_schema
from ingest.careful import read_elements
from ingest.instants import write_instant
from ingest.interpret import Message, interpret
from ingest.refusal import SENTENCES, Refusal, Refused, rejected
from ingest.topics import LANES, PREFIX, Lane, Place, community_of, read_topic, write_topic
from rules.model import Event, EventClass, Rejected, Status

__all__ = ["LANES", "PREFIX", "SENTENCES", "Lane", "Refusal", "Refused", "decode", "encode", "event_schema"]

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
MESSAGE_BYTES_MAX: Final = 65_536
"""A message over MQTT. Over HTTP a body may hold 1 MB (``ingest.http``)."""


def decode(
    topic: str,
    payload: bytes,
    *,
    is_retained: bool = False,
    prefix: str = PREFIX,
    arrival: str = "",
    bytes_max: int = MESSAGE_BYTES_MAX,
) -> list[Event | Rejected]:
    """Read one message: one result for an object, one per element for an array; never empty, never raises.

    ``arrival`` should differ for every delivery (say session token and a counter): it tells two equal messages apart that
    bring neither ``id`` nor ``seq`` nor ``at``. Two plain "smoke on" a day apart must not look like one.
    """
    place = read_topic(topic, prefix)
    if isinstance(place, Refused):
        return [rejected(place, topic, payload, community_of(topic, prefix), f"{topic}\n{arrival}")]
    if len(payload) > bytes_max:
        fault = Refused(Refusal.TOO_LARGE, f"expected at most {bytes_max} bytes, came {len(payload)}; send smaller arrays")
        return [rejected(fault, topic, payload, place.community, f"{topic}\n{arrival}")]
    message = Message(topic, payload, arrival, is_retained)
    bodies = _read_fast(payload)
    if bodies is None:
        return _decode_carefully(message, place)
    is_array = payload[0] != 0x7B
    events: list[Event | Rejected] = []
    for index, body in enumerate(bodies):
        event = interpret(message, place, body, index if is_array else -1)
        if isinstance(event, Refused):
            return _decode_carefully(message, place)
        events.append(event)
    return events


def _read_fast(payload: bytes) -> list[EventBody] | None:
    """The fields of a message in which all is well; None when a closer look is needed."""
    try:
        bodies = [ONE.validate_json(payload)] if payload[:1] == b"{" else MANY.validate_json(payload)
    except ValidationError:
        return None
    # Keys given twice, without reading twice: every key brings a colon, and the other colons are within the texts that were
    # kept. More colons in the bytes than that: something was dropped. (A colon written as an escape hides from the count.)
    if (b"\\" in payload and b"\\u003" in payload) or payload.count(b":") != _colons(bodies):
        return None
    return bodies


def _colons(bodies: Iterable[EventBody]) -> int:
    count = 0
    for body in bodies:
        count += len(body)
        for value in body.values():
            if type(value) is str:
                count += value.count(":")
            elif type(value) is dict:
                count += len(value)
                for key, attribute in value.items():
                    count += key.count(":")
                    if type(attribute) is str:
                        count += attribute.count(":")
    return count


def _decode_carefully(message: Message, place: Place) -> list[Event | Rejected]:
    elements = read_elements(message.payload)
    cause = f"{message.topic}\n{message.arrival}"
    if isinstance(elements, Refused):
        return [rejected(elements, message.topic, message.payload, place.community, cause)]
    is_array = message.payload.lstrip()[:1] == b"["
    results: list[Event | Rejected] = []
    for index, element in enumerate(elements):
        body = element.body
        event = body if isinstance(body, Refused) else interpret(message, place, body, index if is_array else -1)
        if isinstance(event, Refused):
            results.append(rejected(event, message.topic, element.content, place.community, f"{cause}\n{index}"))
        else:
            results.append(event)
    return results


def encode(event: Event, prefix: str = PREFIX) -> tuple[str, bytes]:
    """Write one event as topic and payload: what ``decode`` reads back as the same event (retained is not in the payload)."""
    body: dict[str, Any] = {"id": event.id, "kind": event.kind}
    if event.occurred_at is not None:
        body["at"] = write_instant(event.occurred_at)
    body |= _said(event)
    if event.unit:
        body["unit"] = event.unit
    if event.zone:
        body["zone"] = event.zone
    if event.confidence != 1.0:
        body["confidence"] = event.confidence
    if event.status is not Status.ACTUAL:
        body["status"] = event.status
    if event.seq is not None:
        body["seq"] = event.seq
    if event.wants_receipt:
        body["receipt"] = True
    if event.attributes:
        body["attributes"] = dict(event.attributes)
    place = Place(event.community, event.network, event.event_class, event.device)
    payload = _ENCODER.encode(body).encode()
    return write_topic(place, prefix), payload


def _said(event: Event) -> dict[str, Any]:
    """Value and state: null where the class must say one of them and the event knows none."""
    said: dict[str, Any] = {}
    if event.value is not None or event.event_class is EventClass.READING:
        said["value"] = event.value
    if event.state is not None or event.event_class is EventClass.STATE:
        said["state"] = event.state
    return said
