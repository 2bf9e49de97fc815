"""Row 6: a value that stays the same while readings keep coming is a device's fault; silence is something else."""

from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.model import Resumed
from rules.reproduce import Cited, is_decision, reproduce
from tests.rules.score import T0, Play, event, pack, rule, stage

HOUR = 3600
SIX_HOURS = p.Stuck(for_s=6 * HOUR, tolerance=0.1)
BY_SEQ = p.Stuck(for_s=HOUR, is_by_seq=True)


class Plays(Play):
    """A play that keeps what came in."""

    def __init__(self, test: p.Stuck, off: float = 0, **changes: Any) -> None:
        super().__init__(
            pack(rule("stuck", "temperature", alarms=(stage("blue", test, off=off),), **changes)), is_restored_each_step=True
        )
        self.known: dict[tuple[str, str], Cited] = {}

    def read(self, at_s: float, value: float | None, device: str = "t1", seq: int | None = None) -> "Plays":
        entry = event(device, "temperature", value, id=f"{device}-{at_s}", unit="°C", zone="cellar", seq=seq)
        self.known[device, entry.id] = Cited(T0 + round(at_s * 1000), entry)
        self.receive(entry, at_s)
        return self

    def every(self, step_s: float, until_s: float, value: float = 20.0, from_s: float = 0, **changes: Any) -> "Plays":
        at_s = from_s
        while at_s <= until_s:
            self.read(at_s, value, **changes)
            at_s += step_s
        return self

    @property
    def told(self) -> list[str]:
        return [f"{fact.transition} {(fact.at - T0) / 1000:g}" for fact in self.facts if fact.entity == "alarm"]


@pytest.mark.parametrize(("last_s", "told"), [(21599.999, []), (21600, ["opened 21600"]), (21600.001, ["opened 21600"])])
def test_the_same_for_six_hours_to_the_millisecond(last_s: float, told: list[str]) -> None:
    play = Plays(SIX_HOURS).every(600, 21_000).read(last_s, 20.0)
    assert [fact.split(".")[0] for fact in play.told] == told


def test_it_says_what_stood_still_and_for_how_long() -> None:
    fact = Plays(SIX_HOURS).every(600, 21_600).last("alarm")
    assert fact.reason == "value_stuck"
    assert fact.sentence.en == (
        "blue alarm: stuck: device t1 in cellar: temperature 20 °C, the same for 6 h though readings keep coming"
    )
    assert fact.sentence.zh == "蓝色报警：stuck（中）：cellar 的设备 t1：温度 20 °C，持续上报但 6 小时没有变化"
    assert (fact.evidence[-1].test, fact.evidence[-1].limit, fact.evidence[-1].measure) == ("stuck", 21_600, 21_600)


@pytest.mark.parametrize(("value", "is_same"), [(20.1, True), (20.11, False), (19.9, True), (19.89, False)])
def test_the_tolerance_is_from_the_first_of_them(value: float, is_same: bool) -> None:
    play = Plays(SIX_HOURS).every(600, 10_800).read(11_000, value).every(600, 21_600, from_s=11_400)
    assert bool(play.told) is is_same


def test_a_slow_drift_is_no_standing_still() -> None:
    play = Plays(SIX_HOURS)
    for step in range(100):
        play.read(600 * step, 20 + 0.01 * step)
    assert play.told == []


def test_the_next_other_value_ends_it() -> None:
    play = Plays(SIX_HOURS).every(600, 21_600).read(22_200, 21.0)
    assert play.told == ["opened 21600", "cleared 22200"]
    assert play.last("alarm").sentence.en.endswith("temperature 21 °C")


def test_off_delay_waits_to_the_millisecond() -> None:
    play = Plays(SIX_HOURS, off=60).every(600, 21_600).read(22_200, 21.0)
    play.advance(22_259.999)
    assert play.told == ["opened 21600"]
    play.advance(22_260)
    assert play.told == ["opened 21600", "cleared 22260"]


