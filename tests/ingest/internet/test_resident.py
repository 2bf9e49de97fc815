"""Reports of residents: what, where, how urgent, by which channel; and nothing that finds the person."""

from typing import Any

import pytest

from rules.model import Status
from tests.ingest.reading import Reader, score


def report(**changes: object) -> dict[str, object]:
    return {
        "id": "r-1",
        "text": "楼道有浓烟",
        "zone": "b03/u2",
        "channel": "mini-program",
        "at": "2026-03-02T18:00:00+08:00",
    } | changes


def one(**changes: object) -> Any:
    return Reader("resident").one(report(**changes))


def test_a_report_in_full() -> None:
    event = one(
        what="火情",
        contact={"name": "张三丰", "phone": "138-1234-5678", "email": "zhang@x.cn"},
        urgency="紧急",
        photo=["https://a.example/1.jpg", "https://a.example/2.jpg"],
        lat=30.67,
        lng=104.06,
        area_id="510107",
    )
    assert (event.network.value, *score(event)) == ("internet", "alarm", "report", "on", "mini-program.r-1")
    assert (event.zone, event.occurred_at) == ("b03/u2", 1_772_445_600_000)
    assert dict(event.attributes) == {
        "what": "火情",
        "text": "火情: 楼道有浓烟",
        "contact": "张** 138****5678 z***@x.cn",
        "urgency": "urgent",
        "photo": "https://a.example/1.jpg",
        "photo_count": 2.0,
        "latitude": 30.67,
        "longitude": 104.06,
        "area": "510107",
        "channel": "mini-program",
    }


@pytest.mark.parametrize(
    ("changes", "contact"),
    [
        ({"contact": "13812345678"}, "138****5678"),
        ({"contact": 13812345678}, "138****5678"),
        ({"contact": "028-12"}, "***"),
        ({"contact": {"phone": "+86 138 1234 5678"}}, "861****5678"),
        ({"consumer": "李四"}, "李**"),
        ({"name": "Ann Lee"}, "A**"),
        ({"contact": {"name": "张三", "phone": "13812345678"}, "anonymous": True}, None),
        ({"contact": "13812345678", "anonymous": "true"}, None),
        ({"contact": True}, None),
    ],
)
def test_who_reported_is_masked_or_not_there(changes: dict[str, object], contact: str | None) -> None:
    event = one(**changes)
    assert event.attributes.get("contact") == contact
    assert "12345678" not in str(event)
    assert event.attributes.get("anonymous") == (True if "anonymous" in changes else None)


@pytest.mark.parametrize(
    ("changes", "kind", "device"),
    [
        ({"what": "求助"}, "sos", "mini-program.r-1"),
        ({"what": "SOS"}, "sos", "mini-program.r-1"),
        ({"channel": "sos_button", "text": None}, "sos", "sos-button.r-1"),
        ({"channel": "grid"}, "report", "grid.r-1"),
        ({"channel": "a spaceship"}, "report", "web.r-1"),
        ({"channel": None}, "report", "web.r-1"),
        ({"reporter": "u-77"}, "report", "mini-program.u-77"),
        ({"reporter": 77}, "report", "mini-program.77"),
        ({"reporter": "13812345678"}, "report", "mini-program.r-1"),
        ({"id": None}, "report", "mini-program"),
    ],
)
def test_what_it_is_and_whose(changes: dict[str, object], kind: str, device: str) -> None:
    changes = {"what": "sos"} | changes if changes.get("channel") == "sos_button" else changes
    event = one(**changes)
    assert (event.kind, event.device) == (kind, device)


@pytest.mark.parametrize(
    ("zone", "expected", "address"),
    [
        ("b03/u1/0502", "b03/u1/0502", None),
        ("3栋 2单元", "", "3栋 2单元"),
        ("3栋2单元", "3栋2单元", None),
        (None, "", None),
        ("我家 13812345678", "", "我家 138****5678"),
    ],
)
def test_where_it_is(zone: object, expected: str, address: str | None) -> None:
    event = one(zone=zone)
    assert (event.zone, event.attributes.get("address")) == (expected, address)


