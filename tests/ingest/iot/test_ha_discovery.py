"""Home Assistant discovery: announced, understood, removed; templates never evaluated; memory bounded."""

from typing import Any

import pytest

from ingest.adapter import Adapter, Ignored, device_name, understand
from ingest.formats import FORMATS
from ingest.iot.ha_entities import BYTES_MAX, Entities, read_config
from rules.model import Event, Rejected, Status
from tests.ingest.iot.listening import foreign

STATE = "zb/kitchen"
CONFIG = "homeassistant/binary_sensor/0x1/smoke/config"


def tell(adapter: Adapter, topic: str, body: object, *, is_retained: bool = False) -> Ignored | list[Event | Rejected]:
    return understand(adapter, foreign(topic, body, is_retained=is_retained))


def config(**more: object) -> dict[str, object]:
    base = {
        "device_class": "smoke",
        "state_topic": STATE,
        "value_template": "{{ value_json.v }}",
        "device": {"identifiers": ["0x1"]},
    }
    return {**base, **more}


def opened(topic: str, announced: object) -> Adapter:
    adapter = FORMATS["ha_discovery"].opens()
    assert isinstance(tell(adapter, topic, announced, is_retained=True), Ignored)
    return adapter


def said(adapter: Adapter, topic: str, body: object) -> list[tuple[Any, ...]]:
    told = tell(adapter, topic, body)
    events = [] if isinstance(told, Ignored) else [each for each in told if isinstance(each, Event)]
    return [(each.kind, each.state if each.value is None else each.value, each.device) for each in events]


@pytest.mark.parametrize(
    ("device_class", "on", "off"),
    [
        ("smoke", ("smoke", "on", "0x1"), ("smoke", "off", "0x1")),
        ("gas", ("gas", "on", "0x1"), ("gas", "off", "0x1")),
        ("carbon_monoxide", ("carbon_monoxide", "on", "0x1"), ("carbon_monoxide", "off", "0x1")),
        ("moisture", ("moisture", "wet", "0x1"), ("moisture", "dry", "0x1")),
        ("door", ("opening", "open", "0x1"), ("opening", "closed", "0x1")),
        ("presence", ("occupancy", "on", "0x1"), ("occupancy", "off", "0x1")),
        ("tamper", ("tamper", "on", "0x1"), ("tamper", "off", "0x1")),
        ("battery", ("device_fault", "on", "0x1.battery_low"), ("device_fault", "off", "0x1.battery_low")),
        ("problem", ("device_fault", "on", "0x1.problem"), ("device_fault", "off", "0x1.problem")),
        ("safety", None, None),
        ("vibration", None, None),
    ],
)
def test_what_each_class_of_binary_sensor_says(device_class: str, on: object, off: object) -> None:
    adapter = opened(f"homeassistant/binary_sensor/0x1/{device_class}/config", config(device_class=device_class))
    assert said(adapter, STATE, {"v": "ON"}) == ([on] if on else [])
    assert said(adapter, STATE, {"v": "OFF"}) == ([off] if off else [])


def test_connectivity_is_a_heartbeat_and_its_loss_a_fault() -> None:
    adapter = opened(CONFIG, config(device_class="connectivity"))
    assert said(adapter, STATE, {"v": "ON"}) == [("heartbeat", None, "0x1.smoke"), ("device_fault", "off", "0x1.smoke.offline")]


@pytest.mark.parametrize(
    ("device_class", "unit", "value", "expected"),
    [
        ("temperature", "°C", 21.5, ("temperature", 21.5)),
        ("temperature", "°F", "70.7", ("temperature", 21.5)),
        ("voltage", "mV", 3000, ("voltage", 3.0)),
        ("humidity", "%", 48, ("humidity", 48.0)),
        ("sound_pressure", "dB", 60, ("noise", 60.0)),
        ("temperature", "°R", 5, None),  # a unit that we do not know
        ("gas", "m³", 5, None),  # a meter
        ("moisture", "%", 5, None),  # of soil
        ("temperature", "°C", "unavailable", None),
        ("temperature", "°C", None, None),
    ],
)
def test_what_sensors_say_in_our_units(device_class: str, unit: str, value: object, expected: tuple[Any, ...] | None) -> None:
    announced = config(device_class=device_class, unit_of_measurement=unit)
    adapter = opened(f"homeassistant/sensor/0x1/{device_class}/config", announced)
    assert [each[:2] for each in said(adapter, STATE, {"v": value})] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("on", "off", "value", "state"),
    [
        (True, False, True, "on"),
        (True, False, "True", "on"),
        ("true", "false", False, "off"),
        ("1", "0", 1, "on"),
        ("alarm", "normal", "normal", "off"),
        ("alarm", "normal", "preheat", None),
        (True, False, None, None),
        (True, False, {"v": 1}, None),
    ],
)
def test_on_and_off_are_what_was_announced(on: object, off: object, value: object, state: str | None) -> None:
    adapter = opened(CONFIG, config(payload_on=on, payload_off=off))
    assert [each[1] for each in said(adapter, STATE, {"v": value})] == ([state] if state else [])


