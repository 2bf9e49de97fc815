"""GET /v1/outages, POST /v1/preview, GET /v1/chatter: over a real store, filled by the chain itself."""

from dataclasses import replace
from typing import Any

import pytest

from rules import definition as d
from rules.model import Entity, OperatorAction, Verb
from rules.primitive import StateIs, Threshold
from tests.dashboard.conftest import Site
from tests.rules.score import T0, Play, event, hazard, pack, rule, said, stage

DAY_S = 86_400
PACK = replace(
    pack(
        rule("hot", "temperature", hazard="heat", alarms=(stage("yellow", Threshold(above=50.0)),)),
        rule("power", "power", hazard="power", key=d.Key.ZONE, alarms=(stage("red", StateIs(states=("off",))),)),
        rule("smoke", "smoke_obscuration", hazard="fire", alarms=(stage("red", Threshold(above=5.0)),)),
        hazards=(hazard("heat"), hazard("power"), hazard("fire", is_life_safety=True)),
    ),
    inhibitions=(d.Inhibition(id="cut", title=said("cut"), source=d.Aim(hazard="power"), target=d.Aim(hazard="fire")),),
)
TRIED = replace(
    PACK, inhibitions=(d.Inhibition(id="cut", title=said("cut"), source=d.Aim(hazard="power"), target=d.Aim(hazard="heat")),)
)


def maintain(play: Play, at_s: float, **arguments: Any) -> None:
    action = OperatorAction(
        id=f"m{at_s}",
        community="c1",
        actor="li",
        verb=Verb.MAINTAIN,
        entity=Entity.ZONE,
        entity_id="b2",
        arguments={"reason": "works", "for_s": 3600, **arguments},
    )
    play.receive(action, at_s)


@pytest.fixture
def past(site: Site) -> Site:
    """Two days: each day at one o'clock d1 flaps, once with the power out; on the second there is smoke."""
    play = Play(PACK)
    for day in (0, 1):
        at_s = day * DAY_S + 3600
        play.receive(event("p1", "power", "off" if day else "on", id=f"p{day}", zone="b1"), at_s - 60)
        for number in range(3):
            play.receive(event("d1", "temperature", 60.0, id=f"h{day}{number}", zone="b1"), at_s + 10 * number)
            play.receive(event("d1", "temperature", 20.0, id=f"l{day}{number}", zone="b1"), at_s + 10 * number + 4)
    play.receive(event("s1", "smoke_obscuration", 20.0, id="s", zone="b1"), DAY_S + 3650)
    play.act(DAY_S + 3700, "li", "verify", "incident", verdict="real")
    maintain(play, 2 * DAY_S - 20_000)
    maintain(play, 2 * DAY_S - 10, from_s=600)
    play.advance(2 * DAY_S)
    site.books.write_all(play.effects)
    site.clock.now = T0 + 2 * DAY_S * 1000
    site.app.state.web = replace(site.web, find_pack=lambda: TRIED)
    return site


def ask(site: Site, **wanted: object) -> dict[str, Any]:
    answer = site.client().post("/v1/preview", json=wanted)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def alarm_of(site: Site, rule_id: str) -> str:
    said = site.client().get("/v1/alarms")
    assert said.status_code == 200, said.text
    alarms = said.json()["alarms"]
    return str(next(one["id"] for one in alarms if one["rule"] == rule_id))


class TestOutages:
    def test_what_is_planned_or_running_is_listed_with_owner_and_reason(self, past: Site) -> None:
        (only,) = past.client().get("/v1/outages").json()["outages"]
        assert (only["zone"], only["owner"], only["reason"], only["is_running"]) == ("b2", "li", "works", False)
        assert (only["from_at"], only["until_at"]) == (T0 + (2 * DAY_S + 590) * 1000, T0 + (2 * DAY_S + 4190) * 1000)

    def test_also_what_ended_lately_where_it_is_asked_for(self, past: Site) -> None:
        found = past.client().get("/v1/outages", params={"ended_days": 1}).json()["outages"]
        assert [one["ended_at"] is None for one in found] == [False, True]
        assert past.client().get("/v1/outages", params={"community": "c2"}).json()["outages"] == []


