"""The narrow port between a lane session and the MQTT client that reads for it: one link is one connection.

Everything above it (window, back-pressure, reconnecting, decoding) knows only these names, so that a leaner reader can take
paho's place by one new file.
"""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import NamedTuple, Protocol, Self


class Arrival(NamedTuple):
    """One message as it came. ``packet_id`` is 0 when it wants no acknowledgement (QoS 0)."""

    topic: str
    payload: bytes
    packet_id: int
    is_retained: bool
    is_repeated: bool  # the broker says that it sent this once before (DUP)


class Ear(Protocol):
    """Who listens to a link. All are called in the event loop; an exception of theirs comes back by ``broke``."""

    def connected(self, *, has_session: bool) -> None:
        """The broker took us; ``has_session`` is its "session present"."""
        ...

    def refused(self, code: int, text: str) -> None:
        """The broker did not take us (an MQTT 5 reason code, also with 3.1.1). ``closed`` follows."""
        ...

    def subscribed(self, refused: Sequence[str]) -> None:
        """The broker answered the subscription; ``refused`` are the filters that it does not let us read."""
        ...

    def arrived(self, arrivals: list[Arrival]) -> None:
        """What one burst of reading brought, in order."""
        ...

    def closed(self, code: int, text: str) -> None:
        """The connection is over, for whatever reason. Called once, and nothing follows."""
        ...

    def broke(self, error: Exception) -> None:
        """Something failed that must not fail: the process has to end."""
        ...


class Link(Protocol):
    """One connection to the broker, from CONNECT to its end. All methods are called in the event loop."""

    @property
    def tick_s(self) -> float | None:
        """How often ``tick`` is to be called, in seconds; None: never."""
        ...

    async def open(self) -> None:
        """Connect and send CONNECT; ``connected`` or ``refused`` follows. Raises OSError when nobody can be reached."""
        ...

    def subscribe(self, filters: Sequence[str], *, with_retained: bool) -> None:
        """Ask for these filters with QoS 1, and for what is retained on them or not; ``subscribed`` follows."""
        ...

    def watch(self, topic: str) -> None:
        """Ask for one topic with QoS 0, its retained value too. Whether the broker grants it is not reported."""
        ...

    def ask(self, topic: str, payload: bytes) -> None:
        """Publish a question with QoS 0: what is lost is asked again by whoever needs the answer. Does nothing after the end."""
        ...

    def acknowledge(self, packet_ids: Sequence[int]) -> None:
        """Send these acknowledgements, in this order. Does nothing after the end."""
        ...

    def pause(self) -> None:
        """Take nothing more from the socket. The connection stays alive."""
        ...

    def resume(self) -> None:
        """Read on."""
        ...

    def tick(self) -> None:
        """Look after keepalive; to be called every ``tick_s`` seconds."""
        ...

    async def close(self) -> None:
        """Say good-bye, and wait a moment until the broker has read all that we sent. ``closed`` is not called for it."""
        ...

    def drop(self) -> None:
        """End at once and without a word. ``closed`` is not called for it."""
        ...


class Loudly:
    """A block whose exception goes to ``broke``: asyncio would log it and go on, and the reading would have stopped silently."""

    def __init__(self, broke: Callable[[Exception], None]) -> None:
        self._broke = broke

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False
        self._broke(error)
        return True
