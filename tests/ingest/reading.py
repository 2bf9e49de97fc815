"""What a format makes of messages, as a table of a test reads it."""

import json
from pathlib import Path
from typing import Any

from ingest.adapter import Adapter, Foreign, Ignored, understand
from ingest.formats import FORMATS
from rules.model import Event, Rejected

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RECEIVED_AT = 1_772_445_600_000  # 2026-03-02T10:00:00Z


class Reader:
    """One route of a format: it hears messages in turn, and remembers what the format remembers."""

    def __init__(self, name: str) -> None:
        self.format = FORMATS[name]
        self.adapter: Adapter = self.format.opens()
        self.count = 0

    def told(self, payload: object, topic: str = "", received_at: int = RECEIVED_AT) -> list[Event | Rejected] | Ignored:
        if isinstance(payload, str):
            payload = payload.encode()
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        self.count += 1
        foreign = Foreign(
            topic=topic,
            payload=body,
            community="jade",
            network=self.format.network,
            received_at=received_at,
            arrival=str(self.count),
        )
        return understand(self.adapter, foreign)

    def events(self, payload: object, topic: str = "", received_at: int = RECEIVED_AT) -> list[Event]:
        """Every event; a refusal among them fails the test, and says why."""
        told = self.told(payload, topic, received_at)
        told = [] if isinstance(told, Ignored) else told
        assert not [each.detail for each in told if isinstance(each, Rejected)]
        return [each for each in told if isinstance(each, Event)]

    def one(self, payload: object, topic: str = "", received_at: int = RECEIVED_AT) -> Event:
        (event,) = self.events(payload, topic, received_at)
        return event

    def refusal(self, payload: object, topic: str = "") -> str:
        """The one reason for which it is refused."""
        told = self.told(payload, topic)
        assert not isinstance(told, Ignored), told
        (refused,) = told
        assert isinstance(refused, Rejected), refused
        return f"{refused.reason}: {refused.detail}"

    def ignored(self, payload: object, topic: str = "") -> str:
        """Why it is of no concern."""
        told = self.told(payload, topic)
        assert isinstance(told, Ignored), told
        return told.reason


def score(event: Event) -> tuple[Any, ...]:
    """Class, kind, value or state, and device: what a line of a table compares."""
    return (event.event_class.value, event.kind, event.state if event.value is None else event.value, event.device)
