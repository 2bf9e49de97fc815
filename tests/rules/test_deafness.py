"""Time in which the service could not listen is nobody's silence: at the boundary, and one millisecond beside it."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.engine import TimeWentBackError
from rules.model import Event, Level, Reason, Resumed
from tests.rules.score import T0, Play, pack, rule, said, stage

QUIET = p.Silence(for_s=180)


def alarm_on(test: p.Test, kinds: str = "temperature opening motion", on: float = 0, off: float = 0, **changes: Any) -> Play:
    return Play(pack(rule("r", kinds, alarms=(stage("red", test, on, off),), **changes)), is_restored_each_step=True)


def resume(play: Play, since_s: float, at_s: float) -> Play:
    """Deaf from one second to the other."""
    play.receive(Resumed(id=f"resumed-{at_s}", deaf_since_at=T0 + round(since_s * 1000)), at_s)
    return play


def told(play: Play) -> list[str]:
    return [f"{fact.entity} {fact.transition}" for fact in play.facts]


class TestSilence:
    def test_who_was_silent_before_is_lost_after_the_time_that_was_left(self) -> None:
        play = alarm_on(QUIET).play("0 | d1 motion:on |")
        resume(play, 100, 10_000).play("""
            10079.999 | |
            10080     | | incident opened, alarm opened red
        """)
        assert play.facts[-1].evidence[0].received_at == T0, "last heard when it was heard"

    def test_who_is_heard_right_after_is_not_lost(self) -> None:
        play = alarm_on(QUIET).play("0 | d1 motion:on |")
        resume(play, 100, 10_000).play("""
            10079.999 | d1 motion:on |
            10259.998 |              |
            10259.999 |              | incident opened, alarm opened red
        """)

    @pytest.mark.parametrize(("since_s", "lost_at_s"), [(179.999, 1000.001), (180.0, 180.0), (180.001, 180.0)])
    def test_who_was_silent_for_long_enough_is_lost_at_that_instant(self, since_s: float, lost_at_s: float) -> None:
        play = alarm_on(QUIET).play("0 | d1 motion:on |")
        resume(play, since_s, 1000).advance(2000)
        assert [fact.at - T0 for fact in play.facts if fact.entity == "alarm"] == [round(lost_at_s * 1000)]

    def test_deafness_adds_up(self) -> None:
        play = alarm_on(QUIET).play("0 | d1 motion:on |")
        for since_s, at_s in ((60, 1060), (1120, 5120)):
            resume(play, since_s, at_s)
        play.play("""
            5179.999 | |
            5180     | | incident opened, alarm opened
        """)

    def test_each_stage_has_what_was_left_to_it(self) -> None:
        alarms = (stage("yellow", p.Silence(for_s=60)), stage("red", p.Silence(for_s=90)))
        play = Play(pack(rule("r", "motion", alarms=alarms)), is_restored_each_step=True)
        play.play("0 | d1 motion:on |\n60 | | incident opened, alarm opened yellow")
        resume(play, 70, 1070).advance(1089.999)
        assert play.records("alarm")[-1].level is Level.YELLOW
        play.advance(1090)
        assert play.records("alarm")[-1].level is Level.RED

    def test_outside_its_hours_it_is_not_found_silent_in_a_time_when_nobody_listened(self) -> None:
        day = d.Hours(start_minute=9 * 60, end_minute=21 * 60)  # T0 is 08:00
        play = alarm_on(QUIET, hours=day).play("0 | d1 motion:on |")
        resume(play, 1000, 7200)
        assert [fact.at - T0 for fact in play.facts if fact.entity == "alarm"] == [7_200_000]

    def test_what_is_not_watched_stays_unwatched(self) -> None:
        def is_away(seen: Event) -> bool:
            return seen.state == "away"

        play = alarm_on(QUIET, unwatch=is_away).play("0 | d1 motion:away |")
        resume(play, 10, 1000).play("99999 | |")

    def test_who_came_back_must_be_heard_for_as_long_as_ever_and_is_not_lost_again_at_once(self) -> None:
        play = alarm_on(QUIET, off=20).play("""
            0   | d1 motion:on |
            180 |              | incident opened, alarm opened
            190 | d1 motion:on |
        """)
        resume(play, 200, 5000).play("""
            5009.999 | |
            5010     | | alarm cleared, incident recovered
            5169.999 | |
            5170     | | alarm retriggered, incident reopened
        """)


class TestDelays:
    HOT = p.Threshold(above=57)

    def test_a_delay_stands_still(self) -> None:
        play = alarm_on(self.HOT, on=300).play("0 | d1 temperature=60 |")
        resume(play, 200, 700).play("""
            799.999 | |
            800     | | incident opened, alarm opened
        """)

    def test_the_end_of_a_danger_stands_still_too(self) -> None:
        play = alarm_on(self.HOT, off=300).play("0 | d1 temperature=60 | incident opened, alarm opened\n1 | d1 temperature=20 |")
        resume(play, 201, 701).play("""
            800.999 | |
            801     | | alarm cleared, incident recovered
        """)

    def test_a_reading_that_grew_stale_meanwhile_proves_nothing_until_the_next_one(self) -> None:
        play = alarm_on(self.HOT, on=300).play("0 | d1 temperature=60 |")
        resume(play, 200, 5000).play("""
            9000     |                   |
            9001     | d1 temperature=61 |
            9100.999 |                   |
            9101     |                   | incident opened, alarm opened
        """)

    def test_a_state_is_held_for_ever_but_its_delay_does_not_run_while_its_end_could_be_missed(self) -> None:
        play = alarm_on(p.StateIs(states=("open",)), on=300).play("0 | d1 opening:open |")
        resume(play, 200, 50_000).play("""
            50099.999 | |
            50100     | | incident opened, alarm opened
        """)


def test_every_other_clock_goes_on_and_speaks_at_its_own_deadline() -> None:
    plan = d.Plan(
        id="p",
        title=said("p"),
        clocks=(d.Target(name="acknowledged", within_s=60),),
        escalations=(d.Escalation(at_share=1, notify=("desk",)),),
    )
    hot = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),), plan="p")
    warm = rule("warm", "temperature", warnings=(stage("blue", p.Threshold(above=40)),), warning_expires_s=90, hazard="warm")
    play = Play(pack(hot, warm, plans=(plan,), parties=("desk",)), is_restored_each_step=True)
    play.play("0 | d1 temperature=45 | incident opened, warning opened")
    play.advance(0.5)
    play.play("1 | d2 temperature=60 | incident opened, alarm opened, incident opened, warning opened")
    before = len(play.facts)
    resume(play, 10, 1000)
    later = [(fact.transition, fact.at - T0) for fact in play.facts[before:]]
    assert ("expired", 90_000) in later
    assert any(at == 61_000 for _, at in later), "the acknowledgement was missed when it was missed"


class TestTold:
    @pytest.mark.parametrize(("gap_s", "is_told"), [(60.0, False), (60.001, True)])
    def test_only_a_long_deafness_is_told(self, gap_s: float, *, is_told: bool) -> None:
        play = resume(alarm_on(QUIET), 0, gap_s)
        assert [fact.reason for fact in play.facts] == ([Reason.RESUMED] if is_told else [])

    def test_how_long_and_in_both_languages(self) -> None:
        (fact,) = resume(alarm_on(QUIET), 1, 7201).facts
        assert (fact.entity, fact.transition, fact.value) == ("journal", "resumed", 7200.0)
        assert "2 小时" in fact.sentence.zh
        assert "2 h" in fact.sentence.en

    def test_it_is_told_after_what_happened_meanwhile(self) -> None:
        play = alarm_on(QUIET).play("0 | d1 motion:on |")
        resume(play, 200, 1000)
        assert told(play) == ["incident opened", "alarm opened", "journal resumed"]


def test_an_instant_that_was_decided_on_already_is_not_deaf() -> None:
    play = alarm_on(QUIET).play("0 | d1 motion:on |\n100 | d2 motion:on |")
    resume(play, 0, 1000).play("""
        1079.999 | |
        1080     | | incident opened, alarm opened
    """)


def test_time_still_does_not_go_back() -> None:
    play = alarm_on(QUIET).play("10 | d1 motion:on |")
    with pytest.raises(TimeWentBackError):
        resume(play, 0, 9)
    play.play("190 | | incident opened, alarm opened")
