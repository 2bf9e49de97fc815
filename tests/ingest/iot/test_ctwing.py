"""CTWing AEP: the three reports, LiAn's codes, base64 payloads, words for nothing; and the platforms of Huawei's make."""

import base64
from typing import Any

import pytest

from rules.model import Event, Status
from tests.ingest.iot.cloud_kit import AT, events, reasons, said
from tests.ingest.iot.gb26875_kit import data, frame, part

SMOKE, OK = ("smoke", "on", "d1"), ("smoke", "off", "d1")


def report(payload: object, **more: object) -> dict[str, object]:
    """A data report as the platform sends it, with its words for nothing."""
    base = {"messageType": "dataReport", "deviceId": "d1", "IMEI": "860374051096202", "IMSI": "undefined", "timestamp": AT}
    return {**base, "serviceId": "", "protocol": "lwm2m", "upPacketSN": -1, "payload": payload, **more}


def lian(code: object) -> dict[str, object]:
    service = {"TData": 30, "SNR": 1, "RSRP": 114, "CSQ": 5, "Battery_Level": 100, "Alarm_Status": code, "AlarmLevel": 100}
    return report({"serviceId": "notification", "serviceData": service})


def fault(name: str, state: str) -> tuple[str, str, str]:
    return ("device_fault", state, f"d1.{name}")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (1, [SMOKE]),
        ("1", [SMOKE]),
        (14, [SMOKE]),
        (7, [OK, *(fault(name, "off") for name in ("battery_low", "fault", "bad_data", "abnormal", "removed"))]),
        (4, [fault("battery_low", "on")]),
        (5, [fault("fault", "on")]),
        (6, [fault("bad_data", "on")]),
        (13, [fault("abnormal", "on")]),
        (10, [fault("removed", "on")]),
        (11, [fault("removed", "off")]),
        (12, [("heartbeat", None, "d1"), fault("offline", "off")]),
        (2, [("heartbeat", None, "d1")]),
        (8, [("heartbeat", None, "d1")]),
        (9, [("heartbeat", None, "d1")]),
        (99, [("heartbeat", None, "d1")]),
        ("undefined", []),
    ],
)
def test_what_each_state_of_lians_smoke_detector_says(code: object, expected: list[tuple[Any, ...]]) -> None:
    assert said("ctwing", lian(code)) == [("battery", 100.0, "d1"), *expected]


def test_a_simulated_alarm_is_a_test_and_a_silenced_one_does_not_end() -> None:
    (simulated,) = [each for each in events("ctwing", lian(14)) if each.kind == "smoke"]
    assert simulated.status is Status.TEST
    (silenced,) = [each for each in events("ctwing", lian(2)) if each.kind == "heartbeat"]
    assert silenced.attributes["alarm_status"] == "silenced"


def test_it_says_when_and_of_which_module_and_nothing_undefined() -> None:
    (smoke,) = [each for each in events("ctwing", lian(1)) if each.kind == "smoke"]
    assert (smoke.occurred_at, dict(smoke.attributes)) == (AT, {"imei": "860374051096202"})
    (bare,) = events("ctwing", report({"smoke": 1}, IMEI="undefined"))
    assert dict(bare.attributes) == {}


