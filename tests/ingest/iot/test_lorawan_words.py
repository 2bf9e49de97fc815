"""Milesight's words, each with its meaning; and its bytes, where the product is named."""

from base64 import b64encode
from typing import Any

import pytest

from ingest.iot.lorawan_uplink import said_of_uplink
from ingest.iot.lorawan_words import HISTORY_MAX, said_of_object
from ingest.iot.telling import Telling
from tests.ingest.iot.listening import short

SMOKE_WELL = [
    ("alarm", "smoke", "d", "off"),
    ("alarm", "device_fault", "d.battery_low", "off"),
    ("alarm", "device_fault", "d.failover", "off"),
    ("alarm", "device_fault", "d.removed", "off"),
]
FELL = [("alarm", "fall", "d", "on"), ("state", "occupancy", "d", "on")]


def said(body: dict[str, object], product: str = "") -> list[tuple[Any, ...]]:
    return [short(each) for each in said_of_object(body, Telling(device="d"), product)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("alarm", [("alarm", "smoke", "d", "on")]),
        ("alarm with low battery", [("alarm", "smoke", "d", "on")]),
        ("normal", SMOKE_WELL),
        ("silent", [("alarm", "smoke", "d", "on", "test")]),
        ("testing alarm with normal battery", [("alarm", "smoke", "d", "on", "test")]),
        (
            "testing alarm with low battery",
            [("alarm", "smoke", "d", "on", "test"), ("alarm", "device_fault", "d.battery_low", "on")],
        ),
        ("low battery", [("alarm", "device_fault", "d.battery_low", "on")]),
        ("failover", [("alarm", "device_fault", "d.failover", "on")]),
        ("removed", [("alarm", "device_fault", "d.removed", "on")]),
        ("installed", [("alarm", "device_fault", "d.removed", "off")]),
        ("unknown", []),
        (None, []),
    ],
)
def test_the_smoke_detector_says_it_in_one_word(event: object, expected: list[tuple[Any, ...]]) -> None:
    assert said({"event": event}) == expected
    assert said({"event": event, "type": "smoke sensor"}) == expected
    assert said({"event": event, "type": "washing machine"}) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"gas_status": "alarm"}, [("alarm", "gas", "d", "on")]),
        ({"gas_status": 0}, [("alarm", "gas", "d", "off")]),
        ({"alarm": "power off"}, [("alarm", "device_fault", "d.power_off", "on")]),
        ({"alarm": "device fault recovered"}, [("alarm", "device_fault", "d.fault", "off")]),
        ({"alarm": "device invalid"}, [("alarm", "device_fault", "d.end_of_life", "on")]),
        ({"alarm": 1, "gas_status": 0}, [("alarm", "device_fault", "d.power_off", "off"), ("alarm", "gas", "d", "off")]),
        ({"alarm": 1}, [("alarm", "other_alarm", "d", "on")]),
        ({"leakage_status": "leak"}, [("alarm", "water_leak", "d", "on")]),
        ({"leakage_status": "normal"}, [("alarm", "water_leak", "d", "off")]),
        ({"press": "short"}, [("alarm", "sos", "d", "on")]),
        ({"button": "long press"}, [("alarm", "sos", "d", "on")]),
        ({"press": 3}, [("alarm", "sos", "d", "on")]),
        ({"press": "unknown"}, []),
        ({"press": 0}, []),
        ({"press": None}, []),
        (
            {"magnet_status": "close", "tamper_status": "installed"},
            [("state", "opening", "d", "closed"), ("state", "tamper", "d", "off")],
        ),
        ({"magnet_status": 1, "tamper_status": 1}, [("state", "opening", "d", "open"), ("state", "tamper", "d", "on")]),
        ({"pir": "trigger"}, [("state", "motion", "d", "on")]),
        ({"depth": 27}, [("reading", "water_level", "d", 270.0)]),
        ({"depth": "deep"}, [("heartbeat", "heartbeat", "d", None)]),
        ({"position": "tilt"}, [("state", "tamper", "d", "on")]),
        ({"position": 0}, [("state", "tamper", "d", "off")]),
        ({"position": "kitchen"}, []),
        ({"angle_x": 12.5, "threshold_x": "trigger"}, [("reading", "tilt", "d.x", 12.5), ("state", "tamper", "d.x", "on")]),
        ({"angle_y": -1, "threshold_y": 0}, [("reading", "tilt", "d.y", -1.0), ("state", "tamper", "d.y", "off")]),
        ({"detection_status": "fall"}, FELL),
        ({"detection_status": 4}, FELL),
        ({"detection_status": "in bed"}, [("alarm", "fall", "d", "off"), ("state", "occupancy", "d", "on")]),
        ({"detection_status": 1}, [("alarm", "fall", "d", "off"), ("state", "occupancy", "d", "off")]),
        (
            {"detection_status": "fall", "alarm_status": "ignored"},
            [("alarm", "fall", "d", "off"), ("state", "occupancy", "d", "on")],
        ),
        ({"events": [{"alarm_id": 7, "alarm_type": "fall", "alarm_status": "alarm triggered"}]}, [("alarm", "fall", "d", "on")]),
        ({"events": [{"alarm_type": 0, "alarm_status": 2}]}, [("alarm", "fall", "d", "off")]),
        ({"events": [{"alarm_type": "out of bed", "alarm_status": "alarm triggered"}]}, []),
        ({"events": "none", "alarm_status": "triggered"}, []),
        (
            {"battery": 87, "temperature": 21.5, "humidity": 40, "co2": 600},
            [
                ("reading", "battery", "d", 87.0),
                ("reading", "temperature", "d", 21.5),
                ("reading", "humidity", "d", 40.0),
                ("reading", "carbon_dioxide", "d", 600.0),
            ],
        ),
    ],
)
def test_what_each_word_says(body: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    assert said(body) == expected


def test_the_product_settles_what_the_word_leaves_open() -> None:
    assert said({"alarm": 1}, "Milesight GS101") == [("alarm", "device_fault", "d.power_off", "off")]
    assert said({"water_level": 27}, "EM500-SWL") == [("reading", "water_level", "d", 270.0)]
    assert said({"water_level": 27}, "other") == [("heartbeat", "heartbeat", "d", None)]


def test_sensecap_names_its_measurements_in_words() -> None:
    messages = [{"type": "Air Temperature", "measurementId": "4097", "measurementValue": 22}, {"type": "report_telemetry"}, 7]
    assert said({"messages": messages}) == [("reading", "temperature", "d", 22.0)]


def test_a_test_covers_these_words_too() -> None:
    assert said({"press": "short", "self_test": True}) == [("alarm", "sos", "d", "on", "test")]


def test_history_is_kept_with_its_time_and_never_now() -> None:
    record = {"timestamp": 1_793_620_800, "leakage_status": "leak"}
    now, past = said_of_object(
        {"leakage_status": "normal", "history": [record, 7]}, Telling(device="d", at="2026-11-03T00:00:00Z")
    )
    assert (short(now), now.at) == (("alarm", "water_leak", "d", "off"), "2026-11-03T00:00:00Z")
    assert (short(past), past.at) == (("alarm", "water_leak", "d", "on", "past"), 1_793_620_800)
    assert said({"history": [{"id": 1, "event_type": "fall", "event_status": "alarm triggered"}]}) == [
        ("alarm", "fall", "d", "on", "past")
    ]
    assert len(said({"history": [record] * 10_000})) == HISTORY_MAX


def uplink(content: str, product: str) -> list[tuple[Any, ...]]:
    written = b64encode(bytes.fromhex(content)).decode()
    return [short(each) for each in said_of_uplink(None, written, Telling(device="d"), product)]


@pytest.mark.parametrize(
    ("content", "product", "expected"),
    [
        (
            "221E64001C40",
            "GS524N",
            [("alarm", "smoke", "d", "on", "test"), ("reading", "battery", "d", 100.0), ("reading", "temperature", "d", 28.0)],
        ),
        (
            "2211640C1C41",
            "milesight-iot gs524n",
            [("alarm", "smoke", "d", "on"), ("reading", "battery", "d", 100.0), ("reading", "temperature", "d", 28.0)],
        ),
        ("017510ff2e01", "WS101", [("alarm", "sos", "d", "on"), ("reading", "battery", "d", 16.0)]),
        ("017564030001", "ws303", [("alarm", "water_leak", "d", "on"), ("reading", "battery", "d", 100.0)][::-1]),
        (
            "017564030001040001",
            "ws301",
            [("reading", "battery", "d", 100.0), ("state", "opening", "d", "open"), ("state", "tamper", "d", "on")],
        ),
        ("030001", "ws202", [("state", "motion", "d", "on")]),
        ("058e01060100", "gs101", [("alarm", "gas", "d", "on")]),
        ("ff3f00", "gs101", [("alarm", "device_fault", "d.power_off", "on")]),
        ("01756403770200", "EM500-SWL", [("reading", "water_level", "d", 20.0), ("reading", "battery", "d", 100.0)]),
        ("040001", "em310-udl", [("state", "tamper", "d", "on")]),
        (
            "03cf0a00f6ff000001",
            "EM310-TILT",
            [
                ("reading", "tilt", "d.x", 0.1),
                ("state", "tamper", "d.x", "on"),
                ("reading", "tilt", "d.y", -0.1),
                ("state", "tamper", "d.y", "off"),
                ("reading", "tilt", "d.z", 0.0),
                ("state", "tamper", "d.z", "off"),
            ],
        ),
        (
            "03d415000000feff",
            "em320-tilt",
            [
                ("reading", "tilt", "d.x", 0.1),
                ("state", "tamper", "d.x", "on"),
                ("reading", "tilt", "d.y", 0.0),
                ("state", "tamper", "d.y", "off"),
                ("reading", "tilt", "d.z", -0.01),
                ("state", "tamper", "d.z", "off"),
            ],
        ),
        ("0367fb0004687b", "em300-th", [("reading", "temperature", "d", 25.1), ("reading", "humidity", "d", 61.5)]),
        ("03f8040000000000", "VS373", FELL),
        ("06fb01000001ff06fb0200000200", "VS373", [("alarm", "fall", "d", "on"), ("alarm", "fall", "d", "off")]),
        (
            "20ce80d1e86afb007b01",
            "EM300-MLD",
            [
                ("reading", "temperature", "d", 25.1, "past"),
                ("reading", "humidity", "d", 61.5, "past"),
                ("alarm", "water_leak", "d", "on", "past"),
                ("heartbeat", "heartbeat", "d", None),
            ],
        ),
        (b'{"smoke":1}'.hex(), "any", [("alarm", "smoke", "d", "on")]),
    ],
)
def test_bytes_that_are_certain_are_read(content: str, product: str, expected: list[tuple[Any, ...]]) -> None:
    assert uplink(content, product) == expected


@pytest.mark.parametrize(
    ("content", "product"),
    [
        ("030001", "WS523"),
        ("030001", ""),
        ("2211640C1C42", "GS524N"),
        ("22116401", "GS524N"),
        ("05", "ws303"),
        ("0300", "ws303"),
        ("ffff01", "ws303"),
        (b"{smoke".hex(), "x"),
    ],
)
def test_bytes_that_are_not_certain_are_kept_with_a_sign_of_life(content: str, product: str) -> None:
    (beat,) = said_of_uplink(None, b64encode(bytes.fromhex(content)).decode(), Telling(device="d"), product)
    assert (beat.event_class.value, beat.attributes["undecoded"]) == ("heartbeat", content.lower())


@pytest.mark.parametrize("written", ["", None, 7, "no base64!", "AA==" * 1000])
def test_no_bytes_are_a_sign_of_life(written: object) -> None:
    assert [short(each) for each in said_of_uplink({}, written, Telling(device="d"), "ws303")] == [
        ("heartbeat", "heartbeat", "d", None)
    ]


def test_a_number_under_alarm_beside_a_valve_of_another_maker_is_no_word_of_its_power() -> None:
    said = said_of_object({"alarm": 1, "valve_status": "closed"}, Telling(device="d"), "other gas detector")
    assert [short(each) for each in said] == [("alarm", "other_alarm", "d", "on")]
