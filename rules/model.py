"""The nouns of the house: events that come in, the records that the chain keeps, and the words for what happens to them.

Instants are integer milliseconds since 1970-01-01T00:00:00Z and end in ``_at``; durations are seconds and end in ``_s``.
Every record is frozen: a change is a new record (``dataclasses.replace``), so a snapshot can never be changed behind its back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, final

from rules.words import Entity, EventClass, Level, Network, Reason, Speaker, Status, Verb, Verdict

__all__ = [
    "NOTHING", "WEAK_ID", "Alarm", "Attribute", "Clock", "DeliveryReport", "Dispatch", "EarlyWarning", "Entity",
    "Event", "EventClass", "Evidence", "Fact", "GivenVerdict", "Incident", "Input", "Level", "Network",
    "OperatorAction", "PackActivation", "PassedOver", "Quote", "Reason", "Rejected", "Resumed", "Sentence",
    "SetAside", "Source", "Speaker", "Status", "Verb", "Verdict",
]  # fmt: skip

Attribute = str | float | bool
NOTHING: Final[Mapping[str, Attribute]] = MappingProxyType({})

WEAK_ID: Final = "~"
"""How an id begins that had to be made from a message without id and time: it tells less than others. A device that counts
from 0 again after a power cut gives its next alarm an old one's id, so these are remembered for minutes, not for days."""


