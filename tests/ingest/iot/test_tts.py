"""The Things Stack: its samples with their meaning, and the traps of its uplinks."""

from typing import Any

import pytest

from rules.model import Rejected
from tests.ingest.iot.listening import SAMPLES, heard, short, told

TOPIC = "v3/app1@tenant1/devices/dev1/up"
IDS = {"device_id": "dev1", "dev_eui": "0004A30B001C0530"}


def uplink(**fields: object) -> dict[str, object]:
    return {"end_device_ids": IDS, "uplink_message": {"received_at": "2026-11-03T00:05:06.014773143Z", **fields}}


def said(body: object) -> list[tuple[Any, ...]]:
    return [short(each) for each in heard("tts", TOPIC, body)]


@pytest.mark.needs("recordings")
def test_the_sample_of_the_documentation() -> None:
    (reading,) = heard("tts", TOPIC, (SAMPLES / "the_things_stack" / "uplink.json").read_bytes())
    assert short(reading) == ("reading", "temperature", "dev1", 1.0)
    assert (reading.unit, reading.occurred_at, reading.seq) == ("°C", 1_581_520_545_789, 1)
    assert dict(reading.attributes) == {"luminosity": 0.64, "dev_eui": "0004A30B001C0530", "gateway": "gtw1"}


@pytest.mark.needs("recordings")
@pytest.mark.parametrize("name", ["downlink_ack", "downlink_failed", "downlinks"])
def test_what_goes_down_is_of_no_concern(name: str) -> None:
    assert said((SAMPLES / "the_things_stack" / f"{name}.json").read_bytes()) == []


def test_a_field_that_is_left_out_says_nothing() -> None:
    assert said(uplink(decoded_payload={"battery": 100})) == [("reading", "battery", "dev1", 100.0)]
    assert said(uplink(decoded_payload={"leakage_status": "leak"})) == [("alarm", "water_leak", "dev1", "on")]


def test_simulated_traffic_is_a_test() -> None:
    assert said(uplink(decoded_payload={"smoke": True}) | {"simulated": True}) == [("alarm", "smoke", "dev1", "on", "test")]


def test_the_first_count_is_left_out_because_it_is_0() -> None:
    (event,) = heard("tts", TOPIC, uplink(decoded_payload={"smoke": True}))
    assert event.seq == 0


def test_an_uplink_that_is_delivered_twice_has_one_identity_and_the_next_another() -> None:
    body = uplink(session_key_id="AXA50tHUGUucuzS/bCGMNw==", f_cnt=4, decoded_payload={"press": "short", "battery": 90})
    again = body | {"correlation_ids": ["other"]}
    later = uplink(session_key_id="AXA50tHUGUucuzS/bCGMNw==", f_cnt=5, decoded_payload={"press": "short", "battery": 90})
    first, second, third = ([each.id for each in heard("tts", TOPIC, each)] for each in (body, again, later))
    assert first == second
    assert len({*first, *third}) == 4


def test_without_a_decoder_the_model_tells_what_the_bytes_are() -> None:
    named = {"version_ids": {"brand_id": "milesight-iot", "model_id": "em300-mld"}, "frm_payload": "AXVkBQAB"}
    assert said(uplink(**named)) == [("reading", "battery", "dev1", 100.0), ("alarm", "water_leak", "dev1", "on")]
    (beat,) = heard("tts", TOPIC, uplink(frm_payload="gkHe"))
    assert (short(beat), beat.attributes["undecoded"]) == (("heartbeat", "heartbeat", "dev1", None), "8241de")


def test_the_server_s_own_measurements_are_read_where_there_are_no_others() -> None:
    measured = {
        "air": {"temperature": 20.4, "relativeHumidity": 40, "lightIntensity": 500},
        "water": {"leak": True},
        "battery": 3.3,
    }
    moved = {"action": {"motion": {"detected": True}, "contactState": "open"}, "soil": {"temperature": 9}}
    assert said(uplink(normalized_payload=[measured, moved, 7])) == [
        ("reading", "temperature", "dev1", 20.4),
        ("reading", "humidity", "dev1", 40.0),
        ("reading", "illuminance", "dev1", 500.0),
        ("alarm", "water_leak", "dev1", "on"),
        ("state", "motion", "dev1", "on"),
        ("state", "opening", "dev1", "open"),
    ]
    assert said(uplink(normalized_payload=[{"soil": {"moisture": 3}}])) == [("heartbeat", "heartbeat", "dev1", None)]


def test_a_webhook_may_bring_them_alone() -> None:
    body = {"end_device_ids": IDS, "uplink_normalized": {"normalized_payload": {"water": {"leak": True}}}}
    assert said(body) == [("alarm", "water_leak", "dev1", "on")]


def test_the_last_battery_is_told_with_its_own_time() -> None:
    last = {"f_cnt": 1, "value": 87.4, "received_at": "2026-11-03T00:00:00Z"}
    beat, battery = heard("tts", TOPIC, uplink(last_battery_percentage=last))
    assert (short(beat)[1], short(battery)) == ("heartbeat", ("reading", "battery", "dev1", 87.4))
    assert battery.occurred_at == 1_793_664_000_000


def test_a_join_is_a_sign_of_life() -> None:
    assert said({"end_device_ids": IDS, "join_accept": {"session_key_id": "x"}}) == [("heartbeat", "heartbeat", "dev1", None)]


def test_the_topic_names_the_device_where_the_body_does_not() -> None:
    assert said({"uplink_message": {"decoded_payload": {"smoke": 1}}}) == [("alarm", "smoke", "dev1", "on")]


@pytest.mark.parametrize("body", [b"", b"[]", {"uplink_message": {"decoded_payload": {"smoke": 1}}}])
def test_what_names_no_device_is_refused(body: object) -> None:
    refused = told("tts", "", body)
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)