@pytest.mark.parametrize(
    ("template", "body"),
    [
        ("{{ value_json.a }}", {"a": "ON"}),
        ("{{value_json.a}}", {"a": "ON"}),
        ("{{- value_json['a b'] -}}", {"a b": "ON"}),
        ('{{ value_json["a"].b }}', {"a": {"b": "ON"}}),
        ("{{ value_json.a.b['c'].d }}", {"a": {"b": {"c": {"d": "ON"}}}}),
        ("{{ value }}", "ON"),
        ("", "ON"),
        (None, "ON"),
    ],
)
def test_templates_that_name_a_key_are_read_as_that_name(template: object, body: object) -> None:
    assert said(opened(CONFIG, config(value_template=template)), STATE, body) == [("smoke", "on", "0x1")]


@pytest.mark.parametrize(
    "template",
    [
        "{% if value_json.a > 3 %}ON{% endif %}",
        "{{ value_json.a | int }}",
        "{{ value_json.a.__class__.__mro__ ",
        "{{ value_json[a] }}",
        "{{ value_json.a.b.c.d.e }}",
        "{{ states('sensor.x') }}",
        "{{ value_json.a }}{{ value_json.b }}",
        "{{ " + "x" * 1500 + " }}",
        7,
    ],
)
def test_no_other_template_is_evaluated(template: object) -> None:
    adapter = opened(CONFIG, config(value_template=template))
    told = tell(adapter, STATE, {"a": "ON", "b": "ON"})
    assert isinstance(told, Ignored)
    assert "template" in told.reason


def test_an_empty_announcement_removes_the_entity() -> None:
    adapter = opened(CONFIG, config())
    assert said(adapter, STATE, {"v": "ON"}) == [("smoke", "on", "0x1")]
    assert isinstance(tell(adapter, CONFIG, b""), Ignored)
    assert said(adapter, STATE, {"v": "ON"}) == []


def test_announced_anew_it_speaks_where_it_says_now() -> None:
    adapter = opened(CONFIG, config())
    tell(adapter, CONFIG, config(state_topic="elsewhere"))
    assert said(adapter, STATE, {"v": "ON"}) == []
    assert said(adapter, "elsewhere", {"v": "ON"}) == [("smoke", "on", "0x1")]


def test_several_entities_of_a_device_speak_at_one_topic() -> None:
    adapter = opened(CONFIG, config())
    tell(
        adapter,
        "homeassistant/sensor/0x1/temperature/config",
        config(device_class="temperature", value_template="{{ value_json.t }}"),
    )
    assert said(adapter, STATE, {"v": "OFF", "t": 20}) == [("smoke", "off", "0x1"), ("temperature", 20.0, "0x1")]


@pytest.mark.parametrize(
    ("topic", "more", "device"),
    [
        (CONFIG, {}, "0x1"),
        ("homeassistant/binary_sensor/0x1_smoke/config", {}, "0x1"),
        ("homeassistant/binary_sensor/0x1/smoke_l2/config", {}, "0x1.l2"),
        ("homeassistant/binary_sensor/hall/config", {"device": {}, "unique_id": "u7"}, "u7"),
        ("homeassistant/binary_sensor/hall/config", {"device": None}, "hall"),
        ("homeassistant/binary_sensor/kitchen_smoke/config", {"device": {"ids": "0x1", "name": "Kitchen"}}, "0x1"),
    ],
)
def test_how_a_device_is_called(topic: str, more: dict[str, object], device: str) -> None:
    assert said(opened(topic, config(**more)), STATE, {"v": "ON"}) == [("smoke", "on", device)]


def test_short_names_and_a_base_topic_are_read() -> None:
    short = {"~": "a/b", "stat_t": "~/state", "dev_cla": "smoke", "pl_on": "yes", "dev": {"ids": ["0x1"]}}
    assert said(opened(CONFIG, short), "a/b/state", "yes") == [("smoke", "on", "0x1")]


