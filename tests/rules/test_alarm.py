"""报警: the ISA-18.2 states as they are walked by readings and people; repetition, latching and worse levels."""

from typing import Any

from rules import primitive as p
from rules.model import Verdict
from tests.rules.score import Play, hazard, pack, rule, stage

GAS = (stage("yellow", p.Threshold(above=10)), stage("red", p.Threshold(above=20)))


def gas(**changes: Any) -> Play:
    return Play(pack(rule("gas", "methane gas sos", alarms=GAS, **changes)))


def states(play: Play) -> list[str]:
    return [alarm.state for alarm in play.records("alarm")]


def test_acknowledged_first_then_gone() -> None:
    play = gas().play("""
        0 | d1 methane=15          | incident opened, alarm opened yellow
        1 | li acknowledge alarm   | alarm acknowledged, incident acknowledged
        2 | d1 methane=1           | alarm cleared, incident recovered
    """)
    assert states(play) == ["unacknowledged", "acknowledged", "normal"]
    assert play.records("alarm")[-1].ended_at == play.engine.now


def test_gone_first_then_acknowledged() -> None:
    play = gas().play("""
        0 | d1 methane=15          | incident opened, alarm opened yellow
        1 | d1 methane=1           | alarm cleared, incident recovered
        2 | li acknowledge alarm   | alarm acknowledged, incident acknowledged
    """)
    assert states(play) == ["unacknowledged", "returned_unacknowledged", "normal"]


def test_back_before_it_was_acknowledged_is_the_same_alarm_again() -> None:
    play = gas().play("""
        0 | d1 methane=15 | incident opened, alarm opened
        1 | d1 methane=1  | alarm cleared, incident recovered
        2 | d1 methane=25 | alarm retriggered red, incident reopened red
    """)
    assert play.records("alarm")[-1].occurrence_count == 2
    assert len({alarm.id for alarm in play.records("alarm")}) == 1


def test_back_after_it_had_ended_is_a_new_alarm_in_the_same_incident() -> None:
    play = gas().play("""
        0 | d1 methane=15          | incident opened, alarm opened
        1 | li acknowledge alarm   | alarm acknowledged, incident acknowledged
        2 | d1 methane=1           | alarm cleared, incident recovered
        3 | d1 methane=15          | incident reopened, alarm opened
    """)
    assert len({alarm.id for alarm in play.records("alarm")}) == 2
    assert len({incident.id for incident in play.records("incident")}) == 1


def test_worse_asks_for_attention_again_and_milder_does_not() -> None:
    play = gas().play("""
        0 | d1 methane=15          | incident opened yellow, alarm opened yellow
        1 | li acknowledge alarm   | alarm acknowledged, incident acknowledged
        2 | d1 methane=25          | alarm level_changed red, incident level_changed red
        3 | li acknowledge alarm   | alarm acknowledged, incident acknowledged
        4 | d1 methane=15          | alarm level_changed yellow
        5 | d1 methane=1           | alarm cleared, incident recovered
    """)
    assert states(play) == ["unacknowledged", "acknowledged", "unacknowledged", "acknowledged", "acknowledged", "normal"]
    assert play.records("incident")[-1].level == "red"


def test_a_latching_alarm_stays_until_it_is_acknowledged_and_reset() -> None:
    play = gas(is_latching=True).play("0 | d1 methane=25 | incident opened, alarm opened")
    alarm = play.last_id("alarm")
    play.play("1 | d1 methane=1 | alarm cleared")
    assert not play.act(2, "li", "reset", alarm).is_accepted
    play.play("3 | li acknowledge alarm | alarm acknowledged, incident acknowledged")
    assert play.act(4, "li", "reset", alarm).is_accepted
    assert states(play)[1:] == ["latched_unacknowledged", "latched_acknowledged", "normal"]
    assert play.last("incident").transition == "recovered"


def test_a_latched_alarm_rings_again() -> None:
    gas(is_latching=True).play("""
        0 | d1 methane=25        | incident opened, alarm opened
        1 | li acknowledge alarm | alarm acknowledged, incident acknowledged
        2 | d1 methane=1         | alarm cleared
        3 | d1 methane=25        | alarm retriggered
        4 | d1 methane=1         | alarm cleared
    """)


def test_reset_of_a_measured_condition_is_refused_and_of_a_reported_one_it_is_not() -> None:
    measured = gas().play("""
        0 | d1 methane=25        | incident opened, alarm opened
        1 | li acknowledge alarm | alarm acknowledged, incident acknowledged
    """)
    refusal = measured.act(2, "li", "reset", "alarm")
    assert (refusal.is_accepted, refusal.reason) == (False, "illegal_now")
    reported = Play(pack(rule("gas", "gas", alarms=(stage("red", p.StateIs(states=("on",))),)))).play("""
        0 | d1 gas!on            | incident opened, alarm opened
        1 | li acknowledge alarm | alarm acknowledged, incident acknowledged
        2 | li reset alarm       | alarm reset, incident recovered
        3 | d1 gas!on            | incident reopened, alarm opened
    """)
    assert states(reported)[2] == "normal"


class TestAfterClosing:
    """The condition may outlive the case: what was judged false does not ring again at once, and what is new does."""

    def test_a_stuck_sensor_is_quiet_until_it_clears_or_gets_worse(self) -> None:
        gas().play("""
            0 | d1 methane=15                  | incident opened, alarm opened yellow
            1 | li close incident verdict=false | alarm closed, incident closed
            2 | d1 methane=16                  |
            3 | d1 methane=25                  | incident opened, alarm opened red
            4 | li close incident verdict=false | alarm closed, incident closed
            5 | d1 methane=25                  |
            6 | d1 methane=1                   |
            7 | d1 methane=15                  | incident opened, alarm opened yellow
        """)

    def test_what_had_gone_back_unseen_ends_with_the_case(self) -> None:
        play = gas().play("""
            0 | d1 methane=15                 | incident opened, alarm opened
            1 | d1 methane=1                  | alarm cleared, incident recovered
            2 | li close incident verdict=real | alarm closed, incident closed
            3 | d1 methane=15                 | incident opened, alarm opened
        """)
        assert states(play)[2] == "normal"

    def test_a_press_is_always_new_and_a_standing_alarm_after_a_while(self) -> None:
        reported = rule("r", "sos gas", alarms=(stage("red", p.StateIs(states=("on",))),))
        play = Play(pack(reported, hazards=(hazard("fire", gather_within_s=600),)))
        play.play("""
            0   | d1 sos!on                        | incident opened, alarm opened
            1   | li close incident verdict=real   | alarm closed, incident closed
            2   | d1 sos!on                        | incident opened, alarm opened
            3   | d2 gas!on                        | incident opened, alarm opened
            4   | li close incident verdict=false  | alarm closed, incident closed
            603.999 | d2 gas!on                    |
            604 | d2 gas!on                        | incident opened, alarm opened
        """)
        assert Verdict.REAL in [incident.verdict for incident in play.records("incident")]
