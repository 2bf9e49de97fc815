"""Scenarios as files: the bundled ones load, and a faulty one names every fault by file, line and column."""

import pytest

from simulator.scenario_file import ScenarioError, load_scenario, read_scenario, scenario_names

GOOD = """\
scenario: small
title: {zh: 小, en: Small}
starts: 2026-03-02T18:10:00+08:00
lasts_s: 600
tells: a test
hazards:
  - model: gas_leak
    zone: b01/u1/0101
    starts_s: 10
truth:
  expected:
    - {hazard: gas, zone: b01/u1/0101, onset_s: 10, alarm_by_s: 500}
"""


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_scenario(text, "s.yaml")
    return [str(fault) for fault in caught.value.faults]


def test_the_promised_scenarios_are_bundled_and_load() -> None:
    assert set(scenario_names()) >= {
        "kitchen_fire",
        "gas_leak",
        "elder_fall_and_silence",
        "flooded_garage",
        "ebike_in_lift",
        "night_intrusion",
        "lift_entrapment",
        "quiet_day",
    }
    for name in scenario_names():
        assert load_scenario(name).scenario == name


def test_a_good_scenario_is_read_with_its_defaults() -> None:
    scenario = read_scenario(GOOD)
    assert scenario.start_at == 1772446200000
    assert scenario.start_of_day_s == 18 * 3600 + 600
    assert scenario.truth.forbidden == ("alarm", "dispatch")
    assert scenario.hazards[0].model == "gas_leak"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("en: Small", "es: Small", "s.yaml:2:1: title.en: Field required"),
        ("lasts_s: 600", "lasts_s: soon", "s.yaml:4:1: lasts_s: Input should be a valid number"),
        ("+08:00", "", "starts needs an offset from UTC"),
        ("starts_s: 10", "starts_s: -1", "s.yaml:9:5: hazards.0.starts_s: Input should be greater than or equal to 0"),
        ("starts_s: 10", "starts_s: 700", "starts at 700 s, but the scenario lasts 600 s"),
        ("model: gas_leak", "model: gaz", "s.yaml:7:5: hazards.0: Input tag 'gaz'"),
        ("zone: b01/u1/0101\n", "zone: b01/u1/0101\n    leek_l_per_min: 3\n", "s.yaml:9:5: hazards.0.leek_l_per_min: Extra"),
        (", alarm_by_s: 500", "", "needs at least one of warning_by_s, alarm_by_s, dispatch_by_s"),
        ("alarm_by_s: 500", "alarm_by_s: 5", "a stage is due after onset_s (10 s)"),
        ("alarm_by_s: 500", "alarm_by_s: 900", "due after the scenario's end (600 s)"),
        ("lasts_s: 600", "lasts_s: 600\nlasts_s: 700", 's.yaml:5:1: this is not YAML: found duplicate key "lasts_s"'),
        (GOOD, "- 1", "s.yaml:1:1: a scenario is a mapping"),
        (GOOD, "", "s.yaml:1:1: a scenario is a mapping"),
        (GOOD, "a: [", "s.yaml:1:5: this is not YAML"),
    ],
)
def test_a_fault_is_named_where_it_stands(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in "\n".join(faults(GOOD.replace(old, new)))


def test_all_faults_are_told_at_once() -> None:
    text = GOOD.replace("en: Small", "es: Small").replace("starts_s: 10", "starts_s: -1")
    assert len(faults(text)) == 3


def test_an_unknown_name_says_which_are_bundled() -> None:
    with pytest.raises(ScenarioError, match=r"kitchen_fire.*or give a file's path"):
        load_scenario("kitchen_fyre")
