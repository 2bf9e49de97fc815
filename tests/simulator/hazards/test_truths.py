"""What each hazard says is true: when it is dangerous by a documented limit, who must go by when, or nothing at all."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from simulator.community import Size, build_community
from simulator.hazards.course import Course, Influence, Peril
from simulator.hazards.models import Hazard
from simulator.hazards.tenability import poisoned_s, unbearable_s

ROOMS = [{"zone": "stair", "volume_m3": 180.0, "opening_m2": 0.02}, {"zone": "above", "from": "stair", "opening_m2": 0.02}]


def course(model: str, **fields: Any) -> Course:
    hazard: Hazard = TypeAdapter(Hazard).validate_json(json_of({"model": model, "zone": "z", "starts_s": 100, **fields}))
    return hazard.course()


def json_of(fields: dict[str, Any]) -> bytes:
    return TypeAdapter(Any).dump_json(fields)


def peril(of: Course, hazard: str, zone: str = "z") -> Peril:
    return next(each for each in of.perils if (each.hazard, each.zone) == (hazard, zone))


def influence(of: Course, kind: str, zone: str = "z") -> Influence:
    return next(each for each in of.influences if (each.kind, each.zone) == (kind, zone))


# ------------------------------------------------------------------------------------------ limits of what people bear


@pytest.mark.parametrize(("ppm", "minutes"), [(70, 189), (150, 50), (400, 15)])
def test_ul_2034_poisons_in_the_minutes_of_its_table(ppm: float, minutes: float) -> None:
    after_s = poisoned_s([ppm] * 2000, 10)
    assert after_s is not None
    assert after_s / 60 == pytest.approx(minutes, rel=0.07)


def test_thirty_ppm_poison_nobody() -> None:
    assert poisoned_s([30.0] * 10_000, 10) is None


def test_each_of_smoke_gas_and_heat_makes_a_room_unbearable() -> None:
    calm, still = [0.0] * 600, [22.0] * 600
    assert unbearable_s(calm, calm, still, 1.0) is None
    assert unbearable_s([0.0, 0.1, 0.2], calm, still, 1.0) == 2.0
    assert unbearable_s(calm, [10_000.0] * 600, still, 1.0) == pytest.approx(0.3 * 3.5 * 60, abs=2)
    assert unbearable_s(calm, calm, [120.0] * 600, 1.0) == pytest.approx(0.3 * 5e7 * 120**-3.4 * 60, abs=2)


# ------------------------------------------------------------------------------------------ fire, gas, carbon monoxide


def test_smoke_reaches_the_next_rooms_later_and_thinner_and_an_open_door_lets_more_through() -> None:
    shut, open_door = course("fire", rooms=ROOMS), course("fire", rooms=[{**ROOMS[0], "opening_m2": 1.8}, ROOMS[1]])
    peaks = [max(influence(shut, "smoke_obscuration", zone).amounts) for zone in ("z", "stair", "above")]
    assert peaks[0] > 5 * peaks[1] > 5 * peaks[2] > 0
    assert max(influence(open_door, "smoke_obscuration", "stair").amounts) > 3 * peaks[1]
    assert max(influence(open_door, "temperature", "stair").amounts) > 10


def test_a_fire_is_dangerous_where_it_burns_and_later_where_its_smoke_goes() -> None:
    open_door = course("fire", growth="fast", peak_kw=900, out_s=400, rooms=[{**ROOMS[0], "opening_m2": 1.8}])
    room, stair = peril(open_door, "fire"), peril(open_door, "fire", "stair")
    assert room.dangerous_s is not None
    assert stair.dangerous_s is not None
    assert 100 < room.dangerous_s < stair.dangerous_s
    assert room.alarm_due_s == room.dangerous_s
    assert room.dispatch_due_s == room.dangerous_s + 3
    assert room.who == ("fire_fighting", "evacuation")
    assert peril(open_door, "carbon_monoxide").alarm_due_s is None  # there, and whoever says so is right


def test_a_whiff_of_smoke_is_there_and_asks_nobody() -> None:
    small = peril(course("fire", smoulder_g_per_s=0.002, peak_kw=0), "fire")
    assert (small.dangerous_s, small.alarm_due_s) == (None, None)


def test_a_battery_burns_through_after_it_has_vented() -> None:
    runaway = course("battery_runaway", vents_s=60)
    fire = peril(runaway, "fire")
    assert fire.dangerous_s is not None
    assert influence(runaway, "temperature").at(100 + 30) < 1
    assert max(influence(runaway, "temperature").amounts) > 10
    assert influence(runaway, "carbon_monoxide").at(100 + 50) > 10  # it is smelt before it burns
    assert influence(runaway, "residual_current").at(100 + 50) == pytest.approx(50)
    assert influence(runaway, "cable_temperature").at(100 + 70) == 0  # the breaker has tripped
    assert peril(course("battery_runaway", cells=0.001), "fire").dangerous_s is None


def test_gas_must_be_told_before_the_highest_alarm_point_and_reaches_the_stair() -> None:
    leak = course("gas_leak", leak_l_per_min=40, volume_m3=15, closed_s=1500, rooms=[{**ROOMS[0], "opening_m2": 0.1}])
    told = peril(leak, "gas")
    gas = influence(leak, "methane")
    assert told.alarm_due_s is not None
    assert told.dangerous_s is not None
    assert gas.at(told.alarm_due_s) == pytest.approx(25, abs=1)
    assert gas.at(told.dangerous_s) == pytest.approx(50, abs=1)
    assert 3 < max(influence(leak, "methane", "stair").amounts) < max(gas.amounts)
    assert course("gas_leak", closed_s=30).perils == ()


def test_a_heater_poisons_sooner_than_charcoal_and_a_candle_never() -> None:
    heater, charcoal = course("boiler_co", co_l_per_h=60), course("boiler_co", co_l_per_h=12, off_s=9000)
    assert heater.perils[0].dangerous_s is not None
    assert charcoal.perils[0].dangerous_s is not None
    assert heater.perils[0].dangerous_s < charcoal.perils[0].dangerous_s
    assert heater.perils[0].who == ("fire_fighting", "first_aid")
    assert course("boiler_co", co_l_per_h=1, air_changes_per_h=1).perils == ()


# ------------------------------------------------------------------------------------------ electricity and water


def test_a_cable_warms_with_the_square_of_its_current() -> None:
    overload = course("cable_heating", load=1.5, time_constant_s=900, off_s=20_000)
    assert max(influence(overload, "cable_temperature").amounts) == pytest.approx(40 * 1.5**2, abs=1)
    told = peril(overload, "electrical")
    assert told.alarm_due_s is not None
    assert told.dangerous_s is not None
    assert influence(overload, "cable_temperature").at(told.alarm_due_s - 50) == pytest.approx(38, abs=1)  # 32 + 38 = 70 °C
    assert course("cable_heating", load=0.8).perils == ()


def test_a_wet_joint_leaks_past_300_ma_at_a_cool_cable() -> None:
    wet = course("cable_heating", load=0.3, wet_leak_ma=300)
    assert max(influence(wet, "cable_temperature").amounts) < 5
    assert peril(wet, "electrical").dangerous_s == 100


def test_a_burst_pipe_soaks_the_flat_below_and_costs_pressure() -> None:
    burst = course("pipe_leak", leak_l_per_min=20, below=["b"], pressure_zone="pump-room")
    wet = {each.zone: each.at_s for each in burst.happenings if each.state == "wet"}
    assert wet["b"] - wet["z"] == pytest.approx((60 - 0.2) / 20 * 60)
    assert peril(burst, "water_leak", "b").alarm_due_s == pytest.approx(wet["b"] + 20)
    assert influence(burst, "water_flow").at(200) == 1200  # L/h
    assert influence(burst, "water_pressure", "pump-room").at(200) < 0


def test_drops_and_a_short_dip_of_the_pressure_are_no_dangers() -> None:
    assert course("drip").perils == ()
    assert course("pump_failure", lowest_kpa=100).perils == ()
    assert peril(course("pump_failure"), "fire_water").alarm_due_s is not None


def test_a_flood_is_due_at_the_sill_and_a_puddle_never() -> None:
    flood = peril(course("flood", rise_mm_per_min=10, peak_mm=500), "flood")
    assert flood.alarm_due_s == 100 + 27 * 60 + 120
    assert flood.dangerous_s == 100 + 40 * 60
    assert course("flood", peak_mm=25).perils == ()


def test_a_storm_wets_the_sensors_that_the_seed_draws() -> None:
    community = build_community(1, Size(building_count=2))
    [hazard] = [
        TypeAdapter(Hazard).validate_python({"model": "rainstorm", "zone": "everywhere", "starts_s": 10.0, "leak_count": 9})
    ]
    storm = hazard.played_in(community)
    assert storm == hazard.played_in(community)
    assert len({each.zone for each in storm.perils}) == 9
    assert hazard.course() == Course()
    other = hazard.played_in(build_community(2, Size(building_count=2)))
    assert [each.began_s for each in other.perils] != [each.began_s for each in storm.perils]
    inside = hazard.model_copy(update={"zone": "b02/u1", "leak_count": 1000}).played_in(community)
    assert {each.zone[:6] for each in inside.perils} == {"b02/u1"}


# ------------------------------------------------------------------------------------------ people


def test_who_climbs_over_the_wall_is_an_intruder_and_who_passes_is_not() -> None:
    path = [[0, -20, -4], [40, -2, -3], [200, 2, -2], [206, 2, 1], [230, 15, 6]]
    climbs = course("passing", path=path)
    kinds = [each.kind for each in climbs.happenings if each.state == "on"]
    assert kinds.count("loitering") == 1
    assert kinds.count("line_crossing") == 3
    crossed_s = min(each.at_s for each in climbs.happenings if each.kind == "line_crossing")
    assert peril(climbs, "intrusion").alarm_due_s == crossed_s + 3 + 10
    assert course("passing", path=path, who="courier").perils == ()
    outside = course("passing", path=[[0, -25, -3], [40, 25, -3]])
    assert (outside.happenings, outside.perils) == ((), ())


def test_a_camera_is_surer_the_nearer_and_the_brighter_and_never_of_a_cat() -> None:
    def best(**fields: Any) -> float:
        seen = course("passing", **{"path": [[0, 0, -2], [10, 0, 2]], **fields})
        return max(each.confidence for each in seen.happenings if each.kind == "line_crossing" and each.state == "on")

    assert best(light="day") > best() > best(light="rain") > 0.7
    assert best(path=[[0, 18, -2], [10, 18, 2]]) < best()
    assert best(who="cat") < 0.5


@pytest.mark.parametrize(
    ("model", "fields", "hazard"),
    [
        ("call", {}, "sos"),
        ("call", {"kind": "gas", "sort": "gas", "hazard": "gas"}, "gas"),
        ("reports", {"about": "fire", "messages": [{"text": "着火了"}]}, "fire"),
        ("sighting", {"kind": "object_thrown"}, "object_thrown"),
        ("sighting", {"kind": "fire_lane_blocked"}, "fire_lane"),
        ("power_cut", {}, "power_lost"),
        ("cut", {}, "device"),
        ("signal", {}, "authority"),
        ("ebike_in_lift", {}, "ebike"),
        ("lift_entrapment", {}, "lift"),
        ("elder_fall", {"found_s": 7200, "seen_confidence": 0.9}, "elder"),
        ("intrusion", {}, "intrusion"),
    ],
)
def test_what_is_real_must_be_told_soon_after_it_begins(model: str, fields: dict[str, Any], hazard: str) -> None:
    told = peril(course(model, **fields), hazard)
    due = told.alarm_due_s if model != "signal" else told.warning_due_s
    assert due is not None
    assert told.began_s < due <= told.began_s + 300
    assert due < told.ended_s


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("call", {"hazard": ""}),
        ("call", {"status": "test"}),
        ("sighting", {"kind": "object_thrown", "is_real": False}),
        ("power_cut", {"back_s": 6}),
        ("ebike_in_lift", {"thing": "pram"}),
        ("lift_entrapment", {"person_count": 0}),
        ("elder_fall", {"found_s": 0, "seen_confidence": 0.4, "is_stumble": True}),
        ("elder_away", {}),
        ("intrusion", {"who": "animal"}),
        ("fumes", {"cause": "burnt_pan"}),
    ],
)
def test_of_a_near_miss_nothing_is_true(model: str, fields: dict[str, Any]) -> None:
    near_miss = course(model, **fields)
    assert near_miss.perils == ()
    assert near_miss.happenings or near_miss.influences or near_miss.hushes


def test_small_talk_is_a_report_and_asks_nobody() -> None:
    [report] = course("reports", messages=[{"text": "路灯坏了"}]).perils
    assert (report.hazard, report.alarm_due_s) == ("report", None)
