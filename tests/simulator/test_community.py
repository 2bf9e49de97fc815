"""The community: large enough, the same for the same seed, and with what scenarios name."""

from collections import Counter

import pytest

from rules.model import Network
from simulator.community import Size, build_community
from simulator.households import Household
from simulator.sorts.catalogue import SORTS


def test_the_default_community_has_all_sorts_of_devices_on_all_four_networks() -> None:
    community = build_community(seed=1)
    sorts = Counter(device.sort.name for device in community.devices)
    assert len(community.devices) >= 400
    assert set(sorts) >= {"smoke", "heat", "gas", "co", "temperature", "residual", "cable", "leak", "level"}
    assert set(sorts) >= {"sos", "door", "motion", "camera", "lift", "meter"}
    assert {device.sort.network for device in community.devices} == set(Network)


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_ids_are_unique_and_stable_per_seed(seed: int) -> None:
    ids = [device.id for device in build_community(seed).devices]
    assert len(set(ids)) == len(ids)
    assert ids == [device.id for device in build_community(seed).devices]


def test_another_seed_furnishes_other_homes() -> None:
    assert build_community(1).devices != build_community(2).devices


@pytest.mark.parametrize("seed", range(5))
def test_whatever_the_seed_the_fifth_floor_has_everything_and_an_elder_lives_on_the_third(seed: int) -> None:
    community = build_community(seed)
    fifth = {device.sort.name for device in community.at("b03/u1/0502")}
    assert fifth >= {"smoke", "heat", "gas", "co", "leak", "door", "meter"}
    elder = community.flat("b02/u1/0301")
    assert elder is not None
    assert elder.is_elder
    assert "motion" in {device.sort.name for device in community.at("b02/u1/0301")}


def test_flats_are_numbered_through_the_floor_of_a_building() -> None:
    community = build_community(1)
    assert community.flat("b01/u1/0402") is not None
    assert community.flat("b01/u2/0402") is None
    assert community.flat("b01/u2/0403") is not None
    assert {device.id for device in community.at("b03/u1/0502")} >= {"smoke-b03-0502", "gas-b03-0502"}


def test_a_size_for_two_thousand_devices_is_no_larger_than_it_must_be() -> None:
    size = Size.for_devices(2000)
    smaller = Size(building_count=size.building_count - 1, floor_count=size.floor_count)
    assert len(build_community(1, size).devices) >= 2000 > len(build_community(1, smaller).devices)


@pytest.mark.parametrize("device_count", [10, 83, 500, 3_000])
def test_a_community_has_exactly_as_many_devices_as_asked_for(device_count: int) -> None:
    devices = build_community(1, Size.exactly(device_count)).devices
    assert len(devices) == device_count
    sorts = {device.sort.name for device in devices}
    assert len(sorts) == min(device_count, len(SORTS))


def test_a_hundred_thousand_are_not_too_many_and_none_is_refused() -> None:
    assert Size.for_devices(100_000).building_count > 100
    with pytest.raises(ValueError, match="at least one device"):
        Size.exactly(0)


def test_homes_differ_in_who_lives_there() -> None:
    flats = build_community(1, Size(building_count=10, floor_count=10)).flats
    shares = Counter(flat.household for flat in flats)
    assert set(shares) == set(Household)
    assert shares[Household.FAMILY] > shares[Household.COUPLE] > shares[Household.NIGHT_SHIFT]
    elders = [flat for flat in flats if flat.is_elder]
    assert {flat.household for flat in elders} == {Household.ELDER}
    assert 0.5 < sum(flat.has_family for flat in elders) / len(elders) < 0.9
