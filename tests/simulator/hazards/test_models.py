"""The physics of hazards: what sensors feel rises, is plausible, and ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.hazards.course import Course, Influence
from simulator.hazards.elder import ElderFall
from simulator.hazards.fire import Fire
from simulator.hazards.flood import Flood
from simulator.hazards.gas import GasLeak
from simulator.hazards.intrusion import Intrusion
from simulator.hazards.lift import EbikeInLift, Entrapment


def influence(course: Course, kind: str) -> Influence:
    return next(each for each in course.influences if each.kind == kind)


def first(each: Influence, limit: float) -> float:
    return next(index * each.step_s for index, amount in enumerate(each.amounts) if amount >= limit)


@pytest.mark.parametrize("growth", ["slow", "medium", "fast"])
def test_a_fire_smokes_before_it_is_hot_and_ends_when_it_is_put_out(growth: str) -> None:
    course = Fire.model_validate({"model": "fire", "zone": "b01/u1/0101", "starts_s": 30.0, "growth": growth}).course()
    smoke, heat = influence(course, "smoke_obscuration"), influence(course, "temperature")
    assert first(smoke, 5.0) < first(heat, 35.0)
    assert max(smoke.amounts) <= 100.0
    assert 100 < max(heat.amounts) < 1000
    assert smoke.amounts[-1] < 1.0
    assert heat.amounts[-1] < 1.0


def test_a_fast_fire_is_felt_before_a_slow_one() -> None:
    fires = [Fire.model_validate({"model": "fire", "zone": "z", "starts_s": 0.0, "growth": each}) for each in ("fast", "slow")]
    fast, slow = (first(influence(fire.course(), "temperature"), 35.0) for fire in fires)
    assert fast < slow


def test_gas_rises_about_one_percent_of_the_lower_limit_a_minute_and_is_aired_out() -> None:
    course = GasLeak(model="gas_leak", zone="z", starts_s=0.0, leak_l_per_min=20.0, volume_m3=20.0, closed_s=1200.0).course()
    gas = influence(course, "methane")
    assert gas.at(60.0) == pytest.approx(20 / 20_000 / 5 * 100 * 100, rel=0.15)  # 20 L in 20 m³ is 0.1 %vol: 2 %LEL
    assert gas.at(1200.0) > gas.at(600.0) > gas.at(60.0)
    assert gas.amounts[-1] < 1.0


def test_a_garage_floods_at_its_deepest_corner_first() -> None:
    corners = {"sump": 0.0, "ramp": 60.0}
    course = Flood(model="flood", zone="garage/b1", starts_s=0.0, corners_mm=corners).course()
    ramp, sump = course.influences
    assert (ramp.zone, sump.zone) == ("garage/b1/ramp", "garage/b1/sump")
    assert first(sump, 50.0) < first(ramp, 50.0)
    assert max(sump.amounts) == pytest.approx(420, abs=2)
    assert sump.amounts[-1] == pytest.approx(0, abs=4)


def test_a_fall_silences_the_home_and_is_reported_only_when_something_saw_it() -> None:
    unseen = ElderFall(model="elder_fall", zone="z", starts_s=10.0, found_s=100.0).course()
    assert unseen.happenings == ()
    assert (unseen.hushes[0].from_s, unseen.hushes[0].to_s) == (10.0, 110.0)
    seen = ElderFall(model="elder_fall", zone="z", starts_s=10.0, found_s=100.0, seen_confidence=0.6).course()
    assert [(each.kind, each.confidence) for each in seen.happenings] == [("fall", 0.6)]


def test_people_are_trapped_off_level_behind_a_closed_door_and_then_freed() -> None:
    course = Entrapment(model="lift_entrapment", zone="b01/u1/lift1", starts_s=100.0, judged_s=60.0, freed_s=900.0).course()
    said = [(each.at_s, each.kind, each.state) for each in course.happenings]
    assert said[1:3] == [(108.0, "lift_car", "stopped"), (168.0, "person_trapped", "on")]
    assert (1005.0, "person_trapped", "off") in said
    assert course.happenings[1].attributes == {"persons": 2.0, "is_level": False}


def test_cameras_report_frame_by_frame_with_their_scores() -> None:
    ebike = EbikeInLift(model="ebike_in_lift", zone="z", starts_s=0.0, frames=(0.8, 0.9), gone_s=60.0).course()
    assert [(each.at_s, each.state, each.confidence) for each in ebike.happenings] == [
        (0.0, "on", 0.8),
        (1.0, "on", 0.9),
        (60.0, "off", 0.9),
    ]
    wall = Intrusion(model="intrusion", zone="z", starts_s=0.0).course()
    assert [each.kind for each in wall.happenings][:2] == ["loitering", "line_crossing"]


@given(second=st.floats(-1000, 3000))
def test_an_influence_is_nothing_outside_its_time_and_between_its_samples_inside(second: float) -> None:
    each = Influence(zone="z", kind="methane", from_s=100.0, step_s=10.0, amounts=(0.0, 5.0, 3.0))
    value = each.at(second)
    assert (value == 0.0) if not 100 <= second < 120 else (0 <= value <= 5)
