"""关爱名单 by reference: that somebody at a place needs care, whom to ask, and under which number; never who it is.

A reference is looked up for one purpose only (个人信息保护法 6: a purpose, and what is needed for it): ``evacuation`` where a
building must be left, ``care`` where a person called, fell silent, or lives on electric current. A case of any other hazard opens
no reference.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SHOWN_MAX: Final = 100
"""References that one look gives: more cannot be asked for in time, and that there are more is said; ours."""


class Purpose(StrEnum):
    """What a reference may be used for."""

    EVACUATION = "evacuation"  # 疏散
    CARE = "care"  # 关爱


PURPOSES: Final = {
    "fire": Purpose.EVACUATION,
    "gas": Purpose.EVACUATION,
    "carbon_monoxide": Purpose.EVACUATION,
    "flood": Purpose.EVACUATION,
    "sos": Purpose.CARE,
    "elder": Purpose.CARE,
    "power_lost": Purpose.CARE,
}
"""Purpose by the hazard of a case; ours. Without power, oxygen and beds at home stop."""
_OF_THE_BUILDING: Final = frozenset({"fire", "gas", "carbon_monoxide", "flood", "power_lost"})
"""Hazards that reach beyond the flat in which they began."""


class CareUnreadable(Exception):  # noqa: N818 - a state of the disk, not a mistake
    """There is a list, and it cannot be read now; the text says why. A case is shown all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CareReference:
    """One entry: ``reference`` is the holder's own number, ``holder`` an organisation; valid until this instant [ms]."""

    community: str
    reference: str
    zone: str
    purpose: Purpose
    holder: str
    valid_until_at: int


def opened_by(
    references: Iterable[CareReference], *, community: str, hazard: str, zone: str, now: int
) -> tuple[CareReference, ...]:
    """The references that a case of this hazard at this place opens now, the nearest first; none where its place is not known."""
    purpose = PURPOSES.get(hazard)
    if purpose is None or not zone:
        return ()
    reach = zone.split("/", 1)[0] if hazard in _OF_THE_BUILDING else zone
    found = [
        each
        for each in references
        if each.community == community
        and each.purpose is purpose
        and each.valid_until_at > now
        and (_is_within(each.zone, reach) or _is_within(zone, each.zone))
    ]
    return tuple(sorted(found, key=lambda each: (not _is_within(each.zone, zone), each.zone, each.reference)))


def _is_within(zone: str, other: str) -> bool:
    return zone == other or zone.startswith(other + "/")
