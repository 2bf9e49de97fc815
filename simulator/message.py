"""One MQTT message of a simulated stream, and when it is due."""

from typing import NamedTuple


class Message(NamedTuple):
    """One message and the moment at which it is due, in ms after the start."""

    offset_ms: int
    topic: str
    payload: bytes
