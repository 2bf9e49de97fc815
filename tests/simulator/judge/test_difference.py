"""Which decision of one pack is which of another: the nearest in time first, each in one pair, found as by comparing all."""

import random

import pytest

from simulator.judge.difference import APART_MAX_MS, Decided, paired
from simulator.judge.matching import touches
from simulator.judge.reached import Reached

MINUTE_MS = 60_000


def decided(minute: float, zone: str = "b01", hazard: str = "fire", device: str = "d-1", community: str = "jade") -> Decided:
    reached = Reached(stage="alarm", at=round(minute * MINUTE_MS), hazard=hazard, zone=zone, rule="r", device=device)
    return Decided(community=community, reached=reached, verdict="unjudged")


def test_the_nearest_are_one_and_half_an_hour_is_still_near() -> None:
    old = [decided(100), decided(140)]
    assert paired(old, [decided(109), decided(101), decided(170)]) == [(0, 1), (1, 2)]
    assert paired(old, [decided(170.001), decided(69.999)]) == []
    assert paired(old, [decided(100, hazard="gas"), decided(100, community="elm"), decided(100, zone="b02")]) == []


def test_the_same_device_comes_before_a_nearer_one() -> None:
    assert paired([decided(100)], [decided(101, device="d-2"), decided(120)]) == [(0, 1)]


def all_with_all(old: list[Decided], new: list[Decided]) -> list[tuple[int, int]]:
    """The same, the long way."""
    near = sorted(
        (one.reached.device != other.reached.device, abs(other.reached.at - one.reached.at), here, there)
        for here, one in enumerate(old)
        for there, other in enumerate(new)
        if (one.community, one.reached.hazard) == (other.community, other.reached.hazard)
        and abs(other.reached.at - one.reached.at) <= APART_MAX_MS
        and (one.reached.zone == other.reached.zone or touches(one.reached.zone, other.reached.zone))
    )
    pairs: list[tuple[int, int]] = []
    for _, _, here, there in near:
        if all(here != kept and there != taken for kept, taken in pairs):
            pairs.append((here, there))
    return pairs


@pytest.mark.parametrize("seed", range(5))
def test_looking_only_near_in_time_finds_the_same_pairs(seed: int) -> None:
    rng = random.Random(seed)

    def some() -> list[Decided]:
        zones = ("b01", "b01/u1", "b02", "b02/u1/0101")
        return [
            decided(rng.randrange(300), rng.choice(zones), rng.choice(("fire", "gas")), rng.choice(("d-1", "d-2")))
            for _ in range(60)
        ]

    old, new = some(), some()
    pairs = paired(old, new)
    assert pairs == all_with_all(old, new)
    assert pairs
