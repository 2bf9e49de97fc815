"""The front door: 2xx only after the journal's commit, an answer for every event, and errors that say what to do."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from ingest.http import create_front_door
from ingest.http_items import BODY_BYTES_MAX
from ingest.topics import Lane
from rules.model import Event, OperatorAction, Rejected, Verb
from tests.ingest.plain_desk import Asking, PlainDesk

TOKEN = "sw_test"
SMOKE = {"topic": "shouwang/v1/jade/iot/alarm/b03-s1", "kind": "smoke", "id": "e1"}
WARM = {"topic": "shouwang/v1/jade/iot/reading/b03-t1", "kind": "temperature", "value": 21.5, "id": "e2"}
ACTION = {"id": "act-1", "community": "jade", "actor": "李", "verb": "acknowledge", "entity": "incident", "entity_id": "i-1"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[PlainDesk]:
    desk = PlainDesk(tmp_path / "journal")
    yield desk
    desk.close()


@pytest.fixture
def door(desk: PlainDesk) -> Iterator[Asking]:
    numbers = iter(range(1_000_000))
    app = create_front_door(
        desk, token_ok=TOKEN.__eq__, find_rejected=desk.journal.find, new_arrival=lambda: f"request-{next(numbers)}"
    )
    asking = Asking(app, TOKEN)
    yield asking
    asking.close()


def journaled(desk: PlainDesk) -> list[Any]:
    return [one.entry for one in desk.journal.read()]


def error(response: Response) -> dict[str, str]:
    problem: dict[str, str] = response.json()["error"]
    assert {"code", "zh", "en"} <= set(problem)
    return problem


# --------------------------------------------------------------------------------------------------------- events


def test_an_event_is_in_the_journal_when_it_is_answered(door: Asking, desk: PlainDesk) -> None:
    response = door.post("/v1/events", json=SMOKE)

    assert response.status_code == 200
    assert response.json() == {
        "received_at": 1_795_435_200_000,
        "accepted_count": 1,
        "rejected_count": 0,
        "results": [{"position": 1, "id": "e1", "accepted": True}],
    }
    (event,) = journaled(desk)
    assert (event.id, event.device, event.state) == ("e1", "b03-s1", "on")
    assert desk.lanes == [Lane.CRITICAL]


@pytest.mark.parametrize("body", [[SMOKE, WARM], {"events": [SMOKE, WARM]}], ids=["array", "object"])
def test_many_events_in_one_request_take_the_lane_of_the_most_urgent(door: Asking, desk: PlainDesk, body: object) -> None:
    assert door.post("/v1/events", json=body).status_code == 200

    assert [event.id for event in journaled(desk)] == ["e1", "e2"]
    assert desk.lanes == [Lane.CRITICAL]


def test_the_place_may_be_said_in_parts_and_in_the_query(door: Asking, desk: PlainDesk) -> None:
    bare = {"kind": "temperature", "value": 1}
    parts = {"community": "jade", "network": "iot", "class": "reading"}

    door.post("/v1/events", json={**bare, **parts, "device": "d1"})
    door.post("/v1/events", params=parts, json=[{**bare, "device": "d2"}, {**bare, "device": "d3", "network": "data"}])
    door.post("/v1/events", params={"topic": WARM["topic"]}, json=bare)

    assert [(event.device, event.network.value) for event in journaled(desk)] == [
        ("d1", "iot"),
        ("d2", "iot"),
        ("d3", "data"),
        ("b03-t1", "iot"),
    ]


@pytest.mark.parametrize("query", ["device=b03-s1&device=b03-s2", "class=alarm&class=reading", "topic=a&topic=a"])
def test_a_place_that_is_said_twice_is_refused(door: Asking, desk: PlainDesk, query: str) -> None:
    response = door.post(f"/v1/events?{query}", json=SMOKE)
    assert (response.status_code, error(response)["field"]) == (422, f"query.{query.partition('=')[0]}")
    assert journaled(desk) == []


def test_one_bad_event_harms_no_other_and_is_kept(door: Asking, desk: PlainDesk) -> None:
    response = door.post("/v1/events", json=[SMOKE, {**WARM, "unit": "°F"}])

    assert response.status_code == 207
    good, bad = response.json()["results"]
    assert (good["accepted"], bad["accepted"], bad["position"], bad["reason"]) == (True, False, 2, "wrong_unit")
    assert bad["detail"] == 'unit: temperature is measured in °C, came "\\u00b0F"; convert it before sending'
    assert (bad["zh"], bad["en"]) == ("单位与约定不符", "the unit is not the one that the kind is measured in")
    assert [type(entry) for entry in journaled(desk)] == [Event, Rejected]


BAD: list[tuple[bytes, str]] = [
    (b"", "empty"),
    (b"{", "not_json"),
    (b"[]", "empty"),
    (b'{"events":[]}', "empty"),
    (b'{"events":{}}', "wrong_type"),
    (b'{"events":[],"events":[]}', "wrong_type"),
    (b"7", "not_an_object"),
    (b'{"kind":"smoke"}', "missing_field"),
    (b'{"kind":"smoke","topic":7}', "wrong_type"),
    (b'{"kind":"smoke","topic":"a/b"}', "bad_topic"),
    (b'{"kind":"smoke","topic":"a","device":"b"}', "unknown_field"),
    (b'{"kind":"smoke","community":"a/b","network":"iot","class":"alarm","device":"d"}', "bad_name"),
    (b'{"kind":"smoke","kind":"gas","topic":"shouwang/v1/jade/iot/alarm/d"}', "duplicate_key"),
    (b"[" * 100_000, "too_deep"),
    (b"[" + b"1," * 6000 + b"1]", "too_many"),
]


@pytest.mark.parametrize(("body", "reason"), BAD, ids=[f"{n}-{row[1]}" for n, row in enumerate(BAD)])
def test_what_cannot_be_read_is_refused_and_kept(door: Asking, desk: PlainDesk, body: bytes, reason: str) -> None:
    response = door.post("/v1/events", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    (result,) = response.json()["results"]
    assert (result["accepted"], result["reason"]) == (False, reason)
    (refused,) = journaled(desk)
    assert (refused.id, refused.reason) == (result["id"], reason)


def test_without_identity_two_requests_are_two_events_unless_the_request_says_it_is_the_same(door: Asking) -> None:
    plain = {"topic": SMOKE["topic"], "kind": "smoke"}

    def sent(headers: dict[str, str]) -> str:
        result: str = door.post("/v1/events", json=plain, headers=headers).json()["results"][0]["id"]
        return result

    assert sent({}) != sent({})
    assert sent({"Idempotency-Key": "k1"}) == sent({"Idempotency-Key": "k1"})
    assert sent({"Idempotency-Key": "k1"}) != sent({"Idempotency-Key": "k2"})


def test_a_large_body_is_read_whole_and_answered_one_by_one(door: Asking, desk: PlainDesk) -> None:
    many = [{**WARM, "id": f"e{number}"} for number in range(3000)]

    response = door.post("/v1/events", json=many)

    assert response.json()["accepted_count"] == 3000
    assert [result["position"] for result in response.json()["results"]] == list(range(1, 3001))
    assert desk.journal.last_position() == 3000


# ------------------------------------------------------------------------------------------------ who, how, how much


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer  "])
def test_nobody_without_the_token(door: Asking, desk: PlainDesk, authorization: str) -> None:
    for path in ("/v1/events", "/v1/actions", "/v1/rejected/1/redrive"):
        response = door.post(path, json=SMOKE, headers={"Authorization": authorization})

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert "Bearer" in error(response)["en"]
        assert "令牌" in error(response)["zh"]
    assert journaled(desk) == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "", "application/jsonp"])
def test_only_json_is_taken(door: Asking, content_type: str) -> None:
    response = door.post("/v1/events", content=json.dumps(SMOKE), headers={"Content-Type": content_type})

    assert response.status_code == 415
    assert "Content-Type: application/json" in error(response)["en"]


def test_a_body_over_a_megabyte_is_refused_with_what_to_do(door: Asking, desk: PlainDesk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * (BODY_BYTES_MAX // 20)

    headers = {"Content-Type": "application/json"}
    bodies: list[Any] = [b" " * (BODY_BYTES_MAX + 1), endless()]
    for body in bodies:
        response = door.post("/v1/events", content=body, headers=headers)

        assert response.status_code == 413
        assert "several requests" in error(response)["en"]
    assert journaled(desk) == []


def test_a_full_desk_says_when_to_come_again(door: Asking, desk: PlainDesk) -> None:
    desk.is_full = True

    response = door.post("/v1/events", json=SMOKE)

    assert (response.status_code, response.headers["Retry-After"], error(response)["code"]) == (503, "1", "full")
    desk.is_full = False
    assert door.post("/v1/events", json=SMOKE).status_code == 200


def test_a_stopping_desk_confirms_nothing(door: Asking, desk: PlainDesk) -> None:
    desk.is_stopping = True

    response = door.post("/v1/events", json=SMOKE)

    assert (response.status_code, error(response)["code"]) == (503, "stopping")
    assert journaled(desk) == []


def test_a_journal_that_cannot_be_written_is_told_in_time(door: Asking, desk: PlainDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.http_door.JOURNAL_WAIT_S", 0.01)
    monkeypatch.setattr(desk, "offer", lambda _: True)

    response = door.post("/v1/events", json=SMOKE)

    assert (response.status_code, error(response)["code"]) == (503, "journal_slow")


def test_other_paths_and_methods_answer_in_the_same_form(door: Asking) -> None:
    assert error(door.get("/v1/events"))["code"] == "method_not_allowed"
    assert error(door.post("/v2/events"))["code"] == "not_found"


# -------------------------------------------------------------------------------------------------------- actions


def test_an_action_is_answered_when_it_was_decided(door: Asking, desk: PlainDesk) -> None:
    response = door.post("/v1/actions", json={**ACTION, "arguments": {"verdict": "real", "for_s": 60, "is_urgent": True}})

    assert response.status_code == 200
    assert response.json() == {
        "action_id": "act-1",
        "community": "jade",
        "is_accepted": True,
        "reason": "operator_asked",
        "sentence": {"zh": "已确认", "en": "acknowledged"},
        "at": 1_795_435_200_000,
    }
    (action,) = journaled(desk)
    assert isinstance(action, OperatorAction)
    assert (action.verb, action.actor, action.entity_id) == (Verb.ACKNOWLEDGE, "李", "i-1")
    assert action.arguments == {"verdict": "real", "for_s": 60, "is_urgent": True}
    assert desk.lanes == [Lane.CRITICAL]


def test_what_the_chain_refuses_is_a_conflict_with_its_reason(door: Asking) -> None:
    response = door.post("/v1/actions", json={**ACTION, "entity_id": "x"})

    assert (response.status_code, response.json()["is_accepted"], response.json()["reason"]) == (409, False, "unknown_entity")


def test_not_decided_in_time_is_accepted_and_says_so(door: Asking, desk: PlainDesk) -> None:
    desk.is_deciding = False

    response = door.post("/v1/actions", params={"wait_s": 0.01}, json=ACTION)

    assert response.status_code == 202
    assert response.json()["action_id"] == "act-1"
    assert "无需重复提交" in response.json()["sentence"]["zh"]
    assert [entry.id for entry in journaled(desk)] == ["act-1"]


def test_the_header_may_name_the_action(door: Asking, desk: PlainDesk) -> None:
    nameless = {key: value for key, value in ACTION.items() if key != "id"}

    assert door.post("/v1/actions", json=nameless, headers={"Idempotency-Key": "k"}).json()["action_id"] == "k"
    assert error(door.post("/v1/actions", json=nameless))["field"] == "id"
    assert error(door.post("/v1/actions", json=ACTION, headers={"Idempotency-Key": "k"}))["code"] == "two_ids"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verb": "sing"}, "wrong_word"),
        ({"entity": "journal"}, "wrong_word"),
        ({"actor": ""}, "bad_name"),
        ({"actor": "a\x00b"}, "bad_text"),
        ({"entity_id": 7}, "wrong_type"),
        ({"entity_id": "x" * 257}, "too_long"),
        ({"arguments": {"a": None}}, "wrong_type"),
        ({"arguments": {"a": "\x1b[2J"}}, "bad_text"),
        ({"priority": 1}, "unknown_field"),
    ],
)
def test_a_wrong_action_is_refused_with_the_field(door: Asking, desk: PlainDesk, change: dict[str, Any], code: str) -> None:
    response = door.post("/v1/actions", json={**ACTION, **change})

    assert (response.status_code, error(response)["code"]) == (422, code)
    assert journaled(desk) == []


def test_a_missing_field_is_named(door: Asking) -> None:
    for field in ("community", "actor", "verb", "entity", "entity_id"):
        response = door.post("/v1/actions", json={key: value for key, value in ACTION.items() if key != field})

        assert (response.status_code, error(response)["code"]) == (422, "missing_field")
        assert f"{field}: expected" in error(response)["en"]


def test_integrators_have_no_say_in_decisions(desk: PlainDesk) -> None:
    outer = create_front_door(desk, token_ok=TOKEN.__eq__, find_rejected=desk.journal.find, has_actions=False)
    asking = Asking(outer, TOKEN)

    assert asking.post("/v1/events", json=SMOKE).status_code == 200
    assert asking.post("/v1/actions", json=ACTION).status_code == 404
    assert asking.post("/v1/rejected/1/redrive").status_code == 404
    asking.close()


# ------------------------------------------------------------------------------------------------------- re-driving


def test_refused_input_can_be_driven_in_again(door: Asking, desk: PlainDesk) -> None:
    mended = Rejected(
        id="r-1",
        source="shouwang/v1/jade/iot/alarm/b03-s1",
        reason="wrong_class",
        detail="an older version did not know the kind",
        excerpt=b'{"kind":"smoke"}',
        size=16,
    )
    desk.journal.append([mended])

    first, second = door.post("/v1/rejected/1/redrive"), door.post("/v1/rejected/1/redrive")

    assert (first.status_code, first.json()["accepted_count"]) == (200, 1)
    assert first.json()["results"][0]["id"] == second.json()["results"][0]["id"]  # so it happens once


def test_what_came_over_http_without_a_place_is_driven_in_again_with_the_same_question(door: Asking) -> None:
    door.post("/v1/events", json={"kind": "smoke"})

    response = door.post("/v1/rejected/1/redrive")

    assert (response.status_code, error(response)["code"]) == (422, "missing_field")


def test_still_refused_is_told_and_not_listed_twice(door: Asking, desk: PlainDesk) -> None:
    door.post("/v1/events", json={**WARM, "unit": "K"})

    response = door.post("/v1/rejected/1/redrive")

    assert (response.status_code, error(response)["code"]) == (422, "wrong_unit")
    assert desk.journal.last_position() == 1


def test_what_is_not_there_or_not_whole_cannot_be_driven_in(door: Asking, desk: PlainDesk) -> None:
    door.post("/v1/events", json=SMOKE)
    door.post("/v1/events", json={**WARM, "attributes": {"text": "x" * 2000}, "unit": "K"})

    assert error(door.post("/v1/rejected/1/redrive"))["code"] == "no_such_rejected"
    assert error(door.post("/v1/rejected/99/redrive"))["code"] == "no_such_rejected"
    cut = door.post("/v1/rejected/2/redrive")
    assert (cut.status_code, error(cut)["code"]) == (409, "cut")