class TestSilenceProvesNothing:
    def test_two_readings_six_hours_apart_are_not_stuck(self) -> None:
        assert Plays(SIX_HOURS).read(0, 20).read(21_600, 20).told == []

    @pytest.mark.parametrize(("last_s", "is_told"), [(43_799.999, False), (43_800, True)])
    def test_a_gap_counts_only_as_long_as_a_reading_is_good_for(self, last_s: float, is_told: bool) -> None:
        """Good for three hours (half of six): of the gap of 33,000 s 10,800 are counted."""
        play = Plays(SIX_HOURS).every(600, 10_200).read(43_200, 20)
        assert bool(play.read(last_s, 20).told) is is_told

    def test_no_timer_matures_it(self) -> None:
        play = Plays(SIX_HOURS).every(600, 21_000)
        play.advance(10 * 24 * HOUR)
        assert play.told == []

    def test_null_neither_goes_on_nor_ends_it(self) -> None:
        play = Plays(SIX_HOURS).every(600, 10_800).read(10_900, None)
        assert play.every(600, 21_600, from_s=11_400).told == ["opened 21600"]
        assert play.read(21_700, None).told == ["opened 21600"]

    def test_our_own_deafness_is_no_standing_still(self) -> None:
        play = Plays(SIX_HOURS).every(600, 10_800)
        play.receive(Resumed(id="r", deaf_since_at=T0 + 10_900_000), 12_000)
        assert play.every(600, 22_600, from_s=12_400).told == []
        assert play.every(100, 22_800, from_s=22_700).told == ["opened 22700"]


class TestFrozenSource:
    """A gateway that sends its last reading of a dead sensor as if it were new: the source's own number stands still."""

    @pytest.mark.parametrize(("last_s", "is_told"), [(3599.999, False), (3600, True)])
    def test_a_number_that_stands_still(self, last_s: float, is_told: bool) -> None:
        play = Plays(BY_SEQ).every(300, 3300, seq=7).read(last_s, 20, seq=7)
        assert bool(play.told) is is_told

    def test_it_is_told_as_an_old_reading(self) -> None:
        fact = Plays(BY_SEQ).every(300, 3600, seq=7).last("alarm")
        assert fact.sentence.en.endswith("temperature 20 °C, one old reading sent again and again for 1 h")
        assert fact.sentence.zh.endswith("温度 20 °C，1 小时内反复发来同一条旧读数")
        assert fact.evidence[-1].test == "restamped"

    def test_a_constant_value_with_a_number_that_moves_is_healthy(self) -> None:
        play = Plays(BY_SEQ)
        for number in range(100):
            play.read(300 * number, 0.0, seq=number)
        assert play.told == []

    def test_without_a_number_nothing_is_said(self) -> None:
        assert Plays(BY_SEQ).every(300, 7200).told == []


def test_each_device_of_a_place_stands_still_by_itself() -> None:
    play = Plays(SIX_HOURS, key=d.Key.ZONE)
    for step in range(37):
        play.read(600 * step, 20, "t1").read(600 * step + 1, 20 + step, "t2")
    assert play.told == ["opened 21600"]
    play.read(22_202, 50, "t2")
    assert play.told == ["opened 21600"], "the other one is still stuck"


def test_memory_of_devices_is_bounded() -> None:
    play = Plays(p.Stuck(for_s=60), key=d.Key.COMMUNITY)
    for number in range(200):
        play.read(60 * number, 20, f"t{number}")
    (row,) = [text for key, text in play.saved.items() if key.startswith("watch/")]
    assert row.count(b'":[') <= 32


@pytest.mark.parametrize("step_s", [60, 600, 5000, 10_000])
def test_the_cited_readings_alone_prove_it(step_s: float) -> None:
    play = Plays(SIX_HOURS).every(step_s, 12 * HOUR)
    (fact,) = [fact for fact in play.facts if is_decision(fact)]
    assert play.pack is not None
    assert reproduce(play.pack, fact, play.known).is_same
    assert len(fact.evidence) <= 4
