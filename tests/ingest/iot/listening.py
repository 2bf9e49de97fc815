"""What a test hears of a foreign format: its events, and each in short."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.adapter import Foreign, Ignored, Said, understand
from ingest.formats import FORMATS
from rules.model import Event, Network, Rejected

RECEIVED_AT = 1_793_664_310_000
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "payloads"


def foreign(topic: str, body: object, *, is_retained: bool = False, zones: Mapping[str, str] | None = None) -> Foreign:
    payload = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Foreign(
        topic=topic,
        payload=payload,
        community="jade",
        network=Network.IOT,
        received_at=RECEIVED_AT,
        arrival="1",
        is_retained=is_retained,
        zones=zones or {},
    )


def told(name: str, topic: str, body: object, *, is_retained: bool = False) -> list[Event | Rejected] | Ignored:
    return understand(FORMATS[name].opens(), foreign(topic, body, is_retained=is_retained))


def heard(name: str, topic: str, body: object, *, is_retained: bool = False) -> list[Event]:
    """The events; that none is refused is held here."""
    all_told = told(name, topic, body, is_retained=is_retained)
    if isinstance(all_told, Ignored):
        return []
    assert not [each for each in all_told if isinstance(each, Rejected)]
    return [each for each in all_told if isinstance(each, Event)]


def short(each: Event | Said) -> tuple[Any, ...]:
    """Class, kind, device, state or value; then the status where it is not actual, and "past" where it is one."""
    status = () if each.status.value == "actual" else (each.status.value,)
    past = ("past",) if (each.is_past if isinstance(each, Said) else each.is_retained) else ()
    return (each.event_class.value, each.kind, each.device, each.state if each.value is None else each.value, *status, *past)
