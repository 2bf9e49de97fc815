"""Row 29: shelved for a time or once; bounded, with reason and owner; back by itself unacknowledged, by hand acknowledged."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.model import Alarm, PackActivation
from rules.suppress import SHELF_MAX_S
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

LEAK = rule("leak", "water_level", alarms=(stage("yellow", p.Threshold(above=10)), stage("red", p.Threshold(above=20))), plan="p")
PLAN = d.Plan(id="p", title=said("plan"), notify_on_alarm=("desk",))


def leak(**changes: Any) -> Play:
    play = Play(pack(LEAK, plans=(PLAN,), parties=("desk",)), **changes)
    return play.play("0 | b1/d1 water_level=15 | incident opened, alarm opened yellow")


def shelve(play: Play, at_s: float, **changes: Any) -> None:
    assert play.act(at_s, "li", "shelve", "alarm", **{"reason": "works", "for_s": 600.0, **changes}).is_accepted


def last(play: Play) -> Alarm:
    found: Alarm = play.records("alarm")[-1]
    return found


def test_the_shelf_has_owner_reason_and_end() -> None:
    play = leak()
    shelve(play, 1)
    alarm = last(play)
    assert (alarm.state, alarm.shelved_by, alarm.shelve_reason, alarm.is_one_shot) == ("shelved", "li", "works", False)
    assert alarm.shelved_until_at == play.engine.now + 600_000


def test_a_timed_shelf_ends_at_its_millisecond_unacknowledged_and_asks_whoever_acknowledged_the_case() -> None:
    play = leak()
    shelve(play, 1)
    play.play("2 | wu acknowledge incident | incident acknowledged")
    play.play("""
        600.999 | |
        601     | | alarm unshelved, incident unacknowledged
    """)
    assert (last(play).state, last(play).acknowledged_by, last(play).shelved_until_at) == ("unacknowledged", "", None)
    assert (play.records("incident")[-1].state, play.records("incident")[-1].acknowledged_by) == ("open", "")
    assert play.last("alarm").reason == "shelf_time_over"
    assert play.notices == ["alarm_yellow_1 → desk", "alarm_yellow_2 → desk"]


def test_taken_off_by_hand_it_is_acknowledged_by_that_hand() -> None:
    play = leak()
    shelve(play, 1)
    play.play("2 | wu unshelve alarm | alarm unshelved, incident acknowledged")
    assert (last(play).state, last(play).acknowledged_by) == ("acknowledged", "wu")


def test_what_comes_back_worse_than_it_was_shelved_rings_at_once() -> None:
    play = leak(is_restored_each_step=True)
    shelve(play, 1)
    play.play("""
        2 | b1/d1 water_level=0  | alarm cleared, incident recovered
        3 | b1/d1 water_level=15 | alarm retriggered
        4 | b1/d1 water_level=0  | alarm cleared
    """)
    assert (last(play).state, play.notices) == ("shelved", ["alarm_yellow_1 → desk"])
    play.receive(event("d1", "water_level", 25.0, id="worse", zone="b1"), 5)
    assert (last(play).state, last(play).level, last(play).shelved_until_at) == ("unacknowledged", "red", None)
    assert play.notices == ["alarm_yellow_1 → desk", "alarm_red_2 → desk"]
    play.play("700 | |")


def test_one_shot_ends_when_the_condition_has_gone_back_once() -> None:
    play = leak()
    shelve(play, 1, once=True, for_s=3600.0)
    assert last(play).is_one_shot
    play.play("""
        5 | b1/d1 water_level=0  | alarm cleared, incident recovered, alarm unshelved
        6 | b1/d1 water_level=15 | incident reopened, alarm opened
    """)
    ended = next(alarm for alarm in reversed(play.records("alarm")) if alarm.ended_at is not None)
    assert (ended.state, ended.is_one_shot, ended.shelved_until_at) == ("normal", False, None)
    assert [fact.reason for fact in play.facts if fact.transition == "unshelved"] == ["returned_once"]


def test_one_shot_of_a_latching_alarm_comes_back_latched_and_unacknowledged() -> None:
    play = Play(pack(LEAK, hazards=(hazard("fire", is_latching=True),)))
    play.play("0 | b1/d1 water_level=15 | incident opened, alarm opened yellow")
    shelve(play, 1, once=True)
    play.play("5 | b1/d1 water_level=0  | alarm cleared, alarm unshelved")
    assert last(play).state == "latched_unacknowledged"


def test_one_shot_is_bounded_too() -> None:
    play = leak()
    assert play.act(1, "li", "shelve", "alarm", reason="works", once=True, for_s=SHELF_MAX_S + 1).reason == "argument_missing"
    assert play.act(1, "li", "shelve", "alarm", reason="works", once=True).is_accepted
    play.play(f"""
        {1 + SHELF_MAX_S - 0.001} | |
        {1 + SHELF_MAX_S}         | | alarm unshelved
    """)
    assert last(play).state == "unacknowledged"


@pytest.mark.parametrize(
    "arguments", [{"for_s": 60.0}, {"reason": " ", "for_s": 60.0}, {"reason": "x"}, {"reason": "x", "once": False}]
)
def test_without_reason_or_end_it_is_refused(arguments: dict[str, Any]) -> None:
    assert leak().act(1, "li", "shelve", "alarm", **arguments).reason == "argument_missing"


@pytest.mark.parametrize("name", ["fire", "gas", "sos"])
def test_fire_gas_and_sos_are_not_shelved_also_not_once(name: str) -> None:
    play = Play(
        pack(
            rule("r", "smoke", hazard=name, alarms=(stage("red", p.StateIs(states=("on",))),)),
            hazards=(hazard(name, is_life_safety=True),),
        )
    )
    play.play("0 | d1 smoke:on | incident opened, alarm opened")
    for once in (True, False):
        answer = play.act(1, "li", "shelve", "alarm", reason="works", for_s=60.0, once=once)
        assert (answer.is_accepted, answer.reason) == (False, "life_safety_not_shelved")


@pytest.mark.parametrize("is_one_shot", [False, True])
def test_a_shelf_survives_a_restart_at_every_step(is_one_shot: bool) -> None:
    def perform(*, is_restored_each_step: bool) -> bytes:
        play = leak(is_restored_each_step=is_restored_each_step)
        shelve(play, 1, once=is_one_shot)
        play.play("300 | b1/d1 water_level=16 |")
        if is_one_shot:
            play.play("400 | b1/d1 water_level=0 | alarm cleared, incident recovered, alarm unshelved")
        play.advance(700)
        return play.text()

    assert perform(is_restored_each_step=True) == perform(is_restored_each_step=False)


def test_a_shelf_survives_a_change_of_the_pack() -> None:
    play = leak()
    play.packs["2"] = pack(LEAK, plans=(PLAN,), parties=("desk",), version="2")
    shelve(play, 1)
    play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="2"), 100)
    assert last(play).state == "shelved"
    play.play("""
        600.999 | |
        601     | | alarm unshelved
    """)


def test_also_when_the_rule_itself_is_gone_and_then_nothing_is_left_of_it() -> None:
    play = leak()
    play.packs["2"] = pack(rule("other", "smoke", alarms=LEAK.alarms), plans=(PLAN,), parties=("desk",), version="2")
    shelve(play, 1)
    play.receive(PackActivation(id="p2", pack="test", version="2", digest="2", text="2"), 100)
    assert (last(play).state, last(play).is_active) == ("shelved", False)
    play.play("601 | | alarm unshelved")
    assert last(play).state == "normal"
