"""Did the ground truth come true? Compares what the chain decided with what a scenario says should and may be noticed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from simulator.community import Community
from simulator.hazards.course import Peril
from simulator.scenario import Scenario
from simulator.world import is_within

Decision = Mapping[str, Any]
"""One line of ``shouwang replay --virtual`` (docs/simulator.md has its fields)."""

_STAGES: Final = {("warning", "opened"): "warning", ("alarm", "opened"): "alarm", ("dispatch", "ordered"): "dispatch"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One stage that was asked for: when it was due and when it came, in seconds after the scenario's start."""

    hazard: str
    zone: str
    stage: str
    onset_s: float
    due_s: float
    came_s: float | None
    dangerous_s: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether it came, and in time."""
        return self.came_s is not None and self.came_s <= self.due_s

    def __str__(self) -> str:
        came = "never came" if self.came_s is None else f"came at {self.came_s:.1f} s"
        mark = "met" if self.is_met else "MISSED"
        return f"{mark}: {self.stage} of {self.hazard} at {self.zone}, due by {self.due_s:g} s, {came}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A stage that was reached although nothing called for it."""

    stage: str
    hazard: str
    zone: str
    at_s: float
    sentence: str

    def __str__(self) -> str:
        return f"STRAY: {self.stage} of {self.hazard} at {self.zone}, {self.at_s:.1f} s: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a run did against its scenario."""

    scenario: str
    findings: tuple[Finding, ...]
    strays: tuple[Stray, ...]

    @property
    def is_met(self) -> bool:
        """Everything asked for came in time, and nothing else was raised."""
        return not self.strays and all(finding.is_met for finding in self.findings)

    def __str__(self) -> str:
        head = f"{self.scenario}: {'the ground truth was met' if self.is_met else 'the ground truth was NOT met'}"
        return "\n".join([head, *(f"  {each}" for each in (*self.findings, *self.strays))])


def judge(
    scenario: Scenario,
    decisions: Iterable[Decision],
    *,
    community: Community | None = None,
    start_at: int | None = None,
    speed: float = 1.0,
) -> Score:
    """Compare decisions with what is true. ``start_at`` (ms) and ``speed`` say how the scenario's seconds lie on their clock.

    ``community`` is the one in which it was played; without it, the scenario's own.
    """
    start_at = scenario.start_at if start_at is None else start_at
    perils = scenario.perils(community or scenario.build())
    came: dict[tuple[int, str], float] = {}
    strays: list[Stray] = []
    for decision in decisions:
        stage = _STAGES.get((decision["entity"], decision["transition"]))
        if stage is None or decision.get("status", "actual") != "actual":
            continue  # an exercise and a test are never counted
        at_s = (_instant(decision["at"]) - start_at) / 1000 * speed
        matched = [index for index, each in enumerate(perils) if _is_about(decision, each, at_s)]
        for index in matched:
            came.setdefault((index, stage), at_s)
        if not matched and stage in scenario.truth.forbidden and not _is_allowed(scenario, decision, stage):
            sentence = decision["sentence"]["en"]
            strays.append(Stray(stage=stage, hazard=decision["hazard"], zone=decision["zone"], at_s=at_s, sentence=sentence))
    return Score(scenario=scenario.scenario, findings=tuple(_findings(perils, came)), strays=tuple(strays))


def _findings(perils: Sequence[Peril], came: Mapping[tuple[int, str], float]) -> Iterable[Finding]:
    for index, each in enumerate(perils):
        dues = (("warning", each.warning_due_s), ("alarm", each.alarm_due_s), ("dispatch", each.dispatch_due_s))
        for stage, due_s in dues:
            if due_s is not None:
                yield Finding(
                    hazard=each.hazard,
                    zone=each.zone,
                    stage=stage,
                    onset_s=each.began_s,
                    due_s=due_s,
                    came_s=came.get((index, stage)),
                    dangerous_s=each.dangerous_s,
                )


def _is_about(decision: Decision, peril: Peril, at_s: float) -> bool:
    return decision["hazard"] == peril.hazard and at_s >= peril.began_s and _touches(decision["zone"], peril.zone)


def _is_allowed(scenario: Scenario, decision: Decision, stage: str) -> bool:
    return any(
        stage in each.stages and decision["hazard"] == each.hazard and (not each.zone or _touches(decision["zone"], each.zone))
        for each in scenario.truth.allowed
    )


def _touches(zone: str, place: str) -> bool:
    """Whether one of the two places contains the other: a rule may speak of the flat, the unit or the building."""
    return is_within(zone, place) or is_within(place, zone)


def _instant(at: str) -> float:
    return datetime.fromisoformat(at).timestamp() * 1000
