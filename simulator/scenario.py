"""A scenario: when it begins, what goes wrong where, and the ground truth of what ought to be noticed by when."""

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulator.hazards.course import Course
from simulator.hazards.elder import ElderFall
from simulator.hazards.fire import Fire
from simulator.hazards.flood import Flood
from simulator.hazards.gas import GasLeak
from simulator.hazards.intrusion import Intrusion
from simulator.hazards.lift import EbikeInLift, Entrapment

Hazard = Annotated[
    Fire | GasLeak | Flood | ElderFall | Entrapment | EbikeInLift | Intrusion,
    Field(discriminator="model"),
]

HAZARD_MODELS: Final = tuple(
    get_args(model.model_fields["model"].annotation)[0]
    for model in (Fire, GasLeak, Flood, ElderFall, Entrapment, EbikeInLift, Intrusion)
)
"""The names that a hazard's ``model`` may have."""

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


class Scenario(_Part):
    """A whole scenario. ``starts`` is its first instant, with its offset from UTC: it decides day, night and armed hours."""

    scenario: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    title: Title
    starts: datetime
    lasts_s: Annotated[float, Field(gt=0, le=1_000_000)]
    tells: Annotated[str, Field(min_length=1)]
    hazards: tuple[Hazard, ...] = ()
    truth: Truth

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

    def courses(self) -> tuple[Course, ...]:
        """What all its hazards do to the world."""
        return tuple(hazard.course() for hazard in self.hazards)
