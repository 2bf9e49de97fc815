"""What measuring devices say: base, season, load and noise as declared, life in the same way for all, and hazards on top."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from statistics import mean, stdev

import pytest

from rules.model import EventClass, Network, Status
from simulator.community import Community, build_community
from simulator.devices import Device, Effect, Gauge, Sort
from simulator.goings import goings
from simulator.hazards.elder import ElderFall
from simulator.hazards.fire import Fire
from simulator.households import Flat
from simulator.readings import trait_of
from simulator.residents import Doing
from simulator.sayings import Saying
from simulator.scenario import Scenario, Title
from simulator.sorts.catalogue import SORTS
from simulator.sorts.causes import DANCING, LID_WORK, SHOWER
from simulator.stream import sayings
from simulator.world import World

NOON = datetime(2026, 3, 4, 12, tzinfo=timezone(timedelta(hours=8)))


def scenario(lasts_s: float = 3600.0, starts: datetime = NOON) -> Scenario:
    return Scenario(scenario="a_test", title=Title(zh="试", en="a test"), starts=starts, lasts_s=lasts_s, tells="a test")


def community(*devices: Device, flats: tuple[Flat, ...] = ()) -> Community:
    return Community(id="c01", seed=1, flats=flats, devices=devices)


def gauge(**fields: float) -> Gauge:
    return Gauge(kind="temperature", unit="°C", **{"interval_s": 60.0, "base": 20.0, "digits": 6, **fields})  # type: ignore[arg-type]


def device(*gauges: Gauge, name: str = "d-1", zone: str = "hall", **fields: object) -> Device:
    sort = Sort(name="trial", network=Network.IOT, heartbeat_s=600, gauges=gauges, outages_per_day=0.0)
    return Device(name, zone, replace(sort, **fields))  # type: ignore[arg-type]


def read(world: World, kind: str = "temperature") -> Iterator[Saying]:
    return (each for each in sayings(world) if each.event_class is EventClass.READING and each.kind == kind)


def values(*gauges: Gauge, lasts_s: float = 3600.0, starts: datetime = NOON) -> list[float]:
    return [each.value or 0.0 for each in read(World(community(device(*gauges)), scenario(lasts_s, starts)))]


def test_it_speaks_at_its_pace_for_as_long_as_the_scenario_lasts() -> None:
    times = [each.at_s for each in read(World(community(device(gauge())), scenario()))]
    assert len(times) == 60
    assert all(abs(later - earlier - 60) < 1e-6 for earlier, later in pairwise(times))


def test_noise_is_as_large_as_declared_and_differs_between_devices() -> None:
    noisy = values(gauge(noise=0.5, interval_s=10), lasts_s=7200)
    assert abs(mean(noisy) - 20) < 0.06
    assert 0.45 < stdev(noisy) < 0.55
    bases = [trait_of(1, device(gauge(spread=2.0), name=f"d-{number}"), gauge(spread=2.0)).base for number in range(400)]
    assert 0.9 < stdev(bases) < 1.1


def test_drift_wanders_no_farther_than_declared() -> None:
    drifting = values(gauge(drift=3.0), lasts_s=40_000)
    assert 2.9 < max(drifting) - 20 <= 3.0
    assert -3.0 <= min(drifting) - 20 < -2.9


def test_the_season_is_felt_by_its_share() -> None:
    summer, winter = (values(gauge(outdoor=share), starts=NOON.replace(month=month))[0] for share, month in ((1.0, 7), (1.0, 1)))
    assert summer > 20 + 5 > 20 - 5 > winter
    half = values(gauge(outdoor=0.5), starts=NOON.replace(month=7))[0]
    assert half - 20 == pytest.approx((summer - 20) / 2)


def test_the_evening_loads_cables_more_than_the_night_and_by_the_square() -> None:
    plain, cable = gauge(load=10.0), replace(gauge(load=10.0), kind="cable_temperature")
    night = NOON.replace(hour=3)
    assert values(plain, starts=night)[0] - 20 == pytest.approx(2.5, abs=0.2)
    [first, *_] = read(World(community(device(cable)), scenario(starts=night)), "cable_temperature")
    assert (first.value or 0) - 20 == pytest.approx(0.625, abs=0.1)


def test_a_pump_runs_for_its_share_of_the_cycle_and_a_bin_fills() -> None:
    runs = values(gauge(pulse=4.0, pulse_share=0.25, cycle_s=1200), lasts_s=12_000)
    assert sum(value > 22 for value in runs) == pytest.approx(len(runs) / 4, abs=4)
    filled = values(gauge(ramp=70.0, cycle_s=3600), lasts_s=3600)
    assert max(filled) - min(filled) > 60


def test_a_value_stays_within_what_its_sensor_can_show() -> None:
    assert min(values(gauge(noise=50.0, low=15.0, high=25.0))) == 15.0
    assert max(values(gauge(noise=50.0, low=15.0, high=25.0))) == 25.0


def test_a_shower_is_felt_by_every_device_of_its_home_and_by_no_other() -> None:
    evening = scenario(6 * 3600, NOON.replace(hour=18))
    homes = World(build_community(1), evening)
    own = next(
        flat
        for flat in homes.community.flats
        if (day := homes.day(flat.zone, 0)) and any(each.cause is SHOWER and each.from_s > 20 * 3600 for each in day.doings)
    )
    sensors = [Device(f"{name}-x", own.zone, SORTS[name]) for name in ("smoke", "climate", "meter")]
    world = World(community(*sensors, Device("climate-y", "b99/u1/stair", SORTS["climate"]), flats=(own,)), evening)
    moist = list(read(world, "humidity"))
    peaks = [max(each.value or 0 for each in moist if each.device.id == name) for name in ("climate-x", "climate-y")]
    assert peaks[0] > peaks[1] + 8
    assert max(each.value or 0 for each in read(world, "smoke_obscuration")) > 0.5
    assert max(each.value or 0 for each in read(world, "water_flow")) > 60


def test_in_a_home_that_a_scenario_silences_nobody_draws_water() -> None:
    home = Flat(zone="b02/u1/0301", is_elder=True, has_family=False)
    meter = Device("meter-1", home.zone, SORTS["meter"])
    fall = ElderFall(model="elder_fall", zone=home.zone, starts_s=2 * 3600, found_s=10 * 3600)
    morning = scenario(14 * 3600, NOON.replace(hour=6))
    lying = morning.model_copy(update={"hazards": (fall,)})

    def drawn(told: Scenario) -> float:
        said = read(World(community(meter, flats=(home,)), told), "water_flow")
        return sum(each.value or 0 for each in said if 2 * 3600 <= each.at_s < 12 * 3600)

    assert drawn(morning) > 100
    assert drawn(lying) == 0


def test_what_goes_on_in_a_place_comes_to_all_its_sorts_at_once_and_to_other_places_at_other_times() -> None:
    def danced(zone: str, sort: str) -> list[Doing]:
        days = range(739_000, 739_010)
        return [each for day in days for each in goings(1, zone, SORTS[sort], day) if each.cause is DANCING]

    assert danced("grounds/q1/square", "noise") == danced("grounds/q1/square", "crowd_camera")
    assert len(danced("grounds/q1/square", "noise")) > 5
    assert danced("grounds/q2/square", "noise") != danced("grounds/q1/square", "noise")


def test_a_crew_that_opens_a_lid_has_told_so() -> None:
    lid = Device("manhole-1", "lane/b1", SORTS["manhole"])
    worked = next(
        number
        for number in range(400)
        if any(each.cause is LID_WORK for each in goings(1, "lane/b1", lid.sort, NOON.toordinal() + number))
    )
    day = NOON.replace(hour=0) + timedelta(days=worked)
    tilted = [each for each in read(World(community(lid), scenario(86_400, day)), "tilt") if (each.value or 0) > 15]
    assert tilted
    assert {each.status for each in tilted} == {Status.TEST}


def test_near_a_hazard_it_speaks_fast_and_says_what_it_feels() -> None:
    fire = Fire(model="fire", zone="b01/u1/0101", starts_s=300, out_s=300)
    burning = scenario(1800).model_copy(update={"hazards": (fire,)})
    here, there = (device(gauge(), name=f"d-{zone[-1]}", zone=zone) for zone in ("b01/u1/0101", "b01/u1/0102"))
    world = World(community(here, there), burning)
    spoken = {name: [each for each in read(world) if each.device.id == name] for name in ("d-1", "d-2")}
    assert len(spoken["d-1"]) > 3 * len(spoken["d-2"])
    assert max(each.value or 0 for each in spoken["d-1"]) > 60
    assert max(each.value or 0 for each in spoken["d-2"]) < 60
    quiet = [each.value or 0 for each in spoken["d-1"] if each.at_s < 300]
    assert max(quiet) < 21


def test_an_effect_climbs_while_it_lasts_and_fades_afterwards() -> None:
    cause = replace(SHOWER, effects=(Effect("temperature", 10.0, 600, 300),))
    bathing = World(community(device(gauge(interval_s=30))), scenario())
    bathing.doings = lambda device, span: (Doing(cause, 600.0, 1800.0, 0.5),)  # type: ignore[method-assign]
    felt = {each.at_s: (each.value or 0) - 20 for each in read(bathing)}
    assert all(value == 0 for at_s, value in felt.items() if at_s < 600 or at_s > 2100)
    assert all(value == pytest.approx(5.0) for at_s, value in felt.items() if 1200 < at_s < 1800)
    assert all(value == pytest.approx(5 * (1 - (at_s - 1800) / 300)) for at_s, value in felt.items() if 1800 < at_s < 2100)
