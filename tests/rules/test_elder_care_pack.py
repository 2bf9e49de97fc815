"""The second bundled pack is made from the first: it is good, keeps its promises, and says what it says otherwise."""

import json
from functools import cache

import jsonschema
import pytest
from ruamel.yaml import YAML

from rules.definition import RulePack
from rules.pack import read_pack
from rules.pack_bundle import bundle
from rules.pack_diff import compare
from rules.primitive import PersonalSilence
from rules.promise import Outcome, run_promises
from rules.rule_words import explain
from tests.rules.test_community_pack import PACKS, TEXT

OWN = (PACKS / "elder_care.yaml").read_text(encoding="utf-8")


@cache
def elder_care() -> RulePack:
    return read_pack(bundle("elder_care", {"elder_care": OWN, "community": TEXT}), "elder_care.yaml")


@cache
def outcomes() -> tuple[Outcome, ...]:
    return run_promises(elder_care(), (PACKS / "elder_care_test.yaml").read_text(encoding="utf-8"), "elder_care_test.yaml")


def own_rules() -> set[str]:
    """The rules that it adds or says otherwise."""
    return {one.id for one in compare(read_pack(TEXT), elder_care()) if one.section == "rules" and one.what != "removed"}


def test_it_keeps_its_promises() -> None:
    assert [str(outcome) for outcome in outcomes() if not outcome.is_kept] == []


def test_every_rule_of_its_own_fires_and_every_new_one_has_a_case_in_which_it_must_not() -> None:
    fired = {rule for outcome in outcomes() for rule in outcome.fired}
    assert own_rules() <= fired
    quiet = {outcome.about for outcome in outcomes() if outcome.about not in outcome.fired}
    added = own_rules() - {rule.id for rule in read_pack(TEXT).rules}
    assert len(added) >= 8
    assert added <= quiet


def test_it_overrides_disables_adds_and_leaves_the_rest_alone() -> None:
    changes = compare(read_pack(TEXT), elder_care())
    everywhere = [one for one in changes if not one.community]
    assert [one.id for one in everywhere if one.section == "rules" and one.what == "removed"] == ["loitering"]
    assert {one.id for one in everywhere if one.section == "rules" and one.what == "changed"} == {"fall", "elder_inactivity"}
    assert {one.id for one in everywhere if one.section == "plans"} == {"welfare"}
    untouched = {rule.id: rule.digest for rule in read_pack(TEXT).rules}
    assert sum(untouched.get(rule.id) == rule.digest for rule in elder_care().rules) == len(untouched) - 3


def test_a_care_home_is_told_sooner() -> None:
    def first(pack: RulePack) -> float:
        test = next(rule for rule in pack.rules if rule.id == "elder_inactivity").warnings[0].condition.test
        assert isinstance(test, PersonalSilence)
        return test.for_s

    assert (first(elder_care()), first(elder_care().by_community["care_home"])) == (43_200, 21_600)


MIXED = """\
pack: elder_care_here
version: "1.0.0"
title: {zh: 本社区, en: Here}
extends: elder_care
communities: {mixed: {elder_homes: '^b01/u1/0101$'}}
"""
HOMES = """\
pack: elder_care_here
cases:
  water_of_an_elder:
    community: mixed
    steps: [{at: 0s, kind: water_flow, value: 20, zone: b01/u1/0101}]
    ends: 25h
    expect: [{at: 24h, warning: opened, rule: water_not_used}]
  water_of_somebody_who_travels:
    community: mixed
    steps: [{at: 0s, kind: water_flow, value: 20, zone: b01/u1/0102}]
    ends: 100h
    expect: []
  door_of_an_elder:
    community: mixed
    starts: "02:00"
    steps: [{at: 0s, kind: opening, class: state, state: open, zone: b01/u1/0101}]
    ends: 20min
    expect: [{at: 15min, until: 901s, alarm: opened, rule: night_wandering}]
  door_of_a_family:
    community: mixed
    starts: "02:00"
    steps: [{at: 0s, kind: opening, class: state, state: open, zone: b01/u1/0102}]
    ends: 20min
    expect: []
  water_where_nobody_has_said_who_is_old:
    community: c01
    steps: [{at: 0s, kind: water_flow, value: 20, zone: b01/u1/0102}]
    ends: 25h
    expect: [{at: 24h, warning: opened, rule: water_not_used}]
"""


def test_a_mixed_community_says_in_which_homes_elders_live() -> None:
    here = read_pack(bundle("elder_care_here", {"elder_care_here": MIXED, "elder_care": OWN, "community": TEXT}))
    assert [str(outcome) for outcome in run_promises(here, HOMES, "homes.yaml") if not outcome.is_kept] == []


def test_every_rule_of_its_own_can_be_told_in_words() -> None:
    for rule in elder_care().rules:
        if rule.id in own_rules():
            assert all(one.zh and one.en for one in explain(elder_care(), rule))


@pytest.mark.parametrize(("file", "schema"), [("elder_care.yaml", "pack"), ("elder_care_test.yaml", "promises")])
def test_an_editor_finds_nothing_to_underline(file: str, schema: str) -> None:
    rules = json.loads((PACKS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(rules)
    loaded = YAML(typ="safe", pure=True).load((PACKS / file).read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(rules).iter_errors(loaded)] == []
