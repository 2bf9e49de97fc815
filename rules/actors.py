"""Who or what was seen: updates about one thing are one observation, and one person past four cameras is one happening.

Two attributes of an event tell it. ``track`` is the number of a thing as one camera follows it (Frigate's ``after.id``, ONVIF's
ObjectId): it means nothing to another camera. ``actor`` is the same for all cameras, where a system recognises people or vehicles
from one to the next. A rule with ``watch: actor`` watches each of those by itself, wherever it goes, and two of them are two
happenings; who is not told apart is watched by the zone and gathered by the place, as one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rules.model import Event
from rules.signals import state_of

TRACK: Final = "track"
ACTOR: Final = "actor"
MARK: Final = "@"
"""How the key of an actor begins: no zone and no device may."""
NOTHING_MET: Final[Mapping[str, None]] = MappingProxyType({})
"""Shared by all watches that have met nothing, which are nearly all."""
TRACKS_MAX: Final = 32
"""Things that one watch remembers to have met; past this the one met first is forgotten. Ours."""


def actor_of(event: Event) -> str:
    """The key of who or what was seen; empty where the event does not tell it from others."""
    actor = event.attributes.get(ACTOR)
    return f"{MARK}{actor}" if isinstance(actor, str) and actor else ""


def is_actor(place: str) -> bool:
    """Whether this is the key of an actor, and no place."""
    return place.startswith(MARK)


def meet(met: Mapping[str, None], event: Event) -> tuple[Mapping[str, None], bool]:
    """Who was met by now, and whether this report is only an update about one of them."""
    track = event.attributes.get(TRACK)
    if not isinstance(track, str | float | int) or isinstance(track, bool) or state_of(event) == "off":
        return met, False
    name = f"{event.device}/{track}"
    if name in met:
        return met, True
    return dict.fromkeys([*met, name][-TRACKS_MAX:]), False
