"""GET /v1/incidents/{id}/why: the graph of what was stored, whole or in part, with the names of those who were sent."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard.web import Hindsight
from rules.definition import RulePack
from rules.primitive import StateIs
from tests.dashboard import night
from tests.dashboard.conftest import Site
from tests.dashboard.test_rules import CARD, PACK
from tests.rules.score import pack, rule, stage

NOW = 1_795_500_000_000


@pytest.fixture
def answer(site: Site) -> dict[str, Any]:
    site.clock.now = NOW
    site.books.write_all(night.kitchen_fire(NOW))
    found: dict[str, Any] = site.client().get(f"/v1/incidents/{night.FIRE}/why").json()
    return found


def test_it_leads_from_the_readings_to_the_orders(answer: dict[str, Any]) -> None:
    why = answer["why"]
    sorts = [node["sort"] for node in why["nodes"]]
    assert {"event", "judgement", "warning", "alarm", "incident", "dispatch"} <= set(sorts)
    because = {edge["node_id"]: edge["because_of_id"] for edge in why["edges"]}
    assert because["d-1"] == night.FIRE
    assert because["a-1"].startswith(("f-", "a-1/evidence"))
    reading = next(node for node in why["nodes"] if node["sort"] == "event" and node["evidence"]["value"] == 12.4)
    assert reading["evidence"]["limit"] == 10.0
    assert all(node["sentence"]["zh"] and node["sentence"]["en"] for node in why["nodes"])


def test_it_says_who_was_passed_over(answer: dict[str, Any]) -> None:
    orders = [node for node in answer["why"]["nodes"] if node["sort"] == "dispatch"]
    assert any(node["passed_over_said"] for node in orders)


def test_a_part_can_be_asked_for(site: Site, answer: dict[str, Any]) -> None:
    part = site.client().get(f"/v1/incidents/{night.FIRE}/why", params={"of": "a-1"}).json()["why"]
    assert (part["entity"], part["id"]) == ("alarm", "a-1")
    assert "dispatch" not in {node["sort"] for node in part["nodes"]}


def test_what_is_not_there_is_said(site: Site, answer: dict[str, Any]) -> None:
    client = site.client()
    for path, field in (("i-none/why", "path.incident_id"), (f"{night.FIRE}/why?of=a-none", "query.of")):
        refused = client.get(f"/v1/incidents/{path}")
        assert refused.status_code == 404
        assert refused.json()["error"]["field"] == field
    assert client.get(f"/v1/incidents/{night.FIRE}/why?off=x").status_code == 422


def test_an_old_case_is_told_by_the_pack_under_which_it_was_opened(site: Site, answer: dict[str, Any]) -> None:
    asked: list[tuple[int, str]] = []
    versions = [node["pack_version"] for node in answer["why"]["nodes"] if node["id"] == night.FIRE]
    then = replace(pack(rule("smoke", "smoke", alarms=(stage("red", StateIs(states=("on",))),), card=CARD)), version=versions[0])

    def pack_at(at: int, version: str) -> RulePack | None:
        asked.append((at, version))
        return then

    def card() -> object:
        found = site.client().get(f"/v1/incidents/{night.FIRE}/why", params={"of": "a-1"}).json()["why"]
        return next(node["card"] for node in found["nodes"] if node["id"] == "a-1")

    site.app.state.web = replace(site.web, find_pack=lambda: PACK, hindsight=Hindsight(pack_at=pack_at))
    assert card() is not None
    assert [version for _, version in asked] == versions
    assert asked[0][0] < NOW
    site.app.state.web = replace(site.web, find_pack=lambda: then, hindsight=Hindsight(pack_at=pack_at))
    assert card() is not None
    assert len(asked) == 1, "the pack in force is of that version"
    site.app.state.web = replace(site.web, find_pack=lambda: PACK, hindsight=Hindsight())
    assert card() is None
