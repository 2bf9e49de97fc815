"""What people ask is carried to the front door, and its answer back, whichever way the desk takes it."""

import threading
from typing import Any

import httpx
import pytest

from rules.effects import RecordRejection, SaveIncident
from rules.model import Rejected
from tests.dashboard.conftest import Site
from tests.handlers import records

ACKNOWLEDGE = {"verb": "acknowledge", "entity": "incident", "entity_id": "i-1"}


def test_an_accepted_action_is_answered_with_the_decision(site: Site) -> None:
    site.books.write(SaveIncident(records.incident()))
    answer = site.client().post("/v1/actions", json={**ACKNOWLEDGE, "id": "act-1", "arguments": {"text": "去看看"}})
    assert answer.status_code == 200
    assert answer.json() == {
        "action_id": "act-1",
        "is_accepted": True,
        "reason": "operator_asked",
        "sentence": {"zh": "已确认。", "en": "Acknowledged."},
        "decided_at": 5000,
    }
    assert site.door.actions == [
        {
            "id": "act-1",
            "community": "jiayuan",
            "actor": "duty desk",
            "verb": "acknowledge",
            "entity": "incident",
            "entity_id": "i-1",
            "arguments": {"text": "去看看"},
        }
    ]


def test_a_refusal_says_why_in_both_languages(site: Site) -> None:
    site.books.write(SaveIncident(records.incident()))
    site.door.action_status = 409
    answer = site.client().post("/v1/actions", json=ACKNOWLEDGE)
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error == {
        "code": "illegal_now",
        "zh": "警情已结案，不能再确认。",
        "en": "The incident is closed and cannot be acknowledged.",
    }
    assert answer.headers["idempotency-key"] == site.door.actions[0]["id"]


def test_an_action_not_decided_in_time_is_pending(site: Site) -> None:
    site.books.write(SaveIncident(records.incident()))
    site.door.action_status = 202
    answer = site.client().post("/v1/actions", json=ACKNOWLEDGE, headers={"Idempotency-Key": "act-7"})
    assert (answer.status_code, answer.json()["action_id"]) == (202, "act-7")
    assert answer.json()["sentence"]["zh"]


@pytest.mark.parametrize("status", [422, 503])
def test_what_the_door_refuses_is_said_in_its_own_words(site: Site, status: int) -> None:
    site.books.write(SaveIncident(records.incident()))
    site.door.action_status = status
    answer = site.client().post("/v1/actions", json=ACKNOWLEDGE)
    assert (answer.status_code, answer.json()["error"]["zh"]) == (status, "接收队列已满，请稍后重发。")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("fault", ["closed", "strange", "mute"])
def test_a_desk_that_does_not_answer_says_what_to_do(site: Site, fault: str) -> None:
    site.books.write(SaveIncident(records.incident()))
    if fault == "closed":
        site.door.close()
    site.door.is_mute = fault == "mute"
    site.door.action_status = 401 if fault == "strange" else 200
    answer = site.client().post("/v1/actions", json=ACKNOWLEDGE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "desk_unreachable")
    assert "电话" in answer.json()["error"]["zh"]
    assert answer.headers["retry-after"] == "5"


def test_an_action_on_nothing_never_reaches_the_desk(site: Site) -> None:
    answer = site.client().post("/v1/actions", json=ACKNOWLEDGE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_entity")
    assert site.door.actions == []


def test_an_action_on_a_place_names_its_community(site: Site) -> None:
    wanted = {"verb": "set_mode", "entity": "zone", "entity_id": "b1", "arguments": {"mode": "armed"}}
    answer = site.client().post("/v1/actions", json=wanted)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "body.community")
    assert site.client().post("/v1/actions", json={**wanted, "community": "c"}).status_code == 200


def test_with_the_community_given_the_store_is_not_asked(site: Site) -> None:
    answer = site.client().post("/v1/actions", json={**ACKNOWLEDGE, "community": "jiayuan"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"verb": "explode"}, "body.verb"),
        ({"entity": "pack"}, "body.entity"),
        ({"entity_id": 7}, "body.entity_id"),
        ({"entity_id": "a\x00b"}, "body.entity_id"),
        ({"surprise": 1}, "body.surprise"),
        ({"arguments": {"text": None}}, "body.arguments"),
        ({"arguments": {"text": "x" * 2001}}, "body.arguments"),
        ({"arguments": {str(n): n for n in range(17)}}, "body.arguments"),
        ({"id": ""}, "body.id"),
        ({"id": "other"}, "header.idempotency-key"),
    ],
)
def test_what_is_not_as_it_must_be_is_refused_by_name(site: Site, change: dict[str, Any], field: str) -> None:
    answer = site.client().post("/v1/actions", json={**ACKNOWLEDGE, **change}, headers={"Idempotency-Key": "act-1"})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"].startswith(field)
    assert site.door.actions == []


def test_numbers_that_json_does_not_have_are_refused(site: Site) -> None:
    for number in ("NaN", "Infinity", "1e999", "1" * 5000):
        body = (
            f'{{"verb": "shelve", "entity": "alarm", "entity_id": "a-1", "community": "c", "arguments": {{"for_s": {number}}}}}'
        )
        answer = site.client().post("/v1/actions", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}, number
        assert answer.json()["error"]["zh"]
    assert site.door.actions == []


def test_each_id_made_by_us_is_new(site: Site) -> None:
    client = site.client()
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.post("/v1/actions", json={**ACKNOWLEDGE, "community": "c"})))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["action_id"] for answer in answers}) == 8


def test_refused_input_is_listed_and_driven_again(site: Site) -> None:
    poison = Rejected(id="r-1", source="shouwang/v1/x", reason="not_json", detail="line 1", excerpt=b"{\xff", size=2)
    site.books.write(RecordRejection(rejected=poison, position=41, at=900), RecordRejection(rejected=poison, position=42, at=901))
    client = site.client()
    page = client.get("/v1/rejected", params={"limit": 1}).json()
    assert (page["rejected"][0]["position"], page["rejected"][0]["excerpt"]) == (42, "{\\xff")
    assert client.get("/v1/rejected", params={"cursor": page["next_cursor"]}).json()["rejected"][0]["position"] == 41
    assert client.post("/v1/rejected/42/redrive").json() == {"position": 42, "accepted_count": 1, "rejected_count": 0}
    assert site.door.redriven == [42]


def test_driving_again_what_is_not_there_or_with_the_desk_away(site: Site) -> None:
    client = site.client()
    for status, code in ((404, "no_such_rejected"), (409, "cut"), (422, "bad_json")):
        site.door.redrive_answer = (status, {"error": {"code": code, "zh": "不行", "en": "no", "field": None}})
        answer = client.post("/v1/rejected/7/redrive")
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    site.door.redrive_answer = (500, {})
    assert client.post("/v1/rejected/7/redrive").json()["error"]["code"] == "desk_unreachable"


@pytest.mark.parametrize(("status", "action_id"), [(200, "确认-1"), (202, "\U00096e7d"), (409, "确认-2"), (200, "é")])
def test_an_id_that_no_header_can_carry_is_done_all_the_same(site: Site, status: int, action_id: str) -> None:
    site.books.write(SaveIncident(records.incident()))
    site.door.action_status = status
    answer = site.client().post("/v1/actions", json={**ACKNOWLEDGE, "id": action_id})
    assert answer.status_code == status
    assert "idempotency-key" not in answer.headers
    assert site.door.actions[0]["id"] == action_id
