"""How a push of a cloud platform is understood, as one line for each thing that it says."""

import json
from typing import Any

from ingest.adapter import Foreign, Ignored, understand
from ingest.formats import FORMATS
from rules.model import Event, Network, Rejected

AT = 1_606_982_320_277


def told(name: str, body: object, topic: str = "") -> list[Event | Rejected] | Ignored:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    foreign = Foreign(topic=topic, payload=payload, community="jade", network=Network.IOT, received_at=0, arrival="1")
    return understand(FORMATS[name].opens(), foreign)


def events(name: str, body: object, topic: str = "") -> list[Event]:
    answer = told(name, body, topic)
    return [] if isinstance(answer, Ignored) else [each for each in answer if isinstance(each, Event)]


def said(name: str, body: object, topic: str = "") -> list[tuple[Any, ...]]:
    """Kind, value or state, device."""
    return [(each.kind, each.state if each.value is None else each.value, each.device) for each in events(name, body, topic)]


def reasons(name: str, body: object, topic: str = "") -> list[str]:
    answer = told(name, body, topic)
    return ["ignored"] if isinstance(answer, Ignored) else [each.reason for each in answer if isinstance(each, Rejected)]
