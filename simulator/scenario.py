"""A scenario: when it begins, what goes wrong where, and the ground truth of what ought to be noticed by when."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.community import Community, Size, build_community
from simulator.faults.models import Fault
from simulator.hazards.course import Course, Peril
from simulator.hazards.models import Hazard

Offset = Annotated[float, Field(ge=0, le=1_000_000)]
"""Seconds after the start of the scenario."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Title(_Part):
    """What the scenario is called, for people."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class Expectation(_Part):
    """One happening that must be noticed: ``hazard`` is the rule pack's word, ``zone`` the place or a larger one around it.

    Each ``…_by_s`` is the latest instant, after the start of the scenario, for that stage; a stage that is not named is not
    asked for. Nothing counts that came before ``onset_s``.
    """

    hazard: Annotated[str, Field(min_length=1)]
    zone: str
    onset_s: Offset
    warning_by_s: Offset | None = None
    alarm_by_s: Offset | None = None
    dispatch_by_s: Offset | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> "Expectation":
        stages = [due for due in (self.warning_by_s, self.alarm_by_s, self.dispatch_by_s) if due is not None]
        if not stages:
            raise ValueError("an expectation needs at least one of warning_by_s, alarm_by_s, dispatch_by_s")
        if any(due <= self.onset_s for due in stages):
            raise ValueError(f"a stage is due after onset_s ({self.onset_s:g} s), never before or at it")
        return self


class Allowance(_Part):
    """Something that may be noticed besides, without being asked for."""

    hazard: Annotated[str, Field(min_length=1)]
    zone: str = ""
    stages: tuple[Literal["warning", "alarm", "dispatch"], ...] = ("warning",)


class Truth(_Part):
    """What must be noticed, what may, and which stages may not be reached by anything else."""

    expected: tuple[Expectation, ...] = ()
    allowed: tuple[Allowance, ...] = ()
    forbidden: tuple[Literal["warning", "alarm", "dispatch"], ...] = ("alarm", "dispatch")


class Neighbourhood(_Part):
    """How large the community is in which it happens, and of which seed it is made."""

    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    building_count: Annotated[int, Field(ge=1, le=200)] = 4
    unit_count: Annotated[int, Field(ge=1, le=10)] = 2
    floor_count: Annotated[int, Field(ge=3, le=40)] = 6
    flat_count: Annotated[int, Field(ge=1, le=12)] = 2


class Scenario(_Part):
    """A whole scenario. ``starts`` is its first instant, with its offset from UTC: it decides day, night and armed hours.

    ``hazards`` happen, ``faults`` spoil what is heard of them. What is true follows from the hazards' physics; ``truth`` asks for
    more than that: earlier, or of what no physics says.
    """

    scenario: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    title: Title
    starts: datetime
    lasts_s: Annotated[float, Field(gt=0, le=1_000_000)]
    tells: Annotated[str, Field(min_length=1)]
    community: Neighbourhood = Field(default_factory=Neighbourhood)
    hazards: tuple[Hazard, ...] = ()
    faults: tuple[Fault, ...] = ()
    truth: Truth = Field(default_factory=Truth)

    @model_validator(mode="after")
    def _fits(self) -> "Scenario":
        if self.starts.tzinfo is None:
            raise ValueError("starts needs an offset from UTC, such as 2026-03-02T18:10:00+08:00")
        for hazard in self.hazards:
            if hazard.starts_s >= self.lasts_s:
                raise ValueError(f"the {hazard.model} starts at {hazard.starts_s:g} s, but the scenario lasts {self.lasts_s:g} s")
        for expectation in self.truth.expected:
            stages = (expectation.warning_by_s, expectation.alarm_by_s, expectation.dispatch_by_s)
            if any(due is not None and due > self.lasts_s for due in stages):
                raise ValueError(f"a stage of {expectation.hazard} is due after the scenario's end ({self.lasts_s:g} s)")
        return self

    @property
    def start_at(self) -> int:
        """The first instant, in ms since 1970."""
        return round(self.starts.timestamp() * 1000)

    @property
    def start_of_day_s(self) -> float:
        """The local second of the day at the start."""
        return float(self.starts.hour * 3600 + self.starts.minute * 60 + self.starts.second)

    @property
    def end_ms(self) -> int:
        """The offset of its end."""
        return round(self.lasts_s * 1000)

    def build(self, seed: int | None = None, device_count: int | None = None) -> Community:
        """The community in which it happens; another seed makes another one of the same size, unless its devices are counted."""
        size = Size.exactly(device_count) if device_count else Size(**self.community.model_dump(exclude={"seed"}))
        return build_community(self.community.seed if seed is None else seed, size)

    def courses(self, community: Community) -> tuple[Course, ...]:
        """What all its hazards do to the world."""
        return tuple(hazard.played_in(community) for hazard in self.hazards)

    def perils(self, community: Community) -> tuple[Peril, ...]:
        """What is true: what the hazards' physics says, sharpened by what the author asks for.

        An expectation of the same hazard at the place of a peril, or around it, makes its instants earlier, never later.
        """
        found = [peril for course in self.courses(community) for peril in course.perils]
        for asked in self.truth.expected:
            index = next((place for place, each in enumerate(found) if _is_same(asked, each)), None)
            if index is None:
                found.append(_peril(asked, self.lasts_s))
            else:
                found[index] = _sharpened(found[index], asked)
        return tuple(found)


def _is_same(asked: Expectation, peril: Peril) -> bool:
    inside = peril.zone == asked.zone or peril.zone.startswith(f"{asked.zone}/")
    return asked.hazard == peril.hazard and inside and peril.began_s >= asked.onset_s


def _peril(asked: Expectation, ended_s: float) -> Peril:
    return Peril(
        hazard=asked.hazard,
        zone=asked.zone,
        began_s=asked.onset_s,
        ended_s=ended_s,
        warning_due_s=asked.warning_by_s,
        alarm_due_s=asked.alarm_by_s,
        dispatch_due_s=asked.dispatch_by_s,
    )


def _sharpened(peril: Peril, asked: Expectation) -> Peril:
    return replace(
        peril,
        zone=asked.zone,
        warning_due_s=_earlier(peril.warning_due_s, asked.warning_by_s),
        alarm_due_s=_earlier(peril.alarm_due_s, asked.alarm_by_s),
        dispatch_due_s=_earlier(peril.dispatch_due_s, asked.dispatch_by_s),
    )


def _earlier(first: float | None, second: float | None) -> float | None:
    return min((due for due in (first, second) if due is not None), default=None)
