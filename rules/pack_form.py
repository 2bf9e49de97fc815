"""The form in which a rule pack is written: strict pydantic models, from which the editor's schema and the manual are made.

A form knows shapes, words and ranges. What needs a second place to judge (an unknown hazard, a limit in the wrong unit)
is found in ``rules.pack_faults``; the typed result without a trace of YAML is ``rules.definition.RulePack``.
"""

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.definition import Hours

_UNITS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)")
_DURATION_MAX: Final = 366 * 86400.0
_HOURS: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_WORD: Final = r"^[a-z][a-z0-9_]*$"


def read_duration(value: object) -> object:
    """Seconds from ``90``, ``90s``, ``1.5min``, ``12h`` or ``7d``. A lone m is refused: minute or month?"""
    if isinstance(value, str):
        found = _DURATION.fullmatch(value)
        if found is None:
            raise PydanticCustomError("duration", "a duration is a number of seconds or like 30s, 5min, 12h, 7d")
        value = float(found[1]) * _UNITS[found[2]]
    if isinstance(value, int | float) and not isinstance(value, bool) and not 0 <= value <= _DURATION_MAX:
        raise PydanticCustomError("duration", "a duration is between 0 and 366d")
    return value


def read_hours(value: object) -> object:
    """Minutes of the day from ``22:00-06:00``; over midnight is meant when the end is before the start."""
    if not isinstance(value, str) or (found := _HOURS.fullmatch(value)) is None:
        raise PydanticCustomError("hours", "hours are written like 22:00-06:00, in quotes")
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start >= 1440 or end > 1440 or start_minute > 59 or end_minute > 59:
        raise PydanticCustomError("hours", "an hour is 00:00 to 23:59, or 24:00 as an end")
    if start == end:
        raise PydanticCustomError("hours", "start and end are the same; leave hours out for the whole day")
    return Hours(start_minute=start, end_minute=end)


def read_share(value: object) -> object:
    """A share of a clock from ``50%`` or ``0.5``."""
    if isinstance(value, str):
        if not (found := re.fullmatch(r"(\d{1,4}) ?%", value)):
            raise PydanticCustomError("share", "a share of the clock is like 50% or 100%")
        return int(found[1]) / 100
    return value


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


