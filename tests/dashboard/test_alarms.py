"""GET /v1/alarms: what stands is listed, however old it is and whatever else there is (thingsboard#2821)."""

from dataclasses import replace

from rules.effects import SaveAlarm, SaveIncident
from rules.model import Level
from tests.dashboard.conftest import Site
from tests.handlers import records

YEAR_MS = 365 * 86_400_000


def listed(site: Site, **query: object) -> list[str]:
    answer = site.client().get("/v1/alarms", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return [alarm["id"] for alarm in answer.json()["alarms"]]


def standing(site: Site) -> None:
    shelved = replace(records.alarm("a-s", at=5000, state="shelved"), level=Level.YELLOW, shelved_by="li", shelve_reason="works")
    symptom = replace(records.alarm("a-q", at=6000, state="suppressed"), level=Level.BLUE, cause_id="a-1", inhibition="outage")
    ended = records.alarm("a-e", state="normal", ended_at=2000)
    site.books.write(SaveIncident(records.incident()), *map(SaveAlarm, (records.alarm(), shelved, symptom, ended)))


def test_what_has_not_ended_is_listed_the_worst_first_with_how_many_stand_in_each_state(site: Site) -> None:
    standing(site)
    assert listed(site) == ["a-1", "a-s", "a-q"]
    counts = site.client().get("/v1/alarms").json()["counts"]
    assert counts == {"shelved": 1, "suppressed": 1, "unacknowledged": 1}


def test_an_alarm_older_than_every_view_is_there(site: Site) -> None:
    site.books.write(SaveIncident(records.incident()), SaveAlarm(records.alarm("a-old", at=site.clock.now - 3 * YEAR_MS)))
    for number in range(300):
        site.books.write(SaveAlarm(records.alarm(f"a-{number:03}", at=site.clock.now + number, state="shelved")))
    assert listed(site, state="unacknowledged") == ["a-old"]
    assert listed(site, limit=1) == ["a-old"]
    site.books.write(SaveIncident(records.incident("i-old", zone="b9", at=1)))
    queue = site.client().get("/v1/incidents").json()["incidents"]
    assert "i-old" in [entry["incident"]["id"] for entry in queue]


def test_the_shelves_name_their_owner_and_the_symptoms_their_cause(site: Site) -> None:
    standing(site)
    (shelved,) = site.client().get("/v1/alarms", params={"state": "shelved"}).json()["alarms"]
    assert (shelved["shelved_by"], shelved["shelve_reason"]) == ("li", "works")
    (symptom,) = site.client().get("/v1/alarms", params={"state": "suppressed"}).json()["alarms"]
    assert (symptom["cause_id"], symptom["inhibition"]) == ("a-1", "outage")


def test_a_list_can_be_asked_for_by_place_level_hazard_and_community_and_page_by_page(site: Site) -> None:
    standing(site)
    assert listed(site, zone="b03") == ["a-1", "a-s", "a-q"]
    assert listed(site, zone="b0") == []
    assert listed(site, level="blue", hazard="fire", community="jiayuan") == ["a-q"]
    page = site.client().get("/v1/alarms", params={"limit": 2}).json()
    assert [alarm["id"] for alarm in page["alarms"]] == ["a-1", "a-s"]
    assert listed(site, limit=2, cursor=page["next_cursor"]) == ["a-q"]
    assert site.client().get("/v1/alarms", params={"cursor": "x"}).status_code == 422
