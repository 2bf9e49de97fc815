"""A route: by which way foreign messages come, in which format, of which community, and where their devices are.

``RouteReader`` is a route at work: it has the format's memory of this route's messages, and counts.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final, Protocol

from ingest.adapter import OF_THE_CONTENT, Adapter, Ask, Foreign, Format, Ignored, Recalling, understand
from ingest.areas import Spot
from ingest.contacts import masked_words
from ingest.pull import Pull
from ingest.refusal import EXCERPT_BYTES_MAX, Refusal, Refused, rejected
from ingest.topic_filters import lets_through
from rules.model import Event, Network, Rejected

PUSHES_PER_MINUTE_MAX: Final = 1_200
"""Requests that a route takes over HTTP where its file says nothing: ten thousand detectors send a tenth of it (ours)."""

IDLE_S: Final = 600.0
"""Silence after which a transmitter's connection is ended: some beat every minute, some every three (ours)."""
CONNECTIONS_MAX: Final = 500


ASKS_MAX: Final = 100
"""Questions back that wait for somebody who can ask; the older ones are asked again by the format (ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """How a route takes messages over HTTP. ``may_use_url_key``: for platforms that can be given an address and nothing else."""

    per_minute_max: int = PUSHES_PER_MINUTE_MAX
    may_use_url_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where a route listens for connections of its own, and how many it bears. Times in s."""

    host: str = "127.0.0.1"
    port: int
    idle_s: float = IDLE_S
    connections_max: int = CONNECTIONS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way in for one format. ``zones`` and ``names`` by a device's name as messages have it; ``zone`` is for all others.

    ``confidence``, 0 to 1, is how sure its alarms are that do not say it themselves; 1 says nothing, as in our own contract.
    ``spot``: where on Earth the community is, for warnings that name an area.
    """

    name: str
    format: Format
    community: str
    network: Network
    topics: tuple[str, ...] = ()
    push: Push | None = None
    listen: Listen | None = None
    pull: Pull | None = None
    zones: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 1.0
    spot: Spot | None = None


@dataclass(slots=True, kw_only=True)
class RouteFigures:
    """What a route counted since the start. ``last_at`` in ms, 0 while nothing came."""

    received_count: int = 0  # messages
    event_count: int = 0
    rejected_count: int = 0  # events, or whole messages
    ignored_count: int = 0  # messages that say nothing of concern
    failed_count: int = 0  # messages over which the adapter stumbled: our own fault
    last_at: int = 0


class WayFigures(Protocol):
    """A dataclass of counters, named ``…_count``."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class RouteReader:
    """Reads one route's messages, from whichever source; may be called from several threads.

    ``asks``: what the format wants to ask back; whoever can speak on the route's way takes it from here, the newest few are kept.
    """

    def __init__(self, route: Route, now: Callable[[], int]) -> None:
        self.route = route
        self.figures = RouteFigures()
        self.beside: list[WayFigures] = []  # what the ways count by which the route comes in
        self.asks: deque[Ask] = deque(maxlen=ASKS_MAX)
        self._now = now
        self._adapter: Adapter = route.format.opens()
        remembering: object = self._adapter
        self._recalling = remembering if isinstance(remembering, Recalling) else None
        self._one_at_a_time = threading.Lock()  # what a format remembers is not made for two threads

    @property
    def recalls(self) -> str:
        """How the names of the devices begin of which the format wants to know after a start; "" where it wants nothing."""
        return "" if self._recalling is None else self._recalling.recalls(self.route.name)

    def recall(self, events: Iterable[Event]) -> None:
        """Tell the format of these events, oldest first. A zone that the route gave was not the message's own."""
        given = self.route.zones
        told = [
            (each.device, "" if each.zone in {given.get(each.device, ""), self.route.zone} else each.zone, each.state or "")
            for each in events
        ]
        if self._recalling is not None:
            with self._one_at_a_time:
                self._recalling.recall(told)

    def takes(self, topic: str) -> bool:
        """Whether a topic is one of this route's; a broker's session may still bring those of an earlier configuration."""
        return any(lets_through(each, topic) for each in self.route.topics)

    def read(self, topic: str, payload: bytes, *, arrival: str, is_retained: bool = False) -> list[Event | Rejected] | Ignored:
        """What a message says. No message may stop the way in; what no content explains is raised."""
        route, figures, now = self.route, self.figures, self._now()
        foreign = Foreign(
            topic=topic,
            payload=payload,
            community=route.community,
            network=route.network,
            received_at=now,
            arrival=f"{route.name}/{arrival}",
            is_retained=is_retained,
            zones=route.zones,
            zone=route.zone,
            names=route.names,
            confidence=route.confidence,
            spot=route.spot,
            route=route.name,
        )
        figures.received_count += 1
        figures.last_at = now
        with self._one_at_a_time:
            try:
                told = understand(self._adapter, foreign, self.asks.append)
            except OF_THE_CONTENT as fault:  # told as a refusal, with the message: it can be mended and driven in again
                figures.failed_count += 1
                told = [stumbled(foreign, fault)]
        if isinstance(told, Ignored):
            figures.ignored_count += 1
            return told
        rejected_count = sum(isinstance(each, Rejected) for each in told)
        if rejected_count:
            told = _hidden(route.format, payload, told)
        figures.rejected_count += rejected_count
        figures.event_count += len(told) - rejected_count
        return told


def stumbled(foreign: Foreign, fault: Exception) -> Rejected:
    """The refusal of a message over which our adapter stumbled, by one of ``OF_THE_CONTENT``."""
    detail = f"our adapter stumbled over this message ({type(fault).__name__}: {fault}); please report it with the message"
    cause = f"{foreign.topic}\n{foreign.arrival}"
    return rejected(Refused(Refusal.ADAPTER_FAULT, detail), foreign.topic, foreign.payload, foreign.community, cause)


def _hidden(form: Format, payload: bytes, told: list[Event | Rejected]) -> list[Event | Rejected]:
    """The refusals without whom the message names. Of one that is kept masked the size is that of what can be read again."""
    if form.masks is None and not form.is_private:
        return told
    kept = b"" if form.masks is None else form.masks(payload)
    size = len(kept) or len(payload)
    return [
        replace(each, excerpt=kept[:EXCERPT_BYTES_MAX], size=size, detail=masked_words(each.detail))
        if isinstance(each, Rejected)
        else each
        for each in told
    ]
