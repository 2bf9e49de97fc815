"""The MQTT broker of a drill: persistent QoS 1 sessions as in the standard, connections that break, a memory that can be lost.

It is also the first judge: an acknowledgement must name a message of this connection, come in order, and come after the journal.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ingest.mqtt_link import Arrival, Ear
from ingest.topics import PREFIX, lane_of, read_topic
from simulator.drill.hours import VirtualLoop
from simulator.drill.law import Broken, Law

IN_FLIGHT_MAX: Final = 400
"""Messages that the broker sends ahead of their acknowledgements to one session (ours; Mosquitto's default is 20)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of a device. ``ids``: the events in it; none where it is to be refused whole."""

    topic: str
    payload: bytes
    ids: tuple[str, ...]
    is_retained: bool = False


@dataclass(slots=True)
class Session:
    """What the broker keeps for one client id."""

    client_id: str
    filters: tuple[str, ...] = ()
    queue: deque[Sent] = field(default_factory=deque)
    in_flight: dict[int, Sent] = field(default_factory=dict)
    next_id: int = 1
    link: "DrillLink | None" = None


class DrillBroker:
    """``is_journaled`` says of a message that its last event, or its refusal, is on the disk."""

    def __init__(self, is_journaled: Callable[[Sent], bool]) -> None:
        self.is_up = True
        self.sessions: dict[str, Session] = {}
        self.retained: dict[str, Sent] = {}
        self.acknowledged_count = 0
        self.has_forgotten = False
        self.lost_count = 0  # by the broker's own memory: nothing that we could keep
        self.epoch = 0  # grows with each start of the broker
        self._is_journaled = is_journaled

    def publish(self, sent: Sent) -> bool:
        """Take a message from a device; False while the broker is down (the device tries again)."""
        if not self.is_up:
            return False
        if sent.is_retained:
            self.retained[sent.topic] = sent
        for session in self.sessions.values():
            if any(_matches(sent.topic, each) for each in session.filters):
                session.queue.append(Sent(sent.topic, sent.payload, sent.ids))
                self.pump(session)
        return True

    def pump(self, session: Session) -> None:
        """Send what may be sent."""
        link = session.link
        if link is None or not link.is_open or link.is_paused:
            return
        arrivals: list[Arrival] = []
        while session.queue and len(session.in_flight) < IN_FLIGHT_MAX:
            sent = session.queue.popleft()
            packet_id = session.next_id
            session.next_id = packet_id % 65_535 + 1
            session.in_flight[packet_id] = sent
            arrivals.append(Arrival(sent.topic, sent.payload, packet_id, sent.is_retained, is_repeated=False))
        if arrivals:
            link.bring(arrivals)

    def connect(self, client_id: str, link: "DrillLink") -> bool:
        """A client came. Says whether its session was there."""
        is_known = client_id in self.sessions
        session = self.sessions.setdefault(client_id, Session(client_id))
        if session.link is not None:
            session.link.cut("taken over")
        session.link = link
        return is_known

    def send_again(self, session: Session) -> None:
        """A session goes on: first all that was not acknowledged, under its old numbers."""
        if session.in_flight and session.link is not None:
            session.link.bring(
                [
                    Arrival(sent.topic, sent.payload, packet_id, sent.is_retained, is_repeated=True)
                    for packet_id, sent in session.in_flight.items()
                ]
            )
        self.pump(session)

    def acknowledge(self, session: Session, packet_ids: Sequence[int]) -> None:
        """The client has these for good."""
        for packet_id in packet_ids:
            first = next(iter(session.in_flight), None)
            if packet_id != first:
                raise Broken(Law.NO_LOSS, f"{session.client_id} acknowledged {packet_id}; the oldest sent to it is {first}")
            sent = session.in_flight.pop(packet_id)
            if sent.topic.startswith(PREFIX) and not session.client_id.endswith(f"-{lane_of(sent.topic)}"):
                continue  # what another lane reads as well, and alone answers for
            self.acknowledged_count += 1
            if not self._is_journaled(sent):
                raise Broken(Law.NO_LOSS, f"acknowledged and not journaled: {sent.topic} {sent.payload[:120]!r}")
        self.pump(session)

    def go_down(self, *, forgets: bool) -> None:
        """The broker ends; with its memory where that is in no file."""
        self.is_up = False
        self.epoch += 1
        for session in self.sessions.values():
            if session.link is not None:
                session.link.cut("the broker ended")
        if forgets:
            self.has_forgotten = True
            self.lost_count += sum(len(each.queue) + len(each.in_flight) for each in self.sessions.values())
            self.sessions.clear()
            self.retained.clear()

    def drop_links(self) -> None:
        """All connections break."""
        for session in self.sessions.values():
            if session.link is not None:
                session.link.cut("the network broke")

    @property
    def waiting_count(self) -> int:
        """Messages that nobody has acknowledged yet."""
        return sum(len(each.queue) + len(each.in_flight) for each in self.sessions.values())


class DrillLink:
    """One connection of one lane (ingest.mqtt_link.Link)."""

    tick_s = None  # no keepalive is needed where nobody waits

    def __init__(self, broker: DrillBroker, loop: VirtualLoop, client_id: str, ear: Ear) -> None:
        self.is_open = False
        self.is_paused = False
        self._broker, self._loop, self._client_id, self._ear = broker, loop, client_id, ear
        self._session: Session | None = None

    async def open(self) -> None:
        """See Link."""
        if not self._broker.is_up:
            raise OSError("no broker (a drill)")
        has_session = self._broker.connect(self._client_id, self)
        self._session = self._broker.sessions[self._client_id]
        self.is_open = True
        self._later(self._greet, has_session)

    def _greet(self, has_session: bool) -> None:
        self._ear.connected(has_session=has_session)
        if has_session and self._session is not None:
            self._broker.send_again(self._session)

    def subscribe(self, filters: Sequence[str], *, with_retained: bool) -> None:  # noqa: ARG002 - this broker always sends them
        """See Link."""
        if self._session is None:
            return
        self._session.filters = tuple(filters)
        self._later(self._ear.subscribed, [])
        kept = [sent for topic, sent in self._broker.retained.items() if any(_matches(topic, each) for each in filters)]
        self._session.queue.extend(kept)
        self._later(self._broker.pump, self._session)

    def watch(self, topic: str) -> None:
        """See Link: this broker throws nothing away, and says nothing of it."""

    def ask(self, topic: str, payload: bytes) -> None:
        """See Link: nobody here is asked anything."""

    def bring(self, arrivals: list[Arrival]) -> None:
        """The network is through with these."""
        self._later(self._ear.arrived, arrivals)

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """See Link."""
        if self.is_open and self._session is not None:
            self._broker.acknowledge(self._session, packet_ids)

    def pause(self) -> None:
        """See Link."""
        self.is_paused = True

    def resume(self) -> None:
        """See Link."""
        self.is_paused = False
        if self._session is not None:
            self._later(self._broker.pump, self._session)

    def tick(self) -> None:
        """See Link: never called."""

    async def close(self) -> None:
        """See Link."""
        self.drop()

    def drop(self) -> None:
        """See Link."""
        self.is_open = False
        if self._session is not None and self._session.link is self:
            self._session.link = None

    def cut(self, why: str) -> None:
        """The other side, or the network, ended it."""
        if self.is_open:
            self.drop()
            if not self._loop.is_closed():
                self._loop.call_soon(self._ear.closed, 0, why)

    def _later(self, callback: Callable[..., object], *arguments: object) -> None:
        self._loop.call_soon(lambda: callback(*arguments) if self.is_open else None)


@lru_cache(maxsize=4096)
def _matches(topic: str, wanted: str) -> bool:
    """Whether a filter of ours ({prefix}/+/+/{class}/+, or {prefix}/#) means this topic."""
    parts, words = topic.split("/"), wanted.split("/")
    if words[-1] == "#":
        words = words[:-1]
        parts = parts[: len(words)]
    return len(parts) == len(words) and all(word in ("+", part) for part, word in zip(parts, words, strict=True))


def lane_word(topic: str) -> str:
    """The class that a topic names, or nothing."""
    place = read_topic(topic, PREFIX)
    return str(getattr(place, "event_class", ""))
