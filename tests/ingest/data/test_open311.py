"""Open311 service requests: JSON and XML say the same; open, closed, changed; nothing of who reported."""

from typing import Any

import pytest

from tests.ingest.reading import Reader, score

ASKED = "2026-03-02T18:00:00+08:00"
ASKED_AT = 1_772_445_600_000


def request(**changes: object) -> dict[str, object]:
    return {
        "service_request_id": "638344",
        "status": "open",
        "service_code": "006",
        "service_name": "消防通道",
        "description": "车辆堵住消防通道",
        "requested_datetime": ASKED,
        "address": "翠苑路12号",
        "lat": "30.67",
        "long": "104.06",
        "media_url": "https://311.example/p/1.jpg",
        "agency_responsible": "城管",
    } | changes


def written(fields: dict[str, object]) -> str:
    inside = "".join(f"<{name}>{'' if value is None else value}</{name}>" for name, value in fields.items())
    return f'<?xml version="1.0" encoding="utf-8"?><service_requests><request>{inside}</request></service_requests>'


def reader() -> Reader:
    return Reader("open311")


@pytest.mark.parametrize("body", [[request()], request(), {"service_requests": [request()]}, written(request())])
def test_json_and_xml_say_the_same(body: object) -> None:
    event = reader().one(body)
    assert (event.network.value, *score(event), event.occurred_at) == (
        "data",
        "alarm",
        "report",
        "on",
        "request.638344",
        ASKED_AT,
    )
    assert dict(event.attributes) == {
        "text": "消防通道: 车辆堵住消防通道",
        "service_code": "006",
        "agency": "城管",
        "address": "翠苑路12号",
        "photo": "https://311.example/p/1.jpg",
        "latitude": 30.67,
        "longitude": 104.06,
    }


def test_a_request_that_is_opened_again_in_the_same_words_is_heard_and_a_poll_is_not() -> None:
    first, second = "2026-03-02T19:00:00+08:00", "2026-03-02T20:00:00+08:00"
    told = [
        reader().one([request(status=status, updated_datetime=at)])
        for status, at in (("open", None), ("open", None), ("closed", first), ("open", second), ("open", second))
    ]
    assert [event.state for event in told] == ["on", "on", "off", "on", "on"]
    opened, polled, closed, again, polled_again = [event.id for event in told]
    assert opened == polled
    assert again == polled_again
    assert len({opened, closed, again}) == 3


def test_a_request_that_is_closed_is_over() -> None:
    event = reader().one(request(status="closed", status_notes="已拖离", updated_datetime="2026-03-02T18:04:00+08:00"))
    assert (event.state, event.occurred_at, event.attributes["status_notes"]) == ("off", ASKED_AT + 240_000, "已拖离")
    assert reader().one(request(status="CLOSED", updated_datetime=None)).occurred_at == ASKED_AT


def test_a_changed_request_is_heard_and_a_repeated_one_is_the_same_event() -> None:
    route = reader()
    first, again, worse, closed = (
        route.one(body) for body in (request(), request(), request(description="着火了"), request(status="closed"))
    )
    assert first.id == again.id
    assert len({first.id, worse.id, closed.id}) == 3
    assert {first.device, worse.device, closed.device} == {"request.638344"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"description": None}, {"text": "消防通道"}),
        ({"description": "消防通道"}, {"text": "消防通道"}),
        ({"description": "请联系13812345678或a.b@x.com"}, {"text": "消防通道: 请联系138****5678或a***@x.com"}),
        ({"description": "510107199001011234 的住户"}, {"text": "消防通道: 510107********1234 的住户"}),
        ({"priority": "high"}, {"urgency": "urgent"}),
        ({"urgency": "特急"}, {"urgency": "emergency"}),
        ({"urgency": "normal"}, {"urgency": None}),
        ({"lat": 0, "long": 0}, {"latitude": None, "doubtful_place": "0,0"}),
        ({"long": None, "lng": 104.06}, {"longitude": 104.06}),
        ({"media_url": "data:image/png;base64,AAAA"}, {"photo": None}),
        ({"media_url": "https://u:p@x/1.jpg"}, {"photo": None}),
        ({"media_url": "http://[x"}, {"photo": None}),
        ({"service_code": 6}, {"service_code": "6"}),
        ({"phone": "13812345678", "first_name": "三丰", "email": "a@b.cn"}, {"phone": None, "first_name": None, "email": None}),
    ],
)
def test_what_each_field_says(changes: dict[str, object], expected: dict[str, Any]) -> None:
    event = reader().one(request(**changes))
    assert {name: event.attributes.get(name) for name in expected} == expected


def test_what_a_client_posts_has_a_token_and_ids_may_be_numbers() -> None:
    assert reader().one({"token": "t1", "description": "灯坏了"}).device == "request.t1"
    assert reader().one({"service_request_id": 7, "description": "灯坏了"}).device == "request.7"


def test_one_wrong_request_does_not_cost_the_others() -> None:
    told = reader().told([request(), {"status": "open"}, 5])
    assert isinstance(told, list)
    assert [getattr(each, "detail", "event")[:26] for each in told] == [
        "event",
        "request 1: expected a serv",
        "request 2: expected an obj",
    ]


@pytest.mark.parametrize("body", [[], [{"code": 400, "description": "jurisdiction_id was not provided"}], "<service_requests/>"])
def test_what_is_no_request_is_of_no_concern(body: object) -> None:
    assert reader().ignored(body) == "no service request"


@pytest.mark.parametrize(
    ("body", "reason"), [("5", "not_an_object"), ("<a/>", "wrong_word"), ("<a", "not_xml"), ("{", "not_json"), ("", "empty")]
)
def test_what_is_neither_is_refused(body: str, reason: str) -> None:
    assert reader().refusal(body).startswith(reason)


def test_a_single_request_of_xml() -> None:
    assert reader().one(written(request()).replace("<service_requests>", "").replace("</service_requests>", "")).state == "on"
