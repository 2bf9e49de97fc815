"""How devices fare: heartbeats with their promise, batteries that empty and are changed, gaps that are never too long."""

from dataclasses import replace
from itertools import pairwise

from rules.model import EventClass
from simulator.community import build_community
from simulator.devices import Device
from simulator.hazards.course import Mute
from simulator.hazards.fire import Fire
from simulator.sorts.catalogue import SORTS
from simulator.span import Memory
from simulator.stream import sayings
from simulator.upkeep import battery_at, is_heard, outage_of
from simulator.world import World
from tests.simulator.test_readings import NOON, community, device, gauge, scenario

DAY_S = 86_400


def test_heartbeats_keep_what_they_promise() -> None:
    world = World(community(device(gauge())), scenario(DAY_S))
    beats = [each for each in sayings(world) if each.event_class is EventClass.HEARTBEAT]
    assert {each.attributes["interval_s"] for each in beats} == {600}
    assert len(beats) == DAY_S / 600
    gaps = [later.at_s - earlier.at_s for earlier, later in pairwise(beats)]
    assert max(gaps) < 603
    assert len({round(gap, 3) for gap in gaps}) > 50


def test_another_seed_has_other_lateness_and_other_batteries() -> None:
    worn = device(gauge(), battery_d=365.0)
    told = []
    for seed in (1, 2):
        world = World(replace(community(worn), seed=seed), scenario(3 * DAY_S))
        said = list(sayings(world))
        beats = [each.at_s for each in said if each.event_class is EventClass.HEARTBEAT]
        gaps = [round(later - earlier, 6) for earlier, later in pairwise(beats)]
        told.append((gaps, [each.value for each in said if each.kind == "signal_strength"]))
    assert told[0][0] != told[1][0]
    assert told[0][1] != told[1][1]


def test_a_battery_empties_evenly_and_is_changed_before_it_warns() -> None:
    levels = [battery_at(730, 0.5, day * DAY_S) for day in range(1500)]
    assert max(levels) == 100 or max(levels) > 99.8
    assert min(levels) >= 25
    drops = [earlier - later for earlier, later in pairwise(levels)]
    assert sum(drop < 0 for drop in drops) in (2, 3)  # changed
    assert max(drops) < 0.2


def test_battery_and_radio_are_told_once_a_day_by_those_that_have_them() -> None:
    worn = device(gauge(), name="worn", battery_d=365.0)
    world = World(community(worn, device(gauge(), name="mains")), scenario(3 * DAY_S))
    told = [each for each in sayings(world) if each.kind in ("battery", "signal_strength")]
    assert {each.device.id for each in told} == {"worn"}
    assert [each.kind for each in told] == ["battery", "signal_strength"] * 3
    assert all(25 <= (each.value or 0) <= 100 for each in told if each.kind == "battery")


def test_gaps_come_as_often_as_declared_and_end_before_anybody_is_missed() -> None:
    world = World(build_community(1), scenario(DAY_S))
    gaps = [(each, gap) for each in world.community.devices for day in range(20) if (gap := outage_of(world, each, day))]
    share = len(gaps) / 20 / len(world.community.devices)
    assert 0.015 < share < 0.03
    for each, (starts_s, ends_s) in gaps:
        assert 0 < ends_s - starts_s < min(each.sort.heartbeat_s, 3600)


def test_in_a_gap_nothing_is_heard_and_afterwards_all_is() -> None:
    gappy = device(gauge(), outages_per_day=1.0)
    world = World(community(gappy), scenario(DAY_S, NOON.replace(hour=0)))
    gap = outage_of(world, gappy, 0)
    assert gap is not None
    heard = [each.at_s for each in sayings(world)]
    assert not [at_s for at_s in heard if gap[0] <= at_s < gap[1]]
    assert len(heard) > 1300


def test_where_a_hazard_is_felt_no_gap_hides_it() -> None:
    gappy = device(gauge(), zone="b01/u1/0101", outages_per_day=1.0)
    fire = Fire(model="fire", zone=gappy.zone, starts_s=300, out_s=300)
    burning = World(community(gappy), scenario(DAY_S).model_copy(update={"hazards": (fire,)}))
    assert outage_of(burning, gappy, 0) is None
    assert outage_of(World(community(gappy), scenario(DAY_S)), gappy, 0) is not None


def test_what_a_scenario_mutes_is_not_heard() -> None:
    saying = next(iter(sayings(World(community(device(gauge())), scenario()))))
    mute = Mute(zone="hall", from_s=saying.at_s, to_s=saying.at_s + 1)
    assert is_heard(Memory(), saying)
    assert not is_heard(Memory(mutes={"d-1": (mute,)}), saying)


def test_a_special_camera_is_a_camera() -> None:
    camera = Device("camera-wall-east", "wall/east", SORTS["wall_camera"])
    assert camera.sort.is_a("camera")
    assert camera.sort.is_a("wall_camera")
    assert not camera.sort.is_a("lift_camera")
