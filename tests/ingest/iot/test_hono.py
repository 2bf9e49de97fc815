"""Eclipse Hono: its samples with their meaning, and the forms of its topics."""

from typing import Any

import pytest

from rules.model import Rejected
from tests.ingest.iot.listening import SAMPLES, heard, short, told


def said(topic: str, body: object) -> list[tuple[Any, ...]]:
    return [short(each) for each in heard("hono", topic, body)]


@pytest.mark.needs("recordings")
def test_the_samples_of_the_documentation() -> None:
    assert said("telemetry", (SAMPLES / "hono" / "telemetry_temp.json").read_bytes()) == [("reading", "temperature", "hono", 5.0)]
    assert said("event", (SAMPLES / "hono" / "event_alarm.json").read_bytes()) == [("alarm", "other_alarm", "hono", "on")]


@pytest.mark.parametrize(
    ("topic", "device"),
    [
        ("event/jade/hall-1", "hall-1"),
        ("telemetry/jade/hall-1", "hall-1"),
        ("e/jade/hall-1", "hall-1"),
        ("event//hall-1", "hall-1"),
        ("/event/jade/hall-1/?hono-ttl=10&content-type=application%2Fjson", "hall-1"),
        ("event/?hono-ttl=10", "hono"),
        ("event", "hono"),
    ],
)
def test_who_speaks(topic: str, device: str) -> None:
    assert said(topic, {"smoke": True}) == [("alarm", "smoke", device, "on")]


def test_a_device_may_name_itself_and_its_time() -> None:
    (event,) = heard("hono", "event", {"device_id": "hall-1", "sos": 1, "timestamp": 1_793_664_306})
    assert (event.device, event.occurred_at) == ("hall-1", 1_793_664_306_000)


@pytest.mark.parametrize("body", [b"", b" ", b"hello", b"\x00\xff", {"rpm": 3}])
def test_what_says_nothing_is_a_sign_of_life(body: object) -> None:
    assert said("event/jade/hall-1", body) == [("heartbeat", "heartbeat", "hall-1", None)]


def test_a_ditto_envelope_is_read_as_one() -> None:
    envelope = {"topic": "ns/a/things/twin/events/modified", "path": "/features/f/properties", "value": {"smoke": True}}
    assert said("event/jade/hall-1", envelope) == [("alarm", "smoke", "ns:a.f", "on")]


def test_commands_are_of_no_concern_and_broken_json_is_refused() -> None:
    assert said("command/jade/hall-1/req/1/alarm", {"smoke": True}) == []
    refused = told("hono", "event/jade/hall-1", b'{"smoke":')
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)
