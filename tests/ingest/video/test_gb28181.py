"""GB/T 28181: methods and types in all their dresses, the bytes of real devices, keepalives and the catalogue."""

from typing import Any

import pytest

from ingest.adapter import Ignored
from ingest.video.gb28181 import SENDERS_MAX
from rules.model import Event, Rejected, Status
from tests.ingest.video.desk import Desk, sample, score

CAMERA = "34020000001320000001"
SERVER = "34020000001110000001"
HEAD = f"<CmdType>Alarm</CmdType><SN>1</SN><DeviceID>{CAMERA}</DeviceID>"


def notify(inside: str, head: str = HEAD) -> str:
    return f"<Notify>{head}{inside}</Notify>"


def alarm(method: str, inside: str = "") -> str:
    return notify(f"<AlarmPriority>2</AlarmPriority><AlarmMethod>{method}</AlarmMethod>{inside}")


def one(body: object) -> Event:
    (event,) = Desk("gb28181").heard(body)
    return event


def keepalive(status: str = "OK", *faulty: str) -> str:
    info = f"<Info>{''.join(f'<DeviceID>{each}</DeviceID>' for each in faulty)}</Info>" if faulty else ""
    return notify(f"<Status>{status}</Status>{info}", f"<CmdType>Keepalive</CmdType><SN>4</SN><DeviceID>{SERVER}</DeviceID>")


@pytest.mark.needs("recordings")
@pytest.mark.parametrize(
    ("name", "expected", "level", "at"),
    [
        ("alarm_method2_video_loss", ("alarm", "device_fault", "on", f"{CAMERA}.video_loss"), "red", 1_780_626_600_000),
        ("alarm_method5_type_in_info", ("state", "motion", "on", CAMERA), "red", 1_780_626_600_000),
        ("alarm_appendix_style", ("alarm", "alarm_input", "on", "64010000001340000001"), "blue", 1_259_915_012_000),
    ],
)
def test_the_samples(name: str, expected: tuple[Any, ...], level: str, at: int) -> None:
    event = one(sample(f"gb28181/{name}.xml"))
    assert score(event) == expected
    assert (event.attributes["level"], event.occurred_at, event.status) == (level, at, Status.ACTUAL)
    assert event.attributes["assumed_timezone"] == "Asia/Shanghai"


@pytest.mark.needs("recordings")
def test_the_sample_far_out_in_the_pacific_has_no_place() -> None:
    event = one(sample("gb28181/alarm_appendix_style.xml"))
    assert event.attributes["doubtful_place"] == "34.2,171.3"
    assert "latitude" not in event.attributes
    assert event.attributes["text"] == "警情描述"
    there = one(sample("gb28181/alarm_method2_video_loss.xml")).attributes
    assert (there["latitude"], there["longitude"]) == (39.908, 116.397)


@pytest.mark.parametrize(
    ("method", "kind", "expected"),
    [
        ("1", "", ("alarm", "report", "on", CAMERA)),
        ("2", "", ("alarm", "alarm_input", "on", CAMERA)),
        ("2", "0", ("alarm", "alarm_input", "on", CAMERA)),
        ("2", "1", ("alarm", "device_fault", "on", f"{CAMERA}.video_loss")),
        ("2", "2", ("state", "tamper", "on", CAMERA)),
        ("2", "3", ("alarm", "device_fault", "on", f"{CAMERA}.disk_full")),
        ("2", "4", ("alarm", "device_fault", "on", f"{CAMERA}.hot")),
        ("2", "5", ("alarm", "device_fault", "on", f"{CAMERA}.cold")),
        ("3", "", ("alarm", "report", "on", CAMERA)),
        ("4", "", ("alarm", "gps_alarm", "on", CAMERA)),
        ("4", "3", ("alarm", "gps_alarm", "on", CAMERA)),
        ("5", "1", ("alarm", "report", "on", CAMERA)),
        ("5", "2", ("state", "motion", "on", CAMERA)),
        ("5", "3", ("alarm", "object_left", "on", CAMERA)),
        ("5", "4", ("alarm", "object_removed", "on", CAMERA)),
        ("5", "5", ("alarm", "line_crossing", "on", CAMERA)),
        ("5", "6", ("alarm", "intrusion", "on", CAMERA)),
        ("5", "7", ("alarm", "wrong_way", "on", CAMERA)),
        ("5", "8", ("alarm", "loitering", "on", CAMERA)),
        ("5", "9", ("alarm", "people_flow", "on", CAMERA)),
        ("5", "10", ("alarm", "crowd", "on", CAMERA)),
        ("5", "11", ("alarm", "device_fault", "on", f"{CAMERA}.video_abnormal")),
        ("5", "12", ("alarm", "fast_moving", "on", CAMERA)),
        ("5", "13", ("state", "tamper", "on", CAMERA)),
        ("6", "1", ("alarm", "device_fault", "on", f"{CAMERA}.disk")),
        ("6", "2", ("alarm", "device_fault", "on", f"{CAMERA}.fan")),
        ("6", "", ("alarm", "device_fault", "on", f"{CAMERA}.fault")),
        ("6", "77", ("alarm", "device_fault", "on", f"{CAMERA}.fault")),
        ("7", "", ("alarm", "other_alarm", "on", CAMERA)),
        ("5", "", ("alarm", "other_alarm", "on", CAMERA)),
        ("5", "99", ("alarm", "other_alarm", "on", CAMERA)),
        ("2", "9", ("alarm", "other_alarm", "on", CAMERA)),
        (
            "12",
            "1",
            ("alarm", "device_fault", "on", f"{CAMERA}.video_loss"),
        ),  # telephone or device, and only a device loses video
        ("13", "", ("alarm", "report", "on", CAMERA)),
        ("12", "", ("alarm", "other_alarm", "on", CAMERA)),
        ("25", "1", ("alarm", "other_alarm", "on", CAMERA)),  # video loss, or a person who watches: nobody knows
        ("56", "10", ("alarm", "crowd", "on", CAMERA)),
        ("", "", ("alarm", "other_alarm", "on", CAMERA)),
        ("x" * 99, "y" * 99, ("alarm", "other_alarm", "on", CAMERA)),
    ],
)
def test_method_and_type(method: str, kind: str, expected: tuple[Any, ...]) -> None:
    assert score(one(alarm(method, f"<Info><AlarmType>{kind}</AlarmType></Info>"))) == expected


