"""The form of a test file beside a pack: cases in virtual time, each with what comes in and what must follow."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from rules.model import Attribute, Verb
from rules.pack_fields import Duration, Form, Id, LevelWord, Number

_ENTITIES = ("warning", "alarm", "incident", "dispatch")


def read_instant(value: object) -> object:
    """Minutes of the local day from ``23:00``."""
    if not isinstance(value, str) or (found := re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", value)) is None:
        raise PydanticCustomError("instant", "a time of day is written like 23:00, in quotes")
    return int(found[1]) * 60 + int(found[2])


TimeOfDay = Annotated[int, BeforeValidator(read_instant), WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d$"})]


class EventFields(Form):
    """What an event brings; a case gives defaults for all its steps."""

    kind: str | None = Field(None, description="what it speaks of")
    event_class: Literal["alarm", "state", "reading", "heartbeat"] | None = Field(
        None, alias="class", description="needed only where a kind comes in several"
    )
    device: str | None = Field(None, description="the device; d1 when left out")
    zone: str | None = Field(None, description="the place; b01/u1/0101 when left out")
    network: Literal["iot", "video", "internet", "data"] | None = Field(None, description="iot when left out")
    confidence: Number | None = Field(None, ge=0, le=1, description="1 when left out")
    status: Literal["actual", "exercise", "test"] | None = Field(None, description="actual when left out")
    attributes: dict[str, Attribute] | None = Field(None, description="all else that it brings")


class StepForm(EventFields):
    """An event, a row of events (every … until …), or what a person does."""

    at: Duration = Field(description="when, from the start of the case")
    value: Number | None = Field(None, description="of a reading")
    state: str | None = Field(None, description="of a state or an alarm")
    seq: int | None = Field(None, ge=0, description="the number that the source itself counts; of a row: the same for all")
    until: Duration | None = Field(None, description="of a row: when the last one comes at the latest")
    every: Duration | None = Field(None, gt=0, description="of a row: how long from one to the next")
    to: Number | None = Field(None, description="of a row: the value climbs or falls evenly from value to this")
    age: Duration = Field(0.0, description="how long before its arrival it happened, by the device's word")
    is_retained: bool = Field(default=False, alias="retained", description="an old message that a broker had kept")
    do: Verb | None = Field(
        None, strict=False, description="what a person does, instead of an event: acknowledge, accept, close …"
    )
    on: Literal["warning", "alarm", "incident", "dispatch", "device", "zone"] = Field(
        "incident", description="… with the latest of these, or with the step's device or zone (empty: the whole community)"
    )
    arguments: dict[str, Attribute] = Field(default_factory=dict, description="… and what the deed needs")

    @model_validator(mode="after")
    def _row_is_whole(self) -> "StepForm":
        if (self.every is None) != (self.until is None):
            raise PydanticCustomError("row", "every and until belong together")
        if self.to is not None and (self.every is None or self.value is None):
            raise PydanticCustomError("row", "to needs value, every and until")
        return self


class ExpectForm(Form):
    """A fact that must come: exactly one of warning, alarm, incident, dispatch with what became of it."""

    at: Duration = Field(description="when, from the start of the case")
    until: Duration | None = Field(None, description="at the latest, where the moment is not exact")
    warning: str | None = Field(None, description="opened, level_changed, suppressed, materialised, cancelled, expired …")
    alarm: str | None = Field(None, description="opened, level_changed, cleared, acknowledged …")
    incident: str | None = Field(None, description="opened, recovered, closed …")
    dispatch: str | None = Field(None, description="ordered, accepted, expired …")
    level: LevelWord | None = Field(None, description="its level")
    hazard: str | None = Field(None, description="its hazard")
    rule: str | None = Field(None, description="the rule that decided")
    zone: str | None = Field(None, description="its place")
    device: str | None = Field(None, description="the device")
    says: str | None = Field(None, min_length=1, description="words that its sentence has, in Chinese or in English")

    @model_validator(mode="after")
    def _has_one_entity(self) -> "ExpectForm":
        if sum(getattr(self, entity) is not None for entity in _ENTITIES) != 1:
            raise PydanticCustomError("entity", "an expected fact names exactly one of warning, alarm, incident, dispatch")
        return self

    @property
    def entity(self) -> str:
        """Which of the four it is about."""
        return next(entity for entity in _ENTITIES if getattr(self, entity) is not None)


class CaseForm(Form):
    """One happening and what must follow. A warning or an alarm that opens or changes its level without being listed breaks the
    promise; so does an incident that opens, where the case lists another one. All else may be listed.
    """

    about: str | None = Field(None, description="the rule that is meant, where nothing may fire")
    starts: TimeOfDay | None = Field(None, description="local time of day of the start; the file's when left out")
    community: str | None = Field(None, description="the community in which it happens, where it has parameters of its own")
    defaults: EventFields = Field(default_factory=EventFields, description="fields of every step")
    steps: list[StepForm] = Field(min_length=1, description="what comes in")
    ends: Duration | None = Field(None, description="how long time runs on; 10 min past the last step or fact when left out")
    expect: list[ExpectForm] = Field(description="what must follow; [] when nothing may fire")


class PromisesForm(Form):
    """The promises of one pack. They run in virtual time on the real chain."""

    pack: Id = Field(description="the pack that is meant")
    starts: TimeOfDay | None = Field(None, description="local time of day at which cases start; 12:00 when left out")
    cases: dict[Id, CaseForm] = Field(min_length=1, description="the promises by name")
