"""Other people's bug: true at start and not raised; much lost on restart (HA core#59812 #28290 #94857 #51427)."""

from rules import primitive as p
from tests.rules.score import Play, pack, rule, stage

LEAK = rule("leak", "water_level", alarms=(stage("yellow", p.Threshold(above=100, deadband=30)),))


def test_true_at_the_first_word_of_a_device_is_raised() -> None:
    Play(pack(LEAK)).play("0 | b1/d1 water_level=150 | incident opened, alarm opened")


def test_an_acknowledgement_survives_and_does_not_ring_again() -> None:
    play = Play(pack(LEAK), is_restored_each_step=True).play("""
        0 | b1/d1 water_level=150   | incident opened, alarm opened
        1 | li acknowledge incident | alarm acknowledged, incident acknowledged
        2 | b1/d1 water_level=150   |
    """)
    assert play.records("alarm")[-1].state == "acknowledged"


def test_inside_the_deadband_it_stays_what_it_was_before_the_restart() -> None:
    Play(pack(LEAK), is_restored_each_step=True).play("""
        0 | b1/d1 water_level=150 | incident opened, alarm opened
        1 | b1/d1 water_level=80  |
        2 | b1/d1 water_level=69  | alarm cleared, incident recovered
        3 | b1/d1 water_level=80  |
    """)
