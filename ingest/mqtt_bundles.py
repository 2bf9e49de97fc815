"""A burst of MQTT messages becomes bundles of decoded entries, each with the packet ids that wait for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from ingest.adapter import Ask, Ignored
from ingest.mqtt_link import Arrival
from ingest.mqtt_names import Names
from ingest.route import RouteReader
from ingest.topics import PREFIX, Lane, lane_of
from ingest.urgency import lane_for
from ingest.wire import decode
from rules.model import Event, Input, Rejected

BUNDLE_ENTRIES: Final = 500
"""Entries after which a burst of arrays is cut into several bundles; one message is never cut."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Messages that go to the desk together. ``packet_ids`` has one number for each message, 0 where none is wanted."""

    packet_ids: list[int]
    entries: list[Input]  # empty when none of it was for this lane
    lane: Lane


class Bundler:
    """Decodes for one lane's session, and remembers how it named the messages that were not acknowledged.

    An event without id, seq or time is known only by its arrival. When the broker sends a message again because a connection was
    lost, it gets the arrival that it had, so that it stays the same event.
    """

    def __init__(self, lane: Lane, token: str, topic_prefix: str = PREFIX) -> None:
        self.passed_count = 0
        self._lane = lane
        self._topic_prefix = topic_prefix
        self._names = Names(token)

    def bundles(self, arrivals: list[Arrival], generation: int, first_number: int) -> Iterator[Bundle]:
        """Decode in order. ``first_number`` counts the messages of this connection."""
        entries: list[Input] = []
        packet_ids: list[int] = []
        lane, topic_prefix, name_of = self._lane, self._topic_prefix, self._names.of
        for number, (topic, payload, packet_id, is_retained, is_repeated) in enumerate(arrivals, first_number):
            packet_ids.append(packet_id)
            if lane_of(topic, topic_prefix) is not lane:
                self.passed_count += 1
                continue
            name = name_of(packet_id, generation, number, topic, payload, is_repeated=is_repeated)
            entries += decode(topic, payload, is_retained=is_retained, prefix=topic_prefix, arrival=name)
            if len(entries) >= BUNDLE_ENTRIES:
                yield Bundle(packet_ids, entries, lane)
                entries, packet_ids = [], []
        if packet_ids:
            yield Bundle(packet_ids, entries, lane)

    def asks(self) -> Iterator[Ask]:
        """Our own contract asks nothing back."""
        return iter(())

    def remember(self, unacknowledged: Iterable[int]) -> None:
        """The connection is lost: the messages of these packet ids, in the order of receipt, will be told again."""
        self._names.remember(unacknowledged)

    def settle(self) -> None:
        """The connection stands for so long that the broker has told again what it owed."""
        self._names.settle()

    def forget(self) -> None:
        """The broker lost the session: packet ids begin anew and name other messages."""
        self._names.forget()


class RouteBundler:
    """Reads for one foreign route's session. A bundle holds what follows one another and goes to the same lane.

    An alarm goes by the critical lane, whatever else its message says; on and off go the same way, and so stay in order.
    """

    def __init__(self, reader: RouteReader, token: str) -> None:
        self.passed_count = 0
        self._reader = reader
        self._names = Names(token)

    def bundles(self, arrivals: list[Arrival], generation: int, first_number: int) -> Iterator[Bundle]:
        """Read in order. Messages that say nothing of concern are acknowledged with those beside them."""
        packet_ids: list[int] = []
        entries: list[Input] = []
        lane = Lane.BULK
        for number, (topic, payload, packet_id, is_retained, is_repeated) in enumerate(arrivals, first_number):
            name = self._names.of(packet_id, generation, number, topic, payload, is_repeated=is_repeated)
            told = self._read(topic, payload, name, is_retained=is_retained)
            urgent = lane_for(told) if told else lane
            if entries and (urgent is not lane or len(entries) >= BUNDLE_ENTRIES):
                yield Bundle(packet_ids, entries, lane)
                entries, packet_ids = [], []
            lane = urgent
            packet_ids.append(packet_id)
            entries += told
        if packet_ids:
            yield Bundle(packet_ids, entries, lane)

    def _read(self, topic: str, payload: bytes, name: str, *, is_retained: bool) -> list[Event | Rejected]:
        if not self._reader.takes(topic):
            self.passed_count += 1
            return []
        told = self._reader.read(topic, payload, arrival=name, is_retained=is_retained)
        return [] if isinstance(told, Ignored) else told

    def asks(self) -> Iterator[Ask]:
        """What the format wants to ask back, each once."""
        while self._reader.asks:
            yield self._reader.asks.popleft()

    def remember(self, unacknowledged: Iterable[int]) -> None:
        """The connection is lost: the messages of these packet ids, in the order of receipt, will be told again."""
        self._names.remember(unacknowledged)

    def settle(self) -> None:
        """The connection stands for so long that the broker has told again what it owed."""
        self._names.settle()

    def forget(self) -> None:
        """The broker lost the session: packet ids begin anew and name other messages."""
        self._names.forget()
