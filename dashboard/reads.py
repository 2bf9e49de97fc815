"""What the web needs of the store: reading only, each call one consistent look. ``handlers.views`` has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rules.model import Alarm, Dispatch, EarlyWarning, Entity, Fact, Incident, Level, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFilter:
    """Which incidents are wanted. An empty tuple or string asks for nothing in particular."""

    is_open: bool | None = True  # None: open and closed
    communities: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    states: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    zone: str = ""  # this zone and all within it
    opened_from_at: int | None = None
    opened_before_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRows:
    """A page, and the cursor of the next one. Open: worst level, then the longest open. Else: the latest opened first."""

    incidents: tuple[Incident, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One line of the timeline with its place in the order of everything."""

    seq: int
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRow:
    """One delivery of the outbox."""

    key: str
    channel: str
    target: str
    state: str
    is_critical: bool
    attempt_count: int
    created_at: int
    next_attempt_at: int | None
    ended_at: int | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """Everything that the store knows of one incident; the timeline holds its newest lines, in order."""

    incident: Incident
    warnings: tuple[EarlyWarning, ...]
    alarms: tuple[Alarm, ...]
    dispatches: tuple[Dispatch, ...]
    timeline: tuple[TimelineRow, ...]
    is_timeline_whole: bool
    deliveries: tuple[OwedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """One refused input."""

    id: str
    position: int
    at: int
    source: str
    reason: str
    detail: str
    excerpt: bytes
    size: int
    community: str
    redriven_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRows:
    """A page of refused input, the latest first."""

    rejected: tuple[RejectedRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How much there is to do."""

    open_incidents: tuple[tuple[Level, int], ...]
    unacknowledged_incident_count: int
    active_warning_count: int
    active_alarm_count: int
    dispatch_under_way_count: int
    delivery_owed_count: int
    delivery_failed_count: int
    rejected_count: int


class Reads(Protocol):
    """The read side of the store. Called in worker threads; raises ``sqlalchemy.exc.SQLAlchemyError`` when it cannot be read."""

    def incidents(self, wanted: IncidentFilter, *, limit: int, cursor: str | None) -> IncidentRows:
        """One page. Raises ValueError for a cursor that is none of ours."""

    def dispatches_of(self, incident_ids: Sequence[str]) -> tuple[Dispatch, ...]:
        """Their dispatches that are under way."""

    def case(self, incident_id: str, *, timeline_max: int) -> CaseRows | None:
        """Everything about one incident, or None where there is none of this id."""

    def community_of(self, entity: Entity, entity_id: str) -> str | None:
        """The community of a warning, alarm, incident or dispatch, or None where there is none of this id."""

    def counts(self) -> CountRow:
        """How much there is to do."""

    def rejected(self, *, limit: int, cursor: str | None) -> RejectedRows:
        """One page. Raises ValueError for a cursor that is none of ours."""

    def facts_after(self, seq: int, *, limit: int) -> tuple[TimelineRow, ...]:
        """The next lines of the timeline after this sequence number, in order, of all incidents."""

    def last_seq(self) -> int:
        """The last sequence number of the timeline, 0 where it is empty."""
