"""What is called out though nothing is dangerous: as often as declared, within its hours, and in its own words a test."""

from itertools import pairwise

from rules.model import Status
from simulator.devices import Device
from simulator.mistakes import mistakes
from simulator.sayings import Saying
from simulator.sorts.catalogue import SORTS
from simulator.world import World
from tests.simulator.test_readings import NOON, community, scenario

DAYS = 400


def told(sort: str) -> list[Saying]:
    device = Device(f"{sort}-1", "wall/east", SORTS[sort])
    world = World(community(device), scenario(starts=NOON.replace(hour=0)))
    return [each for day in range(DAYS) for each in mistakes(world, device, day)]


def test_cats_come_at_night_and_no_camera_is_sure_of_them() -> None:
    seen = [each for each in told("wall_camera") if each.kind == "line_crossing" and each.confidence < 0.7]
    assert 1.0 < len([each for each in seen if each.state == "off"]) / DAYS < 2.2
    assert all(each.at_s % 86_400 > 21.9 * 3600 or each.at_s % 86_400 < 5.6 * 3600 for each in seen)
    assert max(each.confidence for each in seen) > 0.6


def test_cleaners_are_seen_for_sure_but_by_day() -> None:
    seen = [each for each in told("wall_camera") if each.kind == "line_crossing" and each.confidence >= 0.7]
    assert seen
    assert all(7 * 3600 <= each.at_s % 86_400 < 17.1 * 3600 for each in seen)


def test_prams_are_never_three_sure_frames() -> None:
    sure = [each for each in told("lift_camera") if each.confidence >= 0.8 and each.state == "on"]
    assert sure
    assert min(later.at_s - earlier.at_s for earlier, later in pairwise(sure)) > 10


def test_a_trial_says_that_it_is_one_and_a_sensor_that_it_warms_up() -> None:
    trials = told("fire_panel")
    assert {each.status for each in trials} == {Status.TEST}
    assert 15 < len(trials) / 2 < 45  # on and off, twice a month
    warming = told("gas")
    assert warming
    assert all(each.attributes == {"preheat": True} and each.status is Status.ACTUAL for each in warming)


def test_every_call_ends() -> None:
    for sort in ("wall_camera", "lift_camera", "facade_camera", "lane_camera", "smoke", "fence", "sos"):
        calls = told(sort)
        assert calls[-1].state == "off"
        assert sum(each.state == "off" for each in calls) > 2
