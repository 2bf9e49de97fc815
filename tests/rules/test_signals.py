"""Thresholds and states with their delays, at the boundary and one millisecond beside it."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.watch import ActiveRule
from tests.rules.score import Play, event, hazard, pack, rule, said, stage

HOT = p.Threshold(above=57, deadband=3)


def alarm_on(test: p.Test, on: float = 0, off: float = 0, **changes: Any) -> Play:
    return Play(pack(rule("hot", "temperature opening heat", alarms=(stage("red", test, on, off),), **changes)))


def test_a_limit_is_reached_at_the_limit_and_left_past_the_deadband() -> None:
    alarm_on(HOT).play("""
        0 | d1 temperature=56.99 |
        1 | d1 temperature=57    | incident opened, alarm opened red
        2 | d1 temperature=54.01 |
        3 | d1 temperature=54    |
        4 | d1 temperature=53.99 | alarm cleared, incident recovered
        5 | d1 temperature=56    |
    """)


def test_a_lower_limit_is_the_mirror_image() -> None:
    alarm_on(p.Threshold(below=4, deadband=1)).play("""
        0 | d1 temperature=4.01 |
        1 | d1 temperature=4    | incident opened, alarm opened
        2 | d1 temperature=5    |
        3 | d1 temperature=5.01 | alarm cleared, incident recovered
    """)


def test_a_state_is_on_no_side_of_a_limit() -> None:
    alarm_on(HOT, on=30).play("""
        0  | d1 temperature=60 |
        10 | d1 opening:open   |
        30 |                   | incident opened, alarm opened
        40 | d1 opening:closed |
    """)


def test_both_limits_bound_a_band() -> None:
    play = alarm_on(p.Threshold(above=30, below=5)).play("""
        0 | d1 temperature=20 |
        1 | d1 temperature=5  | incident opened, alarm opened
        2 | d1 temperature=6  | alarm cleared, incident recovered
        3 | d1 temperature=30 | alarm retriggered, incident reopened
    """)
    assert [alarm.evidence[-1].test for alarm in play.records("alarm") if alarm.is_active] == ["below", "above"]


def test_sustained_for_matures_at_its_deadline_and_not_a_millisecond_before() -> None:
    alarm_on(HOT, on=30).play("""
        0      | d1 temperature=60 |
        29.999 |                   |
        30     |                   | incident opened, alarm opened
    """)
    alarm_on(HOT, on=30).play("""
        0      | d1 temperature=60 |
        29.999 | d1 temperature=50 |
        60     |                   |
    """)
    alarm_on(HOT, on=30).play("""
        0      | d1 temperature=60 |
        30     | d1 temperature=50 | incident opened, alarm opened, alarm cleared, incident recovered
    """)


def test_a_late_tick_stamps_the_deadline_and_not_itself() -> None:
    play = alarm_on(HOT, on=30).play("""
        0   | d1 temperature=60 |
        500 |                   | incident opened @30, alarm opened @30
        501 |                   |
        501 |                   |
    """)
    assert play.records("alarm")[0].opened_at % 1_000_000 == play.last("alarm").at % 1_000_000


def test_the_delay_begins_anew_after_a_dip() -> None:
    alarm_on(HOT, on=30).play("""
        0      | d1 temperature=60 |
        20     | d1 temperature=50 |
        21     | d1 temperature=60 |
        50.999 |                   |
        51     |                   | incident opened, alarm opened
    """)


def test_a_dip_inside_the_deadband_does_not_interrupt() -> None:
    alarm_on(HOT, on=30).play("""
        0  | d1 temperature=60 |
        20 | d1 temperature=55 |
        30 |                   | incident opened, alarm opened
    """)


def test_off_delay_holds_the_alarm_until_it_is_over_long_enough() -> None:
    alarm_on(HOT, off=10).play("""
        0      | d1 temperature=60 | incident opened, alarm opened
        5      | d1 temperature=50 |
        9      | d1 temperature=60 |
        10     | d1 temperature=50 |
        19.999 |                   |
        20     |                   | alarm cleared, incident recovered
    """)


@pytest.mark.parametrize("reading", ["d1 temperature=", "d1 opening:", "d1 heartbeat~", "d1 temperature=2000"])
def test_no_data_and_impossible_data_prove_nothing(reading: str) -> None:
    """Null, a heartbeat and a broken sensor are neither recovery nor persistence."""
    play = alarm_on(HOT).play("0 | d1 temperature=60 | incident opened, alarm opened")
    play.play(f"1 | {reading} |" if "2000" not in reading else f"1 | {reading} | device faulty")
    assert play.last("alarm").transition == "opened"


class TestStaleness:
    """A reading is held until the next one, but not for ever."""

    def test_a_sparse_sensor_matures_on_one_reading(self) -> None:
        alarm_on(HOT, on=900).play("""
            0   | d1 temperature=60 |
            900 |                   | incident opened, alarm opened
        """)

    def test_a_device_that_went_silent_does_not_mature(self) -> None:
        alarm_on(HOT, on=7200).play("""
            0     | d1 temperature=60 |
            60    | d1 temperature=60 |
            7200  |                   |
            99999 |                   |
        """)

    def test_time_without_data_is_not_counted_and_the_rest_is(self) -> None:
        """Good until 60 + 3600; from 9000 on the clock goes on with the 3540 s that are left."""
        alarm_on(HOT, on=7200).play("""
            0         | d1 temperature=60 |
            60        | d1 temperature=60 |
            9000      | d1 temperature=60 |
            12539.999 |                   |
            12540     |                   | incident opened, alarm opened
        """)

    def test_recovery_is_not_proven_by_silence_either(self) -> None:
        alarm_on(HOT, off=7200).play("""
            0     | d1 temperature=60 | incident opened, alarm opened
            10    | d1 temperature=20 |
            20000 |                   |
            20001 | d1 temperature=20 |
            23600 | d1 temperature=20 |
            23601 |                   | alarm cleared, incident recovered
        """)

    def test_a_state_is_held_for_ever_because_states_are_sent_when_they_change(self) -> None:
        alarm_on(p.StateIs(states=("open",)), on=86_400).play("""
            0     | d1 opening:open |
            86400 |                 | incident opened, alarm opened
        """)


class TestState:
    OPEN = p.StateIs(states=("open", "ajar"))

    def test_it_is_on_while_the_last_state_is_one_of_them(self) -> None:
        alarm_on(self.OPEN).play("""
            0 | d1 opening:closed |
            1 | d1 opening:ajar   | incident opened, alarm opened
            2 | d1 opening:open   |
            3 | d1 opening:open   |
            4 | d1 opening:closed | alarm cleared, incident recovered
        """)

    def test_an_alarm_event_without_a_state_says_on(self) -> None:
        alarm_on(p.StateIs(states=("on",))).play("""
            0 | d1 heat!    | incident opened, alarm opened
            1 | d1 heat!off | alarm cleared, incident recovered
        """)

    def test_an_alarm_event_that_repeats_is_counted_and_told_ever_more_rarely(self) -> None:
        play = alarm_on(p.StateIs(states=("on",)))
        for second in range(20):
            play.play(f"{second} | d1 heat!on | {_repeated(second + 1)}")
        assert play.records("alarm")[-1].occurrence_count == 20

    def test_a_state_that_repeats_is_not_an_occurrence(self) -> None:
        play = alarm_on(self.OPEN).play("""
            0 | d1 opening:open | incident opened, alarm opened
            1 | d1 opening:open |
        """)
        assert play.records("alarm")[-1].occurrence_count == 1


def _repeated(count: int) -> str:
    if count == 1:
        return "incident opened, alarm opened"
    return "alarm repeated" if count <= 8 or count == 16 else ""


class TestSharedKeys:
    """A rule by zone: one watch for several devices, each of which has its own truth."""

    ZONE = d.Key.ZONE

    def test_one_device_cannot_clear_what_another_reports(self) -> None:
        alarm_on(HOT, key=d.Key.ZONE).play("""
            0 | b1/d1 temperature=60 | incident opened, alarm opened
            1 | b1/d2 temperature=20 |
            2 | b1/d2 temperature=60 |
            3 | b1/d1 temperature=20 |
            4 | b1/d2 temperature=20 | alarm cleared, incident recovered
        """)

    def test_the_case_cites_the_device_that_reports_it(self) -> None:
        play = alarm_on(HOT, on=30, key=d.Key.ZONE).play("""
            0  | b1/d1 temperature=60 |
            10 | b1/d2 temperature=20 |
            20 | b1/d3 temperature=   |
            30 |                      | incident opened, alarm opened
        """)
        alarm = play.records("alarm")[0]
        assert (alarm.device, [reading.device for reading in alarm.evidence]) == ("d1", ["d1"])

    def test_without_a_zone_each_device_is_its_own_place(self) -> None:
        alarm_on(HOT, key=d.Key.ZONE).play("""
            0 | d1 temperature=60 | incident opened, alarm opened
            1 | d2 temperature=60 | incident opened, alarm opened
        """)

    def test_a_building_is_the_first_part_of_the_zone(self) -> None:
        play = alarm_on(HOT, key=d.Key.BUILDING).play("""
            0 | b1/u1/d1 temperature=60 | incident opened, alarm opened
            1 | b1/u2/d2 temperature=60 |
            2 | b2/u2/d3 temperature=60 | incident opened, alarm opened
        """)
        assert [alarm.zone for alarm in {alarm.id: alarm for alarm in play.records("alarm")}.values()] == ["b1", "b2"]

    def test_a_community_is_one_place(self) -> None:
        play = Play(
            pack(
                rule("hot", "temperature", key=d.Key.COMMUNITY, hazard="all", alarms=(stage("red", HOT),)),
                hazards=(hazard("all", gather_by=d.Key.COMMUNITY),),
            )
        )
        play.play("""
            0 | b1/u1/d1 temperature=60 | incident opened, alarm opened
            1 | b2/u2/d2 temperature=60 |
        """)
        assert (play.records("alarm")[-1].zone, play.records("incident")[-1].zone) == ("", "")
        assert play.records("incident")[-1].title == said("all")


class TestHours:
    NIGHT = d.Hours(start_minute=22 * 60, end_minute=6 * 60)

    def test_outside_its_hours_a_rule_does_not_begin_but_it_ends(self) -> None:
        """T0 is 08:00 in Shanghai; 22:00 is 50,400 s later, 06:00 is 79,200 s later."""
        alarm_on(HOT, hours=self.NIGHT).play("""
            0     | d1 temperature=60 |
            50399 | d1 temperature=60 |
            50400 | d1 temperature=60 | incident opened, alarm opened
            79200 | d1 temperature=60 |
            79201 | d1 temperature=20 | alarm cleared, incident recovered
            79202 | d1 temperature=60 |
        """)

    def test_what_was_pending_when_the_hours_end_does_not_come_about(self) -> None:
        alarm_on(HOT, on=30, hours=self.NIGHT).play("""
            79180 | d1 temperature=60 |
            79300 |                   |
        """)
        alarm_on(HOT, on=30, hours=self.NIGHT).play("""
            79160 | d1 temperature=60 |
            79300 |                   | incident opened @79190, alarm opened @79190
        """)


@pytest.mark.parametrize(
    ("key", "in_a_flat", "of_no_place"),
    [(d.Key.DEVICE, "d1", "d1"), (d.Key.ZONE, "b1/0301", "d1"), (d.Key.BUILDING, "b1", "d1"), (d.Key.COMMUNITY, "", "")],
)
def test_what_a_rule_watches_one_of(key: d.Key, in_a_flat: str, of_no_place: str) -> None:
    active = ActiveRule(rule("r", "temperature", key=key, alarms=(stage("red", p.Threshold(above=57)),)), hazard("fire"))
    assert active.key_of(event("d1", "temperature", 20.0, zone="b1/0301")) == in_a_flat
    assert active.key_of(event("d1", "temperature", 20.0)) == of_no_place
