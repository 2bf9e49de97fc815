"""GB 26875.3: what each type of data of a fire panel's transmitter says, and the traps that were seen in the field."""

from typing import Any

import pytest

from rules.model import Event, EventClass, Rejected, Status
from tests.ingest.iot.gb26875_kit import NOON, data, frame, heard, part, said, told

PART = "1-1-10-2"
QUIET = [("alarm", "device_fault", "off", f"{PART}.fault"), ("alarm", "device_fault", "off", f"{PART}.power")]


@pytest.mark.parametrize(
    ("type_", "state", "expected"),
    [
        (40, 0b0_0000_0011, [("alarm", "smoke", "on", PART), *QUIET]),
        (40, 0b0_0000_0001, [("alarm", "smoke", "off", PART), *QUIET]),
        (40, 0b0_0000_0010, [("alarm", "smoke", "on", PART), *QUIET]),  # bit 0 clear: a real fire of real devices
        (0, 0b0_0000_0010, [("alarm", "smoke", "on", PART), *QUIET]),
        (23, 0b0_0000_0011, [("alarm", "smoke", "on", PART), *QUIET]),  # a manual call point
        (31, 0b0_0000_0011, [("alarm", "heat", "on", PART), *QUIET]),
        (62, 0b0_0000_0011, [("alarm", "heat", "on", PART), *QUIET]),
        (11, 0b0_0000_0011, [("alarm", "gas", "on", PART), *QUIET]),
        (40, 0b0_0000_0101, [("alarm", "smoke", "off", PART), ("alarm", "device_fault", "on", f"{PART}.fault"), QUIET[1]]),
        (40, 0b1_0000_0001, [("alarm", "smoke", "off", PART), QUIET[0], ("alarm", "device_fault", "on", f"{PART}.power")]),
    ],
)
def test_what_the_state_of_a_part_says(type_: int, state: int, expected: list[tuple[Any, ...]]) -> None:
    assert said(data(2, part(state, type_=type_))) == expected


def test_a_fire_says_where_and_when() -> None:
    fire = heard(data(2, part(0b1111_1011, text="6楼走廊烟感".encode("gb18030"))))[0]
    assert (fire.device, fire.occurred_at, fire.status) == ("000000000379.1-1-10-2", 1_348_624_682_000, Status.ACTUAL)
    assert dict(fire.attributes) == {
        "system_type": 1,
        "part_type": 40,
        "description": "6楼走廊烟感",
        "shielded": True,
        "supervised": True,
        "started": True,
        "feedback": True,
        "delayed": True,
        "gateway": "000000000379",
        "assumed_timezone": "Asia/Shanghai",
    }


def test_a_part_that_says_testing_is_kept_so_and_alarms() -> None:
    fire = heard(data(2, part(0b10)))[0]
    assert (fire.attributes["says_testing"], fire.status) == (True, Status.ACTUAL)


@pytest.mark.parametrize("width", [31, 33, 20])
def test_length_and_count_decide_how_long_a_description_is(width: int) -> None:
    records = [part(3, text="7楼02室会议室烟感".encode("gb18030"), width=width) for _ in range(2)]
    fires = [each for each in heard(data(2, *records)) if each.kind == "smoke"]
    assert [(each.attributes["description"], each.occurred_at) for each in fires] == [
        ("7楼02室会议室烟感", 1_348_624_682_000)
    ] * 2


def test_what_stands_behind_records_of_the_usual_length_is_left_out() -> None:
    assert said(data(2, part(3), part(3)) + b"\1\2\3")[0] == ("alarm", "smoke", "on", PART)


