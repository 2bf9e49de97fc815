"""The state of a place: the modes that hold there, and what is out of service there. Records, and how they are looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rules.model import Sentence

WHOLE_COMMUNITY: Final = "*"
"""How a person names the whole community where an id is asked for; in records it is the empty zone."""
STANDING: Final[Mapping[str, Sentence]] = {
    "armed": Sentence("布防", "armed"),
    "away": Sentence("外出", "away"),
    "night": Sentence("夜间", "night"),
    "drill": Sentence("演练", "drill"),
}
"""Modes that every pack may speak of without defining them; people set them."""
BY_EVENT_MAX_S: Final = 7 * 86_400.0
"""Longest time for which an event may set a mode, whatever it says of its own validity; ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMode:
    """One reason why a mode holds for a zone and all inside it. It holds while any such reason does."""

    id: str
    community: str
    zone: str  # empty: the whole community
    mode: str
    source: str  # the device whose event set it; empty where a person did
    set_by: str  # that device, or the person
    reason: str
    since_at: int
    until_at: int | None  # None: until it is changed
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """停用: a device, or a zone with all in it, that somebody has taken out of service for a time, with a reason."""

    id: str
    community: str
    zone: str  # empty where it is a device, or the whole community
    device: str  # empty where it is a zone
    owner: str
    reason: str
    from_at: int
    until_at: int
    is_life_safety: bool = False  # alarms on which a life may hang are held too
    is_running: bool = False  # it has begun
    held_count: int = 0  # alarms that it has kept quiet
    ended_at: int | None = None
    ended_by: str = ""  # empty: its time was over


def prefixes(zone: str) -> tuple[str, ...]:
    """The zone and every zone around it, the whole community first."""
    parts = zone.split("/") if zone else []
    return ("", *["/".join(parts[: count + 1]) for count in range(len(parts))])


def lies_in(zone: str, outer: str) -> bool:
    """Whether a zone is another one or lies inside it."""
    return not outer or zone == outer or zone.startswith(f"{outer}/")


class Modes:
    """The modes that hold now, by their id and by place."""

    __slots__ = ("by_id", "by_place", "error_counts")

    def __init__(self) -> None:
        self.by_id: dict[str, PlaceMode] = {}
        self.by_place: dict[tuple[str, str, str], dict[str, None]] = {}
        self.error_counts: dict[str, int] = {}  # by mode: events of which nobody could judge whether they switch it

    def put(self, mode: PlaceMode) -> None:
        """Keep a mode as it now is; one that has ended is let go."""
        place = (mode.community, mode.zone, mode.mode)
        if mode.ended_at is None:
            self.by_id[mode.id] = mode
            self.by_place.setdefault(place, {})[mode.id] = None
            return
        self.by_id.pop(mode.id, None)
        others = self.by_place.get(place, {})
        others.pop(mode.id, None)
        if not others:
            self.by_place.pop(place, None)

    def holds(self, community: str, zone: str, name: str) -> bool:
        """Whether this mode holds for this zone, by itself or by a zone around it."""
        return bool(self.by_place) and any((community, outer, name) in self.by_place for outer in prefixes(zone))


class Outages:
    """What is out of service, planned or running, by its id; and what of it runs, by community."""

    __slots__ = ("by_id", "running")

    def __init__(self) -> None:
        self.by_id: dict[str, Outage] = {}
        self.running: dict[str, dict[str, Outage]] = {}

    def put(self, outage: Outage) -> None:
        """Keep it as it now is; one that has ended is let go."""
        running = self.running.setdefault(outage.community, {})
        running.pop(outage.id, None)
        if outage.ended_at is not None:
            self.by_id.pop(outage.id, None)
        else:
            self.by_id[outage.id] = outage
            if outage.is_running:
                running[outage.id] = outage
        if not running:
            del self.running[outage.community]
