"""Rule edit leaves old timer / orphan incident (perseo-fe#253, keep#5249): an edit while pending, firing, shelved, escalating."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import definition as d
from rules import primitive as p
from rules.expression import compile_condition
from rules.model import Event, PackActivation
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

FIRE = hazard("fire", is_life_safety=True)
PLAN = d.Plan(
    id="go",
    title=said("go"),
    notify_on_alarm=("desk",),
    orders=(d.Order(capability="patrol", task=said("look"), clocks=(d.Target(name="accepted", within_s=60),)),),
    clocks=(d.Target(name="acknowledged", within_s=60),),
    escalations=(d.Escalation(at_share=1, notify=("desk",)), d.Escalation(at_share=2, notify=("boss",))),
)
GUARD = d.Responder(id="guard", title=said("guard"), party="desk", capabilities=("patrol",))
HOT = rule(
    "hot",
    "temperature",
    warnings=(stage("yellow", p.Threshold(above=45), on=10),),
    alarms=(stage("orange", p.Threshold(above=57, deadband=3), on=5, off=20), stage("red", p.Threshold(above=70), on=5)),
    plan="go",
)
DOOR = rule("door", "opening", alarms=(stage("orange", p.StateIs(states=("open",)), on=30),), plan="go")
LOST = rule("lost", "motion", alarms=(stage("yellow", p.Silence(for_s=100)),), plan="go")
FAST = rule("fast", "smoke_obscuration", alarms=(stage("orange", p.Rate(above=4, window_s=60), on=10),))
OFTEN = rule("often", "sos", alarms=(stage("red", p.Count(of=p.StateIs(states=("on",)), count=3, within_s=30)),))


class Edited:
    """A play in which the pack is edited now and then."""

    def __init__(self, *rules: d.Rule, plan: d.Plan = PLAN, is_restored_each_step: bool = False) -> None:
        self.rules = {one.id: one for one in rules}
        self.number = 0
        self.play = Play(self.pack(plan), is_restored_each_step=is_restored_each_step)

    def pack(self, plan: d.Plan = PLAN) -> d.RulePack:
        made = pack(*self.rules.values(), hazards=(FIRE,), plans=(plan,), responders=(GUARD,), parties=("desk", "boss"))
        return replace(made, version=f"{self.number + 1}")

    def edit(self, at_s: float, *rules: d.Rule, plan: d.Plan = PLAN, without: str = "") -> list[str]:
        """Activate a pack with these rules as they are here. What was told of, besides the activation."""
        self.number += 1
        self.rules |= {one.id: one for one in rules}
        self.rules.pop(without, None)
        name = f"edit-{self.number}"
        self.play.packs[name] = self.pack(plan)
        seen = len(self.play.facts)
        version = f"{self.number + 1}"
        self.play.receive(PackActivation(id=name, pack="test", version=version, digest=name, text=name, actor="li"), at_s)
        told = [f"{fact.entity} {fact.transition} {fact.reason}" for fact in self.play.facts[seen:]]
        assert told.pop() == "pack activated pack_activated"
        return told


def with_alarms(base: d.Rule, *stages: d.Stage) -> d.Rule:
    return replace(base, alarms=stages)


# ---------------------------------------------------------------------------------------------------- what only tells


@pytest.mark.parametrize(
    "changes",
    [
        {"title": said("corrected")},
        {"sentence": said("other {value}")},
        {"source": "a better standard"},
        {"plan": ""},
        {"is_latching": True},
        {"warning_expires_s": 60.0},
        {"hazard": "other"},
    ],
)
def test_a_corrected_word_touches_nothing_that_runs(changes: dict[str, Any]) -> None:
    edited = Edited(HOT)
    edited.play.play("""
        0 | b1/d1 temperature=60 |
        5 |                      | incident opened, alarm opened orange, dispatch ordered
        6 | b2/d2 temperature=60 |
    """)
    assert edited.edit(8, replace(HOT, **changes)) == []
    assert edited.play.engine.counts["rule.hot.watches"] == 2
    alarm = edited.play.records("alarm")[-1]
    assert (alarm.is_active, alarm.is_latching) == (True, False)
    edited.play.advance(11)
    second = [fact for fact in edited.play.facts if fact.transition == "opened" and fact.entity == "alarm"][-1]
    assert (second.at - edited.play.facts[0].at, second.zone) == (6000, "b2"), "what was pending came when it was due"


def test_hours_that_are_lifted_let_a_silence_speak_at_once() -> None:
    night = replace(LOST, hours=d.Hours(start_minute=1320, end_minute=360))
    edited = Edited(night)
    edited.play.play("""
        0   | b1/d1 motion:on |
        150 |                 |
    """)
    assert edited.edit(160, LOST) == ["incident opened went_silent", "alarm opened went_silent"]


# ------------------------------------------------------------------------------------------------------------ pending


def test_a_longer_delay_holds_for_what_is_pending() -> None:
    edited = Edited(HOT)
    edited.play.play("0 | b1/d1 temperature=60 |")
    slower = with_alarms(HOT, stage("orange", p.Threshold(above=57, deadband=3), on=8, off=20))
    assert edited.edit(4, slower) == []
    edited.play.play("""
        7.999 | |
        8     | | incident opened, alarm opened orange, dispatch ordered
    """)


def test_a_shorter_delay_that_has_run_out_speaks_at_once() -> None:
    edited = Edited(HOT)
    edited.play.play("0 | b1/d1 temperature=60 |")
    quicker = with_alarms(HOT, stage("orange", p.Threshold(above=57, deadband=3), on=3, off=20))
    assert edited.edit(4, quicker) == [
        "incident opened limit_crossed",
        "alarm opened limit_crossed",
        "dispatch ordered plan_ordered",
    ]
    edited.play.play("5 | |")


def test_a_pending_alarm_whose_limit_is_raised_past_it_does_not_come() -> None:
    edited = Edited(HOT)
    edited.play.play("0 | b1/d1 temperature=60 |")
    assert edited.edit(4, with_alarms(HOT, stage("orange", p.Threshold(above=65), on=5))) == []
    edited.play.play("9.999 | |")
    edited.play.play("10 | | incident opened, warning opened yellow")


def test_a_pending_alarm_of_a_removed_rule_does_not_come() -> None:
    edited = Edited(HOT)
    edited.play.play("0 | b1/d1 temperature=60 |")
    assert edited.edit(4, without="hot") == []
    edited.play.play("100 | |")
    assert edited.play.engine.next_deadline() is None


def test_what_is_pending_under_another_condition_begins_anew() -> None:
    edited = Edited(HOT)
    edited.play.play("0 | b1/d1 temperature=60 |")
    guarded = replace(HOT, guard=compile_condition("confidence >= 0.5"), guard_text="confidence >= 0.5")
    assert edited.edit(4, guarded) == []
    edited.play.play("""
        10   | |
        12   | b1/d1 temperature=60 |
        17   |                      | incident opened, alarm opened, dispatch ordered
    """)


def test_a_lower_limit_is_reached_by_the_last_reading_that_is_known() -> None:
    edited = Edited(HOT)
    edited.play.play("""
        0  | b1/d1 temperature=50 |
        10 |                      | incident opened, warning opened yellow
    """)
    assert edited.edit(12, with_alarms(HOT, stage("orange", p.Threshold(above=48), on=5))) == [
        "incident alarmed limit_crossed",
        "alarm opened limit_crossed",
        "warning materialised alarm_followed",
        "dispatch ordered plan_ordered",
    ]


def test_a_reading_that_is_stale_is_not_judged_anew() -> None:
    edited = Edited(HOT)
    edited.play.play("""
        0  | b1/d1 temperature=50 |
        10 |                      | incident opened, warning opened yellow
    """)
    assert edited.edit(901, with_alarms(HOT, stage("orange", p.Threshold(above=48), on=5))) == []


def test_a_pending_rate_and_a_pending_state_are_judged_by_their_new_tests() -> None:
    edited = Edited(FAST, DOOR)
    edited.play.play("""
        0  | b1/d1 smoke_obscuration=0 |
        60 | b1/d1 smoke_obscuration=5 |
        61 | b2/d2 opening:open |
        62 | b3/d1 smoke_obscuration=0 |
    """)
    assert edited.edit(65, with_alarms(FAST, stage("orange", p.Rate(above=6, window_s=60), on=10))) == []
    assert edited.edit(66, with_alarms(DOOR, stage("orange", p.StateIs(states=("ajar",)), on=30))) == []
    edited.play.play("200 | |")


def test_a_pending_rate_that_is_steep_enough_goes_on() -> None:
    edited = Edited(FAST)
    edited.play.play("""
        0  | b1/d1 smoke_obscuration=0 |
        60 | b1/d1 smoke_obscuration=5 |
    """)
    assert edited.edit(65, with_alarms(FAST, stage("orange", p.Rate(above=3, window_s=60), on=10))) == []
    edited.play.play("70 | | incident opened, alarm opened")


def test_a_count_that_is_lowered_to_what_was_counted_speaks_at_once() -> None:
    edited = Edited(OFTEN)
    edited.play.play("""
        0 | b1/d1 sos!on |
        5 | b1/d1 sos!on |
    """)
    two = with_alarms(OFTEN, stage("red", p.Count(of=p.StateIs(states=("on",)), count=2, within_s=30)))
    assert edited.edit(6, two) == ["incident opened count_reached", "alarm opened count_reached"]


def test_a_pending_count_that_is_raised_past_what_was_counted_does_not_come() -> None:
    slow = with_alarms(OFTEN, stage("red", p.Count(of=p.StateIs(states=("on",)), count=2, within_s=30), on=10))
    edited = Edited(slow)
    edited.play.play("""
        0 | b1/d1 sos!on |
        5 | b1/d1 sos!on |
    """)
    more = with_alarms(OFTEN, stage("red", p.Count(of=p.StateIs(states=("on",)), count=3, within_s=30), on=10))
    assert edited.edit(6, more) == []
    edited.play.play("20 | |")


def test_a_silence_under_way_is_neither_forgotten_nor_begun_anew() -> None:
    edited = Edited(LOST)
    edited.play.play("0 | b1/d1 motion:on |")
    assert edited.edit(80, with_alarms(LOST, stage("yellow", p.Silence(for_s=150)))) == []
    edited.play.play("149.999 | |")
    guard = compile_condition("confidence > 0.1")
    assert edited.edit(149.999, replace(edited.rules["lost"], guard=guard, guard_text="confidence > 0.1")) == []
    edited.play.play("150 | | incident opened, alarm opened yellow")


def test_a_silence_that_is_too_long_by_the_new_measure_speaks_at_once() -> None:
    edited = Edited(LOST)
    edited.play.play("0 | b1/d1 motion:on |")
    assert edited.edit(80, with_alarms(LOST, stage("yellow", p.Silence(for_s=60)))) == [
        "incident opened went_silent",
        "alarm opened went_silent",
    ]


# ------------------------------------------------------------------------------------------------------------- firing

FIRING = """
    0 | b1/d1 temperature=60 |
    5 |                      | incident opened, alarm opened orange, dispatch ordered
