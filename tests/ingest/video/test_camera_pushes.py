"""Cameras and platforms push their own bodies over HTTP, and the journal holds what they mean when they are answered."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.formats import FORMATS
from ingest.http import create_front_door
from ingest.http_push import PushDoor
from ingest.route import Push, Route, RouteReader
from rules.model import Event
from tests.ingest.plain_desk import Asking, PlainDesk
from tests.ingest.video.desk import RECEIVED_AT, score

SECRET = "sw_route"
NAMES = ("gb28181", "onvif", "hikvision_isapi", "hikvision_isc", "dahua")
SOAP = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://docs.oasis-open.org/wsn/b-2"'
    ' xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body><w:Notify>{}</w:Notify></s:Body></s:Envelope>'
)
ONE = (
    "<w:NotificationMessage><w:Topic>tns1:RuleEngine/FieldDetector/ObjectsInside</w:Topic><w:Message>"
    '<tt:Message UtcTime="2026-11-03T00:05:06Z" PropertyOperation="{}"><tt:Source><tt:SimpleItem Name="VideoSource" Value="1"/>'
    '</tt:Source><tt:Data><tt:SimpleItem Name="IsInside" Value="true"/></tt:Data></tt:Message></w:Message>'
    "</w:NotificationMessage>"
)
CHANNEL = "<ipAddress>10.0.0.9</ipAddress><channelID>1</channelID>"
ALERT = f"<EventNotificationAlert>{CHANNEL}<eventType>{{}}</eventType></EventNotificationAlert>"
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40
Push_ = Callable[[str, bytes, str], list[Event]]


@pytest.fixture
def push(tmp_path: Path) -> Iterator[Push_]:
    """Send a body to the route of a format, in a content type, and get what stands in the journal then."""
    desk = PlainDesk(tmp_path / "journal")
    readers = [
        RouteReader(
            Route(name=name, format=FORMATS[name], community="jade", network=FORMATS[name].network, push=Push()),
            lambda: RECEIVED_AT,
        )
        for name in NAMES
    ]
    doors = [PushDoor(each, Push(), SECRET, now=lambda: RECEIVED_AT, monotonic_s=lambda: 0.0) for each in readers]
    numbers = iter(range(1000))
    app = create_front_door(
        desk,
        token_ok="sw_door".__eq__,
        find_rejected=desk.journal.find,
        new_arrival=lambda: f"request-{next(numbers)}",
        pushes=doors,
        readers=readers,
    )
    asking = Asking(app, "sw_door")

    def send(name: str, body: bytes, content_type: str) -> list[Event]:
        headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": content_type}
        answer = asking.post(f"/v1/push/{name}", content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return [one.entry for one in desk.journal.read() if isinstance(one.entry, Event)]

    yield send
    asking.close()
    desk.close()


def test_an_onvif_camera_notifies_by_soap_first_of_what_is_then_of_what_changes(push: Push_) -> None:
    told = push(
        "onvif", SOAP.format(ONE.format("Initialized") + ONE.format("Changed")).encode(), "application/soap+xml; charset=utf-8"
    )
    assert [(score(each)[:3], each.is_retained) for each in told] == [
        (("alarm", "intrusion", "on"), True),
        (("alarm", "intrusion", "on"), False),
    ]
    assert {each.device for each in told} == {told[0].device}
    assert told[0].device.startswith("onvif-1")


def test_a_hikvision_camera_posts_an_alert_with_its_picture(push: Push_) -> None:
    head = b"--MIME_boundary\r\nContent-Type: application/xml\r\n\r\n"
    picture = b"\r\n--MIME_boundary\r\nContent-Type: image/jpeg\r\n\r\n" + PICTURE + b"\r\n--MIME_boundary--\r\n"
    told = push(
        "hikvision_isapi", head + ALERT.format("linedetection").encode() + picture, "multipart/form-data; boundary=MIME_boundary"
    )
    assert [score(each) for each in told] == [("alarm", "line_crossing", "on", "10.0.0.9-1")]


def test_a_sip_bridge_posts_the_bytes_of_a_gb_28181_device(push: Push_) -> None:
    said = "<AlarmMethod>7</AlarmMethod><AlarmDescription>火警</AlarmDescription>"
    body = f"<Notify><DeviceID>34020000001320000001</DeviceID>{said}</Notify>"
    (told,) = push("gb28181", f'<?xml version="1.0" encoding="GB2312"?>{body}'.encode("gb2312"), "Application/MANSCDP+xml")
    assert (told.kind, told.attributes["text"]) == ("other_alarm", "火警")


def test_a_platform_posts_json_and_a_bridge_the_parts_of_a_stream(push: Push_) -> None:
    event = '{"eventId": "a", "eventType": 192515, "status": 1, "srcIndex": "cam7"}'
    push("hikvision_isc", f'{{"method": "OnEventNotify", "params": {{"events": [{event}]}}}}'.encode(), "application/json")
    told = push(
        "dahua",
        b"--myboundary\r\nContent-Type: text/plain\r\n\r\nCode=VideoLoss;action=Start;index=2\r\n",
        "multipart/x-mixed-replace",
    )
    assert [score(each) for each in told] == [
        ("alarm", "heat", "on", "cam7"),
        ("alarm", "device_fault", "on", "dahua-2.video_loss"),
    ]
