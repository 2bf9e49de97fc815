"""The form in which a rule pack is written: strict pydantic models, from which the editor's schema and the manual are made.

A form knows shapes, words and ranges. What needs a second place to judge (an unknown hazard, a limit in the wrong unit)
is found in ``rules.pack_faults``; the typed result without a trace of YAML is ``rules.definition.RulePack``.
"""

from typing import Literal

from pydantic import Field

from rules.pack_card import CardForm
from rules.pack_fields import (
    Bilingual,
    ClassWord,
    ClockWord,
    Duration,
    Form,
    HoursText,
    Id,
    KeyWord,
    LevelWord,
    Number,
    Share,
    WatchWord,
    Words,
)
from rules.pack_inhibitions import InhibitionForm
from rules.pack_places import CalendarForm, ModeForm
from rules.pack_terms import MissingForm, PartForm, SequenceForm, SourcesForm
from rules.primitive_form import ForecastForm, ImpossibleForm
from rules.rhythm_form import RhythmForm
from rules.unusual_form import UnusualForm


class StageForm(Form):
    """At this condition the rule speaks with this level. Exactly one test."""

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
    times: int | None = Field(None, ge=1, le=1000, description="true when the limit or state was reported so many times …")
    within: Duration | None = Field(None, gt=0, description="… in this time")
    silent_for: Duration | None = Field(None, gt=0, description="true when nothing that the rule looks at has come for so long")
    rhythm: RhythmForm | None = Field(None, description="of silent_for: told sooner where the place is not usually so silent")
    sequence: SequenceForm | None = Field(None, description="true when one thing is reported soon after another")
    missing: MissingForm | None = Field(None, description="true when one thing is not reported soon after another")
    speaks: Literal["first", "last"] | None = Field(
        None,
        description="of times and within: told once for each burst: at its first reports, or when none came for within",
    )
    stuck_for: Duration | None = Field(None, gt=0, description="true when readings keep coming and show the same for so long")
    tolerance: Number | None = Field(None, ge=0, description="how far a stuck value may be from the first of them")
    stuck_by: Literal["value", "seq"] | None = Field(
        None, description="what stays the same: the value (when left out), or the number that the source itself counts"
    )
    impossible: ImpossibleForm | None = Field(None, description="true for a reading that cannot be; other rules do not see it")
    forecast: ForecastForm | None = Field(None, description="true when the trend reaches a limit soon")
    sources: SourcesForm | None = Field(None, description="true when independent sources agree")
    unusual: UnusualForm | None = Field(None, description="true when a reading is unlike what its device usually says")
    all_of: list[PartForm] | None = Field(None, alias="all", min_length=2, description="true while every part is")
    any_of: list[PartForm] | None = Field(None, alias="any", min_length=2, description="true while at least one part is")
    none_of: PartForm | None = Field(None, alias="not", description="true while the part is untrue")
    unavailable: Literal["hold", "untrue", "true"] | None = Field(
        None, description="of a combination that is unknown: hold what was (unless said), untrue, or true; it never ends an alarm"
    )
    delay: Duration = Field(0.0, alias="for", description="the test must hold so long before it counts (on-delay)")
    clear_after: Duration = Field(0.0, description="the test must be gone so long before it is over (off-delay)")
    modes: Words = Field(default_factory=list, description="only while one of these modes holds for its place")
    not_modes: Words = Field(default_factory=list, description="not while one of these modes holds")


class RuleForm(Form):
    """One rule: what it looks at, when it warns, when it alarms, what happens then."""

    title: Bilingual = Field(description="what people read")
    hazard: str = Field(description="the id of a hazard of this pack")
    watch: WatchWord = Field(
        "device",
        description="what it watches one of at a time; actor: who or what was seen, by the attribute `actor`, else the zone",
    )
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
    days: Words = Field(
        default_factory=list,
        description="only on these days: workdays, days_off, holidays, mon … sun, or a calendar; a night belongs to its evening",
    )
    modes: Words = Field(default_factory=list, description="only while one of these modes holds for its place")
    not_modes: Words = Field(default_factory=list, description="not while one of these modes holds")
    latching: bool | None = Field(
        default=None, description="the alarm stays until a person resets it; as its hazard says when left out"
    )
    warnings: list[StageForm] = Field(default_factory=list, description="when it warns (预警)")
    alarms: list[StageForm] = Field(default_factory=list, description="when it alarms (报警)")
    warning_expires: Duration = Field(3600.0, gt=0, description="how long a warning stands without a new sign of danger")
    plan: str = Field(description="the id of the plan (预案) that is followed")
    confidence: Number | None = Field(
        None,
        gt=0,
        lt=1,
        description="how sure a source is taken to be that does not say: left out, it is counted and not weighed",
    )
    sentence: Bilingual | None = Field(
        None, description="what is said, with {device} {zone} {kind} {value} {unit} {limit} {state} {for_s} {heading}"
    )
    card: CardForm | None = Field(
        None, description="what the person at the desk needs when it alarms; every alarm rule should have one"
    )
    source: str = Field(min_length=1, description='where the numbers come from: standard and clause, or "ours"')
    shadow: bool = Field(
        default=False, description="a draft: it is checked and does nothing, and a backtest says what it would have done"
    )