# ---------------------------------------------------------------------------------------------- what comes in


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One immutable fact that came in by a network. ``zone`` is a path from large to small: ``b03/u1/0502``."""

    id: str
    community: str
    network: Network
    event_class: EventClass
    device: str
    kind: str
    value: float | None = None
    state: str | None = None
    unit: str = ""
    occurred_at: int | None = None
    zone: str = ""
    confidence: float = 1.0
    status: Status = Status.ACTUAL
    seq: int | None = None
    is_retained: bool = False
    wants_receipt: bool = False
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAction:
    """A person's decision. It enters by the front door and is decided by the chain like a smoke reading."""

    id: str
    community: str
    actor: str
    verb: Verb
    entity: Entity
    entity_id: str
    arguments: Mapping[str, Attribute] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """How an owed delivery ended: delivered, or given up after its last try."""

    id: str
    community: str
    incident_id: str
    key: str
    channel: str
    target: str
    is_delivered: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackActivation:
    """From here on this rule pack decides. ``text`` is its whole YAML, so that a replay needs nothing else."""

    id: str
    pack: str
    version: str
    digest: str
    text: str
    actor: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Input that was refused: never dropped silently, and never a reason to stop."""

    id: str
    source: str  # the MQTT topic or the HTTP route
    reason: str  # a word of ingest.wire.Refusal
    detail: str  # what was expected, what came, where
    excerpt: bytes  # the first kilobyte
    size: int
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What stopped the chain twice and is passed over from now on, loudly: a journal position, or a timer at its deadline."""

    id: str
    position: int  # 0 where it is a timer
    detail: str
    community: str = ""
    timer: str = ""
    deadline_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The service listens again. From ``deaf_since_at`` until this was journaled nothing could be heard of any device."""

    id: str
    deaf_since_at: int
    community: str = ""


RareInput = OperatorAction | DeliveryReport | PackActivation | Rejected | SetAside | Resumed
"""Whatever comes in that is no event."""
Input = Event | RareInput


# ------------------------------------------------------------------------------------------- what the chain keeps


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement for people, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reading that a decision rests on, copied so that the case outlives the journal."""

    event_id: str
    device: str
    kind: str
    value: float | None
    state: str | None
    unit: str
    received_at: int
    occurred_at: int | None
    test: str  # above, below, is, rate, count, silent, forecast, stuck, jump …: the console's language files have them all
    limit: float | str | None
    measure: float | None = None  # what was computed: a rate per minute, a count, a foreseen instant [ms since 1970]
    gateway: str = ""  # behind which the device speaks, where the event named one: what fails together is one source
    network: Network | None = None  # unknown in what an older version has kept
    confidence: float | None = None  # what the sender said, below 1; None where it said nothing, or 1, which is the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """来源: one of those who said so, independent of the others: a gateway, or a device without one, on its network."""

    network: Network
    name: str
    device: str
    confidence: float | None  # 0 to 1, the best that it said; None where neither it nor its rule says one
    spoke_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """原话: what came with an event for people, as whoever sent it put it: a claim of theirs, in their language, plain text."""

    event_id: str
    signal_id: str  # the alarm or warning for which it speaks
    by: Speaker
    device: str
    network: Network
    zone: str
    received_at: int
    occurred_at: int | None
    words: str  # at most quotes.WORDS_MAX characters; empty where only a picture came
    media: str = ""  # where a picture or clip of it can be seen: an address, never the picture


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyWarning:
    """预警: a condition may become dangerous. It has an expiry and exactly one outcome."""

    id: str
    community: str
    hazard: str
    level: Level
    state: str  # a state of lifecycle.WARNING
    zone: str
    device: str
    rule: str
    pack_version: str
    opened_at: int
    changed_at: int
    expires_at: int
    incident_id: str
    sentence: Sentence
    evidence: tuple[Evidence, ...]
    status: Status = Status.ACTUAL
    ended_at: int | None = None
    cause_id: str = ""  # the alarm that explains it while it is suppressed …
    inhibition: str = ""  # … by which inhibition of the pack
    is_timed: bool = False  # until when it stands was said by whoever warned, and not by the rule
    told_at: int | None = None  # since when it is told again or at last, where it was suppressed; None: since its opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """报警: an abnormal condition that needs a timely human response (ISA-18.2)."""

    id: str
    community: str
    hazard: str
    level: Level
    state: str  # a state of lifecycle.ALARM
    zone: str
    device: str
    rule: str
    pack_version: str
    opened_at: int
    changed_at: int
    incident_id: str
    sentence: Sentence
    evidence: tuple[Evidence, ...]
    is_active: bool = True
    is_latching: bool = False
    occurrence_count: int = 1
    last_at: int | None = None  # the latest occurrence, the first being opened_at
    shelved_until_at: int | None = None
    shelved_by: str = ""
    shelve_reason: str = ""
    is_one_shot: bool = False  # the shelf ends when the condition has gone back once
    acknowledged_by: str = ""
    cause_id: str = ""  # the alarm of which this one is a symptom, while that one stands
    cause_named_by: str = ""  # the person who said so; empty where an inhibition of the pack did
    inhibition: str = ""  # the inhibition of the pack that keeps it suppressed
    lead_time_s: float | None = None  # from the first warning of this danger to this alarm
    is_unwarned: bool = False  # no warning came before it: a miss of its class
    confidence: float | None = None  # of all its sources together, 0 to 1; None where nobody says one: see rules/sources.py
    sources: tuple[Source, ...] = ()  # who has spoken, in the order in which they did, since the condition came last
    status: Status = Status.ACTUAL
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline that people see: what must have happened, by when, and how it went."""

    name: str  # acknowledged, accepted, on_scene, completed
    due_at: int
    started_at: int
    met_at: int | None = None
    missed_at: int | None = None
    escalation_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A responder who was not chosen, and why."""

    responder: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """处警: an order to a responder with deadlines."""

    id: str
    community: str
    incident_id: str
    hazard: str
    level: Level
    zone: str
    responder: str
    party: str
    plan: str
    task: Sentence
    pack_version: str
    state: str  # a state of lifecycle.DISPATCH
    ordered_at: int
    changed_at: int
    clocks: tuple[Clock, ...]
    passed_over: tuple[PassedOver, ...] = ()
    status: Status = Status.ACTUAL
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    """核实: what somebody found out, when, and why they say so. A later one stands beside it and overwrites nothing."""

    verdict: Verdict
    at: int
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """警情: the case that gathers warnings, alarms, dispatches and parties about one happening."""

    id: str
    community: str
    hazard: str
    level: Level
    state: str  # a state of lifecycle.INCIDENT
    zone: str
    opened_at: int
    changed_at: int
    title: Sentence
    sentence: Sentence
    plan: str
    pack_version: str
    warning_ids: tuple[str, ...] = ()  # the newest, no more than members.LISTED_MAX: each warning and alarm names its incident
    alarm_ids: tuple[str, ...] = ()  # likewise
    unlisted_warning_count: int = 0  # of all that have joined it, those that are no longer listed
    unlisted_alarm_count: int = 0
    dispatch_ids: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    verdict: Verdict = Verdict.UNTRIAGED
    verdicts: tuple[GivenVerdict, ...] = ()  # every one that was given, the last of them being ``verdict``
    is_life_safety: bool = False
    acknowledged_by: str = ""
    closed_by: str = ""
    lead_time_s: float | None = None  # from the first warning to the first alarm
    merged_into: str = ""  # the incident that took this one in
    confidence: float | None = None  # of all sources together, each counted once with its best; None where nobody says one
    sources: tuple[Source, ...] = ()  # who has spoken, in the order in which they did
    quotes: tuple[Quote, ...] = ()  # what people said, the newest last, and no more than quotes.KEPT_MAX
    quote_count: int = 0  # of all, those that are no longer kept here among them
    status: Status = Status.ACTUAL
    closed_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of an incident's story. ``transition`` is past tense: opened, level_changed, acknowledged, cleared …"""

    id: str
    at: int
    community: str
    entity: Entity
    entity_id: str
    incident_id: str
    transition: str
    from_state: str
    to_state: str
    reason: Reason
    cause_id: str  # the event, action or timer that made it happen
    sentence: Sentence
    hazard: str = ""
    level: Level | None = None
    zone: str = ""
    device: str = ""
    rule: str = ""
    pack_version: str = ""
    actor: str = ""
    value: float | str | None = None
    evidence: tuple[Evidence, ...] = ()
    status: Status = Status.ACTUAL
