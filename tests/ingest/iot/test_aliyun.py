"""Aliyun IoT: devices' own messages and what the platform forwards; events, status, packs, history, wrappings."""

import base64
import json
from typing import Any

import pytest

from tests.ingest.iot.cloud_kit import AT, events, reasons, said

SYS = "/sys/a1Xy/d1/thing/event"


def at(value: object, time: int = AT) -> dict[str, object]:
    return {"time": time, "value": value}


@pytest.mark.parametrize(
    ("topic", "body", "expected"),
    [
        (f"{SYS}/property/post", {"params": {"SmokeSensorState": at(1)}}, [("smoke", "on", "d1")]),
        (f"{SYS}/property/post", {"params": {"SmokeSensorState": 0}}, [("smoke", "off", "d1")]),
        (
            "/a1Xy/d1/thing/event/property/post",
            {"deviceName": "d1", "items": {"WaterSensorState": at(1)}},
            [("water_leak", "on", "d1")],
        ),
        (f"{SYS}/property/post", {"params": {"GasSensorState": at(2)}}, [("gas", "on", "d1")]),
        (f"{SYS}/property/post", {"params": {"WF": at(23.6)}}, [("heartbeat", None, "d1")]),
        (f"{SYS}/SmokeAlarm/post", {"params": {"value": {"x": 1}, "time": AT}}, [("smoke", "on", "d1")]),
        (
            f"{SYS}/a/post",
            {"params": {"value": {"smoke": 0}, "time": AT}, "method": "thing.event.a.post"},
            [("smoke", "off", "d1")],
        ),
        ("", {"identifier": "Fault", "type": "alert", "deviceName": "d1", "value": {}}, [("device_fault", "on", "d1.fault")]),
        ("", {"identifier": "e7", "type": "error", "deviceName": "d1", "value": {}}, [("device_fault", "on", "d1.event")]),
        ("/as/mqtt/status/a1Xy/d1", {"status": "online"}, [("heartbeat", None, "d1"), ("device_fault", "off", "d1.offline")]),
        ("", {"status": "offline", "deviceName": "d1"}, [("device_fault", "on", "d1.offline")]),
    ],
)
def test_what_is_posted(topic: str, body: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    assert [
        each for each in said("aliyun", body, topic) if each[0] != "heartbeat" or len(expected) == 1 or "status" in body
    ] == expected


def test_of_a_status_the_instant_with_its_zone_is_taken() -> None:
    body = {"status": "offline", "deviceName": "d1", "time": "2018-08-31 15:32:28.205", "utcTime": "2018-08-31T07:32:28.205Z"}
    (gone,) = events("aliyun", body)
    assert (gone.occurred_at, "assumed_timezone" in gone.attributes) == (1_535_700_748_205, False)


def test_an_event_has_its_own_time() -> None:
    body = {"identifier": "SmokeAlarm", "type": "alert", "deviceName": "d1", "gmtCreate": AT + 900, "value": {}, "time": AT}
    assert [each.occurred_at for each in events("aliyun", body)] == [AT]


PACK = {
    "method": "thing.event.property.pack.post",
    "params": {
        "properties": {"temperature": at(20)},
        "events": {"LowBattery": at({})},
        "subDevices": [{"identity": {"productKey": "p", "deviceName": "s1"}, "properties": {"smoke": at(1)}, "events": {}}, 7],
    },
}


def test_a_gateways_pack_is_of_each_of_its_devices() -> None:
    found = events("aliyun", PACK, f"{SYS}/property/pack/post")
    assert [(each.kind, each.device, each.attributes.get("gateway")) for each in found] == [
        ("temperature", "d1", None),
        ("device_fault", "d1.battery_low", None),
        ("smoke", "s1", "d1"),
    ]


def test_history_is_of_the_past() -> None:
    record = {
        "identity": {"productKey": "p", "deviceName": "s1"},
        "properties": [{"smoke": at(1)}],
        "events": [{"SmokeAlarm": at({})}],
    }
    found = events("aliyun", {"params": [record]}, f"{SYS}/property/history/post")
    assert [(each.kind, each.device, each.is_retained, each.occurred_at) for each in found] == [("smoke", "s1", True, AT)] * 2


def test_what_a_queue_put_around_it_is_taken_off() -> None:
    inner = {"status": "offline", "deviceName": "d1"}
    wrapped = base64.b64encode(json.dumps(inner).encode()).decode()
    queued = {"payload": wrapped, "messagetype": "status", "topic": "/as/mqtt/status/a1Xy/d1", "messageid": 1}
    forwarded = {"messageId": "7", "topic": "/as/mqtt/status/a1Xy/d1", "content": inner}
    for body in (queued, forwarded):
        assert said("aliyun", body) == [("device_fault", "on", "d1.offline")]


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        (f"{SYS}/property/post_reply", {"code": 200}, "ignored"),
        ("/sys/a1Xy/d1/thing/service/property/set", {"params": {"smoke": 1}}, "ignored"),
        ("", {"params": {"smoke": 1}}, "missing_field"),
        ("", {"deviceName": "d1"}, "ignored"),
        ("", {"deviceName": "d1", "status": "unknowable"}, "ignored"),
        ("", {"payload": "no base64!", "messagetype": "upload"}, "bad_bytes"),
        ("", [], "not_an_object"),
    ],
)
def test_what_says_nothing_or_is_wrong(topic: str, body: object, reason: str) -> None:
    assert reasons("aliyun", body, topic) == [reason]
