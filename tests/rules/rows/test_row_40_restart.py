"""Row 40: timers, acknowledgements, deadbands, shelves and causes survive restarts; what is true at start is raised."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from rules import definition as d
from rules import primitive as p
from rules.definition import Aim, Inhibition, Key
from tests.rules.score import Play, pack, rule, said, stage

PLAN = d.Plan(
    id="p",
    title=said("plan"),
    notify_on_alarm=("desk",),
    clocks=(d.Target(name="acknowledged", within_s=60),),
    escalations=(d.Escalation(at_share=0.5, notify=("desk",)), d.Escalation(at_share=1.0, notify=("boss",))),
)
LEVEL = rule(
    "level",
    "water_level",
    warnings=(stage("blue", p.Threshold(above=50, deadband=10), on=10, off=20),),
    alarms=(stage("yellow", p.Threshold(above=150, deadband=20), on=5, off=10), stage("red", p.Threshold(above=400))),
    plan="p",
)
POWER = rule("power", "power_lost", alarms=(stage("orange", p.StateIs(states=("on",))),), plan="p", hazard="power")
OUTAGE = Inhibition(
    id="outage", title=said("outage"), source=Aim(rule="power"), target=Aim(rule="level"), equal=Key.BUILDING, lasts_s=500.0
)


def town(*, is_restored_each_step: bool) -> Play:
    hazards = (d.Hazard(id="power", title=said("power")),)
    made = pack(LEVEL, POWER, plans=(PLAN,), parties=("desk", "boss"), hazards=hazards)
    return Play(replace(made, inhibitions=(OUTAGE,)), is_restored_each_step=is_restored_each_step)


def pending(play: Play) -> None:
    """A delay that runs, in both directions, and a deadband that holds."""
    play.play("""
        0      | b1/w1 water_level=160 |
        4.999  |                       |
        5      |                       | incident opened, alarm opened
        30     |                       |
        35     |                       | incident escalated
        40     | b1/w1 water_level=140 |
        41     | b1/w1 water_level=129 |
        50.999 |                       |
        51     |                       | warning opened, alarm cleared, incident recovered
    """)


def acknowledged(play: Play) -> None:
    """An acknowledgement, its withdrawal, and the clock of each."""
    play.play("""
        0       | b1/w1 water_level=500   | incident opened, alarm opened
        10      | li acknowledge incident | alarm acknowledged, incident acknowledged
        99      |                         |
        100     | wu unacknowledge alarm  | alarm unacknowledged, incident unacknowledged
        130     |                         | incident escalated
        160     |                         | incident deadline_missed, incident escalated
    """)


def shelved(play: Play) -> None:
    """A shelf for a time, then one until it has gone back once."""
    play.play("0 | b1/w1 water_level=160 |")
    play.play("5 | | incident opened, alarm opened")
    assert play.act(6, "li", "shelve", "alarm", reason="x", for_s=20.0).is_accepted
    play.play("26 | | alarm unshelved")
    assert play.act(27, "li", "shelve", "alarm", reason="x", once="yes", for_s=90.0).is_accepted
    play.play("""
        30 | b1/w1 water_level=0 |
        40 |                     | incident escalated @35, alarm cleared, incident recovered, alarm unshelved
    """)


def suppressed(play: Play) -> None:
    """A cause, its bound, its renewal and its end."""
    play.play("""
        0   | b1/w1 water_level=500 | incident opened, alarm opened
        1   | b1/m1 power_lost!on   | incident opened, alarm opened, alarm suppressed, incident quieted
        2   | b1/w2 water_level=500 | alarm opened, alarm suppressed
    """)
    play.advance(600)
    play.play("""
        700 | b1/m1 power_lost!on   | alarm repeated, alarm suppressed, alarm suppressed, incident quieted
    """)
    play.advance(1199.999)
    count = len(play.facts)
    play.advance(1200)
    assert [fact.transition for fact in play.facts[count:]].count("unsuppressed") == 2


SCENARIOS = (pending, acknowledged, shelved, suppressed)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
def test_restarted_at_every_step_it_does_the_same(scenario: Callable[[Play], None]) -> None:
    steady, restarted = town(is_restored_each_step=False), town(is_restored_each_step=True)
    scenario(steady)
    scenario(restarted)
    assert restarted.text() == steady.text()


def test_what_is_already_true_at_the_first_reading_is_raised() -> None:
    town(is_restored_each_step=True).play("0 | b1/w1 water_level=500 | incident opened, alarm opened")


def test_what_became_true_while_nobody_listened_is_raised_with_the_first_reading_after() -> None:
    play = town(is_restored_each_step=False).play("0 | b1/w1 water_level=10 |")
    play.restore()
    play.play("""
        9999 | b1/w1 water_level=160 |
        10004 |                      | incident opened, alarm opened
    """)
