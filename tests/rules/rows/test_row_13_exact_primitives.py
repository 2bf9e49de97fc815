"""Row 13: threshold, hysteresis, sustained-for, N in T, rate and silence, exact to the millisecond and to the limit.

What comes late or out of order does not bend them: the instant of arrival drives the delays, and the device's own clock says what
cannot have been so close together, or is older than what is known already.
"""

from typing import Any

import pytest

from rules import primitive as p
from rules.model import Resumed
from rules.reproduce import Cited, is_decision, reproduce
from tests.rules.score import T0, Play, event, pack, rule, stage

HOT = p.Threshold(above=57, deadband=3)
COLD = p.Threshold(below=4, deadband=1)
OPENED, CLEARED = "incident opened, alarm opened", "alarm cleared, incident recovered"
KINDS = "temperature generic motion heartbeat"


def alarm_on(test: p.Test, on: float = 0, off: float = 0, **changes: Any) -> Play:
    """An alarm of this test, saved and restored at every step."""
    return Play(pack(rule("r", KINDS, alarms=(stage("red", test, on, off),), **changes)), is_restored_each_step=True)


def told(play: Play) -> list[str]:
    return [fact.transition for fact in play.facts if fact.entity == "alarm"]


def reading(
    play: Play, at_s: float, own_s: float | None, value: float, kind: str = "temperature", device: str = "d1"
) -> list[str]:
    """A reading that arrives at ``at_s`` and was measured, as the device says, at ``own_s``. What was told of it."""
    seen = len(told(play))
    own_at = None if own_s is None else T0 + round(own_s * 1000)
    play.receive(event(device, kind, value, id=f"{device}-{at_s}-{own_s}", occurred_at=own_at), at_s)
    return told(play)[seen:]


class TestThreshold:
    @pytest.mark.parametrize(("value", "is_true"), [(56.999, False), (57, True), (57.001, True)])
    def test_the_limit_itself_is_reached(self, value: float, is_true: bool) -> None:
        alarm_on(HOT).play(f"0 | d1 temperature={value} | {OPENED if is_true else ''}")

    @pytest.mark.parametrize(("value", "is_over"), [(54.001, False), (54, False), (53.999, True)])
    def test_hysteresis_ends_past_the_deadband_and_not_at_its_edge(self, value: float, is_over: bool) -> None:
        alarm_on(HOT).play(f"""
            0 | d1 temperature=57      | {OPENED}
            1 | d1 temperature={value} | {CLEARED if is_over else ""}
        """)

    @pytest.mark.parametrize(("value", "is_true"), [(4.001, False), (4, True), (3.999, True)])
    def test_a_lower_limit_itself_is_reached(self, value: float, is_true: bool) -> None:
        alarm_on(COLD).play(f"0 | d1 temperature={value} | {OPENED if is_true else ''}")

    @pytest.mark.parametrize(("value", "is_over"), [(4.999, False), (5, False), (5.001, True)])
    def test_a_lower_limit_has_its_deadband_above(self, value: float, is_over: bool) -> None:
        alarm_on(COLD).play(f"""
            0 | d1 temperature=4       | {OPENED}
            1 | d1 temperature={value} | {CLEARED if is_over else ""}
        """)

    def test_inside_the_deadband_nothing_begins(self) -> None:
        alarm_on(HOT).play("""
            0 | d1 temperature=55 |
            1 | d1 temperature=56.999 |
        """)


class TestSustained:
    @pytest.mark.parametrize(("end_s", "is_told"), [(29.999, False), (30, True), (30.001, True)])
    def test_what_ends_a_millisecond_before_the_delay_is_over_has_not_lasted(self, end_s: float, is_told: bool) -> None:
        play = alarm_on(HOT, on=30)
        reading(play, 0, None, 60)
        reading(play, end_s, None, 20)
        play.advance(100)
        assert told(play) == (["opened", "cleared"] if is_told else [])
        assert not is_told or next(fact.at for fact in play.facts) == T0 + 30_000

    @pytest.mark.parametrize(("back_s", "is_cleared"), [(39.999, False), (40, True), (40.001, True)])
    def test_clear_after_needs_its_whole_time(self, back_s: float, is_cleared: bool) -> None:
        play = alarm_on(HOT, off=30)
        reading(play, 0, None, 60)
        reading(play, 10, None, 20)
        reading(play, back_s, None, 60)
        assert told(play) == (["opened", "cleared", "retriggered"] if is_cleared else ["opened"])

    def test_a_return_inside_clear_after_begins_it_anew(self) -> None:
        alarm_on(HOT, off=30).play(f"""
            0      | d1 temperature=60 | {OPENED}
            10     | d1 temperature=20 |
            20     | d1 temperature=60 |
            21     | d1 temperature=20 |
            50.999 |                   |
            51     |                   | {CLEARED}
        """)

    def test_each_repetition_of_the_same_does_not_begin_the_delay_anew(self) -> None:
        play = alarm_on(HOT, on=30)
        for second in range(30):
            assert reading(play, second, None, 60) == []
        play.play(f"29.999 | |\n30 | | {OPENED}")


