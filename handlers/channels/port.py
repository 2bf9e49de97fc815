"""What a way out is to the outbox: it gets one owed delivery and says how the try went; never raises for the world's faults."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Result(StrEnum):
    """How one try ended."""

    DELIVERED = "delivered"
    RETRY = "retry"  # the other side may take it later
    REFUSED = "refused"  # the other side will never take it
    SKIPPED = "skipped"  # nobody there to take it: no address is configured


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one try ended, in words for the console. ``retry_after_s``: the other side's own wish, when it named one."""

    result: Result
    detail: str = ""
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One delivery that is owed. ``key`` is the idempotency key: the same again after a crash between send and record."""

    key: str
    channel: str
    target: str  # an MQTT topic, the name of a hook, or the id of a party or responder
    community: str
    incident_id: str
    payload: bytes
    is_retained: bool
    is_critical: bool
    revision: int
    attempt: int  # 1 for the first try
    created_at: int
    is_degraded: bool = False  # sent past the store, because the store was down


class Channel(Protocol):
    """One way out. ``deliver`` may be called concurrently, and may be cancelled at any await when its time is up."""

    @property
    def name(self) -> str:
        """As in ``Owed.channel``."""

    async def deliver(self, owed: Owed) -> Outcome:
        """Try once. May take long; the outbox bounds it."""


@runtime_checkable
class Connected(Protocol):
    """A way out with a standing connection, whose other side may come back without the states that it kept."""

    @property
    def connection_count(self) -> int:
        """How many connections there were up to now; it only grows."""
