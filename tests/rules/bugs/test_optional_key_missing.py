"""Other people's bug: an optional key that is missing silences the rule (thingsboard#13284 #4862).

A condition that cannot be judged is counted, and told once a day and rule; where a life may hang on it, the alarm comes anyway.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rules import primitive as p
from rules.definition import RulePack
from rules.expression import compile_condition
from rules.kinds import KINDS
from rules.model import EventClass
from rules.pack import read_pack
from rules.pack_bundle import bundle
from rules.promise import run_promises
from rules.terms import Missing, Term
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

PACKS = Path(__file__).resolve().parents[3] / "rules" / "packs"
HOT = stage("red", p.Threshold(above=57, deadband=3))
NEEDED = compile_condition("attributes.floor < 30.0")
DAY_S = 86_400


def desk(*, is_life_safety: bool, **changes: Any) -> Play:
    values = {"guard": NEEDED, "guard_text": "attributes.floor < 30.0", "alarms": (HOT,)} | changes
    hot = rule("hot", "temperature motion", **values)
    return Play(pack(hot, hazards=(hazard("fire", is_life_safety=is_life_safety),)), is_restored_each_step=True)


class TestSeen:
    def test_it_is_told_in_both_languages_with_what_is_missing(self) -> None:
        play = desk(is_life_safety=False).play("0 | b1/d1 temperature=60 | pack unjudged")
        said = play.last("pack")
        assert (said.reason, said.rule, said.device, said.value) == ("guard_unjudged", "hot", "d1", 60)
        assert "floor" in said.sentence.en
        assert "floor" in said.sentence.zh
        assert "did not see the event" in said.sentence.en
        assert "该规则未看此事件" in said.sentence.zh

    def test_once_a_day_and_counted_each_time(self) -> None:
        play = desk(is_life_safety=False)
        play.is_restored_each_step = False
        play.play(f"""
            0                   | d1 temperature=60 | pack unjudged
            1                   | d2 temperature=60 |
            {16 * 3600 - 0.001} | d1 temperature=60 |
        """)
        assert play.engine.counts["rule.hot.errors"] == 3
        first = T0 // 86_400_000 * 86_400_000
        play.play(f"{(first - T0) / 1000 + DAY_S} | d1 temperature=60 | pack unjudged")

    def test_every_rule_is_told_of_by_itself(self) -> None:
        guard = {"guard": NEEDED, "alarms": (HOT,)}
        play = Play(pack(rule("one", "temperature", **guard), rule("two", "temperature", **guard)))
        play.play("0 | d1 temperature=60 | pack unjudged, pack unjudged")
        assert [fact.rule for fact in play.facts] == ["one", "two"]

    def test_what_has_the_key_is_judged_as_ever(self) -> None:
        play = desk(is_life_safety=False)
        play.play("0 | d1 temperature=60 |", attributes={"floor": 40.0})
        play.play("1 | d1 temperature=60 | incident opened, alarm opened", attributes={"floor": 3.0})

    def test_a_term_that_cannot_be_judged_is_told_too(self) -> None:
        opener = Term(kind="motion", test=p.StateIs(states=("on",)), guard=NEEDED)
        test = Missing(after=opener, expected=Term(kind="temperature", test=p.Threshold(above=1)), within_s=5)
        play = Play(pack(rule("seq", "motion temperature", alarms=(stage("red", test),))))
        play.play("0 | d1 motion:on | pack unjudged\n1 | d1 motion:off |\n2 | d1 motion:on |")
        assert "no report" in play.last("pack").sentence.en
        assert play.engine.counts["rule.seq.errors"] == 3


class TestLifeSafety:
    def test_the_alarm_comes_all_the_same(self) -> None:
        play = desk(is_life_safety=True).play("0 | d1 temperature=57 | pack unjudged, incident opened, alarm opened")
        assert "because a life may hang on it" in play.facts[0].sentence.en

    def test_what_cannot_be_judged_ends_nothing(self) -> None:
        desk(is_life_safety=True).play("""
            0 | d1 temperature=56.999 |
            1 | d1 temperature=57     | pack unjudged, incident opened, alarm opened
            2 | d1 temperature=20     |
        """)

    def test_nor_does_it_break_a_delay_off(self) -> None:
        late = stage("red", p.Threshold(above=57), 10)
        desk(is_life_safety=True, alarms=(late,)).play("""
            0  | d1 temperature=60 | pack unjudged
            5  | d1 temperature=20 |
            10 |                   | incident opened, alarm opened
        """)

    def test_an_alarm_report_without_a_state_is_one_that_is_on(self) -> None:
        on = stage("red", p.StateIs(states=("on",)))
        play = desk(is_life_safety=True, alarms=(on,)).play("0 | d1 motion! | pack unjudged, incident opened, alarm opened")
        assert play.last("alarm").evidence[0].state == "on"

    def test_a_rate_may_begin_by_it_and_does_not_end_by_it(self) -> None:
        rise = stage("red", p.Rate(above=8, window_s=60))
        desk(is_life_safety=True, alarms=(rise,)).play("""
            0   | d1 temperature=20 | pack unjudged
            60  | d1 temperature=40 | incident opened, alarm opened
            200 | d1 temperature=40 |
        """)

    def test_it_is_no_sign_of_life_but_starts_the_watch(self) -> None:
        quiet = stage("red", p.Silence(for_s=60))
        desk(is_life_safety=True, alarms=(quiet,)).play("""
            0  | d1 motion:on | pack unjudged
            50 | d1 motion:on |
            60 |              | incident opened, alarm opened
            70 | d1 motion:on |
        """)

    @pytest.mark.parametrize("is_life_safety", [False, True])
    def test_what_would_stop_a_watch_does_not_when_nobody_can_judge_it(self, is_life_safety: bool) -> None:
        away = compile_condition("attributes.away == true")
        quiet = stage("red", p.Silence(for_s=60))
        play = desk(is_life_safety=is_life_safety, guard=None, unwatch=away, alarms=(quiet,)).play("""
            0       | d1 motion:on | pack unjudged
            30      | d1 motion:on |
            89.999  |              |
            90      |              | incident opened, alarm opened
        """)
        assert "stops no watch" in play.facts[0].sentence.en

    def test_a_condition_that_says_no_still_says_no(self) -> None:
        away = compile_condition("attributes.away == true")
        no = compile_condition("device != 'd1'")
        quiet = stage("red", p.Silence(for_s=60))
        play = desk(is_life_safety=True, guard=no, unwatch=away, alarms=(quiet,)).play("0 | d1 motion:on | pack unjudged")
        play.play("100 | |")


def test_a_condition_sees_an_alarm_without_a_state_as_the_chain_does() -> None:
    guard = compile_condition("has_state && state == 'on'")
    assert guard(event("d1", "sos", event_class=EventClass.ALARM)) is True
    assert guard(event("d1", "motion", event_class=EventClass.STATE)) is False


# ------------------------------------------------------------------------------------------------- the bundled packs


TEXTS = {name: (PACKS / f"{name}.yaml").read_text(encoding="utf-8") for name in ("community", "elder_care")}


@cache
def bundled(name: str) -> RulePack:
    return read_pack(TEXTS[name] if name == "community" else bundle(name, TEXTS), f"{name}.yaml")


@cache
def promises(name: str) -> str:
    return (PACKS / f"{name}_test.yaml").read_text(encoding="utf-8")


def fired(name: str, text: str) -> dict[str, set[str]]:
    """The hazards of which something was told, by case."""
    hazards = {rule.id: rule.hazard for rule in bundled(name).rules}
    return {outcome.case: {hazards[rule] for rule in outcome.fired} for outcome in run_promises(bundled(name), text)}


def without(name: str, key: str) -> str:
    """The same happenings, in which no event has this attribute."""
    yaml = YAML(typ="safe", pure=True)
    plain = yaml.load(promises(name))
    for case in plain["cases"].values():
        for part in (case.get("defaults", {}), *case["steps"]):
            part.get("attributes", {}).pop(key, None)
    return json.dumps(plain)


def keys_of(name: str) -> list[str]:
    return sorted(set(re.findall(r"attributes\.(\w+)", TEXTS[name])))


SAYS_ONLY_THIS = {
    "lift_off_level_that_does_not_say_who_is_inside_warns_at_60_s",
    "lift_with_people_that_does_not_say_its_level_warns_where_its_door_stays_shut",
    "lift_that_tells_later_who_is_inside_alarms",
    "report_of_a_fire_sends_the_fire_team",
    "report_of_a_gas_leak_sends_the_gas_team",
    "urgent_report_of_a_fire_is_the_fire_s_case_alone",
}
"""Without it nothing is left that could speak of danger: a lift that only stands still is every lift at night, as the pack
promises, and a report without its words is of anything."""


@pytest.mark.parametrize("name", TEXTS)
def test_no_key_that_a_bundled_pack_names_silences_a_life_safety_hazard_by_its_absence(name: str) -> None:
    hazards = bundled(name).hazards
    usual = fired(name, promises(name))
    for key in keys_of(name):
        now = fired(name, without(name, key))
        lost = {case for case in usual for hazard in usual[case] - now[case] if hazards[hazard].is_life_safety}
        assert lost <= SAYS_ONLY_THIS, key


@pytest.mark.parametrize("name", TEXTS)
def test_every_condition_of_a_bundled_pack_can_be_judged_of_a_bare_event(name: str) -> None:
    for entry in bundled(name).rules:
        for condition in (entry.guard, entry.unwatch):
            if condition is None:
                continue
            known = [key for key in (*KINDS, *bundled(name).kinds) if key[1] in entry.match.kinds]
            for event_class, kind in known:
                if event_class in (entry.match.classes or tuple(EventClass)):
                    state = "on" if event_class is EventClass.STATE else None
                    value = 1.0 if event_class is EventClass.READING else None
                    bare = event("d1", kind, event_class=event_class, state=state, value=value)
                    assert condition(bare) in (True, False), entry.id
