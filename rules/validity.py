"""Until when an event says that it holds: its attribute ``expires_at``, as an authority's warning brings it."""

from datetime import datetime, tzinfo
from typing import Final

from rules.model import Event
from rules.place import BY_EVENT_MAX_S

_MAX_MS: Final = round(BY_EVENT_MAX_S * 1000)


def valid_until(event: Event | None, timezone: tzinfo, now: int) -> int | None:
    """The instant, never further than 7 d away; None where the event says none that can be read."""
    until = None if event is None else instant_of(event.attributes.get("expires_at"), timezone)
    return None if until is None else min(until, now + _MAX_MS)


def instant_of(value: object, timezone: tzinfo) -> int | None:
    """ISO 8601 (without an offset: in this zone), or ms since 1970."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return round(value)
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone)
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
