"""The figures, each reckoned by hand."""

from dataclasses import replace

import pytest

from simulator.judge.cost import PROFILES, cost_of
from simulator.judge.figures import StageTally, percentile
from simulator.judge.matching import match
from simulator.judge.reached import Rang
from simulator.judge.score import Town, figures_of, towns_of
from tests.simulator.judge.played import alarm, at_s, happened, played

TRUTH = (
    happened(1000, 2000, alarm_s=1300, dangerous_s=1500),  # found at 1100: in time, 400 s ahead
    happened(5000, 6000, alarm_s=5300, dangerous_s=5500),  # found at 5400: late, 100 s ahead
    happened(9000, 9500, alarm_s=9300, dangerous_s=9400),  # never found
    happened(20_000, 21_000, warning_s=20_500, dangerous_s=20_900),  # only a warning is asked for; it came at 20 100
)
TOLD = (
    alarm(1100),
    alarm(1150),  # a duplicate
    alarm(5400),
    alarm(12_000),  # for nothing
    alarm(13_000, zone="b09"),  # for nothing
    alarm(1050, stage="warning"),
    alarm(20_100, stage="warning"),
    alarm(20_200),  # of the one where no alarm was asked for
    alarm(30_000, stage="warning"),  # for nothing
)


def town() -> Town:
    return towns_of([played(*TOLD, hours=48)], TRUTH)[0]


def test_alarms_are_counted_as_by_hand() -> None:
    assert figures_of([town()]).plain()["alarm"] == {
        "asked": 3,
        "detected": 1,
        "late": 1,
        "missed": 1,
        "right": 2,
        "unasked": 1,
        "false": 2,
        "duplicates": 1,
        "recall": 0.333333,  # only in time counts
        "noticed": 0.666667,
        "precision": 0.5,  # 2 of 4: duplicates and what was not asked for lift nothing
        "lead_count": 3,
        "lead_p50_s": 100.0,
        "lead_p10_s": None,  # one of three was never found: endlessly late
        "time_p50_s": 400.0,
        "time_p90_s": None,
    }


def test_warnings_have_a_precision_of_their_own() -> None:
    warning = figures_of([town()]).plain()["warning"]
    assert isinstance(warning, dict)
    assert (warning["asked"], warning["detected"], warning["right"], warning["false"]) == (1, 1, 2, 1)
    assert warning["precision"] == 0.666667
    # of the four with a dangerous instant two were warned of: 450 s and 800 s ahead; the other two count as never
    assert (warning["lead_count"], warning["lead_p50_s"], warning["lead_p10_s"]) == (4, None, None)


def test_false_alarms_are_reckoned_for_each_day_of_one_operator() -> None:
    plain = figures_of([town()]).plain()
    assert (plain["operator_days"], plain["false_alarms_per_operator_day"]) == (2.0, 1.0)


def test_the_cost_is_the_weights_times_the_counts() -> None:
    figures = figures_of([town()])
    # 1 missed, 1 late, 2 false alarms, 1 false warning, 1 duplicate
    assert cost_of(figures.stages, 0, PROFILES[0]) == round(1 + 0.5 + 2 * 0.11 + 0.011 + 0.011, 6)
    assert cost_of(figures.stages, 0, PROFILES[1]) == round(1 + 0.5 + 2 * 0.22 + 0.022 + 0.022, 6)
    assert cost_of(figures.stages, 0, PROFILES[2]) == round(2 + 1 + 2 * 0.11 + 0.011 + 0.011, 6)
    assert cost_of(figures.stages, 600, PROFILES[0]) == round(1.742 + 10 * 0.011, 6)


def test_a_false_dispatch_costs_twice_a_false_alarm_and_a_missed_one_a_fifth_of_a_miss() -> None:
    one = figures_of(towns_of([played(alarm(1, stage="dispatch"))], ()))
    assert cost_of(one.stages, 0, PROFILES[0]) == 0.22
    other = figures_of(towns_of([played()], [happened(0, 100, dispatch_s=50)]))
    assert cost_of(other.stages, 0, PROFILES[0]) == 0.2


def test_a_flood_is_the_same_as_for_the_live_desk() -> None:
    # 11 alarms within 10 s begin a flood with the last, at 1010; it is over 10 minutes after the 7th, the fifth from the end
    rang = tuple([Rang(at=at_s(1000 + number), hazard="fire", rule="heat") for number in range(11)])
    figures = figures_of([Town(played=replace(played(hours=24), rang=rang), happened=())]).plain()
    assert (figures["announced"], figures["floods"], figures["flood_s"]) == (11, 1, 596.0)
    assert figures["flood_share"] == round(596 / 86_400, 6)


@pytest.mark.parametrize(
    ("values", "at", "expected"),
    [
        ([4000, 1000, 3000, 2000], 0.5, 2.0),
        ([4000, 1000, 3000, 2000], 0.1, 1.0),
        ([4000, 1000, 3000, 2000], 0.9, 4.0),
        ([-5000], 0.5, -5.0),
        ([], 0.5, None),
        ([float("-inf"), 1000, 2000], 0.5, 1.0),
        ([float("-inf"), 1000, 2000], 0.1, None),
    ],
)
def test_a_percentile_is_a_value_that_occurred(values: list[float], at: float, expected: float | None) -> None:
    assert percentile(values, at) == expected


def test_a_happening_where_nothing_was_heard_is_missed() -> None:
    towns = towns_of([played(community="c01")], [happened(0, 100, community="c02", alarm_s=50)])
    assert [one.played.community for one in towns] == ["c01", "c02"]
    tally = figures_of(towns).stages["alarm"]
    assert (tally.asked, tally.missed) == (1, 1)


def test_a_stage_after_its_time_is_late_and_exactly_then_is_in_time() -> None:
    tally = StageTally()
    tally.take(match("alarm", [alarm(50)], [happened(0, 100, alarm_s=50)]))
    tally.take(match("alarm", [alarm(50.001)], [happened(0, 100, alarm_s=50)]))
    assert (tally.detected, tally.late, tally.missed) == (1, 1, 0)
