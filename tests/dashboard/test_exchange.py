"""The data exchange over HTTP: a partner pulls, goes on from its cursor, confirms; and what it is told when that cannot be."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from dashboard import exchange_schema
from handlers.exchange.contract import CONTRACT, Partner
from handlers.exchange.cursor import BEGINNING, Place, write_cursor
from rules.effects import RecordFact, SaveIncident
from tests.dashboard.conftest import METRICS_TOKEN, PARTNER_TOKENS, PARTNERS, Site
from tests.handlers.records import fact, incident

FEED = "/v1/exchange/incidents"
RECEIPTS = "/v1/exchange/receipts"
HOUR_MS = 3_600_000
KEPT = Path(__file__).resolve().parents[2] / "docs" / "schema" / "exchange.schema.json"


@pytest.fixture
def partners() -> Sequence[Partner]:
    return PARTNERS


@pytest.fixture
def street(site: Site) -> httpx.Client:
    """Fire and gas of one community; places as exact as the building."""
    for number, zone in enumerate(("b03/u1/0502", "=1+1/u1"), start=1):
        site.books.write(
            SaveIncident(incident(f"i-{number}", zone=zone)), RecordFact(fact(f"f-{number}", incident_id=f"i-{number}"))
        )
    return site.client(token=PARTNER_TOKENS["street"])


def pull(client: httpx.Client, **asked: object) -> dict[str, Any]:
    answer = client.get(FEED, params=asked)  # type: ignore[arg-type]  # httpx takes any primitive
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    jsonschema.validate(page, exchange_schema.document())
    return page


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("field", "")


def test_the_document_of_the_contract_is_the_one_that_is_kept() -> None:
    assert KEPT.read_text(encoding="utf-8") == exchange_schema.text(), f"run: {exchange_schema.REGENERATE}"


def test_a_partner_pulls_page_by_page_and_then_only_what_changed(site: Site, street: httpx.Client) -> None:
    first = pull(street, limit=1)
    assert (first["contract"], first["partner"], first["has_more"]) == (CONTRACT, "street", True)
    assert [(each["id"], each["zone"]) for each in first["incidents"]] == [("i-1", "b03")]
    second = pull(street, cursor=first["next_cursor"])
    assert ([each["id"] for each in second["incidents"]], second["has_more"]) == (["i-2"], False)
    assert pull(street, cursor=second["next_cursor"])["incidents"] == []
    site.books.write(SaveIncident(incident("i-1", closed_at=9000)), RecordFact(fact("f-3", incident_id="i-1")))
    (changed,) = pull(street, cursor=second["next_cursor"])["incidents"]
    assert (changed["id"], changed["closed_at"], changed["revision"]) == ("i-1", 9000, 3)


def test_another_partner_is_told_for_its_own_purpose(site: Site, street: httpx.Client) -> None:
    page = pull(site.client(token=PARTNER_TOKENS["rescue"]))
    assert [each["zone"] for each in page["incidents"]] == ["b03/u1/0502", "=1+1/u1"]


@pytest.mark.parametrize("by", ["header", "parameter"])
def test_the_same_as_a_table(street: httpx.Client, by: str) -> None:
    asked = {"limit": "1", "bom": "true"} | ({"format": "csv"} if by == "parameter" else {})
    answer = street.get(FEED, params=asked, headers={"Accept": "text/csv"} if by == "header" else {})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["shouwang-contract"] == CONTRACT
    assert answer.headers["shouwang-has-more"] == "true"
    assert answer.content.startswith("\ufeffid,revision,".encode())
    link = answer.headers["link"].removeprefix("<").partition(">")[0]
    rows = list(csv.DictReader(io.StringIO(street.get(link).content.decode("utf-8-sig"), newline="")))
    assert [(row["id"], row["zone"], row["closed_at"]) for row in rows] == [("i-2", "'=1+1", "")]


def test_another_contract_is_refused_with_what_there_is(street: httpx.Client) -> None:
    for answer, field in (
        (street.get(FEED, params={"contract": "shouwang.exchange/2"}), "query.contract"),
        (street.post(RECEIPTS, json={"cursor": write_cursor(BEGINNING), "incident_count": 1, "contract": "x"}), "body.contract"),
    ):
        assert refusal(answer) == (422, "unknown_contract", field)
        assert CONTRACT in answer.json()["error"]["zh"]


def test_a_cursor_that_is_none_of_ours_or_of_another_store_is_refused(site: Site, street: httpx.Client) -> None:
    assert refusal(street.get(FEED, params={"cursor": "MTIz"})) == (422, "invalid", "query.cursor")
    other = write_cursor(Place(3, "0123abcd"))
    assert refusal(street.get(FEED, params={"cursor": other})) == (409, "cursor_of_another_store", "query.cursor")
    answer = street.post(RECEIPTS, json={"cursor": other, "incident_count": 1})
    assert refusal(answer) == (409, "cursor_of_another_store", "body.cursor")
    assert refusal(street.post(RECEIPTS, json={"cursor": "x", "incident_count": 1})) == (422, "invalid", "body.cursor")
    site.door.receipt_answer = (200, None)
    ahead = street.post(RECEIPTS, json={"cursor": write_cursor(BEGINNING), "incident_count": 1})
    assert refusal(ahead) == (409, "cursor_of_another_store", "body.cursor")


def test_a_receipt_is_carried_to_the_desk_and_answered_with_what_it_wrote_down(site: Site, street: httpx.Client) -> None:
    cursor = pull(street)["next_cursor"]
    answer = street.post(RECEIPTS, json={"cursor": cursor, "incident_count": 2})
    assert answer.json() == {
        "contract": CONTRACT,
        "partner": "street",
        "cursor": cursor,
        "incident_count": 2,
        "confirmed_at": 7000,
        "is_new": True,
    }
    assert site.door.receipts == [{"partner": "street", "position": 2, "incident_count": 2}]


def test_a_desk_that_cannot_write_it_down_is_not_taken_for_one_that_did(site: Site, street: httpx.Client) -> None:
    receipt = {"cursor": pull(street)["next_cursor"], "incident_count": 2}
    away = {"code": "store_away", "zh": "数据库暂不可用", "en": "The store is away", "field": None}
    site.door.receipt_answer = (503, {"error": away})
    assert refusal(street.post(RECEIPTS, json=receipt)) == (503, "store_away", "")
    site.door.close()
    assert refusal(street.post(RECEIPTS, json=receipt)) == (503, "desk_unreachable", "")


def test_a_partner_that_falls_silent_is_told_and_leaves_the_desk_ready(site: Site, street: httpx.Client) -> None:
    def checks() -> dict[str, bool]:
        answer = site.client().get("/health/ready")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
        return {each["name"]: each["ok"] for each in answer.json()["checks"] if each["name"].startswith("exchange_")}

    assert checks() == {"exchange_street": True, "exchange_rescue": True}
    site.clock.now += 3 * HOUR_MS + 1
    assert checks() == {"exchange_street": False, "exchange_rescue": False}
    pull(street)
    assert checks() == {"exchange_street": True, "exchange_rescue": False}
    metrics = site.client(token=METRICS_TOKEN).get("/metrics").text
    for line in (
        'shouwang_exchange_fetches_total{partner="street"} 1.0',
        'shouwang_exchange_incidents_total{partner="street"} 2.0',
        'shouwang_exchange_silent_seconds{partner="street"} 0.0',
        'shouwang_exchange_silent_seconds{partner="rescue"} 10800.001',
        'shouwang_exchange_silent_max_seconds{partner="rescue"} 10800.0',
        'shouwang_exchange_waiting{partner="rescue"} 2.0',
    ):
        assert line in metrics


def test_without_a_store_nothing_is_said_of_partners(site: Site, street: httpx.Client) -> None:
    site.lose_store()
    answer = site.client().get("/health/ready")
    assert [each["name"] for each in answer.json()["checks"]] == ["front_door", "journal", "store_readable", "live_stream"]
    assert street.get(FEED).status_code == 503