@pytest.mark.parametrize(
    "where",
    [
        "<AlarmType>6</AlarmType>",
        "<Info><AlarmType>6</AlarmType></Info>",
        "<info><AlarmType> 6\n</AlarmType></info>",
        "<AlarmType>9</AlarmType><Info><AlarmType>6</AlarmType></Info>",
        "<AlarmType>6</AlarmType><Info></Info>",
    ],
)
def test_the_type_stands_in_one_of_three_places(where: str) -> None:
    assert one(alarm("5", where)).kind == "intrusion"


@pytest.mark.parametrize(("event", "kind"), [("1", "intrusion"), ("2", "region_exit"), ("", "intrusion")])
def test_who_leaves_an_area_does_not_intrude(event: str, kind: str) -> None:
    parameter = f"<AlarmTypeParam><EventType>{event}</EventType></AlarmTypeParam>"
    assert one(alarm("5", f"<Info><AlarmType>6</AlarmType>{parameter}</Info>")).kind == kind
    assert one(alarm("5", f"<Info><AlarmType>8</AlarmType>{parameter}</Info>")).kind == "loitering"


@pytest.mark.parametrize(
    ("priority", "level"), [("1", "red"), ("2", "orange"), ("3", "yellow"), ("4", "blue"), ("0", None), ("", None)]
)
def test_the_priority_is_a_level(priority: str, level: str | None) -> None:
    event = one(notify(f"<AlarmPriority>{priority}</AlarmPriority><AlarmMethod>7</AlarmMethod>"))
    assert event.attributes.get("level") == level


@pytest.mark.parametrize("head", [f"<DeviceID>{CAMERA}</DeviceID>", f"<SN></SN><DeviceID>{CAMERA}</DeviceID>"])
def test_an_alarm_is_one_without_its_command_and_number(head: str) -> None:
    assert one(notify("<AlarmMethod>5</AlarmMethod><AlarmType>5</AlarmType>", head)).kind == "line_crossing"


@pytest.mark.parametrize("codec", ["gb2312", "gbk", "gb18030", "utf-8"])
@pytest.mark.parametrize("declared", ["GB2312", "UTF-8", ""])
def test_the_bytes_of_real_devices(codec: str, declared: str) -> None:
    if (codec, declared) == ("utf-8", "GB2312"):
        return  # what lies about itself in this direction gives other letters, and the same alarm
    first = f'<?xml version="1.0" encoding="{declared}"?>\r\n' if declared else ""
    event = one((first + alarm("2", "<AlarmType>1</AlarmType><AlarmDescription>视频丢失</AlarmDescription>")).encode(codec))
    assert (event.kind, event.attributes["text"]) == ("device_fault", "视频丢失")


def test_the_same_message_again_is_the_same_event_and_the_next_is_another() -> None:
    desk = Desk("gb28181")
    at = "<AlarmTime>2026-11-03T08:05:06</AlarmTime>"
    first, again = (desk.heard(alarm("5", f"{at}<AlarmType>5</AlarmType>"))[0].id for _ in range(2))
    (other,) = desk.heard(alarm("5", f"{at.replace('06<', '07<')}<AlarmType>5</AlarmType>"))
    assert first == again != other.id


