"""GET /v1/rules, and the cards of an incident's alarms: what an alarm means, as the pack in force says it."""

from dataclasses import replace

import pytest

from dashboard.rules import cards_of
from rules.definition import Card, RulePack
from rules.primitive import StateIs
from tests.dashboard import night
from tests.dashboard.conftest import Site
from tests.rules.score import pack, rule, said, stage

CARD = Card(cause=said("fire"), consequence=said("it burns"), action=said("call 119"), time_to_respond_s=180.0)
ALARM = (stage("orange", StateIs(states=("on",)), on=5), stage("red", StateIs(states=("on",))))
PACK = pack(rule("smoke", "smoke", alarms=ALARM, card=CARD), rule("odd", "generic", hazard="unheard", warnings=ALARM[:1]))
OWN = replace(PACK, by_community={"care": pack(rule("smoke", "smoke", alarms=ALARM))})


@pytest.fixture
def site_with_pack(site: Site) -> Site:
    site.app.state.web = replace(site.web, find_pack=lambda: OWN)
    return site


def test_every_rule_is_told_with_its_levels_words_and_card(site_with_pack: Site) -> None:
    page = site_with_pack.client().get("/v1/rules").json()
    assert (page["pack"], page["version"]) == ("test", "1")
    smoke, odd = page["rules"]
    assert (smoke["alarm_levels"], smoke["warning_levels"], smoke["is_life_safety"]) == (["orange", "red"], [], False)
    assert smoke["card"]["time_to_respond_s"] == 180
    assert smoke["card"]["action"] == {"zh": "call 119（中）", "en": "call 119"}
    assert any("call 119" in each["en"] for each in smoke["explained"])
    assert (odd["card"], odd["hazard_title"]["en"]) == (None, "unheard")


def test_one_rule_can_be_asked_for_and_as_it_holds_in_a_community(site_with_pack: Site) -> None:
    client = site_with_pack.client()
    assert [each["id"] for each in client.get("/v1/rules?rule=odd").json()["rules"]] == ["odd"]
    (own,) = client.get("/v1/rules?community=care").json()["rules"]
    assert own["card"] is None
    assert client.get("/v1/rules?odd=1").status_code == 422


def test_without_a_pack_there_are_no_rules(site: Site) -> None:
    assert site.client().get("/v1/rules").json()["rules"] == []


def test_an_incident_brings_the_cards_of_its_alarms(site_with_pack: Site) -> None:
    site_with_pack.clock.now = 1_795_500_000_000
    site_with_pack.books.write_all(night.kitchen_fire(site_with_pack.clock.now))
    found = site_with_pack.client().get(f"/v1/incidents/{night.FIRE}").json()
    assert found["cards"]["smoke"]["cause"]["en"] == "fire"
    assert {alarm["rule"] for alarm in found["alarms"]} >= set(found["cards"])


@pytest.mark.parametrize(("known", "community", "cards"), [(None, "", {}), (OWN, "", {"smoke": CARD}), (OWN, "care", {})])
def test_cards_are_those_of_the_pack_in_force(known: RulePack | None, community: str, cards: dict[str, Card]) -> None:
    assert cards_of(["smoke", "odd", "gone"], known, community) == cards