@pytest.mark.parametrize(
    ("state", "expected", "concentration"), [(0, "off", None), (1, "on", "low"), (2, "on", "high"), (7, None, None)]
)
def test_what_a_gas_detector_says(state: int, expected: str | None, concentration: str | None) -> None:
    body = report({"valve_state": 2, "temperature": 0, "gas_value": 0, "gas_sensor_state": state, "battery_voltage": 1.1})
    gas = [each for each in events("ctwing", body) if each.kind == "gas"]
    assert [(each.state, each.attributes.get("concentration")) for each in gas] == (
        [(expected, concentration)] if expected else []
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"smoke_state": 1}, [SMOKE]),
        ({"smoke_state": 0, "error_code": 0}, [fault("error", "off"), OK]),
        ({"error_code": 3}, [fault("error", "on")]),
        ({"battery_state": 1, "battery_value": 12}, [fault("battery_low", "on")]),
        ({"temperature": "21.5", "humidity": "undefined"}, [("temperature", 21.5, "d1")]),
        ({}, [("heartbeat", None, "d1")]),
    ],
)
def test_what_decoded_fields_say(fields: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    assert said("ctwing", report(fields)) == expected


def sent(content: bytes) -> dict[str, object]:
    return report({"APPdata": base64.b64encode(content).decode()})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"smoke": "True", "temperature": 54}', [("smoke", "on", "d1"), ("temperature", 54.0, "d1")]),
        (b'{"Alarm_Status": 1}', [SMOKE]),
        (b"PU\x00\x0c\x10\x00", [("heartbeat", None, "d1")]),  # a maker's own bytes
        (b'[{"smoke": "True"}]', [SMOKE]),
        (b"", [("heartbeat", None, "d1")]),
    ],
)
def test_what_was_sent_through_in_base64(content: bytes, expected: list[tuple[Any, ...]]) -> None:
    assert said("ctwing", sent(content)) == expected


@pytest.mark.parametrize("content", [b'{"smoke": "True"', b'{"Alarm_Status" 1}', b'[{"smoke": 1'])
def test_what_was_sent_through_and_is_broken_is_refused_beside_a_sign_of_life(content: bytes) -> None:
    assert said("ctwing", sent(content)) == [("heartbeat", None, "d1")]
    assert len(reasons("ctwing", sent(content))) == 1


def test_a_payload_that_is_a_text_with_json_in_it_is_read_and_no_code_ends_what_another_field_says() -> None:
    assert said("ctwing", report('{"Alarm_Status": 1}')) == [SMOKE]
    assert reasons("ctwing", report('{"Alarm_Status": 1')) == ["not_json"]
    assert [each for each in said("ctwing", report({"Alarm_Status": 7, "smoke_state": 1})) if each[0] == "smoke"] == [SMOKE]


def test_one_wrong_part_of_a_report_does_not_silence_the_others() -> None:
    body = {"messageType": "dataReportTupUnion", "deviceId": "d1", "timestamp": AT, "payload": ["x", {"smoke": 1}]}
    assert (said("ctwing", body), reasons("ctwing", body)) == ([SMOKE], ["not_an_object"])


def test_a_fire_transmitter_that_speaks_through_the_platform_is_understood() -> None:
    assert said("ctwing", sent(frame(data(2, part(3))).content))[0] == ("smoke", "on", "000000000379.1-1-10-2")


@pytest.mark.parametrize(
    ("event_type", "content", "expected"),
    [
        (2, {"gas_sensor_state": 1}, [("gas", "on", "d1")]),
        (2, {"battery_voltage": 1, "battery_state": 1}, [fault("battery_low", "on")]),
        (2, {"Alarm_Status": 1}, [SMOKE]),
        (2, {"what": "ever"}, [("other_alarm", "on", "d1")]),
        (3, {"what": "ever"}, [fault("event", "on")]),
        (3, None, [fault("event", "on")]),
        (1, {"utc": 1716543925000, "projectcode": "1000"}, [("heartbeat", None, "d1")]),
    ],
)
def test_what_an_event_report_says(event_type: int, content: object, expected: list[tuple[Any, ...]]) -> None:
    body = {"messageType": "eventReport", "deviceId": "d1", "serviceId": 1002, "eventType": event_type, "eventContent": content}
    found = said("ctwing", {**body, "timestamp": AT, "IMSI": "undefined"})
    assert [each for each in found if each[0] != "heartbeat" or len(found) == 1] == expected


def test_online_and_offline_are_of_the_same_device_as_its_data() -> None:
    body = {"messageType": "deviceOnlineOfflineReport", "deviceId": "d1", "iccid": "undefined", "timestamp": AT}
    assert said("ctwing", {**body, "eventType": 1}) == [("heartbeat", None, "d1"), fault("offline", "off")]
    assert said("ctwing", {**body, "eventType": 0}) == [fault("offline", "on")]
    assert reasons("ctwing", {**body, "eventType": 7}) == ["ignored"]


