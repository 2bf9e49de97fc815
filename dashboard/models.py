"""What the API says and accepts: pydantic shapes around the nouns of rules.model, strict where people and programs send them.

Answers carry the records themselves (an ``Incident`` of the API *is* the ``Incident`` of the chain), so that no second
vocabulary can drift away from the first. Instants are milliseconds since 1970-01-01T00:00:00Z.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from dashboard.care_list import Purpose
from rules.definition import Card
from rules.delay_proposal import Advice
from rules.hidden import Hidden
from rules.model import Alarm, Clock, Dispatch, EarlyWarning, Entity, Fact, Incident, Level, Reason, Sentence, Verb
from rules.place import Outage
from rules.why_shape import Why

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
Word = Annotated[StrictStr, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
Argument = (
    StrictBool
    | StrictInt
    | Annotated[StrictFloat, Field(allow_inf_nan=False)]
    | Annotated[StrictStr, Field(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
)
Names = Annotated[
    dict[str, Sentence],
    Field(description="titles of the parties and responders whose ids appear here; ids that the pack does not know are left out"),
]


class Answer(BaseModel):
    """The common form of all answers: every property is always there, so that a client need not guess."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Question(BaseModel):
    """The common form of all that is sent to us: nothing unknown, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --------------------------------------------------------------------------------------------------- when it fails


class Problem(Answer):
    """What went wrong, for programs (``code``) and for people, and where it applies the field that is at fault."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    code: str
    zh: str
    en: str
    field: str = Field(default="", description="left out where no field is at fault")


class ErrorBody(Answer):
    """The one form of every error."""

    error: Problem


# ------------------------------------------------------------------------------------------------------- incidents


class NextClock(Answer):
    """The running clock of an incident that is due first: its own (acknowledged) or one of its dispatches'."""

    entity: Entity
    entity_id: str
    responder: str = Field(description="who was ordered; empty for the incident's own clock")
    clock: Clock


class IncidentSummary(Answer):
    """One line of the live queue."""

    incident: Incident
    next_clock: NextClock | None


class IncidentPage(Answer):
    """A page of the queue: open ones worst level first, then the longest open; closed ones the latest first."""

    at: int = Field(description="the server's time, from which ages and clocks are to be counted")
    seq: int = Field(description="the timeline's last sequence number before this page was read: stream from here")
    incidents: list[IncidentSummary]
    names: Names
    next_cursor: str | None


class AlarmPage(Answer):
    """A page of the alarms that have not ended: the worst level first, then the longest open."""

    at: int = Field(description="the server's time, from which ages and shelves are to be counted")
    seq: int = Field(description="the timeline's last sequence number before this page was read: stream from here")
    alarms: list[Alarm]
    counts: dict[str, int] = Field(description="how many alarms stand in each state, whatever was asked for")
    next_cursor: str | None


class OutagePage(Answer):
    """What is out of service, planned or running."""

    at: int = Field(description="the server's time, from which what is left is to be counted")
    seq: int = Field(description="the timeline's last sequence number before this page was read: stream from here")
    outages: list[Outage]


class PreviewAnswer(Answer):
    """What would have been hidden in the past: how much, what of it nobody would have heard of, and which alarms."""

    at: int
    since_at: int
    until_at: int
    rang_count: int = Field(description="alarms that rang then, whatever would have been hidden")
    hidden_count: int
    never_told_count: int = Field(description="of the hidden: over before anybody would have been told")
    late_count: int = Field(description="of the hidden: told when the quiet was over")
    quieted_count: int = Field(description="of the hidden: had rung before")
    life_safety_count: int
    real_count: int = Field(description="of the hidden: verified as real")
    kept_count: int = Field(description="life-safety alarms that lie in it and would have rung all the same")
    sentence: Sentence
    hidden: list[Hidden]
    is_whole: bool = Field(description="false: more were hidden than are listed")


class ChatterPage(Answer):
    """Alarms that flap or are gone before anybody can act, with what would have helped."""

    at: int
    since_at: int
    until_at: int
    advice: list[Advice]


class TimelineEntry(Answer):
    """One line of the story and its place in the order of everything."""

    seq: int
    fact: Fact


class Delivery(Answer):
    """One owed message and how far it has come."""

    key: str
    channel: str
    target: str
    state: Literal["owed", "claimed", "delivered", "failed", "skipped"]
    is_critical: bool
    attempt_count: int
    created_at: int
    next_attempt_at: int | None
    ended_at: int | None
    detail: str


class ArgumentForm(Answer):
    """One argument that a verb takes: enough to draw the field for it."""

    name: str
    kind: Literal["text", "number", "choice"]
    is_required: bool
    choices: list[str] = Field(default_factory=list, description="the allowed values of a choice")
    labels: list[Sentence] = Field(default_factory=list, description="what to show for each of the choices, in their order")


class LegalVerb(Answer):
    """One button that may be pressed now."""

    verb: Verb
    label: Sentence
    arguments: list[ArgumentForm]


class LegalActions(Answer):
    """What can be asked now of one entity of the incident."""

    entity: Entity
    entity_id: str
    verbs: list[LegalVerb]


Cards = Annotated[
    dict[str, Card],
    Field(description="by the id of the rule: what its alarm means and what to do, as the pack in force says it"),
]


