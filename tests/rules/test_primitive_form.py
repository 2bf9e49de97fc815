"""Tests of a stage that are written as mappings: read as meant, or refused where they stand."""

import pytest

from rules.pack import check_pack, read_pack
from rules.primitive import Forecast, Test

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
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(text: str, said: str) -> None:
    faults = check_pack(PACK.replace("STAGE", text))
    assert [fault.line for fault in faults] == [16]
    assert said in faults[0].message
