"""Row 27: what went back unacknowledged stays listed; latching per hazard, which a rule may say otherwise; manual reset."""

import pytest

from rules import primitive as p
from rules.model import Event
from rules.pack import read_pack
from tests.rules.score import Play, event, hazard, pack, rule, stage

STAGES = (stage("red", p.Threshold(above=10)),)


def test_returned_unacknowledged_has_no_end_until_a_person_has_seen_it() -> None:
    play = Play(pack(rule("gas", "methane", alarms=STAGES))).play("""
        0      | d1 methane=15        | incident opened, alarm opened
        1      | d1 methane=0         | alarm cleared, incident recovered
        864000 |                      |
    """)
    alarm = play.records("alarm")[-1]
    assert (alarm.state, alarm.is_active, alarm.ended_at) == ("returned_unacknowledged", False, None)
    play.play("864001 | li acknowledge alarm | alarm acknowledged, incident acknowledged")
    assert play.records("alarm")[-1].ended_at == play.engine.now


@pytest.mark.parametrize(
    ("of_hazard", "of_rule", "is_latching"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True), (True, True, True)],
)
def test_latching_is_the_hazard_s_unless_the_rule_says(of_hazard: bool, of_rule: bool | None, is_latching: bool) -> None:
    latched = rule("gas", "methane", alarms=STAGES, is_latching=of_rule)
    play = Play(pack(latched, hazards=(hazard("fire", is_latching=of_hazard),)))
    play.play("0 | d1 methane=15 | incident opened, alarm opened")
    play.receive(_gone(), 1)
    assert play.records("alarm")[-1].state == ("latched_unacknowledged" if is_latching else "returned_unacknowledged")


def _gone() -> Event:
    return event("d1", "methane", 0.0, id="gone")


def test_a_latched_alarm_ends_by_acknowledgement_and_reset_only_and_holds_its_incident_open() -> None:
    play = Play(pack(rule("gas", "methane", alarms=STAGES), hazards=(hazard("fire", is_latching=True),)))
    play.play("""
        0    | d1 methane=15 | incident opened, alarm opened
        1    | d1 methane=0  | alarm cleared
        9999 |               |
    """)
    assert play.act(10000, "li", "reset", "alarm").reason == "illegal_now"  # not before somebody has seen it
    play.play("10001 | li acknowledge alarm | alarm acknowledged, incident acknowledged")
    play.play("10002 | li reset alarm | alarm reset, incident recovered")


PACK = """
pack: small
version: "1.0.0"
title: {zh: 小, en: Small}
parties: {property: {title: {zh: 物业, en: Property}}}
hazards:
  gas: {title: {zh: 燃气, en: Gas}, latching: true}
plans: {p: {title: {zh: 预案, en: Plan}}}
rules:
  kept: {title: {zh: 甲, en: A}, hazard: gas, kinds: sos, alarms: [{level: red, state: "on"}], plan: p, source: ours}
  freed:
    {title: {zh: 乙, en: B}, hazard: gas, kinds: gas, latching: false, alarms: [{level: red, state: "on"}], plan: p, source: ours}
"""


def test_a_pack_says_it_for_the_hazard_and_for_the_rule() -> None:
    read = read_pack(PACK)
    assert read.hazards["gas"].is_latching
    assert [one.is_latching for one in read.rules] == [None, False]
