"""The tables of field names: what a condition, a quantity and a test look like in the objects of all free formats."""

from typing import Any

import pytest

from ingest.iot.quantity_words import plain, quantity_of
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling
from tests.ingest.iot.listening import short


def said(body: dict[str, object]) -> list[tuple[Any, ...]]:
    return [short(each) for each in said_of(body, Telling(device="d"))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"smoke": 1}, ("alarm", "smoke", "d", "on")),
        ({"smoke": "False"}, ("alarm", "smoke", "d", "off")),
        ({"smoke": True, "fire_alarm": False}, ("alarm", "smoke", "d", "on")),
        ({"smoke": {"value": True}}, ("alarm", "smoke", "d", "on")),
        ({"smoke": {"value": "False", "unit": ""}}, ("alarm", "smoke", "d", "off")),
        ({"co": {"value": 40, "unit": "ppm"}}, ("reading", "carbon_monoxide", "d", 40.0)),
        ({"smoke": {"alarm": True}}, ("alarm", "smoke", "d", "on")),
        ({"smoke_alarm_status": 1}, ("alarm", "smoke", "d", "on")),
        ({"fire": {"status": "normal"}}, ("alarm", "smoke", "d", "off")),
        ({"temperature": 212, "unit": "°F"}, ("reading", "temperature", "d", 100.0)),
        ({"temperature": 21, "unit": "C"}, ("reading", "temperature", "d", 21.0)),
        ({"voltage": 3600}, ("reading", "voltage", "d", 3.6)),
        ({"voltage": 400}, ("reading", "voltage", "d", 400.0)),
        ({"voltage_mv": 3600}, ("reading", "voltage", "d", 3.6)),
        ({"gas_alarm": 0, "gas": 1}, ("alarm", "gas", "d", "on")),
        ({"SmokeAlarm": True}, ("alarm", "smoke", "d", "on")),
        ({"gas_leak": "detected"}, ("alarm", "gas", "d", "on")),
        ({"co": True}, ("alarm", "carbon_monoxide", "d", "on")),
        ({"co": 1}, ("reading", "carbon_monoxide", "d", 1.0)),
        ({"co": "35"}, ("reading", "carbon_monoxide", "d", 35.0)),
        ({"co": "1"}, ("reading", "carbon_monoxide", "d", 1.0)),
        ({"co": "0"}, ("reading", "carbon_monoxide", "d", 0.0)),
        ({"co": "on"}, ("alarm", "carbon_monoxide", "d", "on")),
        ({"WATER_LEAK_STATUS": 1}, ("alarm", "water_leak", "d", "on")),
        ({"leak": "no leak"}, ("alarm", "water_leak", "d", "off")),
        ({"panic": "on"}, ("alarm", "sos", "d", "on")),
        ({"alarm": 1}, ("alarm", "other_alarm", "d", "on")),
        ({"alarm": "gas"}, ("alarm", "gas", "d", "on")),
        ({"lowBattery": True}, ("alarm", "device_fault", "d.battery_low", "on")),
        ({"door": "open"}, ("state", "opening", "d", "open")),
        ({"DOOR_OPEN_STATUS": 0}, ("state", "opening", "d", "closed")),
        ({"contactState": "closed"}, ("state", "opening", "d", "closed")),
        ({"presence": False}, ("state", "occupancy", "d", "off")),
        ({"presence_5": 1}, ("state", "occupancy", "d.5", "on")),
        ({"temperature": "21.5"}, ("reading", "temperature", "d", 21.5)),
        ({"temp_f": 70}, ("reading", "temperature", "d", 21.111111)),
        ({"temperature_1": 20}, ("reading", "temperature", "d", 20.0)),
        ({"temperature_2": 20}, ("reading", "temperature", "d.2", 20.0)),
        ({"temperatureSensor": {"3": 20}}, ("reading", "temperature", "d.3", 20.0)),
        ({"temperature": {"value": 70, "unit": "°F"}}, ("reading", "temperature", "d", 21.111111)),
        ({"TempC_SHT": 20}, ("reading", "temperature", "d", 20.0)),
        ({"CarbonDioxide": 400}, ("reading", "carbon_dioxide", "d", 400.0)),
        ({"PM2.5": 35}, ("reading", "pm25", "d", 35.0)),
        ({"water_level_cm": 27}, ("reading", "water_level", "d", 270.0)),
        ({"waterLevelM": 0.27}, ("reading", "water_level", "d", 270.0)),
        ({"water_pressure_mpa": 0.3}, ("reading", "water_pressure", "d", 300.0)),
        ({"ch4_ppm": 2500}, ("reading", "methane", "d", 5.0)),
        ({"current_ma": 5}, ("reading", "current", "d", 0.005)),
        ({"battery": 100}, ("reading", "battery", "d", 100.0)),
    ],
)
def test_what_a_field_says(body: dict[str, object], expected: tuple[Any, ...]) -> None:
    assert said(body) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        {"smoke": None},
        {"gas": ""},
        {"co": "undefined"},
        {"door": True},
        {"pressure": 3},
        {"temperature": True},
        {"temperature": {"value": 70, "unit": "furlong"}},
        {"temperature": {"value": None}},
        {"temperature": {"1": {"2": 3}}},
        {"name": "smoke"},
        {"temperature": float("nan")},
    ],
)
def test_what_says_nothing(body: dict[str, object]) -> None:
    assert said(body) == []


