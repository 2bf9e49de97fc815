"""What a pack decided, as the judge sees it: each time that a stage was reached and a person would have heard of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rules.annunciation import is_annunciated
from rules.model import Entity, Fact, Level, Reason, Status

_STAGES: Final = {
    (Entity.WARNING, "opened"): "warning",
    (Entity.WARNING, "unsuppressed"): "warning",
    (Entity.DISPATCH, "ordered"): "dispatch",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One stage that was reached. ``at`` is ms since 1970.

    A dispatch has the hazard, the place and the rule of the alarm for which it was ordered, because it stands or falls with it.
    """

    stage: str  # warning, alarm, dispatch
    at: int
    hazard: str
    zone: str
    rule: str
    device: str = ""
    level: str = ""
    incident_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """One announcement to the operator: an alarm that began to wait, came back or became worse. They make load and floods."""

    at: int
    hazard: str
    rule: str


@dataclass(slots=True)
class Register:
    """Takes in the lines of one community's timeline and keeps what counts."""

    reached: list[Reached]
    rang: list[Rang]
    apart: dict[str, int]  # stages reached by exercises and tests: they never score
    _alarms: dict[str, Reached]  # the latest alarm of each incident
    _sent: dict[tuple[str, Reached | None], None]  # for which alarms somebody was sent already

    def __init__(self) -> None:
        self.reached, self.rang = [], []
        self.apart = {"warning": 0, "alarm": 0, "dispatch": 0}
        self._alarms, self._sent = {}, {}

    def take_all(self, facts: Iterable[Fact]) -> None:
        """Take in the lines of the timeline, in order."""
        for fact in facts:
            stage = stage_of(fact)
            if fact.status is not Status.ACTUAL:
                if stage:
                    self.apart[stage] += 1
                continue
            if fact.entity is Entity.ALARM and is_annunciated(fact):
                self.rang.append(Rang(at=fact.at, hazard=fact.hazard, rule=fact.rule))
            if stage:
                self._take(fact, stage)

    def _take(self, fact: Fact, stage: str) -> None:
        found = _reached(fact, stage)
        if stage == "alarm":
            self._alarms[fact.incident_id] = found
        if stage == "dispatch":
            alarm = self._alarms.get(fact.incident_id)
            if (fact.incident_id, alarm) in self._sent:
                return  # the second responder of the same plan, or the one who goes instead
            self._sent[fact.incident_id, alarm] = None
            if alarm is not None:
                found = replace(alarm, stage=stage, at=fact.at)
        self.reached.append(found)


def stage_of(fact: Fact) -> str:
    """Which stage this line means was reached; empty where none was.

    An alarm counts each time that it begins to be announced: an alarm that came back rings anew, and one that opens suppressed
    or out of service rings for nobody until it is let out.
    """
    if fact.entity is Entity.ALARM:
        would_ring = is_annunciated(replace(fact, status=Status.ACTUAL)) and fact.reason is not Reason.WORSENED
        return "alarm" if would_ring else ""
    if fact.entity is Entity.WARNING and fact.to_state == "suppressed":
        return ""
    return _STAGES.get((fact.entity, fact.transition), "")


def _reached(fact: Fact, stage: str) -> Reached:
    return Reached(
        stage=stage,
        at=fact.at,
        hazard=fact.hazard,
        zone=fact.zone,
        rule=fact.rule,
        device=fact.device,
        level=fact.level.value if isinstance(fact.level, Level) else "",
        incident_id=fact.incident_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of one community's events. Instants are ms since 1970; ``until_at`` is the last event's.

    ``heard_ms`` is how long the community was heard: a silence of more than an hour counts as one hour, so that a gap in a
    recording, or one line with a clock gone wrong, does not thin out false alarms.
    """

    community: str
    from_at: int
    until_at: int
    heard_ms: int
    event_count: int
    refused_count: int
    reached: tuple[Reached, ...]
    rang: tuple[Rang, ...]
    apart: Mapping[str, int]

    @property
    def days(self) -> float:
        """How long it was, in days of one operator; at least a second, so that there is something to divide by."""
        return max(self.heard_ms, 1000) / 86_400_000
