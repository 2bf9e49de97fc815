"""The judge: what came in time is met, what came late or never is missed, what nobody called for is stray."""

from typing import Any

import pytest

from simulator.recording import iso
from simulator.scenario import Scenario
from simulator.scenario_file import read_scenario
from simulator.truth import judge

START_AT = 1_800_000_000_000

SCENARIO = """
scenario: small
title: {zh: 小, en: Small}
starts: 2027-01-15T16:00:00+08:00
lasts_s: 600
tells: a test
truth:
  expected:
    - {hazard: fire, zone: b03/u1/0502, onset_s: 10, warning_by_s: 60, alarm_by_s: 90, dispatch_by_s: 91}
  allowed:
    - {hazard: carbon_monoxide, zone: b03, stages: [warning, alarm]}
"""


@pytest.fixture
def scenario() -> Scenario:
    return read_scenario(SCENARIO)


def decision(second: float, entity: str, hazard: str = "fire", zone: str = "b03/u1/0502", **fields: Any) -> dict[str, Any]:
    transition = {"dispatch": "ordered"}.get(entity, "opened")
    return {
        "at": iso(START_AT + round(second * 1000)),
        "entity": entity,
        "transition": transition,
        "hazard": hazard,
        "zone": zone,
        "sentence": {"zh": "", "en": "because"},
        **fields,
    }


def test_stages_that_came_in_time_are_met(scenario: Scenario) -> None:
    score = judge(scenario, [decision(40, "warning"), decision(80, "alarm"), decision(80, "dispatch")], start_at=START_AT)
    assert score.is_met
    assert [(finding.stage, finding.came_s) for finding in score.findings] == [
        ("warning", 40.0),
        ("alarm", 80.0),
        ("dispatch", 80.0),
    ]


@pytest.mark.parametrize("late", [[], [decision(95, "alarm")], [decision(5, "alarm")]])
def test_a_stage_that_came_late_or_never_or_before_the_onset_is_missed(scenario: Scenario, late: list[Any]) -> None:
    score = judge(scenario, [decision(40, "warning"), decision(80, "dispatch"), *late], start_at=START_AT)
    assert not score.is_met
    assert [finding.stage for finding in score.findings if not finding.is_met] == ["alarm"]
    assert "MISSED: alarm of fire at b03/u1/0502, due by 90 s" in str(score)


def test_only_the_first_time_counts(scenario: Scenario) -> None:
    decisions = [decision(40, "warning"), decision(80, "alarm"), decision(80, "dispatch"), decision(200, "alarm")]
    assert judge(scenario, decisions, start_at=START_AT).is_met


def test_a_rule_may_speak_of_a_larger_or_smaller_place(scenario: Scenario) -> None:
    came = [decision(40, "warning", zone="b03"), decision(80, "alarm", zone="b03/u1/0502/kitchen"), decision(80, "dispatch")]
    assert judge(scenario, came, start_at=START_AT).is_met


@pytest.mark.parametrize(
    ("stray", "is_met"),
    [
        (decision(50, "alarm", zone="b03/u1/0503"), False),
        (decision(50, "alarm", hazard="gas"), False),
        (decision(50, "dispatch", hazard="gas"), False),
        (decision(50, "warning", hazard="gas"), True),  # not forbidden here
        (decision(50, "alarm", hazard="carbon_monoxide"), True),  # allowed
        (decision(50, "dispatch", hazard="carbon_monoxide"), False),  # not allowed for this stage
        (decision(50, "alarm", hazard="gas", transition="cleared"), True),  # no new alarm
    ],
)
def test_what_nothing_called_for_is_stray(scenario: Scenario, stray: dict[str, Any], is_met: bool) -> None:
    good = [decision(40, "warning"), decision(80, "alarm"), decision(80, "dispatch")]
    assert judge(scenario, [*good, stray], start_at=START_AT).is_met == is_met


def test_a_run_at_ten_times_the_speed_is_judged_in_the_scenarios_seconds(scenario: Scenario) -> None:
    came = [decision(4, "warning"), decision(8, "alarm"), decision(8, "dispatch")]
    score = judge(scenario, came, start_at=START_AT, speed=10.0)
    assert [finding.came_s for finding in score.findings] == [40.0, 80.0, 80.0]
