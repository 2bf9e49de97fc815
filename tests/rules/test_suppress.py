"""搁置: bounded, named, reasoned; never for what a life may hang on; and back by itself."""

from typing import Any

import pytest

from rules import primitive as p
from tests.rules.score import Play, hazard, pack, rule, stage

STAGES = (stage("yellow", p.Threshold(above=10)), stage("red", p.Threshold(above=20)))


def leak(**changes: Any) -> Play:
    play = Play(pack(rule("leak", "water_level", alarms=STAGES, **changes)))
    return play.play("0 | d1 water_level=15 | incident opened, alarm opened yellow")


def shelve(play: Play, at_s: float, for_s: float = 600) -> None:
    assert play.act(at_s, "li", "shelve", "alarm", reason="works", for_s=for_s).is_accepted


def test_it_comes_back_by_itself_unacknowledged() -> None:
    play = leak()
    shelve(play, 1)
    shelved = play.records("alarm")[-1]
    assert (shelved.state, shelved.shelved_by, shelved.shelve_reason) == ("shelved", "li", "works")
    play.play("""
        600.999 | |
        601     | | alarm unshelved
    """)
    back = play.records("alarm")[-1]
    assert (back.state, back.shelved_until_at) == ("unacknowledged", None)
    assert play.last("alarm").reason == "shelf_time_over"


def test_what_went_back_meanwhile_ends() -> None:
    play = leak()
    shelve(play, 1)
    play.play("""
        2   | d1 water_level=0 | alarm cleared, incident recovered
        601 |                  | alarm unshelved
    """)
    assert play.records("alarm")[-1].state == "normal"


def test_a_latched_one_comes_back_latched() -> None:
    play = leak(is_latching=True)
    shelve(play, 1)
    play.play("""
        2   | d1 water_level=0        | alarm cleared
        3   | li unshelve alarm       | alarm unshelved, incident acknowledged
        5   | li reset alarm          | alarm reset, incident recovered
    """)


def test_coming_and_going_on_the_shelf_is_told_but_does_not_ring() -> None:
    play = leak()
    shelve(play, 1)
    play.play("""
        2 | d1 water_level=0  | alarm cleared, incident recovered
        3 | d1 water_level=15 | alarm retriggered
        4 | li unshelve alarm | alarm unshelved, incident reopened, incident acknowledged
    """)
    assert play.records("alarm")[-1].state == "acknowledged"


def test_worse_takes_it_off_the_shelf() -> None:
    play = leak()
    shelve(play, 1)
    play.play("""
        2   | d1 water_level=25 | alarm level_changed red, incident level_changed red
        601 |                   |
    """)
    assert play.records("alarm")[-1].state == "unacknowledged"


@pytest.mark.parametrize("for_s", [None, 0, -1, 28800.001, True, "600"])
def test_the_time_is_bounded(for_s: object) -> None:
    answer = leak().act(1, "li", "shelve", "alarm", reason="works", for_s=for_s)
    assert (answer.is_accepted, answer.reason) == (False, "argument_missing")
    assert "28800" in answer.sentence.zh


def test_eight_hours_are_the_most() -> None:
    play = leak()
    shelve(play, 1, 28800)
    play.play("28801 | | alarm unshelved")


def test_a_reason_is_needed_and_a_shelved_alarm_is_not_shelved_again() -> None:
    play = leak()
    assert play.act(1, "li", "shelve", "alarm", for_s=60).reason == "argument_missing"
    assert play.act(1, "li", "unshelve", "alarm").reason == "illegal_now"
    shelve(play, 2)
    again = play.act(3, "li", "shelve", "alarm", reason="x", for_s=60)
    assert again.reason == "illegal_now"
    assert again.sentence.en.endswith("legal now: unshelve, close")


def test_what_a_life_may_hang_on_is_not_shelved() -> None:
    play = Play(pack(rule("gas", "methane", alarms=STAGES), hazards=(hazard("fire", is_life_safety=True),)))
    play.play("0 | d1 methane=15 | incident opened, alarm opened")
    answer = play.act(1, "li", "shelve", "alarm", reason="works", for_s=60)
    assert (answer.is_accepted, answer.reason) == (False, "life_safety_not_shelved")


def test_closing_the_case_takes_it_off_the_shelf_for_good() -> None:
    play = leak()
    shelve(play, 1)
    play.play("""
        2    | li close incident verdict=benign | alarm closed, incident closed
        9999 |                                  |
    """)
