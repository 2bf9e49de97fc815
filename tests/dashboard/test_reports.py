"""GET /v1/reports/…: what the store's past says of the alarms, in a stretch that the caller chooses."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard import reports
from dashboard.reports import DAY_MS, StretchQuery
from rules.definition import Position
from rules.effects import RecordFact, SaveAlarm, SaveIncident
from rules.model import Entity, Status, Verdict
from tests.dashboard.conftest import Site
from tests.handlers.records import alarm, fact, incident
from tests.rules.score import pack, rule, said

NOW = 1_795_500_000_000


@pytest.fixture
def month(site: Site) -> Site:
    """Two false alarms, a real one, one that nobody verified, and a drill."""
    site.clock.now = NOW
    site.app.state.web = replace(site.web, find_pack=lambda: pack(rule("smoke", "smoke")))
    verdicts = (Verdict.FALSE, Verdict.FALSE, Verdict.REAL, Verdict.UNTRIAGED, Verdict.DRILL)
    for number, verdict in enumerate(verdicts):
        at = NOW - (number + 1) * DAY_MS
        site.books.write_all(
            [
                SaveIncident(incident(f"i-{number}", zone=f"b{number}", at=at, verdict=verdict)),
                SaveAlarm(alarm(f"a-{number}", incident_id=f"i-{number}", at=at)),
                SaveAlarm(alarm(f"a-{number}-again", incident_id=f"i-{number}", at=at + 1)),
            ]
        )
    return site


def verdicts(site: Site, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = site.client().get("/v1/reports/verdicts", params=asked).json()
    return found


def test_each_rule_has_its_false_ratio_with_counts_and_bounds(month: Site) -> None:
    found = verdicts(month)
    (smoke,) = found["rules"]
    assert (smoke["rule"], smoke["case_count"], smoke["apart_count"]) == ("smoke", 4, 1)
    assert smoke["by_verdict"] == {"untriaged": 1, "real": 1, "benign": 0, "false": 2}
    ratio = smoke["false_ratio"]
    assert (ratio["count"], ratio["of"]) == (2, 3)
    assert 0 < ratio["low"] < ratio["share"] < ratio["high"] < 1
    assert found["all_rules"]["case_count"] == 4
    assert found["titles"] == {"smoke": {"zh": "smoke（中）", "en": "smoke"}}


def test_the_stretch_is_the_last_thirty_days_or_what_is_asked_for(month: Site) -> None:
    found = verdicts(month)
    assert (found["until_at"], found["until_at"] - found["from_at"]) == (NOW, 30 * DAY_MS)
    part = verdicts(month, from_at=NOW - 2 * DAY_MS, until_at=NOW - DAY_MS)
    assert part["all_rules"]["case_count"] == 1
    assert verdicts(month, community="heping")["rules"] == []


def test_an_exercise_is_apart(site: Site) -> None:
    site.clock.now = NOW
    drill = replace(alarm("a-x", at=NOW - 5), status=Status.EXERCISE)
    site.books.write_all([SaveIncident(incident(at=NOW - 5, status=Status.EXERCISE)), SaveAlarm(drill)])
    found = verdicts(site)
    assert (found["all_rules"]["case_count"], found["all_rules"]["apart_count"], found["titles"]) == (0, 1, {})


@pytest.fixture
def storm(site: Site) -> Site:
    """Twelve alarms in twelve minutes, an hour ago, and one of an exercise."""
    site.clock.now = NOW
    site.app.state.web = replace(site.web, find_pack=lambda: pack(rule("smoke", "smoke")))
    for number in range(13):
        at = NOW - 3_600_000 + number * 10_000
        status = Status.EXERCISE if number == 12 else Status.ACTUAL
        line = replace(
            fact(f"f-{number}", at=at, entity=Entity.ALARM),
            entity_id=f"a-{number}",
            incident_id="i-1",
            to_state="unacknowledged",
            rule="smoke",
            zone="b01",
            device=f"d{number % 2}",
            status=status,
        )
        case = incident("i-x" if number == 12 else "i-1", at=at, status=status)
        opened = replace(alarm(f"a-{number}", incident_id=case.id, at=at), status=status)
        site.books.write_all([SaveIncident(case), SaveAlarm(opened), RecordFact(line)])
    return site


def test_the_figures_come_judged_per_position_and_as_a_whole(storm: Site) -> None:
    found = storm.client().get("/v1/reports/kpi").json()
    assert (found["apart_count"], found["is_short"]) == (1, False)
    (one,) = found["positions"]
    assert (one["kpi"]["position"], one["kpi"]["load"]["count"], one["title"]) == ("jiayuan", 12, {"zh": "", "en": ""})
    assert one["kpi"]["floods"]["spells"][0]["count"] == 12
    figures = {figure["name"]: figure for figure in found["whole"]["figures"]}
    assert (figures["peak_10min"]["standing"], figures["per_day"]["standing"]) == ("over", "good")
    assert figures["peak_10min"]["source"].startswith("ISA-18.2")
    assert found["titles"]["smoke"]["en"] == "smoke"
    assert found["all_verdicts"]["case_count"] == 1


def test_a_position_of_the_pack_is_called_by_its_title(storm: Site) -> None:
    desk = Position(id="north", title=said("north desk"))
    storm.app.state.web = replace(storm.web, find_pack=lambda: pack(rule("smoke", "smoke"), positions=(desk,)))
    (one,) = storm.client().get("/v1/reports/kpi", params={"from_at": NOW - DAY_MS}).json()["positions"]
    assert (one["kpi"]["position"], one["title"]["en"]) == ("jiayuan/north", "north desk")


def test_a_quiet_site_has_figures_and_no_position(site: Site) -> None:
    site.clock.now = NOW
    found = site.client().get("/v1/reports/kpi", params={"from_at": NOW - 5}).json()
    assert (found["positions"], found["whole"]["kpi"]["load"]["count"], found["is_short"]) == ([], 0, True)
    assert site.client().get("/v1/reports/kpi", params={"from_at": NOW + 5}).status_code == 200


def test_too_much_for_one_answer_is_said(storm: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "FACTS_MAX", 3)
    refused = storm.client().get("/v1/reports/kpi")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "too_much")


@pytest.mark.parametrize("asked", [{"from_at": 5, "until_at": 5}, {"from_at": 0, "until_at": 401 * DAY_MS}, {"from_at": -1}])
def test_a_stretch_that_cannot_be_is_refused(site: Site, asked: dict[str, int]) -> None:
    assert site.client().get("/v1/reports/verdicts", params=asked).status_code == 422


def test_open_ends_are_filled_and_bounded() -> None:
    assert StretchQuery().bounds(NOW) == (NOW - 30 * DAY_MS, NOW)
    assert StretchQuery(from_at=0).bounds(NOW) == (NOW - 400 * DAY_MS, NOW)
    assert StretchQuery(until_at=DAY_MS).bounds(NOW) == (0, DAY_MS)
    assert StretchQuery(from_at=NOW + 5).bounds(NOW) == (NOW, NOW)