class TestPreview:
    def test_of_an_outage_at_the_same_hours_of_each_day(self, past: Site) -> None:
        wanted = {"verb": "maintain", "entity": "zone", "entity_id": "b1", "community": "c1"}
        found = ask(past, **wanted, days=2, arguments={"from_s": 3000, "for_s": 1200})
        assert (found["rang_count"], found["hidden_count"], found["kept_count"]) == (8, 7, 1)
        assert (found["never_told_count"], found["late_count"], found["life_safety_count"]) == (6, 1, 0)
        assert "7 of 8 alarms would have been hidden" in found["sentence"]["en"]
        assert found["hidden"][0]["fate"] == "never_told"
        other = ask(past, **wanted, days=2, arguments={"from_s": 7200, "for_s": 600})
        assert (other["hidden_count"], other["quieted_count"]) == (1, 1)  # the power is still out

    def test_of_a_shelf_each_time_the_alarm_rang(self, past: Site) -> None:
        found = ask(past, verb="shelve", entity="alarm", entity_id=alarm_of(past, "hot"), arguments={"for_s": 600})
        assert (found["hidden_count"], found["never_told_count"], found["is_whole"]) == (4, 4, True)
        assert {one["rule"] for one in found["hidden"]} == {"hot"}

    def test_of_an_inhibition_of_the_pack(self, past: Site) -> None:
        found = ask(past, inhibition="cut", days=2)
        assert (found["hidden_count"], found["real_count"]) == (3, 0)

    def test_a_life_safety_alarm_is_kept(self, past: Site) -> None:
        found = ask(past, verb="shelve", entity="alarm", entity_id=alarm_of(past, "smoke"))
        assert (found["hidden_count"], found["kept_count"]) == (0, 1)

    def test_of_a_real_one_it_is_said(self, past: Site) -> None:
        wanted = {"verb": "maintain", "entity": "device", "entity_id": "s1", "community": "c1"}
        found = ask(past, **wanted, arguments={"from_s": 3000, "for_s": 1200, "life_safety": True})
        assert (found["hidden_count"], found["life_safety_count"], found["real_count"]) == (1, 1, 1)

    @pytest.mark.parametrize(
        ("wanted", "status", "field"),
        [
            ({"inhibition": "none"}, 404, "body.inhibition"),
            ({"verb": "shelve", "entity": "alarm", "entity_id": "a-none"}, 404, "body.entity_id"),
            ({"verb": "shelve", "entity": "zone", "entity_id": "b1"}, 422, "body.verb"),
            ({}, 422, "body.verb"),
            ({"verb": "maintain", "entity": "zone", "entity_id": "b1", "community": "c1"}, 422, "body.arguments"),
            (
                {
                    "verb": "maintain",
                    "entity": "zone",
                    "entity_id": "b1",
                    "community": "c1",
                    "arguments": {"for_s": 60, "life_safety": True},
                },
                422,
                "body.arguments",
            ),
            ({"inhibition": "cut", "days": 91}, 422, "body.days"),
        ],
    )
    def test_what_cannot_be_looked_up_is_refused(self, past: Site, wanted: dict[str, Any], status: int, field: str) -> None:
        answer = past.client().post("/v1/preview", json=wanted)
        assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)

    def test_without_a_pack_nothing_is_known_of_inhibitions(self, site: Site) -> None:
        assert site.client().post("/v1/preview", json={"inhibition": "x"}).status_code == 404
        assert site.client().get("/v1/chatter").json()["advice"] == []


class TestChatter:
    def test_the_restless_alarm_with_a_proposal(self, past: Site) -> None:
        found = past.client().get("/v1/chatter").json()
        (only,) = found["advice"]
        assert (only["chatter"]["chatter_count"], only["chatter"]["key"]["rule"], len(only["chatter"]["spells"])) == (6, "hot", 2)
        assert [one["means"] for one in only["proposals"]] == ["off_delay", "on_delay"]
        assert "off-delay 7 s" in only["proposals"][0]["sentence"]["en"]

    def test_only_of_the_days_that_are_asked_for(self, past: Site) -> None:
        (only,) = past.client().get("/v1/chatter", params={"days": 1, "share": 0.5}).json()["advice"]
        assert only["chatter"]["chatter_count"] == 3
        assert past.client().get("/v1/chatter", params={"community": "c2"}).json()["advice"] == []
