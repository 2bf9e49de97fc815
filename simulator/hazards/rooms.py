"""Rooms side by side: what a room holds (smoke, carbon monoxide, gas, warmth) flows through doors and gaps into the next."""

from dataclasses import dataclass, field
from math import sqrt
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

_DISCHARGE: Final = 0.6  # of a sharp-edged opening
_GRAVITY: Final = 9.81
_AMBIENT_K: Final = 293.0
_STILL: Final = 0.0015  # relative difference of density that is always there: half a degree (ours)
_WALL_KW_PER_M2_K: Final = 0.03  # as for the room that burns
_AIR_KJ_PER_M3_K: Final = 1.2


class Room(BaseModel):
    """A place that is joined to the one where it begins, or to another of these rooms (``from``), by an opening.

    A shut flat door leaks through about 0.01 to 0.02 m² (EN 12101-6, table A.3), one that stands open is 1.6 to 2 m².
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)

    zone: Annotated[str, Field(min_length=1)]
    volume_m3: Annotated[float, Field(ge=5, le=50_000)] = 60.0
    opening_m2: Annotated[float, Field(gt=0, le=20)] = 0.02
    opening_height_m: Annotated[float, Field(gt=0, le=10)] = 2.0
    joins: Annotated[str, Field(alias="from")] = ""
    air_changes_per_h: Annotated[float, Field(ge=0, le=100)] = 0.5


@dataclass(slots=True)
class Air:
    """The air of one room: each share is an amount per m³, ``rise`` the warmth over the surroundings in K."""

    volume_m3: float
    shares: dict[str, float] = field(default_factory=dict)
    rise: float = 0.0


def exchange_m3_per_s(opening_m2: float, height_m: float, lightness: float) -> float:
    """What flows each way through an opening between two airs: (Cd/3)·A·√(g·H·Δρ/ρ), Brown and Solvason 1962.

    ``lightness`` is their relative difference of density: ΔT/T for warmth, 0.45 times the share of methane for gas.
    """
    return _DISCHARGE / 3 * opening_m2 * sqrt(_GRAVITY * height_m * max(lightness, _STILL))


def flow(first: Air, second: Air, room: Room, lightness: float, step_s: float) -> None:
    """Let one step of exchange happen between two airs: what one gains the other loses."""
    moved_m3 = exchange_m3_per_s(room.opening_m2, room.opening_height_m, lightness) * step_s
    moved_m3 = min(moved_m3, 0.4 * min(first.volume_m3, second.volume_m3))  # never more than mixes them
    for name in first.shares:
        passed = moved_m3 * (first.shares[name] - second.shares.get(name, 0.0))
        first.shares[name] -= passed / first.volume_m3
        second.shares[name] = second.shares.get(name, 0.0) + passed / second.volume_m3
    second.rise += moved_m3 * (first.rise - second.rise) / second.volume_m3


def fade(air: Air, air_changes_per_h: float, step_s: float) -> None:
    """One step of fresh air, and of warmth given to the walls of a cube of this volume."""
    kept = 1 - min(1.0, air_changes_per_h / 3600 * step_s)
    for name in air.shares:
        air.shares[name] *= kept
    wall_m2 = 6 * air.volume_m3 ** (2 / 3)
    air.rise *= max(0.0, kept - _WALL_KW_PER_M2_K * wall_m2 / (_AIR_KJ_PER_M3_K * air.volume_m3) * step_s)


def lightness_of(warmer_k: float, cooler_k: float) -> float:
    """The relative difference of density of two airs by their warmth over 20 °C."""
    return abs(warmer_k - cooler_k) / (_AMBIENT_K + (warmer_k + cooler_k) / 2)
