"""Row 17: the trend of a value is carried forward, and warns while there is still time until the limit."""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest

from rules import definition as d
from rules import primitive as p
from rules.model import Sentence, Status
from rules.reproduce import Cited, is_decision, reproduce
from rules.trend import SAMPLES_MAX, Trend, time_to
from tests.rules.score import T0, Play, event, pack, rule, stage

MINUTE_MS = 60_000
RISING = p.Forecast(above=300, in_s=1800, window_s=600)
FALLING = p.Forecast(below=20, in_s=600, window_s=600)


def watching(test: p.Forecast, on: float = 0, off: float = 0, **changes: Any) -> Play:
    changes = {"kinds": "water_level", **changes}
    return Play(pack(rule("level", warnings=(stage("blue", test, on, off),), **changes)), is_restored_each_step=True)


def feed(play: Play, readings: Iterable[tuple[float, float]], device: str = "w1") -> Play:
    """Readings as (second, value)."""
    for at_s, value in readings:
        play.receive(event(device, "water_level", value, id=f"{device}-{at_s}", unit="mm", zone="garage"), at_s)
    return play


def climb(start: float, per_minute: float, minutes: int, from_s: float = 0) -> list[tuple[float, float]]:
    return [(from_s + 60 * minute, start + per_minute * minute) for minute in range(minutes)]


def told(play: Play) -> list[str]:
    return [f"{fact.entity} {fact.transition} {(fact.at - T0) / 1000:g}" for fact in play.facts if fact.entity == "warning"]


class TestReachesTheLimitInTime:
    def test_a_steady_climb_is_foreseen_when_the_readings_fill_the_window(self) -> None:
        play = feed(watching(RISING), climb(100, 10, 20))
        assert told(play) == ["warning opened 600"]

    def test_the_horizon_is_exact_to_the_millisecond(self) -> None:
        """100 mm and 5 mm a minute: after 10 min at 150 mm, 300 mm is 30 min away."""
        readings = climb(100, 5, 11)
        for in_s, is_warned in ((1799.999, False), (1800, True), (1800.001, True)):
            play = feed(watching(p.Forecast(above=300, in_s=in_s, window_s=600)), readings)
            assert bool(told(play)) is is_warned, in_s

    def test_evidence_has_value_limit_and_the_instant_foreseen(self) -> None:
        play = feed(watching(RISING), climb(100, 10, 11))
        evidence = play.last("warning").evidence[-1]
        assert (evidence.value, evidence.limit, evidence.test) == (200, 300, "forecast")
        assert evidence.measure == T0 + 20 * MINUTE_MS
        assert play.last("warning").reason == "limit_foreseen"

    def test_both_languages_say_when(self) -> None:
        sentence = feed(watching(RISING), climb(100, 10, 11)).last("warning").sentence
        assert sentence.en == "blue warning: level: device w1 in garage: water level 200 mm, reaches 300 mm in about 10 min"
        assert sentence.zh == "蓝色预警：level（中）：garage 的设备 w1：水位 200 mm，约 10 分钟后达到 300 mm"

    def test_a_packs_own_sentence_says_where_it_is_heading(self) -> None:
        own = Sentence("{zone}：{heading}", "{zone} {heading}, looked {for_s} ahead")
        sentence = feed(watching(RISING, sentence=own), climb(100, 10, 11)).last("warning").sentence
        assert sentence.zh == "蓝色预警：garage：约 10 分钟后达到 300 mm"
        assert sentence.en == "blue warning: garage reaches 300 mm in about 10 min, looked 30 min ahead"

    def test_after_a_delay_it_speaks_with_the_latest_forecast(self) -> None:
        play = feed(watching(RISING, on=120), climb(100, 10, 14))
        assert told(play) == ["warning opened 720"]
        assert play.last("warning").evidence[-1].value == 210, "the reading of 660 s; that of 720 s comes after the timer"

    def test_a_falling_value_is_the_mirror_image(self) -> None:
        play = feed(watching(FALLING), climb(100, -5, 20))
        assert told(play) == ["warning opened 600"]
        assert play.last("warning").sentence.en.endswith("water level 50 mm, reaches 20 mm in about 6 min")

    @pytest.mark.parametrize("on", [0, 30, 150])
    def test_the_cited_readings_alone_give_the_same_warning(self, on: float) -> None:
        dice = Random(2)
        readings = [(10.0 * index, 100 + max(0, index - 100) + dice.gauss(0, 1)) for index in range(400)]
        play = feed(watching(RISING, on=on), readings)
        fact = next(fact for fact in play.facts if is_decision(fact))
        assert play.pack is not None
        known = {
            ("w1", f"w1-{at_s}"): Cited(
                T0 + round(at_s * 1000), event("w1", "water_level", value, id=f"w1-{at_s}", zone="garage")
            )
            for at_s, value in readings
        }
        found = reproduce(play.pack, fact, known)
        assert found.is_same, found.sentence
        assert found.event_count <= SAMPLES_MAX + 2 + on / 30