def test_a_whole_device_announces_its_parts_at_once() -> None:
    whole = {
        "dev": {"ids": ["0x1"]},
        "stat_t": STATE,
        "cmps": {
            "smoke": {"p": "binary_sensor", "dev_cla": "smoke", "val_tpl": "{{ value_json.v }}"},
            "temperature": {"p": "sensor", "dev_cla": "temperature", "val_tpl": "{{ value_json.t }}"},
            "bell": {"p": "button"},
            "broken": 7,
        },
    }
    adapter = opened("homeassistant/device/0x1/config", whole)
    assert said(adapter, STATE, {"v": "ON", "t": 20}) == [("smoke", "on", "0x1"), ("temperature", 20.0, "0x1")]


def test_availability_is_a_heartbeat_and_a_shared_one_is_of_the_gateway() -> None:
    own = {"topic": "k/availability", "value_template": "{{ value_json.state }}"}
    shared = {"topic": "bridge/state", "payload_available": "up", "payload_not_available": "down"}
    adapter = opened(CONFIG, config(availability=[own, shared]))
    assert said(adapter, "bridge/state", "down") == [("device_fault", "on", "0x1.offline")]
    tell(adapter, "homeassistant/binary_sensor/0x2/smoke/config", config(device={"identifiers": ["0x2"]}, availability=[shared]))
    assert said(adapter, "k/availability", {"state": "online"}) == [
        ("heartbeat", None, "0x1"),
        ("device_fault", "off", "0x1.offline"),
    ]
    assert said(adapter, "k/availability", {"state": "offline"}) == [("device_fault", "on", "0x1.offline")]
    ((kind, state, device),) = said(adapter, "bridge/state", "down")
    assert (kind, state, device) == ("device_fault", "on", f"{device_name('bridge/state')}.offline")
    assert said(adapter, "bridge/state", "sideways") == []


def test_a_retained_state_is_a_copy_of_the_past() -> None:
    told = tell(opened(CONFIG, config()), STATE, {"v": "ON"}, is_retained=True)
    assert isinstance(told, list)
    assert [each.is_retained for each in told if isinstance(each, Event)] == [True]


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("homeassistant/button/0x1/press/config", {"command_topic": "x"}),
        ("nobody/speaks/here", "ON"),
        (STATE, b""),
        (STATE, {"other": 1}),
    ],
)
def test_what_is_of_no_concern(topic: str, body: object) -> None:
    assert isinstance(tell(opened(CONFIG, config()), topic, body), Ignored)


@pytest.mark.parametrize(
    ("topic", "body", "reason"), [(CONFIG, "{", "not_json"), (CONFIG, [], "not_an_object"), (STATE, b"x" * 65_537, "too_large")]
)
def test_what_is_wrong_is_refused(topic: str, body: object, reason: str) -> None:
    told = tell(opened(CONFIG, config()), topic, body)
    assert isinstance(told, list)
    assert [each.reason for each in told if isinstance(each, Rejected)] == [reason]


def test_what_is_remembered_has_a_bound() -> None:
    entities = Entities()
    for index in range(2000):
        config_topic = f"homeassistant/binary_sensor/{index}/config"
        entities.announce(config_topic, dict(read_config("binary_sensor", str(index), config(state_topic=f"s/{index}"))))
    assert entities._size <= BYTES_MAX
    assert 0 < len(entities) < 2000
    assert entities.at("s/0") == []  # the first announced is the first forgotten
    assert len(entities.at("s/1999")) == 1
    for index in range(2000):
        entities.announce(f"homeassistant/binary_sensor/{index}/config", {})
    assert (len(entities), entities._size, entities._by_topic) == (0, 0, {})


@pytest.mark.parametrize(
    ("beside", "status"),
    [
        ({}, Status.ACTUAL),
        ({"test": False, "silence": "false"}, Status.ACTUAL),
        ({"test": True}, Status.TEST),
        ({"self_test": "checking"}, Status.TEST),
        ({"preheat": "true"}, Status.TEST),
    ],
)
def test_a_detector_that_tests_raises_no_real_alarm(beside: dict[str, object], status: Status) -> None:
    adapter = opened(CONFIG, config(payload_on=True, payload_off=False))
    told = tell(adapter, STATE, {"v": True, **beside})
    assert not isinstance(told, Ignored)
    assert [(each.kind, each.state, each.status) for each in told if isinstance(each, Event)] == [("smoke", "on", status)]
