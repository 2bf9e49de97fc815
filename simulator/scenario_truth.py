"""A scenario's ground truth and its events as files, in the form that ``shouwang backtest`` reads (docs/judge.md)."""

from collections.abc import Iterator

from simulator.community import Community
from simulator.faults.models import Fault
from simulator.hazards.course import Peril
from simulator.judge.truth_file import Happened, truth_line
from simulator.recording import Recorded
from simulator.scenario import Scenario
from simulator.stream import messages


def happened(scenario: Scenario, community: Community) -> tuple[Happened, ...]:
    """All that is true; what may be noticed besides is asked of nobody."""
    allowed = [
        Peril(hazard=each.hazard, zone=each.zone, began_s=0.0, ended_s=scenario.lasts_s) for each in scenario.truth.allowed
    ]
    return tuple(_happened(scenario, community, each) for each in (*scenario.perils(community), *allowed))


def truth_lines(scenario: Scenario, community: Community) -> Iterator[str]:
    """One JSON line for each thing that is true, with its line end."""
    return map(truth_line, happened(scenario, community))


def event_lines(scenario: Scenario, community: Community) -> Iterator[Recorded]:
    """Every message of the scenario as if it had been received the moment that it was due."""
    start_at = scenario.start_at
    for offset_ms, topic, payload in messages(community, scenario, start_at=start_at):
        yield Recorded(start_at + offset_ms, topic, payload)


def with_faults(scenario: Scenario, faults: tuple[Fault, ...]) -> Scenario:
    """The same scenario, heard through these faults besides its own. The truth stays what it is."""
    return scenario.model_copy(update={"faults": (*scenario.faults, *faults)})


def _happened(scenario: Scenario, community: Community, peril: Peril) -> Happened:
    def instant(second: float | None) -> int | None:
        return None if second is None else scenario.start_at + round(second * 1000)

    return Happened(
        hazard=peril.hazard,
        community=community.id,
        zone=peril.zone,
        start_at=scenario.start_at + round(peril.began_s * 1000),
        dangerous_at=instant(peril.dangerous_s),
        end_at=instant(peril.ended_s),
        warning_due_at=instant(peril.warning_due_s),
        alarm_due_at=instant(peril.alarm_due_s),
        dispatch_due_at=instant(peril.dispatch_due_s),
    )