class TestPastTheLimit:
    @pytest.mark.parametrize(("value", "is_warned"), [(299.99, False), (300, True), (300.01, True)])
    def test_a_value_at_the_limit_counts_as_reached_with_one_reading(self, value: float, is_warned: bool) -> None:
        assert bool(told(feed(watching(RISING), [(0, value)]))) is is_warned

    def test_and_says_so(self) -> None:
        sentence = feed(watching(RISING), [(0, 310)]).last("warning").sentence
        assert sentence.en.endswith("water level 310 mm, has reached 300 mm")
        assert sentence.zh.endswith("水位 310 mm，已达到 300 mm")

    def test_a_line_that_is_past_the_limit_is_reached_now_though_the_last_reading_dipped(self) -> None:
        readings = [*climb(100, 19, 11), (660, 299)]
        play = feed(watching(p.Forecast(above=300, in_s=1, window_s=600)), readings)
        assert told(play) == ["warning opened 660"]


class TestNotEnoughToTell:
    @pytest.mark.parametrize(("at_s", "is_warned"), [(599.999, False), (600, True), (600.001, True)])
    def test_the_readings_must_fill_the_window(self, at_s: float, is_warned: bool) -> None:
        assert bool(told(feed(watching(RISING), [*climb(100, 10, 8), (at_s, 200)]))) is is_warned

    @pytest.mark.parametrize(("count", "is_warned"), [(5, False), (6, True)])
    def test_five_readings_say_nothing(self, count: int, is_warned: bool) -> None:
        readings = [(600 * index / (count - 1), 100 + 100 * index / (count - 1)) for index in range(count)]
        assert bool(told(feed(watching(RISING), readings))) is is_warned

    @pytest.mark.parametrize(("at_s", "is_warned"), [(1200, True), (1200.001, False)])
    def test_a_reading_of_two_windows_ago_is_forgotten(self, at_s: float, is_warned: bool) -> None:
        """One old reading, five new ones in the last minute: only with the old one there is enough."""
        late = [(at_s - 60 + 10 * index, 110.0 + 10 * index) for index in range(7)]
        test = p.Forecast(above=300, in_s=36_000, window_s=60)
        assert bool(told(feed(watching(test), [(at_s - 120 - (at_s - 1200), 100), *late[2:]]))) is is_warned

    def test_after_a_gap_too_few_readings_are_no_recovery(self) -> None:
        play = feed(watching(RISING), climb(100, 10, 11))
        feed(play, [(3000, 100), (3060, 100), (3120, 100)])
        assert told(play) == ["warning opened 600"], "neither cancelled nor opened again"
        feed(play, climb(100, 0, 10, from_s=3180))
        assert told(play)[1:] == ["warning cancelled 3600"]
        assert play.last("warning").sentence.en.endswith("water level 100 mm, no longer heading for 300 mm")

    def test_null_says_nothing(self) -> None:
        play = feed(watching(RISING), climb(100, 10, 11))
        play.receive(event("w1", "water_level", None, id="null"), 660)
        assert told(play) == ["warning opened 600"]