class HazardForm(Form):
    """A kind of danger: what gathers into one incident (警情), and whether a life may hang on it."""

    title: Bilingual = Field(description="what people read")
    life_safety: bool = Field(default=False, description="its alarms cannot be shelved, and one source is enough")
    latching: bool = Field(
        default=False, description="its alarms stay until a person resets them (GB/T 45839-2025 5.4.2); a rule may differ"
    )
    gather_by: KeyWord = Field("zone", description="the place that makes one incident")
    gather_within: Duration = Field(1800.0, description="how long after the last sign a new one still joins")
    gathers_with: list[str] = Field(
        default_factory=list, description="hazards whose open incident at the same place takes this one in"
    )
    late_max: Duration = Field(600.0, description="an event older than this on arrival is recorded and raises nothing")


class PartyForm(Form):
    """共管方: an organisation that manages, prevents and handles with the others."""

    title: Bilingual = Field(description="what people read")


class PositionForm(Form):
    """席位: an operator position. How many alarms it is shown is watched, because a person can take in only so many."""

    title: Bilingual = Field(description="what people read")
    zones: list[str] = Field(default_factory=list, description="the places that it answers for; all when left out")
    parties: list[str] = Field(
        default_factory=list, description="only alarms of which the plan tells one of these parties; all when left out"
    )


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


class MessagesForm(Form):
    """How messages about the alarms of one incident are grouped. What comes in between is counted and told with the next."""

    wait: Duration = Field(0.0, description="before the first message, to gather what comes together; never with life safety")
    interval: Duration = Field(300.0, description="between two messages, unless it gets worse")
    repeat: Duration = Field(0.0, description="until the same is said again while nobody has acknowledged; 0 is never")
    recovery: bool = Field(default=True, description="whether the parties are told that all is back to normal, or closed")


class PlanForm(Form):
    """预案: who must go and by when, who is told, and what happens when a clock is missed."""

    title: Bilingual = Field(description="what people read")
    clocks: dict[Literal["acknowledged"], Duration] = Field(
        default_factory=dict, description="the incident's own clock, from its opening"
    )
    notify_on_warning: list[str] = Field(default_factory=list, description="who is told of a warning: parties or responders")
    notify_on_alarm: list[str] = Field(default_factory=list, description="who is told of an alarm")
    messages: MessagesForm = Field(default_factory=MessagesForm, description="how messages about its alarms are grouped")
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
    calendars: dict[Id, CalendarForm] = Field(
        default_factory=dict, description="days that rules can name; `public`: the holidays"
    )
    modes: dict[Id, ModeForm] = Field(
        default_factory=dict, description="words that can hold for a place, beside armed, away, night and drill"
    )
    parties: dict[Id, PartyForm] = Field(min_length=1, description="who manages, prevents and handles together")
    positions: dict[Id, PositionForm] = Field(
        default_factory=dict, description="operator positions; one for the whole community when left out"
    )
    responders: dict[Id, ResponderForm] = Field(default_factory=dict, description="who goes")
    hazards: dict[Id, HazardForm] = Field(min_length=1, description="kinds of danger")
    plans: dict[Id, PlanForm] = Field(min_length=1, description="who must go and by when")
    rules: dict[Id, RuleForm] = Field(min_length=1, description="when to warn and when to alarm")
    inhibitions: dict[Id, InhibitionForm] = Field(default_factory=dict, description="which alarms quiet which (抑制)")
