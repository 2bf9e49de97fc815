"""Hikvision ISAPI: the same alert in three namespaces and none, as XML, JSON and multipart; repeats, heartbeats, the past."""

import json
from typing import Any

import pytest

from ingest.adapter import Ignored
from ingest.video.hikvision_isapi import TRACKS_MAX
from rules.model import Event, Rejected
from tests.ingest.video.desk import Desk, score

MAC = "44:47:cc:cf:82:17"
CAMERA = f"{MAC}-1"
NAMESPACES = (
    ' version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema"',
    ' version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"',
    ' version="1.0" xmlns="urn:psialliance-org"',
    "",
)


def fields(kind: str, state: str = "active", count: int = 1, **more: str) -> dict[str, str]:
    told = {"ipAddress": "192.168.1.32", "macAddress": MAC, "channelID": "1", "dateTime": f"2026-11-03T08:05:{count:02}+08:00"}
    return told | {"activePostCount": str(count), "eventType": kind, "eventState": state} | more


def xml(kind: str, state: str = "active", count: int = 1, inside: str = "", namespace: str = NAMESPACES[0], **more: Any) -> str:
    told = "".join(f"<{name}>{value}</{name}>" for name, value in fields(kind, state, count, **more).items() if value)
    return f'<?xml version="1.0" encoding="UTF-8"?><EventNotificationAlert{namespace}>{told}{inside}</EventNotificationAlert>'


def duration(relation: str, state: str = "active", count: int = 1) -> str:
    return xml(
        "duration", state, count, f"<DurationList><Duration><relationEvent>{relation}</relationEvent></Duration></DurationList>"
    )


def heard(body: object) -> list[tuple[Any, ...]]:
    return Desk("hikvision_isapi").score(body)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("VMD", ("state", "motion", "on", CAMERA)),
        ("PIR", ("state", "motion", "on", CAMERA)),
        ("fielddetection", ("alarm", "intrusion", "on", CAMERA)),
        ("fieldDetection", ("alarm", "intrusion", "on", CAMERA)),
        ("regionEntrance", ("alarm", "intrusion", "on", CAMERA)),
        ("regionExiting", ("alarm", "region_exit", "on", CAMERA)),
        ("linedetection", ("alarm", "line_crossing", "on", CAMERA)),
        ("loitering", ("alarm", "loitering", "on", CAMERA)),
        ("fireDetection", ("alarm", "heat", "on", CAMERA)),
        ("smokeDetection", ("alarm", "smoke", "on", CAMERA)),
        ("thermometry", ("alarm", "temperature_limit", "on", CAMERA)),
        ("failDown", ("alarm", "fall", "on", CAMERA)),
        ("violentMotion", ("alarm", "violence", "on", CAMERA)),
        ("reachHeight", ("alarm", "climbing", "on", CAMERA)),
        ("group", ("alarm", "crowd", "on", CAMERA)),
        ("rapidMove", ("alarm", "fast_moving", "on", CAMERA)),
        ("parking", ("alarm", "parking", "on", CAMERA)),
        ("fireEscapeDetection", ("alarm", "fire_lane_blocked", "on", CAMERA)),
        ("leavePosition", ("alarm", "absent_from_post", "on", CAMERA)),
        ("unattendedBaggage", ("alarm", "object_left", "on", CAMERA)),
        ("attendedBaggage", ("alarm", "object_removed", "on", CAMERA)),
        ("audioexception", ("alarm", "abnormal_sound", "on", CAMERA)),
        ("shelteralarm", ("state", "tamper", "on", CAMERA)),
        ("tamperdetection", ("state", "tamper", "on", CAMERA)),
        ("scenechangedetection", ("state", "tamper", "on", CAMERA)),
        ("illaccess", ("alarm", "illegal_access", "on", CAMERA)),
        ("videoloss", ("alarm", "device_fault", "on", f"{CAMERA}.video_loss")),
        ("diskfull", ("alarm", "device_fault", "on", f"{CAMERA}.disk_full")),
        ("nicbroken", ("alarm", "device_fault", "on", f"{CAMERA}.network")),
        ("defocus", ("alarm", "device_fault", "on", f"{CAMERA}.defocus")),
        ("somethingNew", ("alarm", "other_alarm", "on", CAMERA)),
    ],
)
def test_what_each_event_type_says(kind: str, expected: tuple[Any, ...]) -> None:
    assert heard(xml(kind)) == [expected]
    desk = Desk("hikvision_isapi")
    desk.heard(xml(kind))
    ended = desk.heard(xml(kind, "inactive"))[-1]
    assert score(ended) == (*expected[:2], "off", expected[3])


