"""Tasmota: chips, Zigbee and LoRaWAN behind it, its will, and the forms of its topics."""

from typing import Any

import pytest

from rules.model import Rejected
from tests.ingest.iot.listening import heard, short, told


def said(body: object, topic: str = "tele/hall/SENSOR") -> list[tuple[Any, ...]]:
    return [short(each) for each in heard("tasmota", topic, body)]


def zigbee(fields: dict[str, object]) -> list[tuple[Any, ...]]:
    return said({"ZbReceived": {"0x099F": {"Device": "0x099F", "LinkQuality": 70, **fields}}}, "tele/zbbridge/SENSOR")


def test_chips_are_read_by_their_fields() -> None:
    body = {"Time": "2026-11-03T08:05:06", "SCD40": {"CarbonDioxide": 900, "eCO2": 1, "Temperature": 22.1}, "TempUnit": "C"}
    assert said(body) == [("reading", "carbon_dioxide", "hall", 900.0), ("reading", "temperature", "hall", 22.1)]
    assert said({"ENERGY": {"Total": 3, "Power": 60, "Voltage": 231, "Current": 0.26}}) == [
        ("reading", "power", "hall", 60.0),
        ("reading", "voltage", "hall", 231.0),
        ("reading", "current", "hall", 0.26),
    ]
    assert said({"PMS5003": {"PM2.5": 35}}) == [("reading", "pm25", "hall", 35.0)]


def test_a_second_chip_speaks_for_itself_where_it_repeats_the_first() -> None:
    assert said({"DS18B20-1": {"Id": "01", "Temperature": 20}, "DS18B20-2": {"Id": "02", "Temperature": 60}}) == [
        ("reading", "temperature", "hall", 20.0),
        ("reading", "temperature", "hall.DS18B20-2", 60.0),
    ]


def test_fahrenheit_is_converted_and_the_processor_s_heat_is_no_fire() -> None:
    assert said({"AM2301": {"Temperature": 212}, "TempUnit": "F"}) == [("reading", "temperature", "hall", 100.0)]
    assert said({"ESP32": {"Temperature": 83.3}}) == [("heartbeat", "heartbeat", "hall", None)]


@pytest.mark.parametrize(
    ("time", "at", "doubt"),
    [
        ("2026-11-03T08:05:06", 1_793_664_306_000, {"assumed_timezone": "Asia/Shanghai"}),
        ("2026-11-03T08:05:06+02:00", 1_793_685_906_000, {}),
        ("1970-01-01T00:00:12", None, {"unset_clock_at": "1970-01-01T00:00:12"}),
    ],
)
def test_the_time_has_often_no_zone_and_may_be_unset(time: str, at: int | None, doubt: dict[str, object]) -> None:
    (event,) = heard("tasmota", "tele/hall/SENSOR", {"Time": time, "BME280": {"Temperature": 20}})
    assert (event.occurred_at, dict(event.attributes)) == (at, doubt)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"0500!00": "010000FF0000"}, ("alarm", "water_leak", "0x099F", "on")),
        ({"0500!00": "000000FF0000"}, ("alarm", "water_leak", "0x099F", "off")),
        ({"0500?00": "010000FF0000", "Name": "Smoke kitchen"}, ("alarm", "smoke", "Smoke-kitchen-", "on")),
        ({"Fire": 1, "ZoneStatusChange": 1}, ("alarm", "smoke", "0x099F", "on")),
        ({"Water": 0}, ("alarm", "water_leak", "0x099F", "off")),
        ({"CO": 1}, ("alarm", "carbon_monoxide", "0x099F", "on")),
        ({"Panic": 1}, ("alarm", "sos", "0x099F", "on")),
        ({"Contact": 1}, ("state", "opening", "0x099F", "open")),
        ({"Contact": 0}, ("state", "opening", "0x099F", "closed")),
        ({"Occupancy": 1}, ("state", "occupancy", "0x099F", "on")),
        ({"Temperature": 27.89}, ("reading", "temperature", "0x099F", 27.89)),
        ({"BatteryPercentage": 17}, ("reading", "battery", "0x099F", 17.0)),
        ({"Power": 1}, ("heartbeat", "heartbeat", "0x099F", None)),
        ({"0500!00": "no hex"}, ("heartbeat", "heartbeat", "0x099F", None)),
    ],
)
def test_what_a_zigbee_device_says_behind_it(fields: dict[str, object], expected: tuple[Any, ...]) -> None:
    first = zigbee(fields)[0]
    assert (first[:2], first[3:]) == (expected[:2], expected[3:])
    assert first[2].startswith(expected[2])


