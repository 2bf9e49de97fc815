"""GET /v1/why-not: what is asked of the replay, one question at a time, and what is said where there is no journal."""

from dataclasses import replace
from typing import Any

import pytest

from dashboard.web import Hindsight, JournalUnreadable
from rules.model import Sentence
from rules.why_not_shape import Asked, WhyNot
from tests.dashboard.conftest import Site

NOW = 1_795_500_000_000
HOUR_MS = 3_600_000


def found_nothing(asked: Asked) -> WhyNot:
    return WhyNot(
        asked=asked,
        pack_version="1",
        replayed_from_at=asked.from_at - HOUR_MS,
        event_count=0,
        last_heard_at=None,
        unseen=(),
        rules=(),
        quiet_rules=("r",),
        sentence=Sentence("无", "nothing"),
    )


@pytest.fixture
def asked(site: Site) -> list[Asked]:
    """What the replay was asked, in order."""
    questions: list[Asked] = []

    def look_back(question: Asked) -> WhyNot:
        questions.append(question)
        return found_nothing(question)

    site.clock.now = NOW
    site.app.state.web = replace(site.web, hindsight=Hindsight(look_back=look_back))
    return questions


def ask(site: Site, **query: Any) -> dict[str, Any]:
    found = site.client().get("/v1/why-not", params=query)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


def test_a_zone_and_a_time(site: Site, asked: list[Asked]) -> None:
    found = ask(site, at=NOW - HOUR_MS, zone="b03/u1", rule="smoke_density", community="jade")
    assert asked == [
        Asked(
            zone="b03/u1",
            from_at=NOW - HOUR_MS - 600_000,
            until_at=NOW - HOUR_MS + 600_000,
            rule="smoke_density",
            community="jade",
        )
    ]
    assert found["at"] == NOW
    assert found["why_not"]["quiet_rules"] == ["r"]


def test_a_device_and_a_stretch_that_ends_now(site: Site, asked: list[Asked]) -> None:
    ask(site, at=NOW - 1000, device="s-1", around_s=60)
    assert asked == [Asked(zone="", device="s-1", from_at=NOW - 61_000, until_at=NOW)]


def test_a_time_to_come_is_now(site: Site, asked: list[Asked]) -> None:
    ask(site, at=NOW + HOUR_MS, around_s=60)
    assert asked == [Asked(zone="", from_at=NOW - 60_000, until_at=NOW)]


@pytest.mark.parametrize(
    "query", [{}, {"at": -1}, {"at": 1, "around_s": 86_401}, {"at": 1, "zone": "b1", "device": "d"}, {"at": 1, "x": 1}]
)
def test_what_makes_no_question_is_refused(site: Site, asked: list[Asked], query: dict[str, Any]) -> None:
    assert site.client().get("/v1/why-not", params=query).status_code == 422
    assert asked == []


def test_one_question_at_a_time(site: Site, asked: list[Asked]) -> None:
    with site.web.looking_back:
        refused = site.client().get("/v1/why-not", params={"at": NOW})
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
    ask(site, at=NOW)


def test_a_journal_that_cannot_be_read_is_said_and_the_next_may_ask(site: Site) -> None:
    def broken(_: Asked) -> WhyNot:
        raise JournalUnreadable("the file of yesterday is damaged")

    site.app.state.web = replace(site.web, hindsight=Hindsight(look_back=broken))
    for _ in range(2):
        refused = site.client().get("/v1/why-not", params={"at": 1})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "journal_unreadable")
        assert "of yesterday" in refused.json()["error"]["en"]


def test_a_web_without_a_journal_says_so(site: Site) -> None:
    assert site.client().get("/v1/why-not", params={"at": 1}).status_code == 503