def test_a_type_that_nobody_knows_is_told_by_its_own_word() -> None:
    (told,) = Desk("hikvision_isapi").heard(xml("somethingNew"))
    assert told.attributes["event_type"] == "somethingnew"


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_any_namespace_or_none(namespace: str) -> None:
    (told,) = Desk("hikvision_isapi").heard(xml("linedetection", namespace=namespace))
    assert (score(told), told.occurred_at) == (("alarm", "line_crossing", "on", CAMERA), 1_793_664_301_000)


@pytest.mark.parametrize("wrapped", [True, False])
def test_as_json(wrapped: bool) -> None:
    body: dict[str, object] = fields("fielddetection") | {
        "channelID": 1,
        "DetectionRegionList": {"DetectionRegionEntry": [{"regionID": 2, "detectionTarget": "human"}]},
    }
    (told,) = Desk("hikvision_isapi").heard({"EventNotificationAlert": body} if wrapped else body)
    assert score(told) == ("alarm", "intrusion", "on", CAMERA)
    assert (told.attributes["region"], told.attributes["label"]) == ("2", "human")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_as_a_multipart_with_pictures(end: str) -> None:
    head = f"--MIME_boundary{end}Content-Type: application/xml; charset=UTF-8{end}Content-Length: 99{end}{end}"
    picture = f"--MIME_boundary{end}Content-Type: image/jpeg{end}{end}".encode() + b"\xff\xd8\xff\x00<\r\n\r\n" + end.encode()
    body = (head + xml("VMD") + end).encode() + picture + (head + xml("linedetection") + end).encode() + b"--MIME_boundary--"
    assert heard(body) == [("state", "motion", "on", CAMERA), ("alarm", "line_crossing", "on", CAMERA)]
    assert isinstance(Desk("hikvision_isapi").told(picture + b"--MIME_boundary--"), Ignored)


def test_repeats_are_one_observation_until_it_ends() -> None:
    desk = Desk("hikvision_isapi")
    bodies = (xml("fielddetection", count=1), xml("fielddetection", count=2), duration("fielddetection", count=3))
    told = [each for body in bodies for each in desk.heard(body)]
    (ended,) = desk.heard(xml("fielddetection", "inactive", 9))
    (next_,) = desk.heard(xml("fielddetection", count=30))
    assert [each.state for each in (*told, ended, next_)] == ["on", "on", "on", "off", "on"]
    assert len({each.attributes["track"] for each in (*told, ended)}) == 1
    assert next_.attributes["track"] != ended.attributes["track"]
    assert len({each.id for each in (*told, ended, next_)}) == 5


def test_two_channels_and_two_kinds_are_not_each_other() -> None:
    desk = Desk("hikvision_isapi")
    bodies = (xml("fielddetection"), xml("fielddetection", channelID="2"), xml("linedetection"))
    assert len({desk.heard(body)[0].attributes["track"] for body in bodies}) == 3


def test_what_is_remembered_is_bounded() -> None:
    desk = Desk("hikvision_isapi")
    first = desk.heard(xml("VMD", channelID="0"))[0].attributes["track"]
    for index in range(1, TRACKS_MAX + 1):
        desk.told(json.dumps(fields("VMD", channelID=str(index))))
    assert desk.heard(xml("VMD", count=7, channelID="0"))[0].attributes["track"] != first


