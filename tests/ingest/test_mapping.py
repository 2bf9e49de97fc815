"""A declarative mapping at work: values, states, conditions, records, times, identities; and what a record lacks."""

from pathlib import Path
from typing import Any

import pytest

from ingest.adapter import Ignored
from ingest.mapping import BYTES_MAX
from rules.model import Event, Rejected, Status
from tests.ingest.mapping_kit import GOOD, HEAD, understood


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def said(mapping: str, body: object, folder: Path, topic: str = "box/d1/up") -> list[Any]:
    """Kind with value or state for events, the reason for what is refused."""
    answer = understood(mapping, body, folder, topic)
    if isinstance(answer, Ignored):
        return []
    return [
        each.reason if isinstance(each, Rejected) else (each.kind, each.state if each.value is None else each.value)
        for each in answer
    ]


def one(mapping: str, body: object, folder: Path, topic: str = "box/d1/up") -> Event:
    answer = understood(mapping, body, folder, topic)
    assert isinstance(answer, list)
    (event,) = answer
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize(
    ("event", "field", "expected"),
    [
        ("{class: reading, kind: temperature, value: $.x}", 21.5, [("temperature", 21.5)]),
        ("{class: reading, kind: temperature, value: $.x}", "21.5", [("temperature", 21.5)]),
        ("{class: reading, kind: temperature, value: $.x, unit: °F}", 70.7, [("temperature", 21.5)]),
        ("{class: reading, kind: temperature, value: $.x, unit: °C}", 20, [("temperature", 20.0)]),
        ("{class: reading, kind: water_level, value: $.x, unit: cm}", 12, [("water_level", 120.0)]),
        ("{class: reading, kind: temperature, value: $.x, factor: 0.1, offset: -40}", 615, [("temperature", 21.5)]),
        ("{class: reading, kind: temperature, value: $.x}", None, [("temperature", None)]),
        ("{class: reading, kind: temperature, value: $.x}", "undefined", [("temperature", None)]),
        ("{class: reading, kind: temperature, value: $.x}", "hot", ["wrong_type"]),
        ("{class: reading, kind: temperature, value: $.x}", True, ["wrong_type"]),
        ("{class: alarm, kind: smoke, state: $.x}", True, [("smoke", "on")]),
        ("{class: alarm, kind: smoke, state: $.x}", "0", [("smoke", "off")]),
        ("{class: alarm, kind: smoke, state: $.x}", "ON", [("smoke", "on")]),
        ("{class: alarm, kind: smoke, state: $.x}", None, []),  # neither raises nor ends
        ("{class: alarm, kind: smoke, state: $.x}", "perhaps", ["wrong_state"]),
        ("{class: alarm, kind: smoke, state: $.x, states: {on: [1, fire], off: 0}}", "Fire ", [("smoke", "on")]),
        ("{class: alarm, kind: smoke, state: $.x, states: {on: [1, fire], off: 0}}", "1.0", [("smoke", "on")]),
        ("{class: alarm, kind: smoke, state: $.x, states: {on: [1, fire], off: 0}}", 0, [("smoke", "off")]),
        ("{class: alarm, kind: smoke, state: $.x, states: {on: [true]}}", "True", [("smoke", "on")]),
        ("{class: alarm, kind: smoke, state: $.x, states: {on: [2]}}", 1, ["wrong_state"]),
        ("{class: state, kind: opening, state: $.x}", "closed", [("opening", "closed")]),
        ("{class: state, kind: opening, state: $.x}", True, [("opening", "open")]),
        ("{class: state, kind: opening, state: $.x}", None, [("opening", None)]),
        ("{class: alarm, kind: sos, when: record.x == 7}", 7, [("sos", "on")]),
        ("{class: alarm, kind: sos, when: record.x == 7}", 8, []),
        ("{class: alarm, kind: sos, when: record.x > 7}", "text", ["wrong_type"]),  # cannot be judged: never silently false
        ("{class: heartbeat}", 1, [("heartbeat", None)]),
    ],
)
def test_what_one_field_says(event: str, field: object, expected: list[Any], folder: Path) -> None:
    assert said(f"{HEAD}  - {event}\n", {"sn": "d1", "x": field}, folder) == expected


def test_what_a_path_does_not_find_is_not_said(folder: Path) -> None:
    events = "  - {class: reading, kind: temperature, value: $.t}\n  - {class: alarm, kind: smoke, state: $.a}\n"
    assert said(HEAD + events, {"sn": "d1"}, folder) == []
    assert said(HEAD + events, {"sn": "d1", "a": 1}, folder) == [("smoke", "on")]


def test_one_event_that_is_wrong_costs_no_other(folder: Path) -> None:
    events = "  - {class: reading, kind: temperature, value: $.t}\n  - {class: alarm, kind: smoke, state: $.a}\n"
    assert said(HEAD + events, {"sn": "d1", "t": "hot", "a": 1}, folder) == ["wrong_type", ("smoke", "on")]


def test_records_their_message_and_the_topic(folder: Path) -> None:
    mapping = GOOD.replace("device: $.sn", "each: $.data[*]\ndevice: $.sn\ngateway: message:$.gw\nwhen: record.kind != 'debug'")
    body = {"gw": "g1", "data": [{"sn": "d1", "kind": "s", "a": 1}, {"kind": "debug"}, {"sn": "d2", "kind": "s", "a": 0}]}
    answer = understood(mapping, body, folder)
    assert isinstance(answer, list)
    events = [each for each in answer if isinstance(each, Event)]
    assert [(each.device, each.state, each.attributes["gateway"]) for each in events] == [("d1", "on", "g1"), ("d2", "off", "g1")]
    for level in ("topic:1", "topic:-2"):
        assert one(GOOD.replace("$.sn", level), {"a": 1}, folder, "box/d7/up").device == "d7"