Duration = Annotated[
    float,
    BeforeValidator(read_duration),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)? ?(s|min|h|d)$"}]}),
]
HoursText = Annotated[
    Hours,
    BeforeValidator(read_hours),
    WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d-\d\d:\d\d$"}),
]
Share = Annotated[
    float,
    BeforeValidator(read_share),
    Field(gt=0, le=10),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": r"^\d{1,4} ?%$"}]}),
]
Id = Annotated[str, Field(pattern=_WORD)]
Words = Annotated[
    list[str],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Number = Annotated[float, Field(allow_inf_nan=False)]
LevelWord = Literal["red", "orange", "yellow", "blue"]
KeyWord = Literal["device", "zone", "building", "community"]
ClassWord = Literal["alarm", "state", "reading", "heartbeat"]
ClockWord = Literal["acknowledged", "accepted", "en_route", "on_scene", "completed"]


class Form(BaseModel):
    """Nothing is coerced and nothing unknown is let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Bilingual(Form):
    """One statement in Chinese and in English. Both are needed."""

    zh: str = Field(min_length=1, description="Chinese")
    en: str = Field(min_length=1, description="English")


class StageForm(Form):
    """At this condition the rule speaks with this level. Exactly one test: a limit, a state, a rate or a silence."""

    level: LevelWord = Field(description="how severe: blue, yellow, orange, red")
    above: Number | None = Field(None, description="true from this value up, in the rule's unit")
    below: Number | None = Field(None, description="true from this value down")
    deadband: Number | None = Field(
        None, ge=0, description="how far past the limit the value must go back before the test is false again"
    )
    state: Words | None = Field(None, description="true while the state reported last is this, or one of these")
    rises_per_min: Number | None = Field(None, gt=0, description="true while the value climbs faster than this, per minute")
    falls_per_min: Number | None = Field(None, gt=0, description="true while the value falls faster than this, per minute")
    over: Duration | None = Field(None, gt=0, description="the stretch of time over which a rate is taken")
    times: int | None = Field(None, ge=2, le=1000, description="true when the limit or state was reported so many times …")
    within: Duration | None = Field(None, gt=0, description="… in this time")
    silent_for: Duration | None = Field(None, gt=0, description="true when nothing that the rule looks at has come for so long")
    delay: Duration = Field(0.0, alias="for", description="the test must hold so long before it counts (on-delay)")
    clear_after: Duration = Field(0.0, description="the test must be gone so long before it is over (off-delay)")


class RuleForm(Form):
    """One rule: what it looks at, when it warns, when it alarms, what happens then."""

    title: Bilingual = Field(description="what people read")
    hazard: str = Field(description="the id of a hazard of this pack")
    watch: KeyWord = Field("device", description="what it watches one of at a time")
    kinds: Words = Field(default_factory=list, description="the kinds of event that it looks at; needed except for heartbeats")
    classes: list[ClassWord] = Field(default_factory=list, description="only events of these classes; all when left out")
    unit: str | None = Field(
        None, description="the unit of its limits; needed when there is a limit or a rate, and held to the kind's"
    )
    when: str | None = Field(None, min_length=1, description="a CEL condition: other events are as if they had not come")
    unwatch: str | None = Field(
        None,
        min_length=1,
        description="a CEL condition: such an event stops a silence from being watched, until the next other one",
    )
    hours: HoursText | None = Field(None, description="local hours in which the rule is armed, over midnight too")
    latching: bool = Field(default=False, description="the alarm stays until a person resets it")
    warnings: list[StageForm] = Field(default_factory=list, description="when it warns (预警)")
    alarms: list[StageForm] = Field(default_factory=list, description="when it alarms (报警)")
    warning_expires: Duration = Field(3600.0, gt=0, description="how long a warning stands without a new sign of danger")
    plan: str = Field(description="the id of the plan (预案) that is followed")
    sentence: Bilingual | None = Field(
        None, description="what is said, with {device} {zone} {value} {unit} {limit} {state} {for_s}"
    )
    source: str = Field(min_length=1, description='where the numbers come from: standard and clause, or "ours"')


class HazardForm(Form):
    """A kind of danger: what gathers into one incident (警情), and whether a life may hang on it."""

    title: Bilingual = Field(description="what people read")
    life_safety: bool = Field(default=False, description="its alarms cannot be shelved, and one source is enough")
    gather_by: KeyWord = Field("zone", description="the place that makes one incident")
    gather_within: Duration = Field(1800.0, description="how long after the last sign a new one still joins")
    gathers_with: list[str] = Field(
        default_factory=list, description="hazards whose open incident at the same place takes this one in"
    )
    late_max: Duration = Field(600.0, description="an event older than this on arrival is recorded and raises nothing")


class PartyForm(Form):
    """共管方: an organisation that manages, prevents and handles with the others."""

    title: Bilingual = Field(description="what people read")


class ResponderForm(Form):
    """处警人员: who goes."""

    title: Bilingual = Field(description="what people read")
    party: str = Field(description="the id of the party that they belong to")
    capabilities: list[str] = Field(min_length=1, description="what they can do; orders ask for it")
    zone: str = Field("", description="where they usually are; the longer the shared path, the nearer")
    hours: HoursText | None = Field(None, description="local hours on duty; always when left out")


class OrderForm(Form):
    """Somebody with this capability is sent."""

    capability: str = Field(description="what they must be able to do")
    task: Bilingual = Field(description="what they are asked to do")
    clocks: dict[ClockWord, Duration] = Field(
        min_length=1, description="by when, from the order: accepted, en_route, on_scene, completed"
    )
    from_level: LevelWord = Field("orange", description="only when an alarm has this level or a worse one")


class EscalationForm(Form):
    """When this share of a clock has run and the step has not happened, these are told."""

    at: Share = Field(description="50% is before the deadline, 100% the deadline, 200% as long again")
    notify: list[str] = Field(min_length=1, description="ids of parties or responders")


class PlanForm(Form):
    """预案: who must go and by when, who is told, and what happens when a clock is missed."""

    title: Bilingual = Field(description="what people read")
    clocks: dict[Literal["acknowledged"], Duration] = Field(
        default_factory=dict, description="the incident's own clock, from its opening"
    )
    notify_on_warning: list[str] = Field(default_factory=list, description="who is told of a warning: parties or responders")
    notify_on_alarm: list[str] = Field(default_factory=list, description="who is told of an alarm")
    orders: list[OrderForm] = Field(default_factory=list, description="who is sent")
    escalations: list[EscalationForm] = Field(default_factory=list, description="what happens when a clock runs out")


class KindForm(Form):
    """A kind of event that the house does not know yet."""

    title: Bilingual = Field(description="what people read")
    event_class: Literal["alarm", "state", "reading"] = Field(alias="class", description="what sort of fact it is")
    unit: str = Field("", description="of a reading")
    low: Number | None = Field(None, description="smallest value that can be true, of a reading")
    high: Number | None = Field(None, description="largest value that can be true, of a reading")
    states: list[str] = Field(default_factory=list, description="of a state or an alarm, the active one first")


class PackForm(Form):
    """Everything a community has decided about warning, alarm and dispatch, in one version."""

    pack: Id = Field(description="the pack's id")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$", description='like "1.0.0", in quotes')
    title: Bilingual = Field(description="what people read")
    timezone: str = Field("Asia/Shanghai", description="IANA zone of all hours in the pack")
    kinds: dict[Id, KindForm] = Field(default_factory=dict, description="kinds that this pack adds")
    parties: dict[Id, PartyForm] = Field(min_length=1, description="who manages, prevents and handles together")
    responders: dict[Id, ResponderForm] = Field(default_factory=dict, description="who goes")
    hazards: dict[Id, HazardForm] = Field(min_length=1, description="kinds of danger")
    plans: dict[Id, PlanForm] = Field(min_length=1, description="who must go and by when")
    rules: dict[Id, RuleForm] = Field(min_length=1, description="when to warn and when to alarm")