@pytest.mark.parametrize(
    ("state", "on"),
    [
        (0b000_0000_0011, ["1-2"]),
        (0b000_0000_0101, ["1-2.fault"]),
        (0b001_0000_0001, ["1-2.main_power"]),
        (0b010_0000_0001, ["1-2.backup_power"]),
        (0b100_0000_0001, ["1-2.bus"]),
        (0b000_0000_0001, []),
    ],
)
def test_what_the_state_of_a_system_says(state: int, on: list[str]) -> None:
    all_said = said(data(1, b"\1\2" + state.to_bytes(2, "little") + NOON))
    assert [device for _, _, is_on, device in all_said if is_on == "on"] == on
    assert len(all_said) == 5


@pytest.mark.parametrize(
    ("type_", "raw", "part_type", "system", "kind", "value"),
    [
        (3, 800, 40, 1, "temperature", 80.0),
        (3, -55, 40, 1, "temperature", -5.5),
        (3, 655, 18, 1, "cable_temperature", 65.5),
        (4, 4, 99, 12, "water_pressure", 400.0),
        (5, 4200, 99, 12, "water_pressure", 420.0),
        (5, 4200, 99, 13, "generic", 420.0),  # of gas, not of water
        (6, 123, 11, 1, "methane", 12.3),
        (8, 2304, 16, 1, "voltage", 230.4),
        (9, 12, 16, 1, "current", 1.2),
        (9, 3, 17, 1, "residual_current", 300.0),
        (10, 15, 96, 12, "water_flow", 5400.0),
        (2, 150, 92, 11, "water_level", 1500.0),
        (2, 150, 40, 11, "generic", 1.5),
        (1, 7, 40, 1, "generic", 7.0),
        (12, 7, 111, 18, "generic", 7.0),
    ],
)
def test_what_an_analogue_value_says(type_: int, raw: int, part_type: int, system: int, kind: str, value: float) -> None:
    record = bytes((system, 1, part_type)) + b"\x0a\0\2\0" + bytes((type_,)) + raw.to_bytes(2, "little", signed=True) + NOON
    assert said(data(3, record)) == [("reading", kind, value, f"{system}-1-10-2")]
    assert ("quantity" in heard(data(3, record))[0].attributes) == (kind == "generic")


def test_an_analogue_type_of_a_makers_own_says_nothing() -> None:
    assert told(frame(data(3, b"\1\1\x28\x0a\0\2\0\x80\1\0" + NOON)).content) == []


@pytest.mark.parametrize(
    ("bits", "on"),
    [
        (0b000_1001, ["main_power"]),
        (0b000_1000, ["main_power"]),  # as a transmitter really sends it
        (0b001_0001, ["backup_power"]),
        (0b010_0001, ["channel"]),
        (0b100_0001, ["line"]),
        (0b000_0101, ["fault"]),
        (0b000_0011, [""]),
        (0b000_0001, []),
    ],
)
def test_what_the_state_of_the_transmitter_says(bits: int, on: list[str]) -> None:
    assert [device for _, _, is_on, device in said(data(21, bytes((bits,)) + NOON)) if is_on == "on"] == on


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (data(24, b"\x20\1" + NOON), [("heartbeat", "heartbeat", None, "")]),
        (data(24, b"\x04\1" + NOON), [("alarm", "smoke", "on", "manual")]),
        (data(24, b"\x08\1" + NOON), [("alarm", "smoke", "off", "manual")]),
        (data(24, b"\x01\1" + NOON), [("alarm", "smoke", "off", "manual")]),
        (data(4, b"\1\2\x04\1" + NOON), [("alarm", "smoke", "on", "1-2.manual")]),
        (data(4, b"\1\2\x50\1" + NOON), [("heartbeat", "heartbeat", None, "1-2")]),
        (data(25, b"\1\1"), [("heartbeat", "heartbeat", None, "")]),
        (data(28, NOON), [("heartbeat", "heartbeat", None, "")]),
        (b"", [("heartbeat", "heartbeat", None, "")]),
    ],
)
def test_what_an_operation_says_and_what_only_shows_life(content: bytes, expected: list[tuple[Any, ...]]) -> None:
    assert said(content) == expected


