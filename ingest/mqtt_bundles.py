"""A burst of MQTT messages becomes bundles of decoded entries, each with the packet ids that wait for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.mqtt_link import Arrival
from ingest.topics import PREFIX, Lane, lane_of
from ingest.wire import decode
from rules.model import Input

BUNDLE_ENTRIES: Final = 500
"""Entries after which a burst of arrays is cut into several bundles; one message is never cut."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Messages that go to the desk together. ``packet_ids`` has one number for each message, 0 where none is wanted."""

    packet_ids: list[int]
    entries: list[Input]  # empty when none of it was for this lane


class Bundler:
    """Decodes for one lane's session, and remembers how it named the messages that were not acknowledged.

    An event without id, seq or time is known only by its arrival. When the broker sends a message again because a connection was
    lost, it gets the arrival that it had, so that it stays the same event.
    """

    def __init__(self, lane: Lane, token: str, topic_prefix: str = PREFIX) -> None:
        self.passed_count = 0
        self._lane = lane
        self._token = token
        self._topic_prefix = topic_prefix
        self._repeats: dict[int, str] = {}  # packet id → the arrival that was told before

    def bundles(self, arrivals: list[Arrival], generation: int, first_number: int) -> Iterator[Bundle]:
        """Decode in order. ``first_number`` counts the messages of this connection."""
        entries: list[Input] = []
        packet_ids: list[int] = []
        lane, topic_prefix, name = self._lane, self._topic_prefix, f"{self._token}/{generation}/"
        for number, (topic, payload, packet_id, is_retained, is_repeated) in enumerate(arrivals, first_number):
            packet_ids.append(packet_id)
            if lane_of(topic, topic_prefix) is not lane:
                self.passed_count += 1
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
