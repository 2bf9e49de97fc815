"""Row 14: reports that come in bursts are told once, first or last, with their count, for each key by itself."""

from typing import Any

import pytest

from rules import primitive as p
from rules.definition import Hours
from rules.model import Resumed
from rules.reproduce import Cited, is_decision, reproduce
from tests.rules.score import T0, Play, event, pack, rule, stage

OPEN = p.StateIs(states=("open",))


def burst(speaks: str, count: int = 3, off: float = 0, **changes: Any) -> Play:
    test = p.Burst(of=OPEN, count=count, quiet_s=60, speaks_last=speaks == "last")
    return Play(
        pack(rule("door", "opening intrusion", alarms=(stage("yellow", test, off=off),), **changes)), is_restored_each_step=True
    )


class TestFirst:
    def test_it_speaks_at_once_and_only_once(self) -> None:
        burst("first").play("""
            0      | d1 opening:open   |
            10     | d1 opening:closed |
            20     | d1 opening:open   |
            30     | d1 opening:open   | incident opened, alarm opened yellow
            40     | d1 opening:open   |
            99.999 |                   |
            100    |                   | alarm cleared, incident recovered
        """)

    def test_the_first_alone_may_be_enough(self) -> None:
        burst("first", count=1).play("""
            0      | d1 opening:open | incident opened, alarm opened
            59.999 | d1 opening:open |
            119    | d1 opening:open |
            178.999 |                |
            179    |                 | alarm cleared, incident recovered
        """)

    def test_the_end_says_how_many_there_were(self) -> None:
        play = burst("first", count=1).play("0 | d1 opening:open | incident opened, alarm opened")
        for number in range(6):
            play.play(f"{10 + number} | d1 opening:open |")
        play.advance(200)
        cleared = next(fact for fact in play.facts if fact.transition == "cleared")
        assert cleared.sentence.en.endswith("opening is “open”, 7 times")
        assert cleared.sentence.zh.endswith("门窗为“打开”，已有 7 次")

    @pytest.mark.parametrize(("at_s", "is_one"), [(59.999, True), (60, False), (60.001, False)])
    def test_a_report_belongs_to_the_burst_before_it_is_quiet(self, at_s: float, is_one: bool) -> None:
        play = burst("first", count=2).play("0 | d1 opening:open |")
        told = "incident opened, alarm opened" if is_one else ""
        play.play(f"{at_s} | d1 opening:open | {told}")

    def test_off_delay_keeps_it_up_over_a_short_quiet(self) -> None:
        burst("first", count=1, off=30).play("""
            0      | d1 opening:open | incident opened, alarm opened
            80     | d1 opening:open |
            139    |                 |
            169.999 |                |
            170    |                 | alarm cleared, incident recovered
        """)

    def test_each_report_of_an_alarm_is_counted_on_it(self) -> None:
        test = p.Burst(of=p.StateIs(states=("on",)), count=1, quiet_s=60)
        play = Play(pack(rule("door", "intrusion", alarms=(stage("yellow", test),))))
        play.play("""
            0  | d1 intrusion!on | incident opened, alarm opened
            10 | d1 intrusion!on | alarm repeated
            20 | d1 intrusion!on | alarm repeated
        """)
        assert play.records("alarm")[-1].occurrence_count == 3


