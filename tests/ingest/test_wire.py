"""The event contract inward and outward: what is let in, with which defaults, and what identity it gets."""

import dataclasses
import json

import pytest

from ingest.topics import _remembered
from ingest.wire import LANES, Lane, decode, encode
from rules.model import NOTHING, WEAK_ID, Event, EventClass, Network, Rejected, Status

READING = "shouwang/v1/jade/iot/reading/b03-t1"
STATE = "shouwang/v1/jade/iot/state/b03-d1"
ALARM = "shouwang/v1/jade/iot/alarm/b03-s1"
HEARTBEAT = "shouwang/v1/jade/iot/heartbeat/b03-g1"


def one(topic: str, payload: object, *, arrival: str = "", is_retained: bool = False) -> Event:
    """The one event of this message."""
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    (event,) = decode(topic, content, arrival=arrival, is_retained=is_retained)
    assert isinstance(event, Event), event
    return event


def test_the_smallest_reading_and_its_defaults() -> None:
    event = one(READING, {"id": "e1", "kind": "temperature", "value": 21})

    assert event == Event(
        id="e1",
        community="jade",
        network=Network.IOT,
        event_class=EventClass.READING,
        device="b03-t1",
        kind="temperature",
        value=21.0,
        state=None,
        unit="°C",
        occurred_at=None,
        zone="",
        confidence=1.0,
        status=Status.ACTUAL,
        seq=None,
        is_retained=False,
        wants_receipt=False,
        attributes=NOTHING,
    )


def test_everything_that_can_be_said() -> None:
    event = one(
        STATE,
        {
            "id": "e-17",
            "at": "2026-11-23T13:40:00.250+08:00",
            "kind": "moisture",
            "state": "wet",
            "value": 0.8,
            "unit": "V",
            "zone": "b03/u1/0502",
            "confidence": 0.75,
            "status": "exercise",
            "seq": 42,
            "receipt": True,
            "gateway": "gw-3",
            "attributes": {"型号": "X1", "rssi": -71, "mains": True},
        },
        is_retained=True,
    )

    assert (event.kind, event.state, event.value, event.unit) == ("moisture", "wet", 0.8, "V")
    assert event.occurred_at == 1_795_412_400_250
    assert (event.zone, event.confidence, event.status, event.seq) == ("b03/u1/0502", 0.75, Status.EXERCISE, 42)
    assert event.wants_receipt
    assert event.is_retained
    assert event.attributes == {"型号": "X1", "rssi": -71.0, "mains": True, "gateway": "gw-3"}


@pytest.mark.parametrize(
    ("topic", "payload", "value", "state"),
    [
        (READING, {"kind": "temperature", "value": None}, None, None),
        (STATE, {"kind": "opening", "state": None}, None, None),
        (STATE, {"kind": "opening", "state": "open"}, None, "open"),
        (STATE, {"kind": "opening", "state": "open", "value": None}, None, "open"),
        (ALARM, {"kind": "smoke"}, None, "on"),
        (ALARM, {"kind": "smoke", "state": None}, None, "on"),
        (ALARM, {"kind": "smoke", "state": "off"}, None, "off"),
        (ALARM, {"kind": "carbon_monoxide", "value": 120}, 120.0, "on"),
        (HEARTBEAT, {}, None, None),
        (HEARTBEAT, {"kind": "battery", "value": 81}, 81.0, None),
    ],
)
def test_null_and_nothing_have_a_meaning_in_each_class(
    topic: str, payload: dict[str, object], value: float | None, state: str | None
) -> None:
    event = one(topic, payload)

    assert (event.value, event.state) == (value, state)


def test_a_heartbeat_without_a_kind_is_a_heartbeat() -> None:
    assert one(HEARTBEAT, {}).kind == "heartbeat"


