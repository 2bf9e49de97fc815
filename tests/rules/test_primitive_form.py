"""Tests of a stage that are written as mappings: read as meant, or refused where they stand."""

import pytest

from rules.pack import check_pack, read_pack
from rules.primitive import Burst, Count, Forecast, Impossible, Stuck, Test, Threshold

PACK = """\
pack: small
version: "1.0.0"
title: {zh: 小, en: small}
parties: {property: {title: {zh: 物业, en: property}}}
hazards: {flood: {title: {zh: 积水, en: flood}}}
plans: {water: {title: {zh: 排水, en: drain}}}
rules:
  level:
    title: {zh: 水位, en: level}
    hazard: flood
    kinds: water_level
    unit: mm
    plan: water
    source: ours
    warnings:
      - {level: blue, STAGE}
"""


def stage_of(text: str) -> Test:
    return read_pack(PACK.replace("STAGE", text)).rules[0].warnings[0].condition.test


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("forecast: {above: 270, in: 30min, over: 10min}", Forecast(above=270, in_s=1800, window_s=600)),
        ("forecast: {below: 20, in: 1h, over: 10min}", Forecast(below=20, in_s=3600, window_s=600)),
        ("stuck_for: 6h, tolerance: 0.1", Stuck(for_s=21_600, tolerance=0.1)),
        ("stuck_for: 1h, stuck_by: seq", Stuck(for_s=3600, is_by_seq=True)),
        ("above: 5, times: 3, within: 10s", Count(of=Threshold(above=5), count=3, within_s=10)),
        ("above: 5, times: 1, within: 10s, speaks: first", Burst(of=Threshold(above=5), count=1, quiet_s=10)),
        ("above: 5, times: 3, within: 10s, speaks: last", Burst(of=Threshold(above=5), count=3, quiet_s=10, speaks_last=True)),
        ("impossible: {}", Impossible(low=-1000, high=100_000)),
        (
            "impossible: {rails: [0, 5000], jump_per_s: 50}",
            Impossible(low=-1000, high=100_000, rail_low=0, rail_high=5000, jump_per_s=50),
        ),
    ],
)
def test_a_stage_means_what_is_written(text: str, test: Test) -> None:
    assert stage_of(text) == test


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("forecast: {in: 30min, over: 10min}", "a forecast has exactly one limit, above or below"),
        ("forecast: {above: 1, below: 2, in: 30min, over: 10min}", "a forecast has exactly one limit, above or below"),
        ("forecast: {above: 270, over: 10min}", "'in' is missing: how far ahead is looked"),
        ("forecast: {above: 270, in: 30min}", "'over' is missing: the stretch of time"),
        ("forecast: {above: 270, in: 0, over: 10min}", "greater than 0"),
        ("forecast: {above: 999999, in: 30min, over: 10min}", "999999 mm is outside what water_level can be"),
        ("forecast: {above: 270, in: 30min, over: 10min}, above: 270", "exactly one test"),
        ("forecast: {above: 270, in: 30min, over: 10min}, over: 5min", "a rate needs over"),
        ("forecast: {above: 270, in: 30min, over: 10min}, times: 2, within: 5min", "only a limit or a state can be counted"),
        ("above: 5, times: 3", "times and within belong together"),
        ("above: 5, times: 1, within: 10s", "once is every time"),
        ("above: 5, speaks: last", "speaks belongs to times and within"),
        ("above: 5, times: 2, within: 10s, speaks: last, for: 5s", "a burst has its own time"),
        ("above: 5, tolerance: 1", "tolerance belongs to stuck_for"),
        ("above: 5, stuck_by: seq", "stuck_by belongs to stuck_for"),
        ("stuck_for: 6h, stuck_by: seq, tolerance: 1", "leave tolerance out"),
        ("stuck_for: 6h, for: 1h", "a stuck value is its own delay"),
        ("impossible: {rails: [5, 5]}", "rails are written as [lowest, highest]"),
        ("impossible: {rails: [5]}", "at least 2"),
        ("impossible: {jump_per_s: 0}", "greater than 0"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(text: str, said: str) -> None:
    faults = check_pack(PACK.replace("STAGE", text))
    assert [fault.line for fault in faults] == [16]
    assert said in faults[0].message


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("    kinds: water_level\n", "    kinds: water_level\n    watch: zone\n", 12, "an impossible reading is its device's"),
        ("    kinds: water_level\n", "    kinds: [water_level, smoke]\n", 11, "of one kind that has numbers"),
        ("    source: ours\n", '    source: ours\n    hours: "22:00-06:00"\n', 15, "at all times; leave hours out"),
        ("{level: blue, STAGE}", "{level: blue, impossible: {}}\n      - {level: yellow, above: 9}", 16, "has no other tests"),
    ],
)
def test_a_gate_stands_alone(old: str, new: str, line: int, said: str) -> None:
    faults = check_pack(PACK.replace(old, new).replace("STAGE", "impossible: {}"))
    assert any(fault.line == line and said in fault.message for fault in faults), [str(fault) for fault in faults]