"""


def test_an_active_alarm_is_never_back_to_normal_because_of_an_edit() -> None:
    edited = Edited(HOT)
    edited.play.play(FIRING)
    higher = with_alarms(HOT, stage("orange", p.Threshold(above=65, deadband=3), on=5, off=20))
    assert edited.edit(8, higher) == [], "60 is below 65, but nobody has said that the fire is out"
    edited.play.play("""
        10 | b1/d1 temperature=66 |
        20 | b1/d1 temperature=61 |
        40 |                      | warning opened, alarm cleared, incident recovered
    """)


def test_a_level_that_is_edited_is_told_as_worse_or_milder() -> None:
    edited = Edited(HOT)
    edited.play.play(FIRING)
    red = with_alarms(HOT, stage("red", p.Threshold(above=57, deadband=3), on=5, off=20))
    assert edited.edit(8, red)[0] == "alarm level_changed worsened"
    assert edited.edit(9, HOT)[0] == "alarm level_changed eased"


def test_a_stage_that_is_gone_ends_what_only_it_held_up_and_says_so() -> None:
    edited = Edited(HOT)
    edited.play.play(FIRING)
    assert edited.edit(8, replace(HOT, alarms=())) == [
        "alarm cleared rule_removed",
        "incident recovered rule_removed",
    ]
    texts = [fact.sentence for fact in edited.play.facts if fact.reason == "rule_removed"]
    assert all("恢复正常" not in text.zh.replace("不等于恢复正常", "") and "back to normal" not in text.en for text in texts)
    assert not any(text.zh.startswith("恢复") for text in texts)


@pytest.mark.parametrize(
    "other",
    [replace(HOT, key=d.Key.ZONE), replace(HOT, match=d.Match(kinds=("humidity",))), replace(HOT, alarms=(), warnings=())],
)
def test_a_rule_that_looks_at_something_else_lets_go_of_what_it_cannot_end(other: d.Rule) -> None:
    edited = Edited(HOT)
    edited.play.play(FIRING)
    assert edited.edit(8, other) == ["alarm cleared rule_removed", "incident recovered rule_removed"]
    assert edited.play.engine.counts["rule.hot.watches"] == 0 or other.key is HOT.key


def test_a_silence_of_a_kind_that_is_no_longer_looked_at_is_dropped() -> None:
    edited = Edited(LOST)
    edited.play.play("0 | b1/d1 motion:on |")
    assert edited.edit(50, replace(LOST, match=d.Match(kinds=("occupancy",)))) == []
    edited.play.play("500 | |")


def test_a_warning_whose_stage_is_gone_is_cancelled_as_removed() -> None:
    edited = Edited(HOT)
    edited.play.play("""
        0  | b1/d1 temperature=50 |
        10 |                      | incident opened, warning opened yellow
    """)
    assert edited.edit(12, replace(HOT, warnings=())) == ["warning cancelled rule_removed", "incident closed rule_removed"]


def test_what_is_about_to_be_over_is_over_by_its_timer_not_by_the_edit() -> None:
    edited = Edited(HOT)
    edited.play.play(FIRING)
    edited.play.play("10 | b1/d1 temperature=20 |")
    sooner = with_alarms(HOT, stage("orange", p.Threshold(above=57, deadband=3), on=5, off=2))
    assert edited.edit(20, sooner) == []
    edited.play.play("21 | | alarm cleared @20.001, incident recovered @20.001")


def test_a_pending_forecast_of_another_limit_begins_anew() -> None:
    slow = rule("slow", "temperature", warnings=(stage("blue", p.Forecast(above=50, in_s=1800, window_s=300), on=600),))
    edited = Edited(slow)
    for number in range(8):
        edited.play.receive(event("d1", "temperature", 20.0 + number, id=f"f{number}", zone="b1"), number * 60)
    other = replace(slow, warnings=(stage("blue", p.Forecast(above=500, in_s=1800, window_s=300), on=600),))
    assert edited.edit(430, other) == []
    edited.play.play("1100 | |")


def test_a_case_that_was_closed_over_its_condition_does_not_mute_what_comes_after_an_edit() -> None:
    edited = Edited(HOT)
    edited.play.play(FIRING)
    assert edited.play.act(8, "li", "close", "incident", verdict="false", reason="painters").is_accepted
    assert edited.edit(10, with_alarms(HOT, stage("orange", p.Rate(above=8, window_s=60)))) == []
    assert edited.edit(11, HOT)[:2] == ["incident opened limit_crossed", "alarm opened limit_crossed"]


# ---------------------------------------------------------------------------------------------- shelved and escalating


def test_a_shelved_alarm_stays_on_its_shelf_and_comes_back() -> None:
    quiet = replace(DOOR, hazard="door")
    edited = Edited(quiet)
    edited.play.play("""
        0  | b1/d1 opening:open |
        30 |                    | incident opened, alarm opened, dispatch ordered
    """)
    assert edited.play.act(31, "li", "shelve", "alarm", for_s=3600.0, reason="painting").is_accepted
    slower = with_alarms(quiet, stage("orange", p.StateIs(states=("open",)), on=60))
    assert edited.edit(40, slower) == []
    assert edited.play.records("alarm")[-1].state == "shelved"
    edited.play.advance(3631)
    assert edited.play.last("alarm").transition == "unshelved"
    assert edited.play.records("alarm")[-1].state == "unacknowledged"


def test_a_running_escalation_keeps_the_version_with_which_it_began() -> None:
    edited = Edited(HOT)
    edited.play.play(FIRING)
    hasty = replace(
        PLAN,
        clocks=(d.Target(name="acknowledged", within_s=10),),
        orders=(replace(PLAN.orders[0], clocks=(d.Target(name="accepted", within_s=10),)),),
        escalations=(d.Escalation(at_share=1, notify=("boss",)),),
    )
    assert edited.edit(8, replace(HOT, title=said("new")), plan=hasty) == []
    seen = len(edited.play.facts)
    edited.play.advance(64.999)
    assert edited.play.facts[seen:] == []
    edited.play.advance(65)
    assert {fact.transition for fact in edited.play.facts[seen:]} == {"escalated", "deadline_missed"}
    assert edited.play.notices[-1].endswith("→ desk")
    edited.play.play("100 | b5/d9 temperature=60 |")
    edited.play.advance(115)
    assert edited.play.notices[-1].endswith("→ boss"), "what begins now has the new plan"


# --------------------------------------------------------------------------------------------------------- at every step

EDITS = (
    HOT,
    replace(HOT, title=said("other")),
    with_alarms(HOT, stage("orange", p.Threshold(above=52), on=2, off=5)),
    with_alarms(HOT, stage("red", p.Threshold(above=66, deadband=5), on=7, off=1)),
    with_alarms(HOT, stage("red", p.Rate(above=8, window_s=60), on=2), stage("orange", p.Threshold(above=55), on=9)),
    replace(HOT, warnings=()),
    replace(HOT, alarms=(), warnings=(stage("blue", p.Threshold(above=40)),)),
    replace(HOT, guard=compile_condition("value != 61.0"), guard_text="value != 61.0"),
    replace(HOT, key=d.Key.ZONE),
    replace(HOT, match=d.Match(kinds=("temperature", "humidity"))),
    with_alarms(HOT, stage("orange", p.Count(of=p.Threshold(above=50), count=2, within_s=20), on=1)),
    with_alarms(HOT, stage("orange", p.Silence(for_s=15))),
    None,
)
DEVICES = ["b1/d1", "b1/d2", "b2/d1"]
STEPS = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(range(len(EDITS)))),
    st.tuples(st.just("read"), st.tuples(st.sampled_from(DEVICES), st.sampled_from([20, 46, 55, 60, 61, 75]))),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 3.0, 11.0, 70.0])),
    st.tuples(st.just("act"), st.sampled_from(["acknowledge alarm", "acknowledge incident", "close incident verdict=real"])),
)


def played(steps: list[tuple[str, Any]], *, is_restored_each_step: bool) -> Play:
    edited = Edited(HOT, is_restored_each_step=is_restored_each_step)
    at_s = 0.0
    for number, (what, how) in enumerate(steps):
        at_s += 1
        if what == "edit":
            chosen = EDITS[how]
            told = edited.edit(at_s, *([] if chosen is None else [chosen]), without="hot" if chosen is None else "")
            ended = [line for line in told if line.split()[1] in ("cleared", "recovered", "cancelled", "closed")]
            assert all(line.endswith("rule_removed") for line in ended), "an edit is no recovery"
        elif what == "read":
            device, value = how
            edited.play.receive(reading(device, value, number), at_s)
        elif what == "wait":
            at_s += how
            edited.play.advance(at_s)
        elif edited.play.facts and any(fact.entity == "alarm" for fact in edited.play.facts):
            verb, entity, *arguments = str(how).split()
            edited.play.act(at_s, "li", verb, entity, **dict(each.split("=") for each in arguments))
        check_no_ghost(edited.play)
    edited.play.advance(at_s + 4000)
    check_no_ghost(edited.play)
    return edited.play


def reading(device: str, value: float, number: int) -> Event:
    zone, name = device.split("/")
    return event(name, "temperature", float(value), id=f"e{number}", zone=zone)


def check_no_ghost(play: Play) -> None:
    """Every timer has its record, every active alarm a rule at work that holds it up, every link both of its ends."""
    book = play.engine._book
    watches = {watch.name: watch for active in book.rules.values() for watch in active.all_watches()}
    for name in book.timers._live:
        sort, _, key = name.partition(" ")
        known: dict[str, Mapping[str, object]] = {
            "watch": watches,
            "gate": book.rules,
            "expire": book.warnings,
            "clock": {**book.cases, **book.runs},
            "tell": book.cases,
            "shelf": book.alarms,
            "inhibit": book.alarms,
            "mode": book.modes.by_id,
        }
        assert sort in ("owed", "flood") or (name if sort == "watch" else key) in known[sort], name
    for alarm in book.alarms.values():
        watch = book.watch_of.get(alarm.id)
        assert not alarm.is_active or watch is not None, "an active alarm without a rule"
        if watch is not None:
            assert watches[watch.name] is watch
            assert watch.alarm_id == alarm.id
            assert not alarm.is_active or any(signal.is_on for signal in watch.alarms)
    for warning in book.warnings.values():
        assert watches[book.watch_of[warning.id].name].warning_id == warning.id
    assert all(name in book.warnings or name in book.alarms for name in book.watch_of)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, min_size=3, max_size=14))
def test_edits_at_any_step_leave_no_ghost_and_a_restart_changes_nothing(steps: list[tuple[str, Any]]) -> None:
    once = played(steps, is_restored_each_step=False)
    again = played(steps, is_restored_each_step=True)
    assert once.text() == again.text()


@pytest.mark.parametrize("edit", range(len(EDITS)))
@pytest.mark.parametrize("step", range(7))
def test_an_edit_at_each_step_of_a_fire(edit: int, step: int) -> None:
    fire: list[tuple[str, Any]] = [
        ("read", ("b1/d1", 46)),
        ("wait", 11.0),
        ("read", ("b1/d1", 60)),
        ("wait", 3.0),
        ("wait", 3.0),
        ("act", "acknowledge alarm"),
        ("read", ("b1/d1", 75)),
        ("wait", 11.0),
        ("read", ("b1/d1", 20)),
        ("wait", 70.0),
    ]
    played([*fire[:step], ("edit", edit), *fire[step:], ("edit", 0)], is_restored_each_step=bool(edit % 2))