def test_the_zone_status_has_bits_for_tamper_battery_trouble_and_test() -> None:
    assert zigbee({"Contact": 0, "ZoneStatusChange": 0x4C}) == [
        ("state", "opening", "0x099F", "closed"),
        ("state", "tamper", "0x099F", "on"),
        ("alarm", "device_fault", "0x099F.battery_low", "on"),
        ("alarm", "device_fault", "0x099F.trouble", "on"),
    ]
    assert zigbee({"Fire": 1, "ZoneStatusChange": 0x101})[0] == ("alarm", "smoke", "0x099F", "on", "test")


def test_the_bridge_is_the_gateway_of_its_devices() -> None:
    (event,) = heard("tasmota", "tele/zb/SENSOR", {"ZbReceived": {"0x1": {"Name": "cellar", "Device": "0x1", "Water": 1}}})
    assert (event.device, dict(event.attributes)) == ("cellar", {"address": "0x1", "gateway": "zb"})


def test_without_the_wrapper_a_short_address_tells() -> None:
    assert said({"0x5ADF": {"Contact": 1, "Endpoint": 1}}) == [("state", "opening", "0x5ADF", "open")]


def test_the_wrapper_may_be_the_end_of_the_topic() -> None:
    assert said({"0x5ADF": {"Contact": 1}}, "tele/zb/0x5ADF/ZbReceived") == [("state", "opening", "0x5ADF", "open")]
    assert said({"Contact": 1, "Endpoint": 1}, "tele/zb/door/ZbReceived") == [("state", "opening", "door", "open")]
    assert said({}, "tele/zb/door/ZbReceived") == [("heartbeat", "heartbeat", "door", None)]


def test_a_lorawan_device_has_its_battery_in_volts() -> None:
    (door,) = heard("tasmota", "tele/lw/SENSOR", {"LwReceived": {"door1": {"DoorOpen": 1, "Battery": 3}}})
    assert short(door) == ("state", "opening", "door1", "open")
    assert door.attributes["battery_voltage"] == 3


@pytest.mark.parametrize("topic", ["tele/hall/SENSOR", "hall/tele/SENSOR", "tele/hall/RESULT", "stat/hall/RESULT"])
def test_the_prefix_may_stand_anywhere(topic: str) -> None:
    assert said({"BME280": {"Humidity": 40}}, topic) == [("reading", "humidity", "hall", 40.0)]


def test_an_answer_to_a_status_query_is_read_like_the_telemetry() -> None:
    assert said({"StatusSNS": {"BME280": {"Humidity": 40}}}, "stat/hall/STATUS8") == [("reading", "humidity", "hall", 40.0)]


def test_the_will_is_a_fault_of_its_own_that_coming_back_ends() -> None:
    assert said(b"Offline", "tele/hall/LWT") == [("alarm", "device_fault", "hall.offline", "on")]
    assert said(b"Online", "tele/hall/LWT") == [
        ("heartbeat", "heartbeat", "hall", None),
        ("alarm", "device_fault", "hall.offline", "off"),
    ]
    assert said(b"", "tele/hall/LWT") == []


def test_state_and_info_are_signs_of_life_and_answers_are_nothing() -> None:
    assert said({"Uptime": "1T", "POWER": "ON"}, "tele/hall/STATE") == [("heartbeat", "heartbeat", "hall", None)]
    assert said({"POWER": "ON"}, "stat/hall/RESULT") == []
    assert said(b"ON", "stat/hall/POWER") == []
    assert said({"BME280": {"Humidity": 40}}, "SENSOR") == []


def test_what_is_no_json_is_refused() -> None:
    refused = told("tasmota", "tele/hall/SENSOR", b"{")
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)


@pytest.mark.parametrize("fields", [{"Panic": 1, "PersonalAlarm": 0}, {"Panic": 0, "PersonalAlarm": 1}])
def test_of_two_calls_for_help_one_is_enough(fields: dict[str, object]) -> None:
    assert zigbee(fields) == [("alarm", "sos", "0x099F", "on")]
