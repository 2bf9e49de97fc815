"""The form of an answer to "why": nodes that say what they are, and edges that read "this, because of that"."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.definition import Card
from rules.model import Alarm, Dispatch, EarlyWarning, Entity, Evidence, Fact, Incident, Level, PassedOver, Sentence


class Sort(StrEnum):
    """What a node of the graph is."""

    EVENT = "event"  # a raw event that a decision cites
    JUDGEMENT = "judgement"  # a stage of a rule, in one version, that counted as true
    WARNING = "warning"
    ALARM = "alarm"
    INCIDENT = "incident"
    DISPATCH = "dispatch"
    NOTIFICATION = "notification"
    QUIETING = "quieting"  # shelved, suppressed, out of service; and back from it
    PERSON = "person"  # what an operator or a responder did
    CHANGE = "change"  # everything else that happened to it: cleared, escalated, nobody free …


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNode:
    """One thing that was seen, decided or done. ``at`` is when; ``entity_id`` the record that it belongs to, if any."""

    id: str
    sort: Sort
    at: int
    sentence: Sentence
    entity_id: str = ""
    transition: str = ""
    reason: str = ""
    level: Level | None = None
    rule: str = ""
    pack_version: str = ""
    test: str = ""
    limit: float | str | None = None
    delay_s: float | None = None  # how long it had to hold; None where the pack of that version is not at hand
    guard: str = ""  # the condition of the rule, which held
    evidence: Evidence | None = None  # of an event
    actor: str = ""
    target: str = ""  # who was sent or told
    state: str = ""  # of a record: as it now is; of a notification: how far it has come
    card: Card | None = None  # of an alarm: what its rule says that it means; None where the pack of that version is not at hand
    passed_over: tuple[PassedOver, ...] = ()
    passed_over_said: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyEdge:
    """``node_id`` because of ``because_of_id``; ``reason`` is the chain's word for it."""

    node_id: str
    because_of_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The whole answer: causes before effects. ``is_whole`` is false where it was too long to tell all of it."""

    id: str
    entity: Entity
    incident_id: str
    sentence: Sentence
    nodes: tuple[WhyNode, ...]
    edges: tuple[WhyEdge, ...]
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message that was owed because of the case, and how far it has come."""

    key: str  # incident, step and target, with slashes between
    target: str
    state: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What is kept of an incident. ``facts`` in the order of the timeline."""

    incident: Incident
    warnings: Sequence[EarlyWarning] = ()
    alarms: Sequence[Alarm] = ()
    dispatches: Sequence[Dispatch] = ()
    facts: Sequence[Fact] = ()
    notices: Sequence[Notice] = ()
    is_whole: bool = True