@pytest.mark.parametrize(
    ("topic", "kind", "unit", "kept"),
    [
        (READING, "temperature", "°C", "°C"),
        (READING, "temperature", "℃", "°C"),  # one sign for the same unit
        (READING, "pm25", "μg/m³", "µg/m³"),  # Greek mu for micro
        (READING, "soil_moisture", "vol%", "vol%"),  # a kind that a pack may add
        (ALARM, "carbon_monoxide", "ppm", "ppm"),
        (HEARTBEAT, "heartbeat", "s", "s"),
    ],
)
def test_a_unit_written_otherwise_is_the_same_unit(topic: str, kind: str, unit: str, kept: str) -> None:
    assert one(topic, {"kind": kind, "value": 1, "unit": unit}).unit == kept


def test_a_kind_outside_the_table_may_have_any_state() -> None:
    assert one(STATE, {"kind": "valve", "state": "half_open"}).state == "half_open"


def test_names_and_texts_are_kept_in_composed_form() -> None:
    event = one(READING, {"id": "cafe\u0301", "kind": "temperature", "value": 1, "attributes": {"n": "e\u0301"}})

    assert event.id == "caf\u00e9"
    assert event.attributes == {"n": "\u00e9"}


def test_a_report_may_have_lines() -> None:
    assert one(ALARM, {"kind": "report", "attributes": {"text": "三楼\n有烟\t浓"}}).attributes["text"] == "三楼\n有烟\t浓"


# ---------------------------------------------------------------------------------------------------- the time


@pytest.mark.parametrize(
    ("at", "occurred_at", "attributes"),
    [
        (1_795_412_400, 1_795_412_400_000, {}),
        (1_795_412_400.25, 1_795_412_400_250, {}),
        (1_795_412_400_250, 1_795_412_400_250, {}),
        ("2026-11-23T05:40:00Z", 1_795_412_400_000, {}),
        ("20261123T054000Z", 1_795_412_400_000, {}),
        ("2026-11-23T05:40:00.123456789Z", 1_795_412_400_123, {}),
        ("2026-11-23 13:40:00", 1_795_412_400_000, {"assumed_timezone": "Asia/Shanghai"}),
        (0, 0, {}),  # the chain knows what a clock that was never set means
        (2.46, 2460, {}),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000, {}),
        (None, None, {}),
        ("", None, {"unreadable_at": '""'}),
        ("yesterday", None, {"unreadable_at": '"yesterday"'}),
        ("2026-02-30T00:00:00Z", None, {"unreadable_at": '"2026-02-30T00:00:00Z"'}),
        (1_795_412_400_250_000_000, None, {"unreadable_at": "1.79541240025e+18"}),
    ],
)
def test_when_it_happened(at: object, occurred_at: int | None, attributes: dict[str, str]) -> None:
    event = one(ALARM, {"id": "e", "kind": "smoke", "at": at})

    assert event.occurred_at == occurred_at
    assert event.attributes == attributes


# -------------------------------------------------------------------------------------------------- identity


def test_without_an_id_the_same_delivery_is_the_same_event() -> None:
    payload = {"kind": "temperature", "value": 21.5, "at": 1_795_412_400}

    first, again = one(READING, payload, arrival="s1-1"), one(READING, payload, arrival="s2-9")

    assert first.id == again.id
    assert not first.id.startswith(WEAK_ID)
    assert one(READING, {**payload, "at": 1_795_412_401}).id != first.id
    assert one(READING.replace("t1", "t2"), payload).id != first.id


def test_a_plain_message_that_comes_twice_is_two_events() -> None:
    first, second = (one(ALARM, {"kind": "smoke"}, arrival=arrival) for arrival in ("s1-1", "s1-2"))

    assert first.id != second.id
    assert first.id.startswith(WEAK_ID)


def test_a_clock_that_was_never_set_tells_no_two_events_apart() -> None:
    first, second = (one(ALARM, {"kind": "smoke", "at": 3}, arrival=arrival) for arrival in ("s1-1", "s1-2"))

    assert first.id != second.id


