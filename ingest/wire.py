"""Our own event contract, topic + JSON, in both directions; pure. This is where bytes become Events or Rejected."""

from ingest.topics import LANES, PREFIX, Lane
from rules.model import Event, Rejected

__all__ = ["LANES", "PREFIX", "Lane", "decode", "encode"]


def decode(
    topic: str, payload: bytes, *, is_retained: bool = False, prefix: str = PREFIX, arrival: str = ""
) -> list[Event | Rejected]:
    """Read one message: one result for an object, one per element for an array; never empty, never raises.

    ``arrival`` should differ for every delivery (say session token and a counter): it tells two equal messages apart that
    bring neither ``id`` nor ``seq`` nor ``at``. Two plain "smoke on" a day apart must not look like one.
    """
    raise NotImplementedError


def encode(event: Event, prefix: str = PREFIX) -> tuple[str, bytes]:
    """Write one event as topic and payload: what ``decode`` reads back as the same event."""
    raise NotImplementedError
