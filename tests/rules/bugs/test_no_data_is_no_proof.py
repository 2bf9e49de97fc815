"""Other people's bug: no data is taken for recovery, or for proof that something lasts (nightingale#1761, thingsboard#14210).

Nothing, a value of nothing, an impossible value and a device that is lost: none of them ends what is true, none matures it.
"""

from dataclasses import replace
from typing import Any, cast

import pytest

from rules import primitive as p
from rules import terms
from rules.definition import Rule
from rules.model import Event, EventClass, Resumed
from tests.rules.score import T0, Play, event, pack, rule, stage

HOT = p.Threshold(above=57, deadband=3)
OPENED = "incident opened, alarm opened"
MONTH_S = 30 * 86_400
HOT_TERM = terms.Term(kind="temperature", test=HOT, good_for_s=900)
BOTH = terms.Combination(of=terms.All(of=(HOT_TERM, terms.Term(kind="motion", test=p.StateIs(states=("on",))))))

NOTHINGS: dict[str, Event | None] = {
    "silence": None,
    "null": event("d1", "temperature"),
    "no_state": event("d1", "motion", event_class=EventClass.STATE),
    "impossible": event("d1", "temperature", 2000.0),
    "heartbeat": event("d1", "heartbeat", event_class=EventClass.HEARTBEAT),
}
"""What may come instead of a reading."""


def desk(test: p.Test, on: float = 0, off: float = 0, *others: Rule, **changes: Any) -> Play:
    hot = rule("hot", "temperature motion", alarms=(stage("red", test, on, off),), **changes)
    return Play(pack(hot, *others), is_restored_each_step=True)


def feed(play: Play, nothing: Event | None, from_s: float, until_s: float, count: int = 20) -> None:
    """The nothing, over and over."""
    for number in range(count if nothing else 0):
        at_s = from_s + (until_s - from_s) * number / count
        play.receive(replace(cast(Event, nothing), id=f"n{number}"), at_s)
    play.advance(until_s)


def alarms(play: Play) -> list[str]:
    return [fact.transition for fact in play.facts if fact.entity == "alarm"]


@pytest.mark.parametrize("nothing", NOTHINGS.values(), ids=NOTHINGS)
class TestNeitherRecoveryNorProof:
    @pytest.mark.parametrize(
        ("test", "score"),
        [
            (HOT, "0 | d1 temperature=60 |"),
            (p.StateIs(states=("on",)), "0 | d1 motion:on |"),
            (p.Rate(above=8, window_s=60), "0 | d1 temperature=20 |\n60 | d1 temperature=40 |"),
            (p.Stuck(for_s=60), "0 | d1 temperature=20 |\n60 | d1 temperature=20 |"),
            (p.Forecast(above=57, in_s=600, window_s=60), "0 | d1 temperature=58 |"),
            (BOTH, "0 | d1 motion:on |\n1 | d1 temperature=60 |"),
        ],
        ids=["threshold", "state", "rate", "stuck", "forecast", "combination"],
    )
    def test_a_device_that_goes_silent_in_its_alarm_has_not_recovered(
        self, nothing: Event | None, test: p.Test, score: str
    ) -> None:
        play = desk(test)
        play.play(f"{score} {OPENED}")
        feed(play, nothing, 61, MONTH_S)
        assert alarms(play) == ["opened"]
        assert play.records("alarm")[-1].is_active

    def test_a_recovery_that_has_begun_is_not_finished_by_it(self, nothing: Event | None) -> None:
        play = desk(HOT, 0, 7200).play(f"0 | d1 temperature=60 | {OPENED}\n1 | d1 temperature=20 |")
        feed(play, nothing, 2, MONTH_S)
        assert alarms(play) == ["opened"]
        play.play(f"""
            {MONTH_S}            | d1 temperature=20 |
            {MONTH_S + 3599.999} |                   |
            {MONTH_S + 3600}     |                   | alarm cleared, incident recovered
        """)

    def test_a_delay_is_not_filled_by_it(self, nothing: Event | None) -> None:
        play = desk(HOT, 7200).play("0 | d1 temperature=60 |")
        feed(play, nothing, 1, MONTH_S)
        assert alarms(play) == []
        play.play(f"""
            {MONTH_S}              | d1 temperature=60 |
            {MONTH_S + 3599.999}   |                   |
            {MONTH_S + 3600}       |                   | {OPENED}
        """)


@pytest.mark.parametrize(("gap_s", "is_told_s"), [(3600, 7200), (3600.001, 7200.001), (5000, 8600)])
def test_of_a_gap_only_what_a_reading_is_good_for_counts(gap_s: float, is_told_s: float) -> None:
    """7200 s are needed; a reading is good for 3600 s. What is longer is added to the end, to the millisecond."""
    desk(HOT, 7200).play(f"""
        0                   | d1 temperature=60 |
        {gap_s}             | d1 temperature=60 |
        {is_told_s - 0.001} |                   |
        {is_told_s}         |                   | {OPENED}
    """)


def test_that_a_device_is_lost_is_an_alarm_of_its_own_and_ends_no_other() -> None:
    lost = rule("lost", "temperature", hazard="fire", alarms=(stage("yellow", p.Silence(for_s=60)),))
    desk(HOT, 0, 0, lost).play(f"""
        0    | d1 temperature=60 | {OPENED}
        60   |                   | alarm opened
        9000 |                   |
        9001 | d1 temperature=60 | alarm cleared
        9002 | d1 temperature=20 | alarm cleared, incident recovered
    """)


def test_a_device_that_says_it_is_offline_proves_nothing_either() -> None:
    desk(HOT, 7200).play("""
        0     | d1 temperature=60  |
        10    | d1 motion:offline  |
        20000 | d1 motion:offline  |
    """)
    desk(HOT).play(f"""
        0     | d1 temperature=60  | {OPENED}
        10    | d1 motion:offline  |
        20000 |                    |
    """)


@pytest.mark.parametrize("off", [0, 10])
def test_while_nobody_listens_nothing_recovers_and_nothing_matures(off: float) -> None:
    play = desk(HOT, 30, off).play("0 | d1 temperature=60 |")
    play.receive(Resumed(id="r", deaf_since_at=T0 + 10_000), 500)
    assert alarms(play) == []
    play.play(f"519.999 | |\n520 | | {OPENED}")
    play.receive(Resumed(id="s", deaf_since_at=T0 + 600_000), 9000)
    assert alarms(play) == ["opened"]
