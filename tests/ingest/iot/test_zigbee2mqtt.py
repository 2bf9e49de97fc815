"""Zigbee2MQTT: each line of its table, and each trap that was seen in the wild."""

from typing import Any

import pytest

from ingest.adapter import Ignored, understand
from ingest.formats import FORMATS
from rules.model import Event, EventClass, Status
from tests.ingest.iot.listening import foreign

ZONES = {"kitchen": "b03/u1/0502"}


def heard(topic: str, body: object, *, is_retained: bool = False) -> list[Event]:
    told = understand(FORMATS["zigbee2mqtt"].opens(), foreign(topic, body, is_retained=is_retained, zones=ZONES))
    return [] if isinstance(told, Ignored) else [each for each in told if isinstance(each, Event)]


def said(body: object, topic: str = "zigbee2mqtt/kitchen") -> list[tuple[Any, ...]]:
    return [(each.event_class.value, each.kind, each.state if each.value is None else each.value) for each in heard(topic, body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"smoke": True}, [("alarm", "smoke", "on")]),
        ({"smoke": False}, [("alarm", "smoke", "off")]),
        ({"gas": "True"}, [("alarm", "gas", "on")]),
        ({"gas": "False"}, [("alarm", "gas", "off")]),
        ({"water_leak": True, "tamper": False}, [("alarm", "water_leak", "on"), ("state", "tamper", "off")]),
        ({"contact": False}, [("state", "opening", "open")]),
        ({"contact": True}, [("state", "opening", "closed")]),
        ({"occupancy": True, "illuminance": 12}, [("state", "occupancy", "on"), ("reading", "illuminance", 12.0)]),
        ({"action": "emergency"}, [("alarm", "sos", "on")]),
        ({"action": "panic"}, [("alarm", "sos", "on")]),
        ({"sos": True, "action": None}, [("alarm", "sos", "on")]),
        ({"sos": False}, []),
        ({"action": ""}, []),
        ({"action": None}, []),
        ({"smoke": None, "gas": "maybe"}, []),
        ({"temperature": 21.5, "humidity": "48"}, [("reading", "temperature", 21.5), ("reading", "humidity", 48.0)]),
        ({"voltage": 3000, "battery": 80}, [("reading", "battery", 80.0), ("reading", "voltage", 3.0)]),
        ({"voltage": 231}, [("reading", "voltage", 231.0)]),
        ({"smoke_density": 12}, []),
        ({"linkquality": 120}, []),
    ],
)
def test_what_each_field_says(body: dict[str, object], expected: list[tuple[Any, ...]]) -> None:
    assert said(body) == expected


@pytest.mark.parametrize(
    "doing", [{"test": True}, {"self_test": "testing"}, {"preheat": True}, {"silence": True}, {"test": "True"}]
)
def test_a_detector_that_tests_preheats_or_is_silenced_raises_no_real_alarm(doing: dict[str, object]) -> None:
    assert [each.status for each in heard("zigbee2mqtt/kitchen", {"smoke": True, "gas": True, **doing})] == [Status.TEST] * 2


def test_a_self_test_that_is_over_is_no_test() -> None:
    (event,) = heard("zigbee2mqtt/kitchen", {"smoke": True, "test": False, "self_test": None})
    assert event.status is Status.ACTUAL


def test_an_action_comes_also_as_a_bare_word() -> None:
    assert said(b"emergency", "zigbee2mqtt/kitchen/action") == [("alarm", "sos", "on")]
    assert said(b"", "zigbee2mqtt/kitchen/action") == []


def test_a_name_may_have_levels_and_spaces_and_no_two_meet_in_one() -> None:
    (slash,) = heard("zigbee2mqtt/living room/smoke", {"smoke": True})
    (dash,) = heard("zigbee2mqtt/living-room-smoke", {"smoke": True})
    assert slash.device.startswith("living-room-smoke-")
    assert dash.device == "living-room-smoke"
    assert said(b"online", "zigbee2mqtt/living room/smoke/availability")


@pytest.mark.parametrize("online", [b"online", b'{"state":"online"}'])
def test_availability_is_a_heartbeat_and_its_loss_a_fault(online: bytes) -> None:
    beat, back = heard("zigbee2mqtt/kitchen/availability", online)
    (gone,) = heard("zigbee2mqtt/kitchen/availability", b'{"state":"offline"}')
    assert (beat.event_class, beat.device) == (EventClass.HEARTBEAT, "kitchen")
    assert (gone.kind, gone.state, gone.attributes["fault"]) == ("device_fault", "on", "offline")
    assert (back.kind, back.state, back.device) == ("device_fault", "off", gone.device)


def test_two_faults_of_one_device_do_not_end_each_other() -> None:
    low, trouble = sorted(heard("zigbee2mqtt/kitchen", {"battery_low": True, "trouble": False}), key=lambda each: each.device)
    assert (low.device, low.state, trouble.device, trouble.state) == ("kitchen.battery_low", "on", "kitchen.trouble", "off")


@pytest.mark.parametrize(
    ("last_seen", "at"), [("2026-03-02T10:00:00.000Z", 1_772_445_600_000), (1_772_445_600_000, 1_772_445_600_000), (None, None)]
)
def test_when_it_was_seen_is_read_as_the_bridge_is_set(last_seen: object, at: int | None) -> None:
    (event,) = heard("zigbee2mqtt/kitchen", {"smoke": True, "last_seen": last_seen})
    assert event.occurred_at == at


def test_a_retained_copy_says_so_and_a_known_place_is_filled_in() -> None:
    (event,) = heard("zigbee2mqtt/kitchen", {"smoke": True}, is_retained=True)
    assert (event.is_retained, event.zone) == (True, "b03/u1/0502")


@pytest.mark.parametrize("topic", ["zigbee2mqtt/bridge/state", "zigbee2mqtt/kitchen/set", "zigbee2mqtt"])
def test_what_is_no_device_is_of_no_concern(topic: str) -> None:
    assert heard(topic, {"smoke": True}) == []