def test_a_telephone_number_is_taken_out_of_the_words() -> None:
    said = one(alarm("1", "<AlarmDescription>三号楼着火，电话13812345678</AlarmDescription>"))
    assert said.attributes["text"] == "三号楼着火，电话***"


@pytest.mark.parametrize(
    ("time", "attribute"), [("1900-01-01T00:00:00", "unset_clock_at"), ("soon, and then some", "unreadable_at"), ("", None)]
)
def test_a_time_that_is_none_does_not_cost_the_alarm(time: str, attribute: str | None) -> None:
    event = one(alarm("5", f"<AlarmType>6</AlarmType><AlarmTime>{time}</AlarmTime>"))
    assert event.occurred_at is None
    assert attribute is None or attribute in event.attributes


@pytest.mark.parametrize(
    ("longitude", "latitude", "doubt"),
    [("0.0", "0.0", "0,0"), ("39.9", "39.9", "39.9,39.9"), ("-174", "-86", "-86,-174"), ("x", "39.9", None)],
)
def test_a_place_that_is_none_is_kept_beside(longitude: str, latitude: str, doubt: str | None) -> None:
    event = one(alarm("5", f"<Longitude>{longitude}</Longitude><Latitude>{latitude}</Latitude>"))
    assert event.attributes.get("doubtful_place") == doubt
    assert "latitude" not in event.attributes


def test_a_keepalive_is_a_heartbeat_and_tells_faults_once_and_their_end() -> None:
    desk = Desk("gb28181")
    alive = ("heartbeat", "heartbeat", None, SERVER)
    assert desk.score(keepalive()) == [alive]
    assert desk.score(keepalive("OK", CAMERA)) == [alive, ("alarm", "device_fault", "on", f"{CAMERA}.fault")]
    assert desk.score(keepalive("OK", CAMERA)) == [alive]
    assert desk.score(keepalive("ERROR")) == [
        alive,
        ("alarm", "device_fault", "on", f"{SERVER}.fault"),
        ("alarm", "device_fault", "off", f"{CAMERA}.fault"),
    ]
    assert desk.score(keepalive()) == [alive, ("alarm", "device_fault", "off", f"{SERVER}.fault")]


def test_what_is_remembered_is_bounded() -> None:
    desk = Desk("gb28181")
    for index in range(SENDERS_MAX + 1):
        desk.heard(keepalive("ERROR").replace(SERVER, f"s{index}"))
    assert len(desk.heard(keepalive().replace(SERVER, f"s{SENDERS_MAX}"))) == 2
    assert len(desk.heard(keepalive().replace(SERVER, "s0"))) == 1  # forgotten: its fault is a person's to close


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("OFF", [("alarm", "device_fault", "on", f"{CAMERA}.offline")]),
        ("VLOST", [("alarm", "device_fault", "on", f"{CAMERA}.video_loss")]),
        ("DEFECT", [("alarm", "device_fault", "on", f"{CAMERA}.defect")]),
        (
            "ON",
            [
                ("heartbeat", "heartbeat", None, CAMERA),
                ("alarm", "device_fault", "off", f"{CAMERA}.offline"),
                ("alarm", "device_fault", "off", f"{CAMERA}.video_loss"),
                ("alarm", "device_fault", "off", f"{CAMERA}.defect"),
            ],
        ),
        ("ADD", []),
        ("", []),
    ],
)
def test_the_catalogue_says_who_came_and_went(event: str, expected: list[tuple[Any, ...]]) -> None:
    item = f"<DeviceList Num='1'><Item><DeviceID>{CAMERA}</DeviceID><Event>{event}</Event></Item></DeviceList>"
    assert Desk("gb28181").score(notify(item, f"<CmdType>Catalog</CmdType><SN>1</SN><DeviceID>{SERVER}</DeviceID>")) == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<Response>{HEAD}<Result>OK</Result></Response>",
        f"<Control><CmdType>DeviceControl</CmdType><SN>1</SN><DeviceID>{CAMERA}</DeviceID><AlarmCmd>ResetAlarm</AlarmCmd></Control>",
        notify("", f"<CmdType>MobilePosition</CmdType><SN>1</SN><DeviceID>{CAMERA}</DeviceID>"),
        notify("", f"<DeviceID>{CAMERA}</DeviceID>"),
    ],
)
def test_what_is_no_event_is_of_no_concern(body: str) -> None:
    assert isinstance(Desk("gb28181").told(body), Ignored)


@pytest.mark.parametrize("body", [notify("<AlarmMethod>5</AlarmMethod>", "<CmdType>Alarm</CmdType>"), "<Notify>", "", "{}"])
def test_what_is_no_notify_is_refused(body: str) -> None:
    told = Desk("gb28181").told(body)
    assert isinstance(told, list)
    assert isinstance(told[0], Rejected)
