"""OneNET: properties with their own times, events, life cycle, places, and the older data points."""

import json
from typing import Any

import pytest

from rules.model import Status
from tests.ingest.iot.cloud_kit import AT, events, reasons, said


def notify(kind: str, params: object) -> dict[str, object]:
    return {
        "productId": "C6z4Zk012B",
        "deviceId": 1343759,
        "deviceName": "d1",
        "messageType": "notify",
        "notifyType": kind,
        "data": {"id": "1631522002438", "version": "1.0", "params": params},
    }


def at(value: object, time: int = AT) -> dict[str, object]:
    return {"time": time, "value": value}


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"smoke": at(True)}, [("smoke", "on", "d1")]),
        ({"SmokeAlarm": at("false")}, [("smoke", "off", "d1")]),
        ({"temperature": at("25.6"), "humidity": at(60.2)}, [("temperature", 25.6, "d1"), ("humidity", 60.2, "d1")]),
        ({"CurrentTemperature": at(24.0), "FlameScope": at(3)}, [("temperature", 24.0, "d1")]),
        ({"pressure": at(1013.25), "enum": at(2)}, [("heartbeat", None, "d1")]),
        ({}, [("heartbeat", None, "d1")]),
    ],
)
def test_what_properties_say(params: object, expected: list[tuple[Any, ...]]) -> None:
    assert said("onenet", notify("property", params)) == expected


def test_each_value_has_its_own_time() -> None:
    smoke, warm = events("onenet", notify("property", {"smoke": at(True, AT), "temperature": at(50, AT + 27)}))
    assert (smoke.occurred_at, warm.occurred_at) == (AT, AT + 27)


def test_a_self_test_makes_all_of_it_a_test_whatever_its_time() -> None:
    found = events("onenet", notify("property", {"self_test": at(True, AT), "smoke": at(True, AT + 5)}))
    assert [(each.kind, each.status) for each in found] == [("smoke", Status.TEST)]


@pytest.mark.parametrize(
    ("name", "said_of_it", "expected"),
    [
        ("event1", {"eventType": "info", "time": AT, "value": {"response": 12}}, [("heartbeat", None, "d1")]),
        ("alarm1", {"eventType": "alert", "time": AT, "value": {"smoke": 1}}, [("smoke", "on", "d1")]),
        ("gas_alarm", {"eventType": "alert", "time": AT, "value": {"level": 2}}, [("gas", "on", "d1")]),
        ("LowBattery", {"eventType": "alert", "time": AT, "value": {}}, [("device_fault", "on", "d1.battery_low")]),
        ("e7", {"eventType": "error", "time": AT, "value": {}}, [("device_fault", "on", "d1.event")]),
    ],
)
def test_what_events_say(name: str, said_of_it: object, expected: list[tuple[Any, ...]]) -> None:
    found = events("onenet", notify("event", {name: said_of_it}))
    assert [(each.kind, each.state, each.device) for each in found if each.kind != "heartbeat" or len(found) == 1] == expected
    assert {each.occurred_at for each in found} == {AT}


def life(status: object) -> dict[str, object]:
    return {"deviceName": "d1", "messageType": "lifeCycle", "data": {"status": status, "time": AT}}


def test_online_and_offline() -> None:
    assert said("onenet", life("online")) == [("heartbeat", None, "d1"), ("device_fault", "off", "d1.offline")]
    assert said("onenet", life("offline")) == [("device_fault", "on", "d1.offline")]
    assert reasons("onenet", life("created")) == ["ignored"]


def test_a_place_is_of_a_sign_of_life() -> None:
    body = {"deviceName": "d1", "messageType": "lbsAndWifi", "timestamp": AT, "data": {"lon": 126.08448, "lat": 39.22312}}
    (beat,) = events("onenet", body)
    assert (beat.kind, dict(beat.attributes)) == ("heartbeat", {"latitude": 39.22312, "longitude": 126.08448})


def test_the_message_may_be_a_text_an_object_or_a_list() -> None:
    inner = notify("property", {"smoke": at(True)})
    for body in ({"msg": json.dumps(inner)}, {"msg": inner}, {"msg": [inner, life("created")]}):
        assert said("onenet", body) == [("smoke", "on", "d1")]


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ({"type": 1, "ds_id": "smoke", "value": 1}, [("smoke", "on", "860")]),
        ({"type": 2, "status": 0}, [("device_fault", "on", "860.offline")]),
        ({"type": 2, "status": 1}, [("heartbeat", None, "860"), ("device_fault", "off", "860.offline")]),
    ],
)
def test_what_older_data_points_say(point: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    assert said("onenet", {"msg": {"at": AT, "imei": "860", "dev_id": 5, **point}}) == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"messageType": "notify"}, "missing_field"),
        ({"msg": "no json"}, "not_json"),
        ({"msg": 7}, "not_an_object"),
        ({"msg": []}, "ignored"),
        ({"deviceName": "d1", "messageType": "reply"}, "ignored"),
        ({"deviceName": "d1", "messageType": "notify", "notifyType": "property", "data": {}}, "ignored"),
    ],
)
def test_what_says_nothing_or_is_wrong(body: object, reason: str) -> None:
    assert reasons("onenet", body) == [reason]


def test_one_wrong_message_of_several_does_not_silence_the_others() -> None:
    body = {"msg": [1, {"messageType": "notify"}, notify("property", {"smoke": at(True)})]}
    assert (said("onenet", body), reasons("onenet", body)) == ([("smoke", "on", "d1")], ["not_an_object", "missing_field"])