@pytest.mark.parametrize("body", [{"a": 1}, {"sn": None, "a": 1}, {"sn": "", "a": 1}, {"sn": {}, "a": 1}])
def test_a_record_without_a_device_is_refused(body: object, folder: Path) -> None:
    assert said(GOOD, body, folder) == ["missing_field"]


@pytest.mark.parametrize(
    ("line", "status", "is_past"),
    [
        ("test: record.m == 1", Status.TEST, False),
        ("exercise: record.m == 1", Status.EXERCISE, False),
        ("past: record.m == 1", Status.ACTUAL, True),
        ("test: record.m == 2", Status.ACTUAL, False),
    ],
)
def test_what_is_no_real_alarm_says_so(line: str, status: Status, is_past: bool, folder: Path) -> None:
    event = one(GOOD.replace("events:", f"{line}\nevents:"), {"sn": "d1", "a": 1, "m": 1}, folder)
    assert (event.status, event.is_retained) == (status, is_past)


def test_a_condition_of_the_record_that_cannot_be_judged_refuses_it(folder: Path) -> None:
    assert said(GOOD.replace("events:", "test: record.m == 1\nevents:"), {"sn": "d1", "a": 1}, folder) == ["wrong_type"]
    assert said(GOOD.replace("events:", "when: record.m == 1\nevents:"), {"sn": "d1", "a": 1}, folder) == ["wrong_type"]


def test_time_identity_place_part_and_attributes(folder: Path) -> None:
    lines = "at: $.t\nid: $.no\nlatitude: $.y\nlongitude: $.x\n"
    event = "  - {class: alarm, kind: device_fault, state: $.a, fault: battery_low, attributes: {level: $.l, none: $.none}}\n"
    body = {"sn": "d1", "a": 1, "t": 1_793_664_306, "no": 77, "y": 30.6, "x": 104.1, "l": "high"}
    found = one(HEAD.replace("events:", f"{lines}events:") + event, body, folder)
    assert (found.id.partition("-")[0], found.occurred_at, found.device) == ("77", 1_793_664_306_000, "d1.battery_low")
    assert dict(found.attributes) == {"latitude": 30.6, "longitude": 104.1, "fault": "battery_low", "level": "high"}


@pytest.mark.parametrize(
    ("changed", "is_news"),
    [
        ({}, False),
        ({"level": 4}, False),
        ({"a": 0}, True),
        ({"t": 1_793_664_307}, True),
        ({"m": 1}, True),
        ({"words": "gas"}, True),
    ],
)
def test_a_record_that_says_something_else_under_its_old_number_is_heard(
    changed: dict[str, object], *, is_news: bool, folder: Path
) -> None:
    mapping = HEAD.replace("events:", "id: $.no\nat: $.t\ntest: has(record.m)\nevents:") + (
        "  - {class: alarm, kind: smoke, state: $.a, attributes: {text: $.words, level: $.level}}\n"
    )
    record = {"sn": "d1", "no": 77, "a": 1, "t": 1_793_664_306, "words": "fire", "level": 3}
    first, second = (one(mapping, record | each, folder) for each in ({}, changed))
    assert (first.id != second.id) is is_news


def test_a_reading_that_is_corrected_under_its_old_number_is_heard(folder: Path) -> None:
    mapping = HEAD.replace("events:", "id: $.no\nevents:") + "  - {class: reading, kind: temperature, value: $.t}\n"
    assert len({one(mapping, {"sn": "d1", "no": 77, "t": value}, folder).id for value in (20, 20, 21)}) == 2


def test_several_events_of_one_record_have_identities_of_their_own(folder: Path) -> None:
    events = "  - {class: reading, kind: temperature, value: $.t}\n  - {class: alarm, kind: smoke, state: $.a}\n"
    answer = understood(HEAD.replace("events:", "id: $.no\nevents:") + events, {"sn": "d1", "t": 1, "a": 1, "no": "n 7"}, folder)
    assert isinstance(answer, list)
    ids = [each.id for each in answer]
    assert len(set(ids)) == 2
    assert all(" " not in each for each in ids)


def test_a_plain_text_is_a_record_too(folder: Path) -> None:
    mapping = GOOD.replace("device: $.sn", "payload: text\ndevice: topic:1").replace("$.a", "$")
    assert said(mapping, b"ON\n", folder) == [("smoke", "on")]
    assert said(mapping, b"\xff", folder) == ["not_utf8"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"{", "not_json"), (b"", "empty"), (b" " * BYTES_MAX + b"{}", "too_large")],
)
def test_what_is_no_message_is_refused(body: bytes, reason: str, folder: Path) -> None:
    assert said(GOOD, body, folder) == [reason]


def test_work_is_bounded(folder: Path) -> None:
    many = GOOD.replace("device: $.sn", "each: $[*]\ndevice: $.sn")
    assert said(many, [{"sn": "d", "a": 1}] * 201, folder) == ["too_many"]
    around = GOOD.replace("device: $.sn", "each: $.data[*]\ndevice: $.sn\nwhen: message.head.gw == 'g' && !has(message.data)")
    assert said(around, {"head": {"gw": "g"}, "data": [{"sn": "d", "a": 1}]}, folder) == [("smoke", "on")]
    endless = GOOD.replace("events:", "when: record.b.all(x, record.b.all(y, y >= 0))\nevents:")
    assert said(endless, {"sn": "d", "a": 1, "b": list(range(3000))}, folder) == ["wrong_type"]
    deep: object = 1
    for _ in range(150):
        deep = {"k": deep}
    assert said(GOOD.replace("device: $.sn", "device: $..sn"), {"a": 1, "k": deep}, folder) == ["missing_field"]
