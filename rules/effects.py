"""Effects: what the chain asks the outside to do. Imperative, complete in themselves, and in the order of their causes."""

from dataclasses import dataclass

from rules.model import Alarm, Dispatch, EarlyWarning, Fact, Incident, Level, Reason, Rejected, Sentence, Status
from rules.place import Outage, PlaceMode


@dataclass(frozen=True, slots=True)
class SaveWarning:
    """Keep this early warning as it now is, and show it on MQTT while it is active."""

    warning: EarlyWarning


@dataclass(frozen=True, slots=True)
class SaveAlarm:
    """Keep this alarm as it now is, and show it on MQTT while it is active."""

    alarm: Alarm


@dataclass(frozen=True, slots=True)
class SaveIncident:
    """Keep this incident as it now is, and show it on MQTT while it is open."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class SaveDispatch:
    """Keep this dispatch as it now is, and show it on MQTT while it is under way."""

    dispatch: Dispatch


@dataclass(frozen=True, slots=True)
class SavePlaceMode:
    """Keep this mode of a place as it now is."""

    mode: PlaceMode


@dataclass(frozen=True, slots=True)
class SaveOutage:
    """Keep what is out of service as it now is."""

    outage: Outage


@dataclass(frozen=True, slots=True)
class RecordFact:
    """Append one line to the timeline."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class RecordRejection:
    """List refused input where people can see it and drive it again."""

    rejected: Rejected
    position: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Tell a party or a responder. ``key`` is the idempotency key: one per incident, step and target."""

    key: str
    community: str
    incident_id: str
    dispatch_id: str
    target: str  # the id of a party or a responder; the outbox knows the addresses
    step: str  # opened, ordered, accepted_late, escalated_2 …
    level: Level
    title: Sentence
    text: Sentence
    is_critical: bool
    at: int
    status: Status = Status.ACTUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAction:
    """Answer an operator: done, or refused and why."""

    action_id: str
    community: str
    is_accepted: bool
    reason: Reason
    sentence: Sentence
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueReceipt:
    """Tell the sender of an event that wanted certainty: journaled, decided and stored."""

    event_id: str
    community: str
    device: str
    at: int
    is_duplicate: bool


Effect = (
    SaveWarning
    | SaveAlarm
    | SaveIncident
    | SaveDispatch
    | SavePlaceMode
    | SaveOutage
    | RecordFact
    | RecordRejection
    | Notify
    | AnswerAction
    | IssueReceipt
)