def test_a_video_loss_that_is_inactive_is_a_sign_of_life_and_ends_a_real_one() -> None:
    desk = Desk("hikvision_isapi")
    beat = ("heartbeat", "heartbeat", None, CAMERA)
    assert desk.score(xml("videoloss", "inactive", 0)) == [beat]
    desk.heard(xml("videoloss"))
    assert desk.score(xml("videoloss", "inactive", 0)) == [beat, ("alarm", "device_fault", "off", f"{CAMERA}.video_loss")]
    assert desk.score(xml("videoloss", "inactive", 0)) == [beat]


@pytest.mark.parametrize(
    ("more", "device"),
    [
        ({}, CAMERA),
        ({"channelID": "", "dynChannelID": "13"}, f"{MAC}-13"),
        ({"channelID": "", "inputIOPortID": "3"}, f"{MAC}-io3"),
        ({"macAddress": ""}, "192.168.1.32-1"),
        ({"macAddress": "", "ipAddress": "", "channelID": ""}, "hikvision"),
    ],
)
def test_which_device_it_is(more: dict[str, Any], device: str) -> None:
    assert heard(xml("IO", **more)) == [("alarm", "alarm_input", "on", device)]


@pytest.mark.parametrize(("word", "is_past"), [("true", True), ("false", False), ("", False)])
def test_what_is_sent_again_is_of_the_past(word: str, is_past: bool) -> None:
    (told,) = Desk("hikvision_isapi").heard(xml("fielddetection", isDataRetransmission=word))
    assert told.is_retained is is_past


def test_a_picture_is_named_without_its_password() -> None:
    (told,) = Desk("hikvision_isapi").heard(
        xml("fielddetection", bkgUrl="http://admin:12345@192.168.1.32/pic/7.jpg", channelName="东墙")
    )
    assert (told.attributes["clip"], told.attributes["name"]) == ("http://192.168.1.32/pic/7.jpg", "东墙")


@pytest.mark.parametrize("kind", ["facedetection", "ANPR", "AccessControllerEvent", "PeopleCounting"])
def test_personal_data_is_dropped(kind: str) -> None:
    assert isinstance(Desk("hikvision_isapi").told(xml(kind)), Ignored)


@pytest.mark.parametrize("body", ["<ResponseStatus/>", "<a/>"])
def test_what_is_no_alert_is_of_no_concern(body: str) -> None:
    assert isinstance(Desk("hikvision_isapi").told(body), Ignored)


@pytest.mark.parametrize("body", [b"", b"--b\r\n--b--", "<EventNotificationAlert/>", "{}", "{", "<a", b"\xff\xd8\xff", "[]"])
def test_what_cannot_be_read_is_refused(body: object) -> None:
    told = Desk("hikvision_isapi").told(body)
    assert isinstance(told, list)
    assert isinstance(told[0], Rejected)


def test_too_many_parts_are_refused() -> None:
    told = Desk("hikvision_isapi").told("--b\n" + "\n--b\n".join("<EventNotificationAlert/>" for _ in range(600)))
    assert isinstance(told, list)
    assert isinstance(told[0], Rejected)
    assert told[0].reason == "too_many"


def test_a_sign_of_life_that_is_called_so_is_no_alarm() -> None:
    assert heard(xml("heartBeat")) == [("heartbeat", "heartbeat", None, CAMERA)]


def test_a_broken_part_does_not_silence_the_one_behind_it() -> None:
    part = "--boundary\r\nContent-Type: application/xml\r\n\r\n"
    told = Desk("hikvision_isapi").told(f"{part}<EventNotificationAlert>\r\n{part}{xml('fireDetection')}\r\n--boundary--")
    assert isinstance(told, list)
    assert [type(each) for each in told] == [Rejected, Event]


def test_a_camera_that_does_not_say_its_name_is_called_by_its_route() -> None:
    bare = {"eventType": "fireDetection", "eventState": "active", "macAddress": "undefined", "channelID": "1"}
    heard_by = [Desk("hikvision_isapi").score(json.dumps(bare), f"POST /v1/push/{route}") for route in ("gate", "yard")]
    assert heard_by == [[("alarm", "heat", "on", "gate-1")], [("alarm", "heat", "on", "yard-1")]]