def test_the_count_of_a_device_is_an_identity_whatever_else_changes() -> None:
    first = one(READING, {"kind": "temperature", "value": 1, "seq": 7}, arrival="a")
    again = one(READING, {"seq": 7, "kind": "temperature", "value": 1.0}, arrival="b")
    restarted = one(READING, {"kind": "temperature", "value": 1, "seq": 7, "at": 1_795_412_400})

    assert first.id == again.id
    assert first.id.startswith(WEAK_ID)
    assert restarted.id != first.id
    assert one(READING, {"kind": "humidity", "value": 1, "seq": 7}).id != first.id


def test_equal_elements_of_an_array_are_different_events() -> None:
    payload = json.dumps([{"kind": "temperature", "value": 1, "at": 1_795_412_400}] * 2).encode()

    first, second = decode(READING, payload)

    assert first.id != second.id


# ---------------------------------------------------------------------------------------------------- arrays


def test_one_bad_element_harms_no_other() -> None:
    good = {"id": "g", "kind": "temperature", "value": 1}
    results = decode(READING, json.dumps([good, {"kind": "temperature", "value": "hot"}, {**good, "id": "h"}]).encode())

    assert [type(result) for result in results] == [Event, Rejected, Event]
    assert [result.id for result in results if isinstance(result, Event)] == ["g", "h"]
    (refused,) = (result for result in results if isinstance(result, Rejected))
    assert refused.excerpt == b'{"kind":"temperature","value":"hot"}'
    assert refused.size == len(refused.excerpt)


def test_an_array_reads_the_same_slowly_and_fast() -> None:
    items = [{"kind": "temperature", "value": n, "at": 1_795_412_400 + n, "zone": f"b{n}"} for n in range(3)]
    fast = decode(READING, json.dumps(items).encode())
    slow = decode(READING, json.dumps([*items, 5]).encode())

    assert [strip(event) for event in fast] == [strip(event) for event in slow[:-1]]


def strip(event: Event | Rejected) -> tuple[object, ...]:
    assert isinstance(event, Event)
    return event.kind, event.value, event.occurred_at, event.zone, event.unit


def test_escapes_and_colons_are_no_duplicates() -> None:
    for text in ("a:b", "::", "\u00b0", "\\u003a", ":\\"):
        payload = {"id": "x", "kind": "temperature", "value": 1, "attributes": {text: text}}
        if '"' in text or "\\" in text:
            payload["attributes"] = {"k": text}
        assert one(READING, payload).id == "x"
    assert one(READING, b'{"id":"x","kind":"temperature","value":1,"attributes":{"k":"a\\u003ab"}}').attributes == {"k": "a:b"}


# --------------------------------------------------------------------------------------------------- lanes, outward


def test_the_class_decides_the_lane() -> None:
    assert {event_class.value: lane for event_class, lane in LANES.items()} == {
        "alarm": Lane.CRITICAL,
        "state": Lane.NORMAL,
        "reading": Lane.BULK,
        "heartbeat": Lane.BULK,
    }


def test_what_is_written_is_small_and_reads_back() -> None:
    event = one(READING, {"id": "e1", "kind": "temperature", "value": 21.5, "at": 1_795_412_400})

    topic, payload = encode(event)

    assert topic == READING
    assert payload == '{"id":"e1","kind":"temperature","at":1795412400000,"value":21.5,"unit":"°C"}'.encode()
    assert decode(topic, payload) == [event]


@pytest.mark.parametrize("at", [-(10**15), 10**15])
def test_a_time_that_nobody_could_read_back_is_not_written(at: int) -> None:
    event = dataclasses.replace(one(READING, {"kind": "temperature", "value": 1}), occurred_at=at)

    with pytest.raises(ValueError, match="within the years 1 to 9999"):
        encode(event)


def test_a_topic_of_any_length_is_read_and_one_too_long_to_be_remembered_gives_the_same() -> None:
    before = _remembered.cache_info().currsize
    for number in range(20):
        told = decode(f"shouwang/v1/jade/iot/alarm/{'x' * 60_000}{number}", b'{"kind":"smoke"}')
        assert [each.reason for each in told if isinstance(each, Rejected)] == ["bad_topic"]
    assert _remembered.cache_info().currsize == before
