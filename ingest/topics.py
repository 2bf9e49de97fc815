"""Topics of the event contract: their parts, and the lane that the class decides."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rules.model import EventClass

PREFIX: Final = "shouwang/v1"


class Lane(StrEnum):
    """One of three queues, so that 4,000 meter readings never stand in front of a fire."""

    CRITICAL = "critical"
    NORMAL = "normal"
    BULK = "bulk"


LANES: Final = MappingProxyType(
    {
        EventClass.ALARM: Lane.CRITICAL,
        EventClass.STATE: Lane.NORMAL,
        EventClass.READING: Lane.BULK,
        EventClass.HEARTBEAT: Lane.BULK,
    }
)
"""The lane of each class. MQTT filters of a lane: ``{prefix}/+/+/{class}/+`` for each of its classes."""
