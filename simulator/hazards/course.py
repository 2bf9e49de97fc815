"""The course of a hazard: what it adds to readings, what devices call out, and whose daily life it stops."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.model import NOTHING, Attribute, EventClass

Seconds = Annotated[float, Field(ge=0, le=1_000_000)]
"""Seconds after the start of the scenario (``…_s`` fields of hazards: after the start of the hazard)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """What a hazard adds to all readings of a kind at a place, sampled every ``step_s`` and interpolated between."""

    zone: str
    kind: str
    from_s: float
    step_s: float
    amounts: tuple[float, ...]

    @property
    def to_s(self) -> float:
        """When its last sample is over."""
        return self.from_s + self.step_s * (len(self.amounts) - 1)

    def at(self, second: float) -> float:
        """The amount at this second; nothing before and after."""
        place = (second - self.from_s) / self.step_s
        index = int(place)
        if place < 0 or index >= len(self.amounts) - 1:
            return 0.0
        share = place - index
        return self.amounts[index] * (1 - share) + self.amounts[index + 1] * share


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something a device of this sort at this place reports by itself."""

    at_s: float
    zone: str
    sort: str
    event_class: EventClass
    kind: str
    state: str
    confidence: float = 1.0
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """From here to there nobody lives at this place: no steps, no meals, no water, no lift rides."""

    zone: str
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All that a hazard does to the world."""

    influences: tuple[Influence, ...] = ()
    happenings: tuple[Happening, ...] = ()
    hushes: tuple[Hush, ...] = ()


class HazardModel(BaseModel):
    """What every hazard has: its model's name, its place and when it starts."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    model: str
    zone: Annotated[str, Field(min_length=1)]
    starts_s: Seconds

    def course(self) -> Course:
        """What this hazard does to the world, in seconds after the start of the scenario."""
        raise NotImplementedError


Growth = Literal["slow", "medium", "fast"]
