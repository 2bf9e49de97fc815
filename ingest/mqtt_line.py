"""What one MQTT session reads: a lane of our own contract, or a foreign route."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol

from ingest.adapter import Ask
from ingest.mqtt_bundles import Bundle, Bundler, RouteBundler
from ingest.mqtt_link import Arrival
from ingest.mqtt_settings import MqttSettings
from ingest.route import RouteReader
from ingest.topics import Lane

UNBOUNDED: Final = 1 << 62
ROUTE_MESSAGES_MAX: Final = 200
"""Messages of a route that are held unacknowledged: so many are journaled and decided in a few hundredths of a second (ours)."""
ROUTE_ENTRIES_MAX: Final = 1_000
"""Entries of a route that the desk is given at a time, a twentieth of what its critical lane holds (ours): whatever an integrator
sends, our own alarms find room."""
ROUTE_BURST_MAX: Final = 50


class Bundles(Protocol):
    """Decodes bursts, and remembers how it named what was not acknowledged (ingest.mqtt_bundles)."""

    passed_count: int

    def bundles(self, arrivals: list[Arrival], generation: int, first_number: int) -> Iterator[Bundle]:
        """Decode in order. ``first_number`` counts the messages of this connection."""
        ...

    def asks(self) -> Iterator[Ask]:
        """What is to be asked back on the connection, each once."""
        ...

    def remember(self, unacknowledged: Iterable[int]) -> None:
        """The connection is lost: the messages of these packet ids, in the order of receipt, will be told again."""
        ...

    def settle(self) -> None:
        """The connection stands for so long that the broker has told again what it owed."""
        ...

    def forget(self) -> None:
        """The broker lost the session: packet ids begin anew and name other messages."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One session's subject. ``watched``: a topic of the broker's own counts, "" for none. ``wants_retained``: also what stood
    before we came. ``entries_max``: how many entries the desk is given at a time."""

    name: str
    client_id: str
    filters: tuple[str, ...]
    bundler: Bundles
    watched: str = ""
    wants_retained: bool = False
    entries_max: int = UNBOUNDED


def lane_line(lane: Lane, settings: MqttSettings, token: str) -> Line:
    """A lane of our own contract. The critical one, which is the last to be paused, watches the broker's count of losses."""
    return Line(
        name=lane,
        client_id=settings.lane_client_id(lane),
        filters=tuple(settings.filters(lane)),
        bundler=Bundler(lane, token, settings.topic_prefix),
        watched=settings.dropped_topic if lane is Lane.CRITICAL else "",
    )


def route_line(reader: RouteReader, settings: MqttSettings, token: str) -> Line:
    """A foreign route. What is retained is wanted: it is a copy of the past, and for some formats the register of devices."""
    name = f"route-{reader.route.name}"
    return Line(
        name=name,
        client_id=f"{settings.client_id}-{name}",
        filters=reader.route.topics,
        bundler=RouteBundler(reader, token),
        wants_retained=True,
        entries_max=ROUTE_ENTRIES_MAX,
    )


def route_settings(settings: MqttSettings) -> MqttSettings:
    """The same broker with a narrower window."""
    return replace(
        settings,
        unacknowledged_max=min(settings.unacknowledged_max, ROUTE_MESSAGES_MAX),
        burst_max=min(settings.burst_max, ROUTE_BURST_MAX),
    )