class TestCount:
    OFTEN = p.Count(of=p.Threshold(above=1), count=3, within_s=10)

    @pytest.mark.parametrize(("third_s", "is_true"), [(9.999, True), (10, True), (10.001, False)])
    def test_both_ends_of_the_window_belong_to_it(self, third_s: float, is_true: bool) -> None:
        alarm_on(self.OFTEN).play(f"""
            0         | d1 generic=1 |
            5         | d1 generic=2 |
            {third_s} | d1 generic=1 | {OPENED if is_true else ""}
        """)

    def test_it_ends_a_millisecond_after_the_first_has_left(self) -> None:
        alarm_on(self.OFTEN).play(f"""
            0      | d1 generic=1 |
            5      | d1 generic=1 |
            10     | d1 generic=1 | {OPENED}
            10.001 |              | {CLEARED}
        """)

    @pytest.mark.parametrize(("value", "is_hit"), [(0.999, False), (1, True)])
    def test_the_limit_itself_is_a_hit(self, value: float, is_hit: bool) -> None:
        once = p.Count(of=p.Threshold(above=1), count=1, within_s=10)
        alarm_on(once).play(f"0 | d1 generic={value} | {OPENED if is_hit else ''}")

    def test_what_a_device_had_kept_for_minutes_is_not_often(self) -> None:
        play = alarm_on(self.OFTEN)
        for number in range(4):
            assert reading(play, 300 + number / 1000, number * 90, 2, "generic") == []

    @pytest.mark.parametrize(("own_s", "is_true"), [(280, True), (279.999, False)])
    def test_by_its_own_clock_too_both_ends_belong_to_the_window(self, own_s: float, is_true: bool) -> None:
        play = alarm_on(self.OFTEN)
        assert reading(play, 300, own_s, 2, "generic") == []
        assert reading(play, 300.001, 285, 2, "generic") == []
        assert reading(play, 300.002, 290, 2, "generic") == (["opened"] if is_true else [])

    def test_out_of_order_hits_count_as_if_in_order(self) -> None:
        play = alarm_on(self.OFTEN)
        assert reading(play, 300, 290, 2, "generic") == []
        assert reading(play, 300.001, 280, 2, "generic") == []
        assert reading(play, 300.002, 279.999, 2, "generic") == []
        assert reading(play, 300.003, 285, 2, "generic") == ["opened"]

    def test_clocks_of_different_devices_are_not_compared(self) -> None:
        play = alarm_on(self.OFTEN, key=rule("x", "generic").key.ZONE)
        for number, device in enumerate(("d1", "d2", "d3")):
            own_at = T0 + 300_000 - number * 90_000
            play.receive(event(device, "generic", 2.0, id=f"e{number}", zone="b1", occurred_at=own_at), 300 + number)
        assert told(play) == ["opened"]


class TestRate:
    RISE = p.Rate(above=8, window_s=60)

    @pytest.mark.parametrize(("value", "is_true"), [(27.999, False), (28, False), (28.001, True)])
    def test_faster_means_faster_than_the_limit(self, value: float, is_true: bool) -> None:
        alarm_on(self.RISE).play(f"""
            0  | d1 temperature=20      |
            60 | d1 temperature={value} | {OPENED if is_true else ""}
        """)

    @pytest.mark.parametrize(("at_s", "is_true"), [(74.999, True), (75, False), (75.001, False)])
    def test_a_sample_is_left_out_once_the_next_one_is_a_window_old(self, at_s: float, is_true: bool) -> None:
        """At 75 s the reading of 15 s is a window old: from there on the climb is taken from it, not from that of 0 s."""
        alarm_on(self.RISE).play(f"""
            0      | d1 temperature=17 |
            15     | d1 temperature=20 |
            {at_s} | d1 temperature=28 | {OPENED if is_true else ""}
        """)

    def test_what_a_device_had_kept_for_minutes_did_not_climb_in_a_moment(self) -> None:
        play = alarm_on(self.RISE)
        for number in range(10):
            assert reading(play, 600 + number * 5, number * 60, 20 + number * 7) == []

    @pytest.mark.parametrize(("value", "is_true"), [(36, False), (36.001, True)])
    def test_by_its_own_clock_it_may_still_be_too_fast(self, value: float, is_true: bool) -> None:
        play = alarm_on(self.RISE)
        assert reading(play, 600, 400, 20) == []
        assert reading(play, 604, 520, value) == (["opened"] if is_true else [])

    @pytest.mark.parametrize("is_restored", [False, True])
    def test_the_cited_readings_alone_give_the_same(self, is_restored: bool) -> None:
        play = Play(alarm_on(self.RISE, on=5).pack, is_restored_each_step=is_restored)
        known = {}
        for number in range(40):
            at_s, own_s = 600 + number * 2, 400 + number * 5
            entry = event("d1", "temperature", 20.0 + number, id=f"e{number}", occurred_at=T0 + own_s * 1000)
            known["d1", entry.id] = Cited(T0 + at_s * 1000, entry)
            play.receive(entry, at_s)
        (fact,) = [fact for fact in play.facts if is_decision(fact)]
        assert play.pack is not None
        assert reproduce(play.pack, fact, known).is_same

    def test_samples_that_an_older_version_saved_still_count(self) -> None:
        play = alarm_on(self.RISE).play("0 | d1 temperature=20 |")
        for name, text in play.saved.items():
            if name.startswith("watch/"):
                assert b',"e1",null]' in text
                play.saved[name] = text.replace(b',"e1",null]', b',"e1"]')
        play.restore()
        play.play(f"60 | d1 temperature=28.1 | {OPENED}")