class TestNoise:
    @pytest.mark.parametrize("seed", range(4))
    def test_a_week_of_noise_fires_nothing(self, seed: int) -> None:
        """Half of the way to the limit, and noise of a tenth of what is left."""
        dice = Random(seed)
        play = Play(pack(rule("level", "water_level", warnings=(stage("blue", RISING),))))
        feed(play, [(60.0 * minute, 150 + dice.gauss(0, 3)) for minute in range(7 * 1440)])
        assert told(play) == []

    def test_one_wild_reading_neither_makes_nor_unmakes_a_trend(self) -> None:
        flat = climb(100, 0, 30)
        flat[20] = (flat[20][0], 280)
        assert told(feed(watching(RISING), flat)) == []
        steady = climb(100, 8, 24)
        steady[15] = (steady[15][0], 0)
        assert told(feed(watching(RISING), steady)) == ["warning opened 600"]

    def test_a_step_has_no_direction(self) -> None:
        assert told(feed(watching(RISING), [*climb(100, 0, 20), *climb(180, 0, 20, from_s=1200)])) == []


@pytest.mark.parametrize("seed", range(20))
def test_the_short_cut_leaves_out_only_what_the_whole_reckoning_denies(seed: int) -> None:
    dice = Random(seed)
    trend, value, far_count = Trend(600_000), 50.0, 0
    for now in range(0, 7_200_000, 20_000):
        value += dice.gauss(0, 1) + 3 * (now % 2_400_000 > 1_800_000)
        if not trend.add(now, value, "e"):
            continue
        for limit, is_rising in ((value + 90, True), (value - 90, False)):
            is_far = trend.is_far(now, value, limit, is_rising=is_rising, within_ms=900_000)
            far_count += is_far
            assert not is_far or time_to(trend.points(now, value), limit, is_rising=is_rising, within_ms=900_000) is None
    assert far_count > 50


class TestDevicesAndMemory:
    def test_devices_of_one_place_have_their_own_trends(self) -> None:
        play = watching(RISING, key=d.Key.ZONE)
        for minute in range(10):
            feed(play, [(60 * minute, 100)], "w1")
            feed(play, [(60 * minute + 1, 200)], "w2")
        assert told(play) == []

    def test_memory_is_bounded_for_readings_and_for_devices(self) -> None:
        trend = Trend(600_000)
        for second in range(3600):
            trend.add(second * 1000, second, "e")
        assert len(trend.samples) == SAMPLES_MAX + 1
        play = watching(RISING, key=d.Key.COMMUNITY)
        for number in range(100):
            feed(play, [(number * 60, 100)], f"w{number}")
        (row,) = [text for key, text in play.saved.items() if key.startswith("watch/")]
        assert 20 <= row.count(b'":[[') <= 24, "those of the last two windows"

    def test_readings_of_one_instant_make_no_slope(self) -> None:
        """A gateway that was away delivers what it kept in one go."""
        play = watching(RISING)
        for number in range(50):
            feed(play, [(0, 10 + number)], "w1")
        assert told(play) == []


def test_a_drill_has_a_trend_of_its_own() -> None:
    play = watching(RISING)
    for number, (at_s, value) in enumerate(climb(100, 10, 10)):
        status = Status.EXERCISE if number % 2 else Status.ACTUAL
        play.receive(event("w1", "water_level", value, id=f"x{at_s}", status=status), at_s)
    assert told(play) == [], "ten readings, but five of each"


def test_outside_its_hours_it_does_not_speak() -> None:
    play = watching(RISING, hours=d.Hours(start_minute=0, end_minute=60))
    assert told(feed(play, climb(100, 10, 20))) == []


def test_a_report_without_a_number_says_nothing_about_the_trend() -> None:
    play = feed(watching(RISING, kinds="water_level opening"), climb(0, 10, 30))
    assert told(play)
    play.play("1800 | zone/w1 opening:open |")
    assert len(told(play)) == 1