@pytest.mark.parametrize(
    ("content", "operation"),
    [
        (data(24, b"\x20\1" + NOON), "duty"),
        (data(4, b"\1\2\x20\1" + NOON), "confirm"),
        (data(24, b"\x52\1" + NOON), "mute self_test test"),
    ],
)
def test_an_operation_is_named(content: bytes, operation: str) -> None:
    (event,) = heard(content)
    assert (event.attributes["operation"], event.attributes["operator"]) == (operation, 1)


def test_a_short_heartbeat_is_of_its_connection() -> None:
    short = bytes.fromhex("40400000010179030000") + b"##"
    (beat,) = told(short, "gb26875/10.0.0.7")
    assert isinstance(beat, Event)
    assert (beat.event_class, beat.device) == (EventClass.HEARTBEAT, "10.0.0.7")
    assert told(short, "") == []


def test_sent_again_it_is_the_same_event_and_another_serial_number_is_another() -> None:
    fire = data(2, part(3))
    again = frame(fire).content[:6] + b"\x20" + frame(fire).content[7:-3] + bytes(((frame(fire).content[-3] + 30) % 256,)) + b"##"
    first, repeated, other = (
        [each.id for each in told(content) if isinstance(each, Event)]
        for content in (frame(fire).content, again, frame(fire, serial=2).content)
    )
    assert first == repeated
    assert not set(first) & set(other)
    assert len(set(first)) == 3


def test_a_clock_that_was_never_set_is_no_time_and_no_identity() -> None:
    fire = heard(data(2, part(3, time=b"\0" * 6)))[0]
    assert (fire.occurred_at, fire.id[0]) == (None, "~")


def test_an_impossible_date_is_kept_beside_the_alarm() -> None:
    fire = heard(data(2, part(3, time=bytes((1, 1, 1, 31, 2, 24)))))[0]
    assert (fire.state, fire.occurred_at, "unreadable_at" in fire.attributes) == ("on", None, True)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"no frame at all", "bad_bytes"),
        (b"", "bad_bytes"),
        (frame(data(2, part(3))).content[:-3] + b"\0##", "bad_bytes"),
        (frame(data(22, b"\0")).content, "bad_bytes"),
        (frame(b"\2").content, "bad_bytes"),
        (frame(b"\2\0").content, "bad_bytes"),
        (frame(b"\2\3" + b"x" * 40).content, "bad_bytes"),
        (b"@" * 16_385, "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused(payload: bytes, reason: str) -> None:
    (refused,) = told(payload)
    assert isinstance(refused, Rejected)
    assert refused.reason == reason


def test_a_good_frame_is_heard_beside_a_bad_one() -> None:
    bad = frame(data(22, b"\0")).content
    assert next(each.kind for each in told(bad + frame(data(2, part(3))).content) if isinstance(each, Event)) == "smoke"


def test_an_answer_of_a_transmitter_is_of_no_concern() -> None:
    assert told(frame(b"", command=3).content) == []


@pytest.mark.parametrize("unset", [bytes((0, 0, 0, 1, 1, 0)), b"\xff" * 6, bytes((0, 0, 0, 0, 13, 26))])
def test_a_transmitter_whose_clock_was_never_set_is_heard_anew_after_each_start(unset: bytes) -> None:
    fire = frame(data(2, part(0b11, time=unset))).content
    (first, *_), (again, *_) = told(fire), told(fire, "gb26875/10.0.0.8")
    assert isinstance(first, Event)
    assert isinstance(again, Event)
    assert (first.kind, first.state, first.occurred_at) == ("smoke", "on", None)
    assert first.id != again.id


def test_a_broken_frame_is_refused_beside_the_whole_one_behind_it() -> None:
    whole = frame(data(2, part(0b11))).content
    broken = whole[:40] + bytes((whole[40] ^ 1,)) + whole[41:]
    assert [type(each) for each in told(broken + whole)] == [Event, Event, Event, Rejected]