class TestSilence:
    LOST = p.Silence(for_s=60)

    def test_a_heartbeat_is_lost_at_its_instant(self) -> None:
        alarm_on(self.LOST).play(f"""
            0      | d1 ~ |
            59.999 |      |
            60     |      | {OPENED}
        """)

    def test_a_late_tick_stamps_the_instant_and_not_itself(self) -> None:
        alarm_on(self.LOST).play("""
            0      | d1 ~ |
            60.001 |      | incident opened @60, alarm opened @60
        """)

    @pytest.mark.parametrize(("at_s", "is_lost"), [(59.999, False), (60, True)])
    def test_a_heartbeat_at_the_last_millisecond_is_in_time(self, at_s: float, is_lost: bool) -> None:
        play = alarm_on(self.LOST).play("0 | d1 ~ |")
        play.play(f"{at_s} | d1 ~ | {f'{OPENED}, {CLEARED}' if is_lost else ''}")

    def test_a_late_word_is_a_sign_of_life_when_it_arrives(self) -> None:
        play = alarm_on(self.LOST, hazard="fire").play("0 | d1 ~ |")
        assert reading(play, 59, 1, 20) == []
        play.play(f"118.999 | |\n119 | | {OPENED}")

    def test_what_comes_later_than_its_hazard_bears_says_nothing_of_now(self) -> None:
        play = alarm_on(self.LOST).play("1000 | d1 ~ |")
        assert reading(play, 1059, 1059 - 600.001, 20) == []
        assert play.last("device").reason == "too_late"
        play.play(f"1060 | | {OPENED}")

    def test_our_own_deafness_is_nobodys_silence(self) -> None:
        play = alarm_on(self.LOST).play("0 | d1 ~ |")
        play.receive(Resumed(id="r", deaf_since_at=T0 + 10_000), 50)
        play.play(f"99.999 | |\n100 | | {OPENED}")


class TestOutOfOrder:
    """A reading that was overtaken on the way tells of the past: it neither ends a condition nor breaks its delay off."""

    @pytest.mark.parametrize(("own_s", "is_over"), [(99.999, False), (100, True), (100.001, True), (None, True)])
    def test_what_was_measured_before_it_began_is_no_recovery(self, own_s: float | None, is_over: bool) -> None:
        play = alarm_on(HOT)
        assert reading(play, 101, 100, 60) == ["opened"]
        assert reading(play, 102, own_s, 20) == (["cleared"] if is_over else [])

    @pytest.mark.parametrize(("own_s", "is_broken"), [(99.999, False), (100, True)])
    def test_nor_does_it_break_a_delay_off(self, own_s: float, is_broken: bool) -> None:
        play = alarm_on(HOT, on=30)
        reading(play, 101, 100, 60)
        reading(play, 110, own_s, 20)
        play.advance(131)
        assert told(play) == ([] if is_broken else ["opened"])

    def test_nor_does_it_begin_a_recovery(self) -> None:
        play = alarm_on(HOT, off=10)
        reading(play, 101, 100, 60)
        reading(play, 102, 90, 20)
        play.advance(200)
        assert told(play) == ["opened"]
        reading(play, 201, 200, 20)
        play.advance(211)
        assert told(play) == ["opened", "cleared"]

    def test_a_state_is_taken_as_it_comes_because_its_end_is_said_only_once(self) -> None:
        play = alarm_on(p.StateIs(states=("on",)))
        for at_s, own_s, state in ((10, 10, "on"), (12, 8, "off")):
            play.receive(event("d1", "motion", state, id=f"e{at_s}", occurred_at=T0 + own_s * 1000), at_s)
        assert told(play) == ["opened", "cleared"]

    def test_another_device_of_the_place_has_a_clock_of_its_own(self) -> None:
        play = alarm_on(HOT, key=rule("x", "generic").key.ZONE)
        for at_s, own_s, device, value in ((10, 10, "d1", 60.0), (11, 5, "d2", 60.0), (12, 6, "d2", 20.0), (13, 11, "d1", 20.0)):
            own_at = T0 + own_s * 1000
            play.receive(event(device, "temperature", value, id=f"e{at_s}", zone="b1", occurred_at=own_at), at_s)
        assert told(play) == ["opened", "cleared"]

    def test_a_late_reading_is_judged_as_of_its_arrival(self) -> None:
        """Five minutes late is not too late: it may begin the delay, which runs from the arrival and not from the past."""
        play = alarm_on(HOT, on=30)
        assert reading(play, 400, 100, 60) == []
        play.play(f"429.999 | |\n430 | | {OPENED}")
