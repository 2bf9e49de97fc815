"""The scoring of NAB against cases that were worked out by hand from its published formulas."""

import math

import pytest

from simulator.nab_score import (
    Profile,
    Scored,
    Window,
    best_result,
    best_threshold,
    normalise,
    probation,
    read_profiles,
    scaled_sigmoid,
    score_at,
)

STANDARD = Profile("standard", hit_weight=1.0, false_weight=0.11, miss_weight=1.0)
ROWS = 100  # of which 15 are for learning
WINDOW = Window(40, 59)


def series(*hits: int, windows: tuple[Window, ...] = (WINDOW,), name: str = "one") -> Scored:
    scores = [0.0] * ROWS
    for row in hits:
        scores[row] = 1.0
    return Scored(name, scores, windows)


def points(*hits: int, windows: tuple[Window, ...] = (WINDOW,)) -> float:
    return score_at([series(*hits, windows=windows)], STANDARD, 0.5).outcomes[0].points


@pytest.mark.parametrize(
    ("position", "worth"),
    [(-1.0, 0.98661), (-0.5, 0.84828), (0.0, 0.0), (1.0, -0.98661), (2.999, -0.99999), (3.0, -1.0), (9.0, -1.0)],
)
def test_the_published_sigmoid(position: float, worth: float) -> None:
    assert scaled_sigmoid(position) == pytest.approx(worth, abs=1e-5)


@pytest.mark.parametrize(("rows", "unscored"), [(100, 15), (106, 15), (107, 16), (4999, 749), (5000, 750), (22_695, 750)])
def test_probation_is_15_percent_but_750_rows_at_most(rows: int, unscored: int) -> None:
    assert probation(rows) == unscored


def test_a_detection_on_the_first_row_of_a_window_is_worth_one() -> None:
    assert points(40) == pytest.approx(1.0)


def test_a_later_one_is_worth_less_and_the_last_row_still_a_little() -> None:
    middle, last = points(50), points(59)
    assert middle == pytest.approx((2 / (1 + math.exp(-2.5)) - 1) / 0.9866142981514303)  # 10 of 20 rows are left
    assert last == pytest.approx((2 / (1 + math.exp(-0.25)) - 1) / 0.9866142981514303)  # 1 of 20
    assert 0 < last < middle < 1


def test_only_the_best_detection_of_a_window_counts() -> None:
    assert points(45, 50, 55) == points(45)


def test_a_window_without_a_detection_is_a_miss() -> None:
    assert points() == -1.0
    assert points(windows=(WINDOW, Window(70, 79))) == -2.0


def test_a_false_detection_before_any_window_costs_in_full() -> None:
    assert points(30) == pytest.approx(-1.0 - 0.11)


def test_a_false_detection_just_behind_a_window_costs_less() -> None:
    just_behind = -0.11 * (1 - 2 / (1 + math.exp(5 / 19)))  # one row behind a window whose ends are 19 rows apart
    assert points(60) == pytest.approx(-1.0 + just_behind)
    assert -1.11 < points(61) < points(60) < -1.0


def test_far_behind_a_window_means_three_widths() -> None:
    narrow = (Window(20, 22),)
    assert points(22 + 6, windows=narrow) == pytest.approx(-1.11)
    assert points(22 + 5, windows=narrow) > -1.11


def test_a_window_of_one_row() -> None:
    assert points(40, windows=(Window(40, 40),)) == pytest.approx(1.0)
    assert points(43, windows=(Window(40, 40),)) == pytest.approx(-1.11)


def test_the_learning_period_counts_for_nothing() -> None:
    assert points(0, 14) == -1.0
    assert points(15) == pytest.approx(-1.11)


def test_normalised_0_is_silence_and_100_perfection() -> None:
    assert score_at([series()], STANDARD, 0.5).score == 0.0
    assert score_at([series(40)], STANDARD, 0.5).score == pytest.approx(100.0)
    assert normalise(0.0, 70, STANDARD) == 50.0
    assert normalise(0.0, 0, STANDARD) == 0.0


def test_a_profile_weighs_misses_and_false_detections() -> None:
    strict = Profile("reward_low_FP_rate", 1.0, 0.22, 1.0)
    keen = Profile("reward_low_FN_rate", 1.0, 0.11, 2.0)
    assert score_at([series(30)], strict, 0.5).outcomes[0].points == pytest.approx(-1.22)
    assert score_at([series(30)], keen, 0.5).outcomes[0].points == pytest.approx(-2.11)
    assert score_at([series(40)], keen, 0.5).score == pytest.approx(100.0)


def test_one_threshold_serves_all_series() -> None:
    found = Scored("found", [0.9 if row == 40 else 0.2 for row in range(ROWS)], (WINDOW,))
    noisy = Scored("noisy", [0.6 if row in (20, 30) else 0.1 for row in range(ROWS)], ())
    low = Scored("low", [0.5 if row == 41 else 0.0 for row in range(ROWS)], (WINDOW,))
    best = best_threshold([found, noisy, low], STANDARD)
    assert best == 0.5  # the two false ones at 0.6 cost 0.22, the window at 0.5 brings nearly 2
    result = best_result([found, noisy, low], STANDARD)
    assert [(each.found_count, each.false_count) for each in result.outcomes] == [(1, 0), (0, 2), (1, 0)]
    assert result.score == score_at([found, noisy, low], STANDARD, 0.5).score
    assert result.score >= max(score_at([found, noisy, low], STANDARD, other).score for other in (0.1, 0.2, 0.6, 0.9))


def test_where_every_detection_harms_the_best_is_silence() -> None:
    assert best_threshold([series(20, windows=())], STANDARD) > 1
    assert best_result([series(20, windows=())], STANDARD).outcomes[0].false_count == 0


def test_a_better_place_in_the_same_window_adds_only_the_difference() -> None:
    early = [0.0] * ROWS
    early[50], early[41], early[58] = 0.9, 0.8, 0.7
    rows = [Scored("early", early, (WINDOW,))]
    assert best_threshold(rows, STANDARD) == 0.8
    assert best_result(rows, STANDARD).outcomes[0].points == points(41)


def test_profiles_are_read_from_the_published_form() -> None:
    plain = {"standard": {"CostMatrix": {"tpWeight": 1.0, "fnWeight": 1.0, "fpWeight": 0.11, "tnWeight": 1.0}}}
    assert read_profiles(plain) == (STANDARD,)