def test_parts_of_a_bundle_are_each_understood() -> None:
    bundle = [{"serviceId": 1, "serviceData": {"smoke_state": 1}}, {"serviceId": 2, "serviceData": {"temperature": 20}}]
    assert said("ctwing", report(bundle, messageType="dataReportTupUnion")) == [SMOKE, ("temperature", 20.0, "d1")]


def iotda(body: object) -> dict[str, object]:
    return {"resource": "device.property", "event": "report", "notify_data": {"header": {"device_id": "d1"}, "body": body}}


def test_huaweis_platform_and_its_elder_are_understood() -> None:
    services = [{"service_id": "smoke", "properties": {"smoke_state": 1}, "event_time": "20151212T121212Z"}]
    (smoke,) = events("ctwing", iotda({"services": services}))
    assert (smoke.kind, smoke.state, smoke.occurred_at, smoke.attributes) == ("smoke", "on", 1_449_922_332_000, {})
    assert said("ctwing", iotda({"status": "OFFLINE"})) == [fault("offline", "on")]
    assert said("ctwing", iotda({"status": "ONLINE"})) == [("heartbeat", None, "d1"), fault("offline", "off")]
    assert reasons("ctwing", iotda({"status": "FROZEN"})) == reasons("ctwing", iotda({"services": 1})) == ["ignored"]
    old = {
        "notifyType": "deviceDataChanged",
        "deviceId": "d1",
        "service": {"data": {"smoke_state": 1}, "eventTime": "20151212T121212Z"},
    }
    assert said("ctwing", old) == [SMOKE]
    assert said("ctwing", {**old, "service": None}) == [("heartbeat", None, "d1")]


def test_a_place_is_told_and_one_that_is_none_is_kept_as_doubtful() -> None:
    (far,) = events("ctwing", report({"time": AT, "longitude": -174, "latitude": -86}))
    assert (far.attributes["latitude"], far.attributes["longitude"]) == (-86, -174)
    (unknown,) = events("ctwing", report({"longitude": 0.0, "latitude": 0.0}))
    assert "doubtful_place" in unknown.attributes


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"messageType": "dataReport", "payload": {}}, "missing_field"),
        ({"messageType": "dataReport", "deviceId": "undefined", "payload": {}}, "missing_field"),
        (report({"APPdata": "no base64!"}), "bad_bytes"),
        (report("text"), "not_an_object"),
        ({"messageType": "commandResponse", "deviceId": "d1"}, "ignored"),
        ({"notify_data": {}}, "missing_field"),
        ([], "not_an_object"),
    ],
)
def test_what_says_nothing_or_is_wrong(body: object, reason: str) -> None:
    assert reasons("ctwing", body) == [reason]


def test_a_push_repeated_is_the_same_event() -> None:
    first, again = (events("ctwing", lian(1)) for _ in range(2))
    assert [each.id for each in first] == [each.id for each in again]
    assert all(isinstance(each, Event) for each in first)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("smoke_alarm", {"temperature": 60}, [SMOKE, ("temperature", 60.0, "d1")]),
        ("FireAlarm", {"battery_state": 0}, [SMOKE, fault("battery_low", "off")]),
        ("smoke_alarm", {"smoke_state": 0}, [OK]),
        ("alarm", {"smoke_state": 1}, [SMOKE]),
    ],
)
def test_an_alarm_in_the_name_of_an_event_is_heard_beside_its_fields(
    name: str, content: object, expected: list[tuple[Any, ...]]
) -> None:
    body = {"messageType": "eventReport", "deviceId": "d1", "serviceId": name, "eventType": 2, "eventContent": content}
    assert said("ctwing", body) == expected


def test_an_alarm_in_the_name_of_an_event_of_a_detector_that_tests_is_a_test() -> None:
    body = {"messageType": "eventReport", "deviceId": "d1", "serviceId": "smoke_alarm", "eventContent": {"self_test": True}}
    assert [(each.kind, each.status) for each in events("ctwing", body)] == [("smoke", Status.TEST)]
