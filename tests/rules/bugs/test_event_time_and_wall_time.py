"""Other people's bug: the time of the event and the time of the clock are mixed (thingsboard#8191 #6773, ekuiper#1976).

A batch that is two hours old says nothing of the present: it raises nothing, ends nothing, is no sign of life and breaks nothing
off; it is recorded. What is late within what its hazard bears is judged as of its arrival, and by its own time in the evidence.
"""

from collections.abc import Sequence

import pytest

from rules import primitive as p
from rules.model import Event
from tests.rules.score import T0, Play, event, hazard, pack, rule, stage

HOT = p.Threshold(above=57, deadband=3)
TWO_HOURS_S = 7200
OPENED = "incident opened, alarm opened"


def desk(test: p.Test, on: float = 0, late_max_s: float = 600) -> Play:
    hot = rule("hot", "temperature", alarms=(stage("red", test, on),))
    return Play(pack(hot, hazards=(hazard("fire", late_max_s=late_max_s),)), is_restored_each_step=True)


def batch(values: Sequence[float], from_own_s: float, step_s: float = 60) -> list[Event]:
    """What a device had kept while it was away, each with its own time."""
    return [
        event("d1", "temperature", value, id=f"old{number}", occurred_at=T0 + round((from_own_s + number * step_s) * 1000))
        for number, value in enumerate(values)
    ]


def arrive(play: Play, events: list[Event], at_s: float) -> None:
    for number, entry in enumerate(events):
        play.receive(entry, at_s + number / 1000)


def alarms(play: Play) -> list[str]:
    return [fact.transition for fact in play.facts if fact.entity == "alarm"]


class TestTwoHoursOld:
    FIRE = (20.0, 60.0, 90.0, 120.0, 60.0)

    @pytest.mark.parametrize(
        "test",
        [
            HOT,
            p.Rate(above=8, window_s=60),
            p.Count(of=HOT, count=2, within_s=600),
            p.Forecast(above=57, in_s=600, window_s=1),
            p.Stuck(for_s=0.001, tolerance=200),
        ],
        ids=["threshold", "rate", "count", "forecast", "stuck"],
    )
    def test_it_raises_nothing_and_is_recorded_once_a_day(self, test: p.Test) -> None:
        play = desk(test)
        arrive(play, batch(self.FIRE, -TWO_HOURS_S), 0)
        play.advance(TWO_HOURS_S)
        assert [(fact.entity, fact.transition, fact.reason) for fact in play.facts] == [("device", "late", "too_late")]
        assert play.facts[0].cause_id.startswith("old")

    def test_it_ends_nothing_that_is_true_now(self) -> None:
        play = desk(HOT).play(f"0 | d1 temperature=60 | {OPENED}")
        arrive(play, batch([20.0] * 5, 10 - TWO_HOURS_S), 10)
        assert alarms(play) == ["opened"]

    def test_it_breaks_no_delay_off_and_fills_none(self) -> None:
        play = desk(HOT, 30).play("0 | d1 temperature=60 |")
        arrive(play, batch([20.0, 60.0, 20.0], 10 - TWO_HOURS_S), 10)
        play.play(f"29.999 | |\n30 | | {OPENED}")
        play = desk(HOT, 30)
        arrive(play, batch([60.0] * 5, -TWO_HOURS_S), 0)
        play.advance(1000)
        assert alarms(play) == []

    def test_it_is_no_sign_of_life(self) -> None:
        play = desk(p.Silence(for_s=60)).play("0 | d1 temperature=20 |")
        arrive(play, batch([20.0], 50 - TWO_HOURS_S), 50)
        play.play(f"60 | | {OPENED}")

    def test_the_present_that_follows_it_is_judged_by_itself(self) -> None:
        """The old climb is no part of the rate: with the first reading of now the rate begins anew."""
        play = desk(p.Rate(above=8, window_s=60))
        arrive(play, batch([100.0, 110.0, 120.0], -TWO_HOURS_S), 0)
        play.play("1 | d1 temperature=20 |\n2 | d1 temperature=21 |")
        assert alarms(play) == []

    @pytest.mark.parametrize(("late_s", "is_told"), [(599.999, True), (600, True), (600.001, False)])
    def test_what_its_hazard_bears_is_the_border_to_the_millisecond(self, late_s: float, is_told: bool) -> None:
        play = desk(HOT)
        arrive(play, batch([60.0], 1000 - late_s), 1000)
        assert alarms(play) == (["opened"] if is_told else [])


class TestAFewMinutesOld:
    def test_it_is_decided_at_its_arrival_and_shows_its_own_time(self) -> None:
        play = desk(HOT)
        arrive(play, batch([60.0], 700), 1000)
        opened = play.last("alarm")
        assert (opened.at, opened.evidence[0].received_at) == (T0 + 1_000_000, T0 + 1_000_000)
        assert opened.evidence[0].occurred_at == T0 + 700_000

    def test_what_lasted_in_the_past_has_not_lasted_since_it_was_heard(self) -> None:
        """Five minutes of heat come all at once: 30 s of them are not proven until 30 s have passed here."""
        play = desk(HOT, 30)
        arrive(play, batch([60.0] * 5, 700), 1000)
        play.play(f"1029.999 | |\n1030 | | {OPENED}")

    def test_a_fire_that_was_over_when_it_was_heard_is_told_and_over(self) -> None:
        play = desk(HOT)
        arrive(play, batch([20.0, 60.0, 20.0], 700), 1000)
        assert alarms(play) == ["opened", "cleared"]

    @pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
    def test_in_whatever_order_they_come_the_standing_alarm_stays_until_a_later_reading(self, order: tuple[int, ...]) -> None:
        play = desk(HOT)
        play.receive(event("d1", "temperature", 60.0, id="now", occurred_at=T0 + 1_000_000), 1000)
        found = batch([20.0, 30.0, 40.0], 700)
        arrive(play, [found[index] for index in order], 1001)
        assert alarms(play) == ["opened"]
        play.receive(event("d1", "temperature", 20.0, id="later", occurred_at=T0 + 1_001_000), 1002)
        assert alarms(play) == ["opened", "cleared"]


def test_a_chain_that_is_woken_two_hours_late_stamps_the_past_with_its_own_instants() -> None:
    """The service was slow, not the device: what is in the journal is decided as of then, whenever it is decided."""
    prompt, slow = desk(HOT, 30), desk(HOT, 30)
    prompt.play(f"0 | d1 temperature=60 |\n30 | | {OPENED}\n100 | d1 temperature=20 | alarm cleared, incident recovered")
    slow.play("0 | d1 temperature=60 |")
    slow.receive(event("d1", "temperature", 20.0, id="e2"), 100)
    slow.advance(TWO_HOURS_S)
    assert [(fact.at, fact.transition) for fact in slow.facts] == [(fact.at, fact.transition) for fact in prompt.facts]
