"""What cannot be is a device's fault and never evidence: out of range, at the end of the scale, or faster than physics allows."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.model import EventClass, Reason, Status
from rules.reproduce import Cited, is_decision, reproduce
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

ANY = p.Impossible(low=-60, high=1400)
RAILS = p.Impossible(low=-60, high=1400, rail_low=-55, rail_high=850)
JUMP = p.Impossible(low=-60, high=1400, jump_per_s=50)


def guarded(test: p.Impossible, on: float = 0, off: float = 0, **changes: Any) -> Play:
    """A sieve, and a rule of heat that must not see what the sieve denies."""
    fault = rule("fault", "temperature", hazard="device", alarms=(stage("blue", test, on, off),), **changes)
    hot = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),))
    return Play(pack(hot, fault, hazards=(hazard("device"),)), is_restored_each_step=True)


def spoken(play: Play) -> list[str]:
    return [f"{fact.rule or fact.device} {fact.transition}" for fact in play.facts if fact.entity in ("alarm", "device")]


@pytest.mark.parametrize(
    ("value", "told"),
    [(-60, []), (-60.01, ["fault opened"]), (56, []), (1400, ["hot opened"]), (1400.01, ["fault opened"])],
)
def test_outside_of_the_range_of_its_kind(value: float, told: list[str]) -> None:
    assert spoken(guarded(ANY).play(f"0 | d1 temperature={value} | {'incident opened, alarm opened' if told else ''}")) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [(-55, ["fault opened"]), (-54.99, []), (849.99, ["hot opened"]), (850, ["fault opened"]), (900, ["fault opened"])],
)
def test_at_the_end_of_the_scale(value: float, told: list[str]) -> None:
    play = guarded(RAILS).play(f"0 | d1 temperature={value} | {'incident opened, alarm opened' if told else ''}")
    assert spoken(play) == told


@pytest.mark.parametrize(("at_s", "is_denied"), [(1.999, True), (2, False), (2.001, False)])
def test_a_jump_is_judged_to_the_millisecond(at_s: float, is_denied: bool) -> None:
    """From 20 to 120 °C at 50 °C a second takes two seconds."""
    play = guarded(JUMP).play("0 | d1 temperature=20 |")
    play.receive(event("d1", "temperature", 120, id="e"), at_s)
    assert spoken(play) == (["fault opened"] if is_denied else ["hot opened"])


def test_a_rise_as_fast_as_physics_allows_is_believed() -> None:
    play = guarded(JUMP)
    for second in range(20):
        play.receive(event("d1", "temperature", 20 + 50 * second, id=f"e{second}"), second)
    assert spoken(play) == ["hot opened"]


def test_a_real_step_is_believed_as_soon_as_there_was_time_for_it() -> None:
    guarded(JUMP).play("""
        0  | d1 temperature=20  |
        1  | d1 temperature=620 | incident opened, alarm opened blue
        5  | d1 temperature=620 |
        12 | d1 temperature=620 | alarm cleared, incident recovered, incident opened, alarm opened red
    """)


def test_two_readings_of_one_second_are_a_second_apart() -> None:
    guarded(JUMP).play("""
        0     | d1 temperature=20 |
        0.001 | d1 temperature=69 | incident opened, alarm opened red
    """)


class TestWhoseClock:
    """The longer of the two times counts, so that a backlog delivered in one go is no row of jumps."""

    def read(self, play: Play, at_s: float, occurred_s: float | None, value: float) -> Play:
        occurred_at = None if occurred_s is None else T0 + round(occurred_s * 1000)
        play.receive(event("d1", "temperature", value, id=f"{at_s}/{occurred_s}", occurred_at=occurred_at), at_s)
        return play

    def test_a_backlog_is_judged_by_the_devices_clock(self) -> None:
        play = guarded(JUMP)
        for minute in range(5):
            self.read(play, 300, 60 * minute, 20 + 9 * minute)
        self.read(play, 300, 240.5, 1000)
        assert spoken(play) == ["fault opened"]

    def test_a_device_whose_clock_stands_still_is_judged_by_ours(self) -> None:
        play = self.read(guarded(JUMP), 0, 0, 20)
        assert spoken(self.read(play, 2, 0, 120)) == ["hot opened"]

    def test_what_comes_late_is_not_what_the_next_is_measured_against(self) -> None:
        play = self.read(guarded(JUMP), 100, 100, 20)
        self.read(play, 101, 40, 50)
        assert spoken(self.read(play, 102, 101, 130)) == ["fault opened"], "130 is two seconds after 20, not a minute after 50"

    def test_without_a_clock_the_order_of_arrival_counts(self) -> None:
        play = self.read(guarded(JUMP), 0, 0, 20)
        self.read(play, 1, None, 56)
        assert spoken(self.read(play, 2, 2, 100)) == ["hot opened"]


class TestNeverEvidence:
    def test_no_other_rule_sees_it_though_it_was_written_first(self) -> None:
        play = guarded(RAILS).play("0 | d1 temperature=900 | incident opened, alarm opened blue")
        assert play.last("alarm").hazard == "device"
        assert play.last("alarm").reason is Reason.VALUE_IMPOSSIBLE

    def test_it_neither_ends_nor_prolongs_what_others_found(self) -> None:
        guarded(RAILS).play("""
            0 | d1 temperature=60  | incident opened, alarm opened red
            1 | d1 temperature=-55 | incident opened, alarm opened blue
            2 | d1 temperature=60  | alarm cleared, incident recovered
        """)

    def test_a_lone_spike_inside_the_delay_is_noted_once_and_dropped(self) -> None:
        play = guarded(RAILS, on=30).play("""
            0  | d1 temperature=20  |
            10 | d1 temperature=900 | device faulty
            20 | d1 temperature=20  |
            30 | d1 temperature=900 |
            40 | d1 temperature=20  |
            99 |                    |
        """)
        assert play.last("device").reason is Reason.VALUE_IMPOSSIBLE

    def test_a_fault_that_lasts_becomes_an_alarm(self) -> None:
        guarded(RAILS, on=30, off=10).play("""
            0  | d1 temperature=900 | device faulty
            20 | d1 temperature=900 |
            30 |                    | incident opened, alarm opened blue
            40 | d1 temperature=20  |
            50 |                    | alarm cleared, incident recovered
        """)

    def test_without_a_sieve_a_note_says_so_as_before(self) -> None:
        hot = rule("hot", "temperature", alarms=(stage("red", p.Threshold(above=57)),))
        Play(pack(hot)).play("0 | d1 temperature=2000 | device faulty")

    def test_an_alarm_or_state_of_the_same_name_goes_by(self) -> None:
        fault = rule("fault", "gas", hazard="device", alarms=(stage("blue", p.Impossible(high=1)),))
        leak = rule("leak", "gas", alarms=(stage("red", p.StateIs(states=("on",))),))
        Play(pack(leak, fault, hazards=(hazard("device"),))).play("0 | d1 gas!on | incident opened, alarm opened red")

    def test_a_null_goes_by(self) -> None:
        play = guarded(RAILS).play("0 | d1 temperature=900 | incident opened, alarm opened blue")
        play.play("1 | d1 temperature= |")

    def test_only_what_the_guard_lets_through_is_judged(self) -> None:
        play = guarded(RAILS, guard=lambda one: one.zone == "kiln")
        play.play("0 | d1 temperature=900 | incident opened, alarm opened red")
        play.play("1 | kiln/d2 temperature=900 | incident opened, alarm opened blue")

    def test_a_drill_is_judged_by_itself(self) -> None:
        play = guarded(JUMP).play("0 | d1 temperature=20 |")
        play.receive(event("d1", "temperature", 900, id="x", status=Status.EXERCISE), 1)
        assert [fact.level for fact in play.facts if fact.entity == "alarm"] == ["red"]


def test_a_rule_of_rails_alone_remembers_nothing_of_what_is_possible() -> None:
    play = guarded(RAILS).play("0 | d1 temperature=20 |")
    assert play.engine.counts["rule.fault.seen"] == 0
    assert not [key for key in play.saved if key.startswith("watch/")]


def test_kinds_without_a_sieve_are_not_doubted() -> None:
    play = guarded(RAILS)
    routes = play.engine._book.routes
    assert not routes.find(EventClass.READING, "humidity").sieves_in("c1")
    assert (routes.find(EventClass.READING, "humidity").low, routes.find(EventClass.READING, "humidity").high) == (0, 100)
    assert routes.find(EventClass.READING, "temperature").sieves_in("c1")


@pytest.mark.parametrize(
    ("test", "value", "zh", "en"),
    [
        (ANY, 1500, "温度 1500 °C，超出可能范围（1400 °C）", "temperature 1500 °C, past what can be (1400 °C)"),
        (RAILS, 850, "温度 850 °C，处于量程端点（850 °C）", "temperature 850 °C, at the end of its scale (850 °C)"),
        (
            JUMP,
            620,
            "温度 620 °C，每秒跳变 600 °C（最多可能 50 °C）",
            "temperature 620 °C, a jump of 600 °C a second (possible: 50 °C)",
        ),
    ],
)
def test_both_languages_say_what_is_wrong(test: p.Impossible, value: float, zh: str, en: str) -> None:
    play = guarded(test)
    for at_s, reading in ((0, 20), (1, value)):
        play.receive(event("d1", "temperature", reading, id=f"e{at_s}", unit="°C"), at_s)
    assert play.last("alarm").sentence.zh.endswith(zh)
    assert play.last("alarm").sentence.en.endswith(en)
    play.play("100 | d1 temperature=20 | alarm cleared, incident recovered")
    assert [fact for fact in play.facts if fact.transition == "cleared"][-1].sentence.en.endswith("temperature 20 °C")


def test_the_cited_readings_alone_prove_the_jump() -> None:
    play = guarded(JUMP)
    known = {}
    for at_s, value in ((0, 20), (1, 30), (2, 600), (3, 700)):
        entry = event("d1", "temperature", value, id=f"e{at_s}")
        known["d1", entry.id] = Cited(T0 + at_s * 1000, entry)
        play.receive(entry, at_s)
    (fact,) = [fact for fact in play.facts if is_decision(fact)]
    assert play.pack is not None
    assert reproduce(play.pack, fact, known).is_same
    assert [item.test for item in fact.evidence] == ["sample", "jump"]


def test_devices_of_one_sieve_are_measured_against_themselves() -> None:
    guarded(JUMP, key=d.Key.DEVICE).play("""
        0 | d1 temperature=20 |
        1 | d2 temperature=56 |
        2 | d1 temperature=21 |
    """)


def test_a_state_is_neither_possible_nor_impossible() -> None:
    hot = rule("hot", "temperature opening", alarms=(stage("red", p.Threshold(above=57)),))
    faulty = rule("faulty", "temperature opening", alarms=(stage("blue", RAILS),))
    Play(pack(hot, faulty)).play("""
        0 | d1 opening:open     |
        1 | d1 temperature=850  | incident opened, alarm opened blue
        2 | d1 opening:open     |
    """)
