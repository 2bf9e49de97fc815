"""The lane in which entries that came together are handed in: that of the most urgent among them."""

from collections.abc import Iterable
from typing import Final

from ingest.topics import LANES, Lane
from rules.model import Event, Input

_BY_URGENCY: Final = (Lane.CRITICAL, Lane.NORMAL, Lane.BULK)


def lane_for(entries: Iterable[Input]) -> Lane:
    """Critical where one is an alarm, on or off; what was refused is looked at like a state."""
    lanes = {LANES[entry.event_class] for entry in entries if isinstance(entry, Event)}
    return next((lane for lane in _BY_URGENCY if lane in lanes), Lane.NORMAL)
