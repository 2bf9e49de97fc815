"""What a foreign message means, for people who try it: by ``shouwang decode`` and in the console."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ingest.adapter import OF_THE_CONTENT, Adapter, Foreign, Format, Ignored, understand
from ingest.formats import FORMATS
from ingest.route import stumbled
from ingest.topics import PREFIX, community_of
from ingest.wire import decode as decode_native
from rules.model import Event, Rejected
from shouwang.clock import wall_now
from simulator.recording import iso, read_instant

NATIVE: Final = "native"
COMMUNITY: Final = "community"
"""What foreign messages are taken to come from, where nothing says it."""

NAMES: Final = ", ".join((*FORMATS, NATIVE))


class LineError(ValueError):
    """An input line that cannot be decoded at all; the message says line, what was expected and what came."""


class Decoder:
    """What all messages share: format and community where they name none, and what the formats learnt from earlier ones."""

    def __init__(self, format_: str, community: str, mapping: Format | None = None) -> None:
        self._formats = FORMATS if mapping is None else {**FORMATS, mapping.name: mapping}
        self._format = format_ or (mapping.name if mapping else "")
        self._community = community
        self._adapters: dict[str, Adapter] = {}

    def answer(self, given: Mapping[str, Any], where: str, number: int) -> dict[str, Any]:
        """What one message means: format, topic, encoding, payload, retain, received_at. Raises LineError where it is none."""
        name = given.get("format") or self._format
        if not name:
            raise LineError(f'{where}: "format" is missing, and no --format was given; it is one of {NAMES}')
        if name not in {*self._formats, NATIVE}:
            return {"outcome": "rejected", "events": [], "reason": f"unknown format {name!r}; there are {NAMES}"}
        topic, payload = str(given.get("topic") or ""), _payload(given, where)
        is_retained = bool(given.get("retain", False))
        if name == NATIVE:
            return _told(decode_native(topic, payload, is_retained=is_retained, arrival=str(number)))
        foreign = Foreign(
            topic=topic,
            payload=payload,
            community=community_of(topic, PREFIX) or self._community,
            network=self._formats[name].network,
            received_at=_received_at(given, where),
            arrival=str(number),
            is_retained=is_retained,
        )
        if name not in self._adapters:
            self._adapters[name] = self._formats[name].opens()
        try:
            understood = understand(self._adapters[name], foreign)
        except OF_THE_CONTENT as fault:  # as a live desk takes it
            understood = [stumbled(foreign, fault)]
        if isinstance(understood, Ignored):
            return {"outcome": "ignored", "events": [], "reason": understood.reason}
        return _told(understood)


def _payload(given: Mapping[str, Any], where: str) -> bytes:
    payload, encoding = given.get("payload", ""), given.get("encoding", "utf8")
    if isinstance(payload, dict | list):
        return json.dumps(payload, ensure_ascii=False).encode()
    if encoding not in {"utf8", "hex"} or not isinstance(payload, str):
        raise LineError(f'{where}: "payload" must be a text and "encoding" utf8 or hex')
    if encoding == "utf8":
        return payload.encode("utf-8", "surrogatepass")
    try:
        return bytes.fromhex(payload)
    except ValueError as fault:
        raise LineError(f'{where}: "payload" is no hexadecimal text: {fault}') from None


def _received_at(given: Mapping[str, Any], where: str) -> int:
    at = given.get("received_at")
    if at is None:
        return wall_now()
    try:
        return read_instant(at, "received_at")
    except ValueError as fault:
        raise LineError(f"{where}: {fault}") from None


def _told(results: Iterable[Event | Rejected]) -> dict[str, Any]:
    """One refused event makes the message rejected; what is good in it is told all the same."""
    events, reasons = [], []
    for result in results:
        if isinstance(result, Event):
            events.append(_plain(result))
        else:
            reasons.append(f"{result.reason}: {result.detail}")
    return {"outcome": "rejected" if reasons else "events", "events": events, "reason": "; ".join(reasons)}


def _plain(event: Event) -> dict[str, Any]:
    return {
        "network": event.network.value,
        "class": event.event_class.value,
        "device": event.device,
        "kind": event.kind,
        "value": event.value,
        "unit": event.unit,
        "state": event.state,
        "at": None if event.occurred_at is None else iso(event.occurred_at),
        "status": event.status.value,
        "zone": event.zone,
        "retained": event.is_retained,
        "attributes": dict(event.attributes),
    }