class TestLast:
    def test_it_speaks_when_it_has_been_quiet_to_the_millisecond(self) -> None:
        play = burst("last").play("""
            0      | d1 opening:open |
            20     | d1 opening:open |
            40     | d1 opening:open |
            50     | d1 opening:open |
            109.999 |                |
            110    |                 | incident opened, alarm opened yellow
            110.001 |                | alarm cleared, incident recovered
        """)
        opened = next(fact for fact in play.facts if fact.entity == "alarm")
        assert opened.reason == "count_reached"
        assert opened.sentence.en == "yellow alarm: door: device d1: opening is “open”, 4 times"
        assert (opened.evidence[-1].measure, opened.evidence[-1].limit) == (4, 3)

    def test_too_few_say_nothing(self) -> None:
        burst("last").play("""
            0   | d1 opening:open |
            59  | d1 opening:open |
            500 |                 |
        """)

    @pytest.mark.parametrize(("at_s", "is_one"), [(59.999, True), (60, False), (60.001, False)])
    def test_bursts_are_told_apart_to_the_millisecond(self, at_s: float, is_one: bool) -> None:
        play = burst("last", count=2).play(f"""
            0       | d1 opening:open |
            {at_s}  | d1 opening:open |
        """)
        play.advance(1000)
        assert bool(play.facts) is is_one

    def test_what_was_told_stands_for_the_off_delay_and_gives_way_to_the_next_burst(self) -> None:
        burst("last", count=1, off=300).play("""
            0      | d1 opening:open |
            60     |                 | incident opened, alarm opened
            359.999 |                |
            360    |                 | alarm cleared, incident recovered
            400    | d1 opening:open |
            460    |                 | alarm retriggered, incident reopened
            500    | d1 opening:open | alarm cleared, incident recovered
            560    |                 | alarm retriggered, incident reopened
        """)

    def test_outside_of_its_hours_nothing_counts(self) -> None:
        burst("last", count=1, hours=Hours(start_minute=0, end_minute=60)).play("""
            0   | d1 opening:open |
            500 |                 |
        """)


def test_each_key_has_its_own_burst() -> None:
    burst("last", count=2).play("""
        0  | d1 opening:open |
        10 | d2 opening:open |
        20 | d1 opening:open |
        80 |                 | incident opened, alarm opened
        81 |                 | alarm cleared @80.001, incident recovered @80.001
    """)


def test_time_in_which_nobody_listened_is_no_quiet() -> None:
    play = burst("last", count=2).play("0 | d1 opening:open |")
    play.receive(Resumed(id="r", deaf_since_at=T0 + 30_000), 1000)
    play.play("""
        1020     | d1 opening:open |
        1079.999 |                 |
        1080     |                 | incident opened, alarm opened
    """)


@pytest.mark.parametrize("speaks", ["first", "last"])
@pytest.mark.parametrize("number", [3, 40, 300])
def test_the_cited_reports_alone_give_the_same(speaks: str, number: int) -> None:
    play = burst(speaks)
    known = {}
    for index in range(number):
        entry = event("d1", "opening", "open", id=f"e{index}")
        known["d1", entry.id] = Cited(T0 + index * 7000, entry)
        play.receive(entry, index * 7)
    play.advance(5000)
    (fact,) = [fact for fact in play.facts if is_decision(fact)]
    assert play.pack is not None
    assert reproduce(play.pack, fact, known).is_same
    assert len(fact.evidence) <= 64


def test_a_burst_that_has_not_begun_takes_no_part_in_a_restart() -> None:
    burst_of_doors = p.Burst(of=OPEN, count=2, quiet_s=60, speaks_last=False)
    alarms = (stage("yellow", burst_of_doors), stage("red", p.Threshold(above=57), 30))
    Play(pack(rule("door", "opening temperature", alarms=alarms)), is_restored_each_step=True).play("""
        0  | d1 temperature=60 |
        5  | d1 opening:open   |
        10 | d1 opening:open   | incident opened, alarm opened yellow
        30 |                   | alarm level_changed red, incident level_changed red
    """)


def test_deafness_before_the_first_report_changes_nothing() -> None:
    play = burst("first", count=1).play("""
        0  | d1 opening:open | incident opened, alarm opened
        60 |                 | alarm cleared, incident recovered
    """)
    play.receive(Resumed(id="deaf", deaf_since_at=T0 + 100_000), 1000)
    play.play("""
        1001 | d1 opening:open | alarm retriggered, incident reopened
        1061 |                 | alarm cleared, incident recovered
    """)