@pytest.mark.parametrize(
    "body",
    [{"gas": 120}, {"water_level": 27}, {"battery": 255}, {"battery": 3.6}, {"luminosity": 0.64}, {"smoke": 42.0}, {"alarm": 7}],
)
def test_a_number_that_could_be_anything_is_kept_with_a_sign_of_life(body: dict[str, object]) -> None:
    (beat,) = said_of(body, Telling(device="d"))
    assert (beat.event_class.value, dict(beat.attributes)) == ("heartbeat", body)


@pytest.mark.parametrize("doing", ["test", "selfTest", "self-test", "preheat", "mute", "silenced", "simulated", "maintenance"])
def test_what_tests_is_muted_or_simulated_is_no_real_alarm(doing: str) -> None:
    assert said({"smoke": True, doing: True}) == [("alarm", "smoke", "d", "on", "test")]
    assert said({"smoke": True, doing: False}) == [("alarm", "smoke", "d", "on")]


def test_a_drill_is_an_exercise_and_a_condition_may_itself_say_that_it_is_tested() -> None:
    assert said({"drill": 1, "gas": 1}) == [("alarm", "gas", "d", "on", "exercise")]
    assert said({"smoke": "testing", "gas": "alarm"}) == [("alarm", "smoke", "d", "on", "test"), ("alarm", "gas", "d", "on")]


@pytest.mark.parametrize(
    ("latitude", "longitude", "attributes"),
    [
        (30.7, 104.1, {"latitude": 30.7, "longitude": 104.1}),
        (0, 0, {"doubtful_place": "0,0"}),
        (34.2, 34.2, {"doubtful_place": "34.2,34.2"}),
    ],
)
def test_a_place_stands_beside_the_alarm_if_it_is_one(latitude: float, longitude: float, attributes: dict[str, object]) -> None:
    (alarm,) = said_of({"sos": True, "latitude": latitude, "longitude": longitude}, Telling(device="d"))
    assert dict(alarm.attributes) == attributes


def test_names_are_read_in_bounded_time_and_units_only_where_they_belong() -> None:
    assert plain("A" * 10_000) == "a" * 48
    assert quantity_of("humidity_f") is None
    assert quantity_of("water_level_f") is None
    assert len(said({f"temperature_{channel}": 1 for channel in range(2, 1000)})) == 300
    assert said({"temperature" + "_" * 100 + "c": 20, "smoke": 1}) == [("alarm", "smoke", "d", "on")]
