"""ChirpStack v4: each event, and the traps of its uplinks."""

from typing import Any

import pytest

from rules.model import Rejected
from tests.ingest.iot.listening import heard, short, told

TOPIC = "application/17c82e96/device/24e124535d012345/event/"
EUI = "24e124535d012345"
UP: dict[str, object] = {
    "deduplicationId": "3ac7e3c4",
    "time": "2026-11-03T08:05:06.775023242+08:00",
    "deviceInfo": {"deviceName": "kitchen 0502", "deviceProfileName": "Milesight GS524N", "devEui": EUI},
    "fPort": 85,
    "data": "IhFkDBxB",
    "rxInfo": [{"gatewayId": "far", "rssi": -110}, {"gatewayId": "near", "rssi": -48}],
}


def said(kind: str, body: dict[str, object]) -> list[tuple[Any, ...]]:
    return [short(each) for each in heard("chirpstack", TOPIC + kind, body)]


def test_an_uplink_is_heard_once_when_the_network_heard_it_with_the_gateway_that_heard_it_best() -> None:
    (alarm,) = heard("chirpstack", TOPIC + "up", UP | {"fCnt": 7, "object": {"event": "alarm"}})
    assert short(alarm) == ("alarm", "smoke", EUI, "on")
    assert (alarm.occurred_at, alarm.id, alarm.seq) == (1_793_664_306_775, "3ac7e3c4-up-0", 7)
    assert dict(alarm.attributes) == {"event": "alarm", "name": "kitchen 0502", "gateway": "near"}


def test_the_first_count_is_left_out_because_it_is_0() -> None:
    assert {each.seq for each in heard("chirpstack", TOPIC + "up", UP)} == {0}


def test_an_uplink_of_history_alone_is_a_sign_of_life_now() -> None:
    past = {"history": [{"timestamp": 1_793_620_800, "leakage_status": "leak"}]}
    assert said("up", UP | {"object": past}) == [
        ("alarm", "water_leak", EUI, "on", "past"),
        ("heartbeat", "heartbeat", EUI, None),
    ]


def test_an_identity_or_a_name_that_ours_may_not_be_costs_no_alarm() -> None:
    strange = {
        "deduplicationId": "a b\u202e" * 90,
        "deviceInfo": {"devEui": "e u/i", "deviceName": "hall\u0000\n1"},
        "object": {"smoke": 1},
    }
    (alarm,) = heard("chirpstack", "", strange)
    assert (alarm.kind, alarm.attributes["name"]) == ("smoke", "hall1")
    assert len(alarm.id) < 40


def test_without_a_decoder_the_bytes_are_read_where_the_profile_names_the_product() -> None:
    assert said("up", UP)[0] == ("alarm", "smoke", EUI, "on")
    unnamed = UP | {"deviceInfo": {"devEui": EUI, "deviceProfileName": "EU868 class A"}}
    (beat,) = heard("chirpstack", TOPIC + "up", unnamed)
    assert (short(beat), beat.attributes["undecoded"]) == (("heartbeat", "heartbeat", EUI, None), "2211640c1c41")


def test_a_decoder_that_failed_leaves_a_sign_of_life() -> None:
    assert said("up", {"deviceInfo": {"devEui": EUI}, "object": {}}) == [("heartbeat", "heartbeat", EUI, None)]
    assert said("up", {"deviceInfo": {"devEui": EUI}, "object": {"vendor": "x"}}) == [("heartbeat", "heartbeat", EUI, None)]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"batteryLevel": 65.5, "margin": 10}, [("reading", "battery", EUI, 65.5), ("heartbeat", "heartbeat", EUI, None)]),
        ({"margin": 10, "batteryLevelUnavailable": True, "batteryLevel": 0}, [("heartbeat", "heartbeat", EUI, None)]),
        ({"externalPowerSource": True, "batteryLevel": 0}, [("heartbeat", "heartbeat", EUI, None)]),
        ({"batteryLevel": 255}, [("heartbeat", "heartbeat", EUI, None)]),
    ],
)
def test_a_status_tells_the_battery_unless_it_is_not_known(status: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    body = {"deviceInfo": {"devEui": EUI}, **status}
    assert said("status", body) == expected
    assert [short(each) for each in heard("chirpstack", "", body)] == expected


@pytest.mark.parametrize("kind", ["join", "location"])
def test_what_only_shows_that_it_lives_is_a_sign_of_life(kind: str) -> None:
    assert said(kind, {"deviceInfo": {"devEui": EUI}, "devAddr": "00189440"}) == [("heartbeat", "heartbeat", EUI, None)]


def test_a_gateway_that_is_lost_is_a_fault_of_its_own_and_its_word_for_it_is_left_out() -> None:
    topic = "eu868/gateway/0016c001f153a14c/state/conn"
    lost = ("alarm", "device_fault", "0016c001f153a14c.offline", "on")
    assert [short(each) for each in heard("chirpstack", topic, {"gatewayId": "0016c001f153a14c"})] == [lost]
    assert [short(each) for each in heard("chirpstack", topic, {"state": "OFFLINE"})] == [lost]
    assert [each.state for each in heard("chirpstack", topic, {"state": "ONLINE"})] == [None, "off"]
    assert heard("chirpstack", topic, {"state": "RETIRED"}) == []


@pytest.mark.parametrize("kind", ["ack", "txack", "log", "integration"])
def test_the_network_s_own_events_are_of_no_concern(kind: str) -> None:
    assert said(kind, UP) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (UP, "alarm"),
        ({"deviceInfo": {"devEui": EUI}, "devAddr": "00189440"}, "heartbeat"),
    ],
)
def test_by_http_the_fields_tell_which_event_it_is(body: dict[str, object], expected: str) -> None:
    assert heard("chirpstack", "", body)[0].event_class.value == expected


def test_by_http_a_log_and_what_is_no_event_are_of_no_concern() -> None:
    assert heard("chirpstack", "", {"level": "ERROR", "code": "UPLINK_CODEC"}) == []
    assert heard("chirpstack", "", {"hello": 1}) == []


def test_the_topic_names_the_device_where_the_body_does_not_and_without_either_it_is_refused() -> None:
    assert said("up", {"object": {"gas_status": 1}}) == [("alarm", "gas", EUI, "on")]
    refused = told("chirpstack", "", {"object": {"gas_status": 1}})
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", {"a": 1, "deviceInfo": 7, "data": 9, "rxInfo": 7, "fPort": []}])
def test_what_is_no_event_is_refused(body: object) -> None:
    refused = told("chirpstack", "", body)
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)
