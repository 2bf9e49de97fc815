"""How fast, how often, and how long nothing came: at the boundary and one millisecond beside it."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.model import Event, EventClass, Status
from rules.windows import SAMPLES_MAX, SilenceSignal
from tests.rules.score import Play, event, pack, rule, stage

OFTEN = p.Count(of=p.Threshold(above=0.8), count=3, within_s=5)


def alarm_on(test: p.Test, kinds: str = "temperature generic motion", on: float = 0, off: float = 0, **changes: Any) -> Play:
    return Play(pack(rule("r", kinds, alarms=(stage("red", test, on, off),), **changes)))


class TestRate:
    RISE = p.Rate(above=8, window_s=60)

    def test_a_state_has_no_rate(self) -> None:
        alarm_on(self.RISE, "temperature opening").play("""
            0  | d1 temperature=20 |
            30 | d1 opening:open   |
            60 | d1 temperature=29 | incident opened, alarm opened
            61 | d1 opening:closed |
        """)

    def test_a_climb_over_the_window_is_seen_and_its_end_too(self) -> None:
        play = alarm_on(self.RISE).play("""
            0  | d1 temperature=20   |
            30 | d1 temperature=24   |
            60 | d1 temperature=28   |
            61 | d1 temperature=28.2 | incident opened, alarm opened
            90 | d1 temperature=31   | alarm cleared, incident recovered
        """)
        assert "8.2" in play.facts[1].sentence.en or "8.06" in play.facts[1].sentence.en
        assert play.facts[1].reason == "rate_exceeded"

    def test_two_close_readings_make_no_slope(self) -> None:
        alarm_on(self.RISE).play("""
            0 | d1 temperature=20 |
            1 | d1 temperature=22 |
            2 | d1 temperature=28 |
            3 | d1 temperature=28.01 | incident opened, alarm opened
        """)

    def test_a_sparse_sensor_is_judged_over_its_own_interval(self) -> None:
        alarm_on(self.RISE).play("""
            0   | d1 temperature=20   |
            600 | d1 temperature=100  |
            1200 | d1 temperature=180.1 | incident opened, alarm opened
        """)

    def test_a_negative_limit_means_falling_faster(self) -> None:
        alarm_on(p.Rate(above=-8, window_s=60)).play("""
            0  | d1 temperature=50 |
            60 | d1 temperature=42 |
            61 | d1 temperature=60 |
            62 | d1 temperature=41 | incident opened, alarm opened
        """)

    def test_null_is_not_a_sample_and_devices_do_not_mix(self) -> None:
        alarm_on(self.RISE, key=d.Key.ZONE).play("""
            0 | b1/d1 temperature=20  |
            1 | b1/d2 temperature=200 |
            2 | b1/d1 temperature=    |
            3 | b1/d1 temperature=21  |
        """)

    def test_a_fast_sensor_does_not_fill_the_memory(self) -> None:
        play = alarm_on(self.RISE)
        for tick in range(3000):
            play.receive(event("d1", "temperature", 20.0, id=f"e{tick}"), tick / 10)
        saved = [text for key, text in play.engine.take_changes().items() if key.startswith("watch/") and text]
        assert saved[0].count(b",20.0]") <= SAMPLES_MAX + 2


class TestCount:
    def test_the_nth_within_the_window_and_the_window_includes_both_ends(self) -> None:
        play = alarm_on(OFTEN).play("""
            0     | d1 generic=0.9 |
            1     | d1 generic=0.1 |
            2     | d1 generic=0.8 |
            5     | d1 generic=0.9 | incident opened, alarm opened
            5.001 |                | alarm cleared, incident recovered
        """)
        assert [reading.value for reading in play.facts[1].evidence] == [0.9, 0.8, 0.9]
        assert play.facts[1].reason == "count_reached"

    def test_a_millisecond_too_late_is_not_within(self) -> None:
        alarm_on(OFTEN).play("""
            0     | d1 generic=0.9 |
            2     | d1 generic=0.9 |
            5.001 | d1 generic=0.9 |
            7     | d1 generic=0.9 | incident opened, alarm opened
        """)

    def test_while_it_goes_on_it_stays_on(self) -> None:
        alarm_on(OFTEN).play("""
            0      | d1 generic=0.9 |
            2      | d1 generic=0.9 |
            4      | d1 generic=0.9 | incident opened, alarm opened
            5      | d1 generic=0.9 |
            7.000  |                |
            7.001  |                | alarm cleared, incident recovered
            100    |                |
        """)

    def test_devices_of_one_zone_count_together(self) -> None:
        alarm_on(p.Count(of=p.StateIs(states=("on",)), count=2, within_s=60), key=d.Key.ZONE).play("""
            0 | b1/d1 motion:on |
            1 | b1/d2 motion:on | incident opened, alarm opened
        """)

    def test_an_off_delay_and_a_state_that_is_not_counted(self) -> None:
        alarm_on(p.Count(of=p.StateIs(states=("on",)), count=2, within_s=10), off=5).play("""
            0      | d1 motion:on  |
            1      | d1 motion:on  | incident opened, alarm opened
            2      | d1 motion:off |
            15     |               |
            15.001 |               | alarm cleared, incident recovered
        """)

    def test_an_on_delay_needs_the_count_to_last(self) -> None:
        alarm_on(OFTEN, on=3).play("""
            0 | d1 generic=0.9 |
            1 | d1 generic=0.9 |
            2 | d1 generic=0.9 |
            5 |                | incident opened, alarm opened
        """)
        alarm_on(OFTEN, on=4).play("""
            0  | d1 generic=0.9 |
            1  | d1 generic=0.9 |
            2  | d1 generic=0.9 |
            99 |                |
        """)

    def test_outside_its_hours_nothing_is_counted(self) -> None:
        night = d.Hours(start_minute=22 * 60, end_minute=6 * 60)
        alarm_on(OFTEN, hours=night).play("""
            50399 | d1 generic=0.9 |
            50400 | d1 generic=0.9 |
            50401 | d1 generic=0.9 |
            50402 | d1 generic=0.9 | incident opened, alarm opened
        """)

    def test_a_watch_is_let_go_when_its_last_hit_has_left(self) -> None:
        play = alarm_on(OFTEN).play("""
            0     | d1 generic=0.9 |
            5.001 |                |
        """)
        assert play.engine.take_changes()["watch/r/0"] is None
        assert play.engine.next_deadline() is None


class TestSilence:
    QUIET = p.Silence(for_s=60)

    def test_it_begins_with_the_first_event_and_ends_with_any(self) -> None:
        play = alarm_on(self.QUIET).play("""
            0       | d1 motion:on  |
            59.999  | d1 motion:off |
            119.998 |               |
            119.999 |               | incident opened, alarm opened
            300     | d1 motion:off | alarm cleared, incident recovered
            359.999 |               |
            360     |               | alarm retriggered, incident reopened
        """)
        opened = play.facts[1]
        assert opened.reason == "went_silent"
        assert opened.evidence[0].limit == 60
        assert "1 min" in opened.sentence.en
        assert "1 分钟" in opened.sentence.zh

    def test_nobody_is_missed_before_they_were_heard(self) -> None:
        alarm_on(self.QUIET).play("100000 | |")

    def test_null_is_not_a_sign_of_life_but_a_heartbeat_is(self) -> None:
        alarm_on(self.QUIET, kinds="").play("""
            0  | d1 temperature=20 |
            50 | d1 temperature=   |
            60 |                   | incident opened, alarm opened
            70 | d1 ~              | alarm cleared, incident recovered
            90 | d1 motion:        |
            130 |                  | alarm retriggered, incident reopened
        """)

    def test_off_delay_wants_it_to_be_heard_for_a_while(self) -> None:
        alarm_on(self.QUIET, off=20).play("""
            0  | d1 motion:on  |
            60 |               | incident opened, alarm opened
            70 | d1 motion:off |
            75 | d1 motion:on  |
            90 |               | alarm cleared, incident recovered
            135 |              | alarm retriggered, incident reopened
        """)

    def test_outside_its_hours_it_is_judged_when_they_begin(self) -> None:
        day = d.Hours(start_minute=9 * 60, end_minute=21 * 60)
        alarm_on(self.QUIET, hours=day).play("""
            0       | d1 motion:on |
            3599.99 |              |
            3600    |              | incident opened, alarm opened
        """)

    def test_away_stops_the_watch_until_something_else_comes(self) -> None:
        def is_away(seen: Event) -> bool:
            return seen.state == "away"

        alarm_on(self.QUIET, unwatch=is_away).play("""
            0    | d1 motion:on   |
            10   | d1 motion:away |
            9999 |                |
            10000 | d1 motion:on  |
            10060 |               | incident opened, alarm opened
            10070 | d1 motion:away | alarm cleared, incident recovered
            20000 |               |
        """)

    def test_a_device_that_is_carried_elsewhere_is_missed_where_it_was_last(self) -> None:
        play = alarm_on(self.QUIET).play("""
            0  | b1/d1 motion:on |
            10 | b1/d1 motion:on |
            20 | b2/d1 motion:on |
            80 |                 | incident opened, alarm opened
        """)
        assert play.last("alarm").zone == "b2"

    def test_of_whom_nothing_was_heard_nothing_is_missed(self) -> None:
        signal = SilenceSignal(stage("red", self.QUIET))
        signal.begin_anew(1000)
        assert signal.due_at() is None

    def test_a_guard_says_what_counts(self) -> None:
        alarm_on(self.QUIET, guard=lambda seen: seen.state == "on").play("""
            0  | d1 motion:off |
            10 | d1 motion:on  |
            60 | d1 motion:off |
            70 |               | incident opened, alarm opened
        """)

    def test_an_exercise_neither_begins_nor_ends_a_silence(self) -> None:
        play = alarm_on(self.QUIET).play("0 | d1 motion:on |")
        play.play("30 | d1 motion:on |", status=Status.EXERCISE)
        play.play("60 | | incident opened, alarm opened")

    def test_the_usual_event_pushes_no_timer(self) -> None:
        play = alarm_on(self.QUIET)
        for second in range(50):
            play.play(f"{second} | d1 motion:on |")
        assert play.engine.next_deadline() == play.engine.now - 49_000 + 60_000
        play.play("60 | |")
        assert play.engine.next_deadline() == play.engine.now - 11_000 + 60_000


def test_two_stages_warn_first_and_alarm_later() -> None:
    quiet = rule("quiet", "motion", warnings=(stage("yellow", p.Silence(for_s=60)),), alarms=(stage("red", p.Silence(for_s=90)),))
    Play(pack(quiet)).play("""
        0   | d1 motion:on |
        60  |              | incident opened, warning opened yellow
        90  |              | incident alarmed, alarm opened red, warning materialised
        100 | d1 motion:on | alarm cleared, incident recovered
    """)


@pytest.mark.parametrize("event_class", list(EventClass))
def test_every_class_can_be_waited_for(event_class: EventClass) -> None:
    play = alarm_on(p.Silence(for_s=60), kinds="sos")
    play.receive(event("d1", "sos", None, event_class=event_class, state="on"), 0)
    play.play("60 | | incident opened, alarm opened")


def test_a_repeated_report_of_a_count_cites_all_that_count() -> None:
    play = alarm_on(p.Count(of=p.StateIs(states=("on",)), count=2, within_s=60), "intrusion").play("""
        0  | d1 intrusion!on |
        10 | d1 intrusion!on | incident opened, alarm opened
        20 | d1 intrusion!on | alarm repeated
    """)
    assert [item.event_id for item in play.last("alarm").evidence] == ["e2", "e3"]


def test_a_count_that_has_to_last_cites_what_carried_it_on() -> None:
    play = alarm_on(p.Count(of=p.StateIs(states=("on",)), count=2, within_s=60), "intrusion", on=100).play("""
        0   | d1 intrusion!on |
        10  | d1 intrusion!on |
        50  | d1 intrusion!on |
        70  | d1 intrusion!on |
        110 |                 | incident opened, alarm opened
    """)
    assert [item.event_id for item in play.last("alarm").evidence] == ["e1", "e2", "e3", "e4"]


def test_reported_again_after_the_case_was_closed_a_count_cites_all_that_count() -> None:
    play = alarm_on(p.Count(of=p.StateIs(states=("on",)), count=2, within_s=60), "intrusion").play("""
        0  | d1 intrusion!on                |
        10 | d1 intrusion!on                | incident opened, alarm opened
        15 | li close incident verdict=real | alarm closed, incident closed
        20 | d1 intrusion!on                | incident opened, alarm opened
    """)
    assert [item.event_id for item in play.last("alarm").evidence] == ["e2", "e4"]
