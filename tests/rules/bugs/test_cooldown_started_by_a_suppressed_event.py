"""Other people's bug: a suppressed event started the cooldown, and the real one was told to nobody (HA_blueprints#219)."""

from dataclasses import replace

from rules import definition as d
from rules import primitive as p
from rules.definition import Aim, Inhibition
from tests.rules.score import Play, hazard, pack, rule, said, stage

PLAN = d.Plan(id="p", title=said("plan"), notify_on_alarm=("desk",))
ON = (stage("orange", p.StateIs(states=("on",))),)
TOWN = replace(
    pack(
        rule("power", "power_lost", hazard="power", alarms=ON),
        rule("fault", "device_fault", hazard="device", alarms=ON, plan="p"),
        hazards=(hazard("power"), hazard("device")),
        plans=(PLAN,),
        parties=("desk",),
    ),
    inhibitions=(Inhibition(id="o", title=said("o"), source=Aim(hazard="power"), target=Aim(hazard="device")),),
)


def test_suppressed_then_real_is_told() -> None:
    play = Play(TOWN).play("""
        0 | b1/m1 power_lost!on    | incident opened, alarm opened
        1 | b1/d1 device_fault!on  | incident opened, alarm opened, alarm suppressed
        2 | b1/d1 device_fault!off | alarm cleared
        3 | b1/m1 power_lost!off   | alarm cleared, incident recovered, alarm unsuppressed, incident closed
    """)
    assert play.notices == []
    play.play("4 | b1/d1 device_fault!on | incident opened, alarm opened")
    assert play.notices == ["alarm_orange_1 → desk"]


def test_a_quieted_alarm_that_speaks_within_the_cooldown_is_told_because_nobody_was_told_of_it_before() -> None:
    play = Play(TOWN).play("""
        0 | b1/m1 power_lost!on   | incident opened, alarm opened
        1 | b1/d1 device_fault!on | incident opened, alarm opened, alarm suppressed
        2 | b1/m1 power_lost!off  | alarm cleared, incident recovered, alarm unsuppressed, incident alarmed
    """)
    assert play.notices == ["alarm_orange_1 → desk"]


def test_a_shelved_repetition_starts_none_either() -> None:
    play = Play(TOWN).play("0 | b1/d1 device_fault!on | incident opened, alarm opened")
    assert play.act(1, "li", "shelve", "alarm", reason="x", for_s=600.0).is_accepted
    play.play("""
        500 | b1/d1 device_fault!off | alarm cleared, incident recovered
        599 | b1/d1 device_fault!on  | alarm retriggered
        601 |                        | alarm unshelved, incident reopened
    """)
    play.advance(800)  # the interval counts from the message that it was over, not from what happened on the shelf
    assert play.notices == ["alarm_orange_1 → desk", "recovered_2 → desk", "alarm_orange_3 → desk"]
