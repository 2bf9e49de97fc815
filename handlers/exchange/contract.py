"""The contract of the data exchange (数联网), version 1: what a partner is told of an incident, and nothing more.

No sentence, no title, no device, no person: who acknowledged, reported or was sent stays here, and free text may hold a name or a
telephone number (minimum personal data: 个人信息保护法 6). How exact a place is told follows the purpose of the partner.
A version never changes; what is added later is a version 2 beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from rules.model import Level, Status, Verdict

CONTRACT: Final = "shouwang.exchange/1"
SILENT_MAX_S: Final = 10_800
"""Three hours: how long a partner may neither fetch nor confirm before the desk is told, where nothing is set (ours)."""


class Purpose(StrEnum):
    """For what a partner gets the data; it decides how exact a place is told."""

    STATISTICS = "statistics"  # no place at all
    OVERSIGHT = "oversight"  # the building
    RESCUE = "rescue"  # the whole place, down to the flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Who may fetch what. Of communities and hazards that are not listed nothing is told, not even that there is something."""

    name: str
    communities: tuple[str, ...]
    hazards: tuple[str, ...]
    purpose: Purpose
    silent_max_s: int = SILENT_MAX_S


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedIncident:
    """One incident as it is told. Instants in ms since 1970-01-01T00:00:00Z. The fields are in the order of the columns."""

    id: str
    revision: int  # grows with every change: of the same id the larger one is the newer
    community: str
    hazard: str
    level: Level
    status: Status  # actual, exercise or test: only the first is a real one
    state: str
    verdict: Verdict
    has_happened: bool  # false: an early warning alone
    zone: str  # as exact as the purpose lets it be
    merged_into: str  # the id of the incident that took this one in; empty otherwise
    opened_at: int
    changed_at: int
    closed_at: int | None


COLUMNS: Final = tuple(field.name for field in fields(SharedIncident))


def shared(doc: Mapping[str, Any], revision: int, purpose: Purpose) -> SharedIncident:
    """What a partner with this purpose is told of an incident, given as its canonical record."""
    return SharedIncident(
        id=doc["id"],
        revision=revision,
        community=doc["community"],
        hazard=doc["hazard"],
        level=Level(doc["level"]),
        status=Status(doc["status"]),
        state=doc["state"],
        verdict=Verdict(doc["verdict"]),
        has_happened=bool(doc["alarm_ids"]),
        zone=told_zone(doc["zone"], purpose),
        merged_into=doc["merged_into"],
        opened_at=doc["opened_at"],
        changed_at=doc["changed_at"],
        closed_at=doc["closed_at"],
    )


def told_zone(zone: str, purpose: Purpose) -> str:
    """The place as exact as this purpose needs it: ``b03/u1/0502``, ``b03`` or nothing."""
    match purpose:
        case Purpose.STATISTICS:
            return ""
        case Purpose.OVERSIGHT:
            return zone.partition("/")[0]
        case Purpose.RESCUE:
            return zone
