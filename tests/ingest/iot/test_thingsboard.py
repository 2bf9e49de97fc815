"""ThingsBoard: its samples with their meaning, and whose message it is."""

from typing import Any

import pytest

from rules.model import Rejected
from tests.ingest.iot.listening import SAMPLES, heard, short, told

TELEMETRY = "v1/devices/me/telemetry"


def said(topic: str, body: object) -> list[tuple[Any, ...]]:
    return [short(each) for each in heard("thingsboard", topic, body)]


@pytest.mark.needs("recordings")
def test_the_samples_of_the_documentation() -> None:
    simple = heard("thingsboard", TELEMETRY, (SAMPLES / "thingsboard" / "telemetry_simple.json").read_bytes())
    assert [(short(each), each.unit, each.occurred_at) for each in simple] == [
        (("reading", "temperature", "me", 22.5), "°C", None),
        (("reading", "humidity", "me", 61.0), "%", None),
    ]
    gateway = heard("thingsboard", "v1/gateway/telemetry", (SAMPLES / "thingsboard" / "gateway_telemetry.json").read_bytes())
    assert [(each.device[:8], each.kind, each.value, each.occurred_at) for each in gateway] == [
        ("Device-A", "temperature", 42.0, 1_483_228_800_000),
        ("Device-A", "humidity", 80.0, 1_483_228_800_000),
        ("Device-A", "temperature", 43.0, 1_483_228_801_000),
        ("Device-A", "humidity", 82.0, 1_483_228_801_000),
        ("Device-B", "temperature", 42.0, 1_483_228_800_000),
        ("Device-B", "humidity", 80.0, 1_483_228_800_000),
    ]
    assert len({each.device for each in gateway}) == 2
    assert len({each.id for each in gateway}) == 6


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"smoke": True, "temperature": 40}, [("alarm", "smoke", "me", "on"), ("reading", "temperature", "me", 40.0)]),
        ({"smoke": True, "test": True}, [("alarm", "smoke", "me", "on", "test")]),
        ({"ts": 1_793_664_306_000, "values": {"gas": "True"}}, [("alarm", "gas", "me", "on")]),
        ({"values": {"gas": "True"}}, [("alarm", "gas", "me", "on")]),
        (
            [{"temp_f": 212}, {"ts": 1, "values": {"water_level_cm": 27}}],
            [("reading", "temperature", "me", 100.0), ("reading", "water_level", "me", 270.0)],
        ),
        ({"rpm": 3}, [("heartbeat", "heartbeat", "me", None)]),
        ({"deviceName": "hall-1", "smoke": 1}, [("alarm", "smoke", "hall-1", "on")]),
    ],
)
def test_what_a_device_publishes(body: object, expected: list[tuple[Any, ...]]) -> None:
    assert said(TELEMETRY, body) == expected


@pytest.mark.parametrize(
    ("topic", "device"),
    [
        ("v1/devices/me/telemetry", "me"),
        ("v1/devices/me/attributes", "me"),
        ("v2/t", "me"),
        ("v1/devices/hall-1/telemetry", "hall-1"),
        ("tb/hall-1/telemetry", "hall-1"),
        ("/api/v1/A1_SECRET_TOKEN/telemetry", "me"),
        ("api/v1/A1_SECRET_TOKEN/attributes", "me"),
        ("telemetry", "me"),
        ("", "me"),
    ],
)
def test_who_speaks_and_a_secret_is_nobody(topic: str, device: str) -> None:
    assert said(topic, {"smoke": True}) == [("alarm", "smoke", device, "on")]


def test_the_time_is_that_of_the_record() -> None:
    timed, untimed = heard("thingsboard", TELEMETRY, [{"ts": 1_793_664_306_000, "values": {"smoke": 1}}, {"smoke": 0}])
    assert (timed.occurred_at, untimed.occurred_at) == (1_793_664_306_000, None)


def test_a_gateway_tells_of_its_devices() -> None:
    assert said("v1/gateway/attributes", {"A": {"battery": 87, "fw": "1.0"}, "B": {"fw": "2.1"}}) == [
        ("reading", "battery", "A", 87.0),
        ("heartbeat", "heartbeat", "B", None),
    ]
    assert said("v1/gateway/connect", {"device": "A"}) == [
        ("heartbeat", "heartbeat", "A", None),
        ("alarm", "device_fault", "A.offline", "off"),
    ]
    assert said("v1/gateway/disconnect", {"device": "A"}) == [("alarm", "device_fault", "A.offline", "on")]
    assert said("v1/gateway/disconnect", {"device": None}) == []
    assert said("v1/gateway/telemetry", {"A": 7}) == []


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("v1/gateway/attributes", {"device": "A", "data": {"alarm": True}}),
        ("v1/devices/me/attributes/response/1", {"client": {"smoke": True}}),
        ("v1/devices/me/rpc/request/1", {"method": "setAlarm", "params": {"smoke": True}}),
        ("v1/gateway/rpc", {"device": "A", "data": {"smoke": True}}),
        ("v1/devices/me/claim", {"secretKey": "x"}),
    ],
)
def test_what_the_server_says_is_no_fact(topic: str, body: object) -> None:
    assert said(topic, body) == []


@pytest.mark.parametrize(
    ("topic", "body"),
    [(TELEMETRY, b"{"), (TELEMETRY, [1, 2]), (TELEMETRY, "smoke"), ("v1/gateway/telemetry", []), (TELEMETRY, b"")],
)
def test_what_is_no_telemetry_is_refused(topic: str, body: object) -> None:
    refused = told("thingsboard", topic, body)
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)


@pytest.mark.parametrize(
    ("body", "reason"),
    [([{"a": 1}] * 2000, "too_many"), (b"[" + b'{"a":1},' * 70_000 + b"{}]", "too_large")],
    ids=["many", "large"],
)
def test_a_flood_is_refused_before_all_of_it_is_read(body: object, reason: str) -> None:
    refused = told("thingsboard", TELEMETRY, body)
    assert isinstance(refused, list)
    assert [each.reason for each in refused if isinstance(each, Rejected)] == [reason]