@pytest.mark.parametrize(
    ("changes", "state", "status"),
    [
        ({"status": "exercise"}, "on", Status.EXERCISE),
        ({"status": "测试"}, "on", Status.TEST),
        ({"state": "off"}, "off", Status.ACTUAL),
        ({"withdrawn": "true"}, "off", Status.ACTUAL),
        ({"state": "open"}, "on", Status.ACTUAL),
    ],
)
def test_exercise_and_withdrawn(changes: dict[str, object], state: str, status: Status) -> None:
    event = one(**changes)
    assert (event.state, event.status) == (state, status)


def test_the_same_report_again_is_the_same_event_and_another_word_is_news() -> None:
    assert one().id == one().id != one(text="火更大了").id
    first = Reader("resident")
    bare = [first.one({"text": "着火了"}).id for _ in range(2)]
    assert len(set(bare)) == 2  # without a number and a time nobody knows


def test_a_picture_alone_is_a_report_and_a_picture_itself_is_not_taken() -> None:
    assert one(text=None, photo="https://a.example/1.jpg").attributes["photo_count"] == 1.0
    assert "photo" not in one(photo="data:image/png;base64,AAAA").attributes
    own = "/v1/photos/0123456789abcdef0123456789abcdef.jpg"
    assert one(photo=own).attributes["photo"] == own
    assert "photo" not in one(photo=["/v1/incidents", f"/..{own}", own.upper(), own.replace("jpg", "svg")]).attributes


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"channel": "web"}, "missing_field: text: expected what happens"),
        ({"text": " ", "what": "", "photo": ["x"]}, "missing_field: text"),
        ([], "not_an_object"),
        (b"", "empty"),
    ],
)
def test_a_report_that_says_nothing_is_refused(body: object, reason: str) -> None:
    assert Reader("resident").refusal(body).startswith(reason)


def test_two_buttons_that_are_pressed_in_the_same_second_are_two_calls() -> None:
    pressed = {"what": "求助", "channel": "sos-button", "at": "2026-03-02T18:00:00+08:00"}
    reader = Reader("resident")
    one, other, again = (reader.one(pressed | {"zone": zone}) for zone in ("b03/u1/0502", "b04/u1/0502", "b03/u1/0502"))
    assert one.id == again.id != other.id


@pytest.mark.parametrize(
    ("zone", "address", "expected"),
    [
        ("13812345678", None, ("", "138****5678")),
        ("b03/13812345678", None, ("", "b03/138****5678")),
        ("１３８１２３４５６７８", None, ("", "１３８****５６７８")),
        ("028-87654321", "3栋门口", ("", "3栋门口")),
        ("b03/u1/0502", None, ("b03/u1/0502", None)),
        ("b13/u8/1234-5678", None, ("b13/u8/1234-5678", None)),
    ],
)
def test_a_telephone_number_is_no_zone_and_is_masked(zone: str, address: str | None, expected: tuple[str, str | None]) -> None:
    event = Reader("resident").one(report(zone=zone, address=address))
    assert (event.zone, event.attributes.get("address")) == expected


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("漏水 +86 138 1234 5678", "漏水 138****5678"),
        ("漏水 8613812345678", "漏水 138****5678"),
        ("漏水 008613812345678", "漏水 138****5678"),
        ("漏水 138-1234-5678", "漏水 138****5678"),
        ("漏水 02887654321", "漏水 028****4321"),
        ("3栋2单元 1202 室 2026-11-03", "3栋2单元 1202 室 2026-11-03"),
    ],
)
def test_numbers_are_masked_in_whatever_form_they_are_written(said: str, kept: str) -> None:
    event = Reader("resident").one(report(what=said, text=said, zone=""))
    assert event.attributes["what"] == kept
    assert event.attributes["text"] == f"{kept}: {kept}"
