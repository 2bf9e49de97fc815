"""The streaming detector: what is unlike the usual, by what came before alone."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.baseline import DETECTION, LEARNING_COUNT, QUIET_COUNT, Baseline, Side
from rules.usual import Season

STEP = 12  # readings an hour
DAY = 24 * STEP


def rhythm(row: int, chance: random.Random) -> float:
    """A place that is busy from 8 to 18 o'clock."""
    return (80.0 if 8 <= row // STEP % 24 < 18 else 20.0) + chance.gauss(0.0, 1.0)


def calm(days: int, seed: int = 1) -> list[float]:
    chance = random.Random(seed)
    return [rhythm(row, chance) for row in range(days * DAY)]


def scores(values: list[float], baseline: Baseline | None = None, start: int = 0) -> list[float]:
    watched = baseline or Baseline()
    return [watched.take((start + row) // STEP, value).score for row, value in enumerate(values)]


def detections(values: list[float], baseline: Baseline | None = None) -> list[int]:
    return [row for row, score in enumerate(scores(values, baseline)) if score >= DETECTION]


def test_a_daily_rhythm_is_no_anomaly_once_it_is_known() -> None:
    assert [row for row in detections(calm(14)) if row > 4 * DAY] == []


def test_a_day_without_its_rhythm_is_one() -> None:
    values = calm(10)
    chance = random.Random(2)
    values[9 * DAY :] = [20.0 + chance.gauss(0, 1) for _ in range(DAY)]  # as a limit would see it, all is well
    found = [row for row in detections(values) if row > 4 * DAY]
    assert found
    assert 9 * DAY + 8 * STEP <= found[0] < 9 * DAY + 10 * STEP


def test_a_spike_is_found_on_its_row_and_said_once() -> None:
    values = calm(10)
    values[9 * DAY + 30] = 300.0
    assert [row for row in detections(values) if row > 4 * DAY] == [9 * DAY + 30]


def test_a_level_shift_is_found_and_then_becomes_usual() -> None:
    values = calm(40)
    shifted = [value + (60.0 if row >= 10 * DAY else 0.0) for row, value in enumerate(values)]
    baseline = Baseline()
    found = detections(shifted, baseline)
    assert 10 * DAY in found
    assert [row for row in found if row > 30 * DAY] == []
    assert baseline.take(40 * 24 + 12, 140.0).usual == pytest.approx(140.0, abs=12.0)


def test_an_anomaly_does_not_teach_its_own_level_at_once() -> None:
    baseline = Baseline()
    scores(calm(10), baseline)
    usual = [baseline.take(240, 500.0).usual for _ in range(STEP)]
    assert usual[-1] - usual[0] < 0.2 * 480.0


def test_a_flat_line_is_unusual_where_it_was_never_flat() -> None:
    values = calm(10)
    stuck = values[9 * DAY + 2 * STEP]
    values[9 * DAY + 2 * STEP : 9 * DAY + 6 * STEP] = [stuck] * (4 * STEP)
    found = [row for row in detections(values) if row > 4 * DAY]
    assert found
    assert 9 * DAY + 2 * STEP < found[0] < 9 * DAY + 6 * STEP


def test_a_series_that_never_moves_is_never_unusual() -> None:
    assert max(scores([21.5] * 3000)) == 0.0


def test_a_spike_that_comes_every_night_stops_being_news() -> None:
    values = [60.0 if row % DAY == 3 * STEP else value for row, value in enumerate(calm(14))]
    found = detections(values)
    assert [row for row in found if row > 8 * DAY] == []


def test_nothing_is_said_while_it_learns() -> None:
    values = [1.0] * (LEARNING_COUNT - 1) + [1000.0]
    assert max(scores(values)) == 0.0
    assert scores([*values[:-1], 1.0, 1000.0])[-1] > DETECTION


def test_after_a_detection_only_one_far_more_surprising_is_said() -> None:
    values = calm(12)
    values[9 * DAY + 30] = 150.0
    values[9 * DAY + 60] = 160.0  # like the first
    assert [row for row in detections(values) if row > 4 * DAY] == [9 * DAY + 30]
    values[9 * DAY + 60] = 100_000.0
    assert [row for row in detections(values) if 4 * DAY < row < 9 * DAY + 30 + QUIET_COUNT] == [9 * DAY + 30, 9 * DAY + 60]


def test_strangeness_lasts_as_long_as_it_is_strange() -> None:
    baseline = Baseline()
    scores(calm(10), baseline)
    judged = [baseline.take(240 + row // STEP, 300.0) for row in range(10)]
    assert judged[0].score == judged[0].strangeness > DETECTION
    assert judged[5].score == 0.0
    assert judged[5].strangeness > 0.9


@pytest.mark.parametrize(("side", "up", "down"), [(Side.HIGH, True, False), (Side.LOW, False, True), (Side.BOTH, True, True)])
def test_a_side(side: Side, up: bool, down: bool) -> None:
    for value, is_seen in ((160.0, up), (-120.0, down)):
        baseline = Baseline(side=side)
        scores(calm(10), baseline)
        assert (baseline.take(240, value).score >= DETECTION) is is_seen


def test_without_a_season_the_hour_plays_no_part() -> None:
    values = calm(6)
    first, second = Baseline(Season.NONE), Baseline(Season.NONE)
    assert scores(values, first) == scores(values, second, start=7 * STEP)


def test_a_weekly_rhythm_is_learned() -> None:
    chance = random.Random(3)
    hours = 10 * 168
    values = [(90.0 if hour // 24 % 7 < 5 and 8 <= hour % 24 < 18 else 10.0) + chance.gauss(0, 1) for hour in range(hours)]
    baseline = Baseline(Season.WEEK)
    for hour, value in enumerate(values):
        judged = baseline.take(hour, value)
    assert judged.score < DETECTION
    assert baseline.take(hours + 12, 90.0).usual == pytest.approx(90.0, abs=2.0)
    assert baseline.take(hours + 5 * 24 + 12, 10.0).usual == pytest.approx(10.0, abs=2.0)


def test_a_gap_is_nothing_by_itself() -> None:
    baseline = Baseline()
    scores(calm(10), baseline)
    chance = random.Random(9)
    after = [baseline.take(240 + 24 * 30 + row // STEP, rhythm(row, chance)).score for row in range(DAY)]
    assert max(after) < DETECTION


def test_no_look_ahead() -> None:
    values = calm(6)
    assert scores(values)[: 3 * DAY] == scores(values[: 3 * DAY])


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-100, 100) | st.sampled_from([0.0, 1.0, -1.0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(NUMBERS, st.integers(0, 30)), min_size=1, max_size=260),
    st.sampled_from(list(Season)),
    st.sampled_from(list(Side)),
)
def test_whatever_comes_the_score_is_a_score_and_a_restart_changes_nothing(
    rows: list[tuple[float, int]], season: Season, side: Side
) -> None:
    baseline, restarted = Baseline(season, side), Baseline(season, side)
    hour = 0
    for value, ahead in rows:
        hour += ahead // 10
        judged = baseline.take(hour, value)
        assert 0.0 <= judged.score <= 1.0
        assert 0.0 <= judged.strangeness <= 1.0
        assert judged.score <= judged.strangeness
        again = Baseline(season, side)
        again.load(json.loads(json.dumps(restarted.dump())))
        restarted = again
        assert restarted.take(hour, value) == judged
    assert restarted.dump() == baseline.dump()


@pytest.mark.parametrize(("season", "most"), [(Season.NONE, 4000), (Season.DAY, 5000), (Season.WEEK, 14_000)])
def test_its_memory_does_not_grow(season: Season, most: int) -> None:
    baseline = Baseline(season)
    scores(calm(2), baseline)
    early = len(json.dumps(baseline.dump()))
    scores(calm(16), baseline)
    late = len(json.dumps(baseline.dump()))
    assert early <= late <= most
