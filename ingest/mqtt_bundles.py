"""A burst of MQTT messages becomes bundles of decoded entries, each with the packet ids that wait for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.mqtt_link import Arrival
from ingest.topics import PREFIX
from ingest.wire import decode
from rules.model import Input

BUNDLE_ENTRIES: Final = 500
"""Entries after which a burst of arrays is cut into several bundles; one message is never cut."""
OUTWARD: Final = "/out/"
"""What the service publishes itself, ``{prefix}/{community}/out/alarm/{id}``, has the form of our filters and comes back."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Messages that go to the desk together. ``packet_ids`` has one number for each message, 0 where none is wanted."""

    packet_ids: list[int]
    entries: list[Input]  # empty when all of it was our own


class Bundler:
    """Decodes for one session, and remembers how it named the messages that were not acknowledged.

    An event without id, seq or time is known only by its arrival. When the broker sends a message again because a connection was
    lost, it gets the arrival that it had, so that it stays the same event.
    """

    def __init__(self, token: str, topic_prefix: str = PREFIX) -> None:
        self.own_count = 0
        self._token = token
        self._topic_prefix = topic_prefix
        self._outward_level = topic_prefix.count("/") + 2
        self._repeats: dict[int, str] = {}  # packet id → the arrival that was told before

    def bundles(self, arrivals: list[Arrival], generation: int, first_number: int) -> Iterator[Bundle]:
        """Decode in order. ``first_number`` counts the messages of this connection."""
        entries: list[Input] = []
        packet_ids: list[int] = []
        topic_prefix, name = self._topic_prefix, f"{self._token}/{generation}/"
        for number, (topic, payload, packet_id, is_retained, is_repeated) in enumerate(arrivals, first_number):
            packet_ids.append(packet_id)
            if OUTWARD in topic and self._is_ours(topic):
                self.own_count += 1
                continue
            told = self._repeats.pop(packet_id, "") if is_repeated else ""
            entries += decode(topic, payload, is_retained=is_retained, prefix=topic_prefix, arrival=told or f"{name}{number}")
            if len(entries) >= BUNDLE_ENTRIES:
                yield Bundle(packet_ids, entries)
                entries, packet_ids = [], []
        if packet_ids:
            yield Bundle(packet_ids, entries)

    def remember(self, unacknowledged: Mapping[int, int], generation: int) -> None:
        """The connection is lost: these numbers of messages, by packet id, will be told again."""
        self._repeats |= {packet_id: f"{self._token}/{generation}/{number}" for packet_id, number in unacknowledged.items()}

    def forget(self) -> None:
        """The broker lost the session: packet ids begin anew and name other messages."""
        self._repeats.clear()

    def _is_ours(self, topic: str) -> bool:
        return topic.split("/", self._outward_level + 1)[self._outward_level : self._outward_level + 1] == [OUTWARD.strip("/")]
