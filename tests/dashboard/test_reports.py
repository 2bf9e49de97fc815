"""GET /v1/reports/…: what the store's past says of the alarms, in a stretch that the caller chooses."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard.reports import DAY_MS, StretchQuery
from rules.effects import SaveAlarm, SaveIncident
from rules.model import Status, Verdict
from tests.dashboard.conftest import Site
from tests.handlers.records import alarm, incident
from tests.rules.score import pack, rule

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


@pytest.mark.parametrize("asked", [{"from_at": 5, "until_at": 5}, {"from_at": 0, "until_at": 401 * DAY_MS}, {"from_at": -1}])
def test_a_stretch_that_cannot_be_is_refused(site: Site, asked: dict[str, int]) -> None:
    assert site.client().get("/v1/reports/verdicts", params=asked).status_code == 422


def test_open_ends_are_filled_and_bounded() -> None:
    assert StretchQuery().bounds(NOW) == (NOW - 30 * DAY_MS, NOW)
    assert StretchQuery(from_at=0).bounds(NOW) == (NOW - 400 * DAY_MS, NOW)
    assert StretchQuery(until_at=DAY_MS).bounds(NOW) == (0, DAY_MS)
    assert StretchQuery(from_at=NOW + 5).bounds(NOW) == (NOW, NOW)