class RuleItem(Answer):
    """One rule of the pack in force: what it does in plain words, and the card of its alarm."""

    id: str
    title: Sentence
    hazard: str
    hazard_title: Sentence
    warning_levels: list[Level]
    alarm_levels: list[Level]
    is_life_safety: bool
    plan: str
    source: str
    card: Card | None = Field(description="null: the rule does not alarm, or its pack does not say what that means")
    explained: list[Sentence] = Field(description="what it looks at, when it warns, alarms and clears, and who goes by when")


class RulePage(Answer):
    """The rules of the pack in force, in its order. ``rules`` is empty while no pack is at hand."""

    at: int
    pack: str
    version: str
    rules: list[RuleItem]


class IncidentDetail(Answer):
    """The whole case: the record, what it gathers, its story, what was sent, and what may be done now."""

    at: int
    seq: int = Field(description="the timeline's last sequence number before the case was read: stream from here")
    incident: Incident
    next_clock: NextClock | None
    warnings: list[EarlyWarning]
    alarms: list[Alarm]
    dispatches: list[Dispatch]
    timeline: list[TimelineEntry]
    is_timeline_whole: bool = Field(description="false: older lines than these exist")
    deliveries: list[Delivery]
    more_warning_count: int = Field(description="beside these; of many, those that have not ended and the worst come first")
    more_alarm_count: int = Field(description="beside these, likewise")
    more_delivery_count: int = Field(description="beside these; of many, what did not arrive comes first")
    actions: list[LegalActions]
    names: Names
    cards: Cards
    care_purpose: Purpose | None = Field(description="what care references may be looked into for; null: no list, or no purpose")


class WhyAnswer(Answer):
    """Why it was decided so: nodes that say what they are, and edges that read "node, because of"."""

    at: int
    seq: int = Field(description="the timeline's last sequence number before the case was read")
    why: Why
    names: Names


class Counts(Answer):
    """How much there is to do."""

    at: int
    seq: int
    open_incidents: dict[Level, int]
    unacknowledged_incident_count: int
    active_warning_count: int
    active_alarm_count: int
    dispatch_under_way_count: int
    delivery_owed_count: int
    delivery_failed_count: int
    rejected_count: int


# ------------------------------------------------------------------------------------------------------- rejected


class RejectedItem(Answer):
    """Input that was refused, why, and how it began."""

    id: str
    position: int
    at: int
    source: str
    reason: str
    detail: str
    excerpt: str = Field(description="the first kilobyte as text; bytes that are no UTF-8 are shown as \\xNN")
    size: int
    community: str
    redriven_at: int | None


class RejectedPage(Answer):
    """Refused input, the latest first."""

    at: int
    rejected: list[RejectedItem]
    next_cursor: int | None


class Redriven(Answer):
    """A refused delivery was sent through the front door again."""

    position: int
    accepted_count: int
    rejected_count: int


# -------------------------------------------------------------------------------------------------------- actions


class ActionRequest(Question):
    """A person's decision. ``id`` is the idempotency key: the same id is decided once, however often it is sent."""

    verb: Verb
    entity: Literal[Entity.WARNING, Entity.ALARM, Entity.INCIDENT, Entity.DISPATCH, Entity.DEVICE, Entity.ZONE]
    entity_id: Word
    arguments: Annotated[dict[Annotated[StrictStr, Field(max_length=64)], Argument], Field(max_length=16)] = Field(
        default_factory=dict
    )
    id: Word | None = Field(default=None, description="made by the server where absent; the Idempotency-Key header does the same")
    community: Word | None = Field(default=None, description="looked up by the entity where absent; a device or a zone needs it")


class ActionAnswer(Answer):
    """The chain has decided: done."""

    action_id: str
    is_accepted: Literal[True]
    reason: Reason
    sentence: Sentence
    decided_at: int


class ActionPending(Answer):
    """Journaled, therefore never lost, but not decided in time: its outcome will come by the stream."""

    action_id: str
    sentence: Sentence


# -------------------------------------------------------------------------------------------------------- session


class SessionRequest(Question):
    """Logging in: the token, and the name by which the timeline shall know this operator."""

    token: Annotated[StrictStr, Field(min_length=1, max_length=256)]
    operator: Word = "operator"


class Session(Answer):
    """Who is asking, and what this desk speaks."""

    operator: str
    by: Literal["token", "cookie"]
    expires_at: int | None
    languages: list[Language]
    version: str


# --------------------------------------------------------------------------------------------------------- health


class Check(Answer):
    """One thing that must hold for a critical alarm to be handled; where it fails the sentence says what to do."""

    name: str
    ok: bool
    zh: str
    en: str


class Live(Answer):
    """The process answers."""

    live: Literal[True]


class Ready(Answer):
    """Whether a critical alarm would be handled now."""

    ready: bool
    checks: list[Check]
    lag_ms: int | None
    position_journaled: int | None
    position_applied: int | None


# --------------------------------------------------------------------------------------------------------- stream


class Heartbeat(Answer):
    """Sent every few seconds: a console that misses two of them must show that its picture is stale."""

    at: int
    seq: int = Field(description="everything up to here was sent, or is about to be")
    is_store_readable: bool
    is_chain_ready: bool | None = Field(description="null: not known yet")
    lag_ms: int | None = Field(description="how far the chain is behind the journal; null: not known")


class Reset(Answer):
    """This client was too slow and is cut off; connecting again with Last-Event-ID resumes without a gap."""

    code: Literal["too_slow"]
    zh: str
    en: str
