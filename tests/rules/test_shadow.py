"""A shadow rule is checked with its pack and does nothing: no effect, no watch; in earnest it is a rule like any other."""

import pytest

from rules.activation import rules_at_work
from rules.definition import RulePack
from rules.effects import RecordFact
from rules.engine import Engine
from rules.model import Entity, Event, EventClass, Network, PackActivation, Reason
from rules.pack import check_pack, read_pack
from rules.pack_diff import compare
from rules.rule_words import explain
from rules.shadow import in_earnest, shadow_rules

PACK = """
pack: small
version: "1.0.0"
title: {zh: 小规则包, en: Small pack}
parties:
  property: {title: {zh: 物业, en: Property}}
responders:
  guard_1: {title: {zh: 保安一, en: Guard one}, party: property, capabilities: [fire]}
hazards:
  fire: {title: {zh: 火灾, en: Fire}, life_safety: true}
plans:
  fire:
    title: {zh: 火灾预案, en: Fire plan}
    notify_on_warning: [property]
    notify_on_alarm: [property]
    orders:
      - {capability: fire, task: {zh: 到场核实, en: Go and look}, clocks: {accepted: 60s}}
rules:
  heat:
    title: {zh: 高温, en: Heat}
    hazard: fire
    kinds: temperature
    unit: °C
    warnings: [{level: yellow, above: 45}]
    alarms: [{level: red, above: 57}]
    plan: fire
    source: ours
    shadow: true
"""
OWN = """
parameters:
  hot: {title: {zh: 高, en: Hot}, unit: °C, low: 50, high: 90, default: 57}
communities:
  c02: {hot: 70}
"""


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return read_pack(PACK, "small.yaml")


def hot(number: int, community: str = "c01") -> Event:
    return Event(
        id=f"e-{number}",
        community=community,
        network=Network.IOT,
        event_class=EventClass.READING,
        device="heat-1",
        kind="temperature",
        value=80.0,
        zone="b01",
    )


def test_a_shadow_rule_has_no_effect_whatever(pack: RulePack) -> None:
    engine = Engine(pack=pack)
    assert engine.receive(hot(1), 1_767_225_600_000, 1) == ()
    assert engine.next_deadline() is None
    assert list(rules_at_work(pack)) == []


def test_in_earnest_it_is_a_rule_like_any_other(pack: RulePack) -> None:
    live = read_pack(PACK.replace("    shadow: true\n", ""), "small.yaml")
    tried, real = Engine(pack=in_earnest(pack)), Engine(pack=live)
    assert tried.receive(hot(1), 1_767_225_600_000, 1) == real.receive(hot(1), 1_767_225_600_000, 1) != ()
    assert shadow_rules(pack) == {"heat": "fire"}
    assert shadow_rules(live) == shadow_rules(in_earnest(pack)) == {}


def test_a_live_rule_is_the_same_rule_whether_or_not_it_says_that_it_is_no_shadow(pack: RulePack) -> None:
    said = read_pack(PACK.replace("shadow: true", "shadow: false"), "small.yaml")
    silent = read_pack(PACK.replace("    shadow: true\n", ""), "small.yaml")
    assert said.rules[0].digest == silent.rules[0].digest != pack.rules[0].digest


def test_what_a_running_rule_holds_up_ends_when_it_becomes_a_shadow(pack: RulePack) -> None:
    live = read_pack(PACK.replace("    shadow: true\n", ""), "small.yaml")
    engine = Engine(pack=live, read_pack=lambda _: pack)
    engine.receive(hot(1), 1_767_225_600_000, 1)
    taken = PackActivation(id="a-1", pack="small", version="1.0.1", digest="", text="")
    effects = engine.receive(taken, 1_767_225_601_000, 2)
    facts = [effect.fact for effect in effects if isinstance(effect, RecordFact)]
    assert [(fact.transition, fact.reason) for fact in facts if fact.entity is Entity.ALARM] == [("cleared", Reason.RULE_REMOVED)]
    assert engine.receive(hot(2), 1_767_225_602_000, 3) == ()


def test_a_shadow_stays_one_where_a_community_has_its_own_limits() -> None:
    own = PACK.replace("above: 57", "above: $hot") + OWN
    pack = read_pack(own, "small.yaml")
    assert Engine(pack=pack).receive(hot(1, "c02"), 1_767_225_600_000, 1) == ()
    assert Engine(pack=in_earnest(pack)).receive(hot(1, "c02"), 1_767_225_600_000, 1) != ()


def test_it_is_told_that_a_rule_is_a_shadow(pack: RulePack) -> None:
    assert "影子规则" in explain(pack, pack.rules[0])[1].zh
    assert not [one for one in explain(pack, in_earnest(pack).rules[0]) if "影子" in one.zh]
    [change] = compare(in_earnest(pack), pack)
    assert "shadow from no to yes" in change.sentence.en


def test_a_shadow_is_checked_like_the_others() -> None:
    assert check_pack(PACK.replace("above: 57", "above: 4000"), "small.yaml")
