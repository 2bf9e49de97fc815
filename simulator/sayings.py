"""One thing that a device says, before it is written down as a message."""

from collections.abc import Mapping
from typing import NamedTuple

from rules.model import NOTHING, Attribute, EventClass, Status
from simulator.devices import Device


class Saying(NamedTuple):
    """When, who, and what. ``at_s`` counts from the start of the scenario."""

    at_s: float
    device: Device
    event_class: EventClass
    kind: str
    value: float | None = None
    state: str | None = None
    unit: str = ""
    confidence: float = 1.0
    attributes: Mapping[str, Attribute] = NOTHING
    status: Status = Status.ACTUAL
