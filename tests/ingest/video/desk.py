"""What a foreign video message comes to, said as short as a score."""

import json
from pathlib import Path
from typing import Any

from ingest.adapter import Adapter, Foreign, Ignored, understand
from ingest.formats import FORMATS
from rules.model import Event, Network, Rejected
from simulator.real_data import DATA

PAYLOADS = DATA.parent / "payloads"
RECEIVED_AT = 1_793_664_310_000
"""2026-11-03 08:05:10 in Beijing."""


def sent(payload: object, topic: str = "", **route: Any) -> Foreign:
    """A message as a route hands it over."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    given: dict[str, Any] = {"community": "jade", "network": Network.VIDEO, "received_at": RECEIVED_AT, "arrival": "1"} | route
    return Foreign(topic=topic, payload=body, **given)


class Desk:
    """One route of a format: it keeps what the format remembers."""

    def __init__(self, name: str) -> None:
        self._adapter: Adapter = FORMATS[name].opens()
        self._count = 0

    def told(self, body: object, topic: str = "", *, is_retained: bool = False) -> list[Event | Rejected] | Ignored:
        """What comes of it."""
        self._count += 1
        payload = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        return understand(self._adapter, sent(payload, topic, arrival=str(self._count), is_retained=is_retained))

    def heard(self, body: object, topic: str = "", *, is_retained: bool = False) -> list[Event]:
        """The events that come of it; none where it is of no concern. Nothing may be refused."""
        told = self.told(body, topic, is_retained=is_retained)
        if isinstance(told, Ignored):
            return []
        refused = [each for each in told if isinstance(each, Rejected)]
        assert not refused, refused
        return [each for each in told if isinstance(each, Event)]

    def score(self, body: object, topic: str = "") -> list[tuple[Any, ...]]:
        """Class, kind, state or value, and device of each."""
        return [score(each) for each in self.heard(body, topic)]


def score(event: Event) -> tuple[Any, ...]:
    """Class, kind, state or value, and device."""
    return event.event_class.value, event.kind, event.state if event.value is None else event.value, event.device


def sample(path: str | Path) -> bytes:
    """A recorded payload."""
    return (PAYLOADS / path).read_bytes()
