"""A scenario's ground truth and its events as files, in the form that ``shouwang backtest`` reads (docs/judge.md)."""

import json
from collections.abc import Iterator

from simulator.community import Community
from simulator.faults.models import Fault
from simulator.hazards.course import Peril
from simulator.recording import Recorded, iso
from simulator.scenario import Scenario
from simulator.stream import messages


def truth_lines(scenario: Scenario, community: Community) -> Iterator[str]:
    """One JSON line for each thing that is true, with its line end; what may be noticed besides has no ``due_by``."""
    allowed = [
        Peril(hazard=each.hazard, zone=each.zone, began_s=0.0, ended_s=scenario.lasts_s) for each in scenario.truth.allowed
    ]
    for peril in (*scenario.perils(community), *allowed):
        due = {"warning": peril.warning_due_s, "alarm": peril.alarm_due_s, "dispatch": peril.dispatch_due_s}
        due_by = {stage: _instant(scenario, second) for stage, second in due.items() if second is not None}
        line = {
            "hazard": peril.hazard,
            "community": community.id,
            "zone": peril.zone,
            "start": _instant(scenario, peril.began_s),
            "dangerous_at": None if peril.dangerous_s is None else _instant(scenario, peril.dangerous_s),
            "end": _instant(scenario, peril.ended_s),
            "due_by": due_by or None,
        }
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def event_lines(scenario: Scenario, community: Community) -> Iterator[Recorded]:
    """Every message of the scenario as if it had been received the moment that it was due."""
    for offset_ms, topic, payload in messages(community, scenario):
        yield Recorded(scenario.start_at + offset_ms, topic, payload)


def with_faults(scenario: Scenario, faults: tuple[Fault, ...]) -> Scenario:
    """The same scenario, heard through these faults besides its own. The truth stays what it is."""
    return scenario.model_copy(update={"faults": (*scenario.faults, *faults)})


def _instant(scenario: Scenario, second: float) -> str:
    return iso(scenario.start_at + round(second * 1000))
