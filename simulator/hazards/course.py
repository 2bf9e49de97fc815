"""The course of a hazard: what it adds to readings, what devices call out, and whose daily life it stops."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rules.model import NOTHING, Attribute, EventClass, Network, Status
from simulator.chance import chance
from simulator.community import Community

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
    """Something a device of this sort at this place reports by itself.

    With ``reporter`` it comes from somebody who is no device of the community, over ``network``: a resident's telephone, a
    weather office, the power company. ``sort`` is then only a word.
    """

    at_s: float
    zone: str
    sort: str
    event_class: EventClass
    kind: str
    state: str
    confidence: float = 1.0
    reporter: str = ""
    network: Network = Network.INTERNET
    status: Status = Status.ACTUAL
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """From here to there nobody lives at this place: no steps, no meals, no water, no lift rides."""

    zone: str
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """From here to there these devices say nothing at all: no power, a cut cable, a covered lens.

    No ``sorts`` means every sort but ``spares``. With ``share`` below 1 only that part of them falls silent, chosen by the
    device's name: the rest lives on batteries.
    """

    zone: str
    from_s: float
    to_s: float
    sorts: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Peril:
    """The ground truth of one danger at one place, in seconds after the start of the scenario.

    ``dangerous_s`` is when a documented limit of what people bear is passed (simulator/hazards/tenability.py); None if never.
    ``…_due_s`` are the latest instants at which the chain must have warned, alarmed, and ordered those in ``who`` (the
    capabilities of docs/rule-packs.md) to go; None is not asked for: it is there, and whoever says so is right.
    """

    hazard: str
    zone: str
    began_s: float
    ended_s: float
    dangerous_s: float | None = None
    warning_due_s: float | None = None
    alarm_due_s: float | None = None
    dispatch_due_s: float | None = None
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All that a hazard does to the world, and what is true about it."""

    influences: tuple[Influence, ...] = ()
    happenings: tuple[Happening, ...] = ()
    hushes: tuple[Hush, ...] = ()
    mutes: tuple[Mute, ...] = ()
    perils: tuple[Peril, ...] = ()


class HazardModel(BaseModel):
    """What every hazard has: its model's name, its place and when it starts."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    model: str
    zone: Annotated[str, Field(min_length=1)]
    starts_s: Seconds

    @property
    def place(self) -> str:
        """Its place as zones are written: ``everywhere`` is the whole community."""
        return "" if self.zone == "everywhere" else self.zone

    @abstractmethod
    def course(self) -> Course:
        """What this hazard does to the world, in seconds after the start of the scenario."""

    def played_in(self, community: Community) -> Course:
        """The same where it depends on the community what happens: which flats leak, who reports. The seed is the community's."""
        del community
        return self.course()

    def dice(self, community: Community) -> Random:
        """A generator of this hazard's own."""
        return chance(community.seed, "hazard", self.model, self.zone, round(self.starts_s))


Growth = Literal["slow", "medium", "fast"]
