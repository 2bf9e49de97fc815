"""Eclipse Ditto: its samples with their meaning, changes at every depth, and messages in and out."""

from typing import Any

import pytest

from rules.model import Rejected
from tests.ingest.iot.listening import SAMPLES, heard, short, told

D = "org.jade:b03"


def envelope(path: str, value: object, topic: str = "twin/events/modified", **more: object) -> dict[str, object]:
    return {"topic": f"org.jade/b03/things/{topic}", "headers": {}, "path": path, "value": value, **more}


def said(path: str, value: object, topic: str = "twin/events/modified") -> list[tuple[Any, ...]]:
    return [short(each) for each in heard("ditto", "any", envelope(path, value, topic))]


@pytest.mark.needs("recordings")
def test_the_sample_of_a_changed_feature_in_our_unit_and_its_wishes_are_no_facts() -> None:
    events = heard("ditto", "any", (SAMPLES / "ditto" / "featuremodified.json").read_bytes())
    thing = "org.eclipse.ditto:fancy-thing.accelerometer"
    assert [short(each) for each in events] == [
        ("reading", "acceleration", f"{thing}.x", 30.802688),
        ("reading", "acceleration", f"{thing}.y", 26.654475),
        ("reading", "acceleration", f"{thing}.z", 9.80665),
    ]
    assert {each.unit for each in events} == {"m/s²"}
    assert {each.seq for each in events} == {1}


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    "name", ["modifyfeatureproperties", "modifyfeatureproperty", "message_to_feature_inbox", "message_to_thing_inbox"]
)
def test_the_samples_of_commands_and_of_messages_to_a_device_are_of_no_concern(name: str) -> None:
    assert heard("ditto", "any", (SAMPLES / "ditto" / f"{name}.json").read_bytes()) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (
            "/",
            {"thingId": D, "features": {"f": {"properties": {"smoke": True}}, "g": {}, "h": 7}},
            ("alarm", "smoke", f"{D}.f", "on"),
        ),
        ("/features", {"f": {"properties": {"gas": "False"}}}, ("alarm", "gas", f"{D}.f", "off")),
        ("/features/f", {"properties": {"humidity": 48}}, ("reading", "humidity", f"{D}.f", 48.0)),
        ("/features/f/properties", {"smoke": True, "mute": True}, ("alarm", "smoke", f"{D}.f", "on", "test")),
        ("/features/f/properties/temperature", 21.5, ("reading", "temperature", f"{D}.f", 21.5)),
        ("/features/f/properties/status/temperature", 21.5, ("reading", "temperature", f"{D}.f", 21.5)),
        (
            "/features/temperature/properties",
            {"value": 70, "unit": "°F"},
            ("reading", "temperature", f"{D}.temperature", 21.111111),
        ),
        ("/features/temperature/properties", {"value": 20}, ("reading", "temperature", f"{D}.temperature", 20.0)),
        ("/features/smokedetector/properties", {"alarm": True}, ("alarm", "smoke", f"{D}.smokedetector", "on")),
        ("/features/smoke-detector/properties/alarm", "false", ("alarm", "smoke", f"{D}.smoke-detector", "off")),
        ("/features/WaterLeakSensor/properties/alarm", True, ("alarm", "water_leak", f"{D}.WaterLeakSensor", "on")),
    ],
)
def test_a_change_is_told_at_every_depth(path: str, value: object, expected: tuple[Any, ...]) -> None:
    assert said(path, value) == [expected]


@pytest.mark.parametrize(
    ("path", "value", "topic"),
    [
        ("/features/f/desiredProperties", {"smoke": True}, "twin/events/modified"),
        ("/attributes", {"smoke": True}, "twin/events/modified"),
        ("/features/f/properties/smoke", None, "twin/events/deleted"),
        ("/features/f/properties", {"smoke": True}, "twin/commands/modify"),
        ("/features/f/properties", {"smoke": True}, "twin/errors/x"),
        ("/features/f", 7, "twin/events/modified"),
        ("/", 7, "twin/events/modified"),
        ("/features", [1], "twin/events/modified"),
        ("/features/f/properties", None, "twin/events/merged"),
        ("/features/s/inbox/messages/smokedetected", True, "live/messages/smokedetected"),
        ("/outbox/messages/hello", "hi", "live/messages/hello"),
    ],
)
def test_what_is_no_fact_of_the_thing_says_nothing(path: str, value: object, topic: str) -> None:
    assert said(path, value, topic) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("/features/smokedetector/outbox/messages/smokedetected", None, ("alarm", "smoke", f"{D}.smokedetector", "on")),
        ("/features/smokedetector/outbox/messages/smokeDetected", "false", ("alarm", "smoke", f"{D}.smokedetector", "off")),
        ("/features/smokedetector/outbox/messages/alarm", "kitchen", ("alarm", "smoke", f"{D}.smokedetector", "on")),
        ("/features/d/outbox/messages/smokedetected", {"smoke": False}, ("alarm", "smoke", f"{D}.d", "off")),
        ("/features/d/outbox/messages/smokedetected", {"smoke": True, "test": 1}, ("alarm", "smoke", f"{D}.d", "on", "test")),
        ("/outbox/messages/sos", {}, ("alarm", "sos", D, "on")),
    ],
)
def test_what_a_device_sends_is_told_by_its_subject_or_its_value(path: str, value: object, expected: tuple[Any, ...]) -> None:
    assert said(path, value, "live/messages/x") == [expected]


def test_the_revision_orders_and_with_the_content_names_an_event() -> None:
    first = envelope("/features/f/properties", {"smoke": True}, revision=12, timestamp="2026-11-03T00:05:06Z")
    other = envelope("/features/f/properties", {"smoke": False}, revision=12, timestamp="2026-11-03T00:05:06Z")
    (one,), (again,), (changed,) = (heard("ditto", "any", each) for each in (first, first, other))
    assert (one.seq, one.occurred_at, one.id) == (12, 1_793_664_306_000, again.id)
    assert changed.id != one.id


@pytest.mark.parametrize("body", [b"", b"[]", {"path": "/"}, {"topic": "a/b", "path": "/"}])
def test_what_is_no_envelope_is_refused(body: object) -> None:
    refused = told("ditto", "any", body)
    assert isinstance(refused, list)
    assert isinstance(refused[0], Rejected)


def test_a_policy_is_no_thing() -> None:
    assert heard("ditto", "any", {"topic": "ns/a/policies/twin/events/modified", "path": "/", "value": {}}) == []
