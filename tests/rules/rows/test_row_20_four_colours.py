"""Row 20: four colours, promoted and downgraded, every transition timed to the millisecond."""

import pytest

from rules import primitive as p
from tests.rules.score import Play, pack, rule, stage

# blue from 50 mm for 10 s, yellow from 150 for 5 s, orange from 270 for 2 s, red at once; and down again after 60, 40, 20 and 8 s
COLOURS = (
    stage("blue", p.Threshold(above=50), on=10, off=60),
    stage("yellow", p.Threshold(above=150), on=5, off=40),
    stage("orange", p.Threshold(above=270), on=2, off=20),
    stage("red", p.Threshold(above=400), off=8),
)


def water() -> Play:
    return Play(pack(rule("water", "water_level", warnings=COLOURS, warning_expires_s=86_400.0)))


def test_promoted_colour_by_colour_each_at_its_own_delay() -> None:
    water().play("""
        0      | b1/w water_level=60  |
        9.999  |                      |
        10     |                      | incident opened blue, warning opened blue
        20     | b1/w water_level=160 |
        24.999 |                      |
        25     |                      | warning level_changed yellow, incident level_changed yellow
        30     | b1/w water_level=300 |
        31.999 |                      |
        32     |                      | warning level_changed orange, incident level_changed orange
        40     | b1/w water_level=500 | warning level_changed red, incident level_changed red
    """)


def test_downgraded_colour_by_colour_each_at_its_own_delay() -> None:
    play = water().play("""
        0   | b1/w water_level=500 | incident opened red, warning opened red
        10  |                      |
        100 | b1/w water_level=500 |
    """)
    play.play("""
        200     | b1/w water_level=300 |
        207.999 |                      |
        208     |                      | warning level_changed orange
        300     | b1/w water_level=160 |
        319.999 |                      |
        320     |                      | warning level_changed yellow
        400     | b1/w water_level=60  |
        439.999 |                      |
        440     |                      | warning level_changed blue
        500     | b1/w water_level=0   |
        559.999 |                      |
        560     |                      | warning cancelled, incident closed
    """)
    reasons = [fact.reason for fact in play.facts if fact.transition == "level_changed"]
    assert reasons == ["eased"] * 3


@pytest.mark.parametrize(("back_at_s", "is_downgraded"), [(207.999, False), (208.001, True)])
def test_a_return_just_before_the_off_delay_keeps_the_colour(back_at_s: float, is_downgraded: bool) -> None:
    play = water().play("""
        0   | b1/w water_level=500 | incident opened red, warning opened red
        100 | b1/w water_level=500 |
        200 | b1/w water_level=300 |
    """)
    told = "warning level_changed orange @208, warning level_changed red" if is_downgraded else ""
    play.play(f"{back_at_s} | b1/w water_level=500 | {told}")


def test_a_worse_colour_lasts_anew_and_a_milder_one_does_not() -> None:
    stages = (stage("blue", p.Threshold(above=50)), stage("red", p.Threshold(above=400)))
    short = rule("water", "water_level", warnings=stages, warning_expires_s=100.0)
    Play(pack(short)).play("""
        0       | b1/w water_level=60  | incident opened blue, warning opened blue
        60      | b1/w water_level=500 | warning level_changed red, incident level_changed red
        120     | b1/w water_level=60  | warning level_changed blue
        159.999 |                      |
        160     |                      | warning expired, incident closed
    """)


def test_every_change_of_colour_is_on_the_timeline_at_its_instant() -> None:
    play = water().play("""
        0  | b1/w water_level=60  |
        10 |                      | incident opened blue, warning opened blue
        12 | b1/w water_level=500 | warning level_changed red, incident level_changed red
    """)
    changes = [(fact.level, fact.at - play.facts[0].at) for fact in play.facts if fact.entity == "warning"]
    assert changes == [("blue", 0), ("red", 2000)]
    assert play.records("warning")[-1].changed_at == play.engine.now
