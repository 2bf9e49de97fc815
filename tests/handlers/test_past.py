"""What reports read of the past: exactly the stretch, and what was open when it began."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import delete

from handlers import past, schema
from handlers.apply import apply
from handlers.past import PastViews
from handlers.routes import Routes
from handlers.store import Store
from rules.effects import Effect, RecordFact, SaveAlarm, SaveIncident
from rules.model import Entity, Verdict
from tests.handlers.records import alarm, fact, incident


def write(store: Store, epoch: int, *effects: Effect) -> None:
    with store.transaction(epoch) as unit:
        apply(unit, effects, Routes())


def told(name: str, alarm_id: str, at: int, **other: str) -> RecordFact:
    return RecordFact(replace(fact(name, at=at, entity=Entity.ALARM), entity_id=alarm_id, **other))  # type: ignore[arg-type]


@pytest.fixture
def views(store: Store, store_url: str) -> Iterator[PastViews]:
    del store  # its tables
    made = PastViews(store_url)
    yield made
    made.close()


@pytest.fixture
def week(store: Store, epoch: int) -> None:
    """One alarm over before the stretch, one that reaches into it, two within it, one after it."""
    write(
        store,
        epoch,
        SaveIncident(incident("i-1", at=100, verdict=Verdict.FALSE)),
        SaveIncident(incident("i-2", zone="b02", at=100)),
        SaveAlarm(alarm("a-old", at=100, ended_at=900)),
        SaveAlarm(alarm("a-long", at=200)),
        SaveAlarm(alarm("a-in-1", at=1000, ended_at=1500)),
        SaveAlarm(alarm("a-in-2", at=1999, incident_id="i-2")),
        SaveAlarm(alarm("a-late", at=2000, incident_id="i-2")),
        told("f-1", "a-old", 100),
        told("f-2", "a-long", 200),
        told("f-3", "a-old", 900),
        told("f-4", "a-long", 999),
        RecordFact(fact("f-5", at=1000)),  # of the incident
        told("f-6", "a-in-1", 1000),
        told("f-7", "a-in-1", 1500),
        told("f-8", "a-in-2", 1999),
        told("f-9", "a-late", 2000),
        told("f-10", "a-long", 2500),
    )


def names(views: PastViews, from_at: int, until_at: int, *communities: str) -> list[str]:
    return [str(doc["id"]) for doc in views.alarm_facts(from_at, until_at, communities)]


@pytest.mark.usefixtures("week")
def test_the_stretch_begins_and_ends_to_the_millisecond_and_what_was_open_has_its_whole_story(views: PastViews) -> None:
    assert names(views, 1000, 2000) == ["f-2", "f-4", "f-6", "f-7", "f-8"]
    assert names(views, 1000, 2001) == ["f-2", "f-4", "f-6", "f-7", "f-8", "f-9"]
    assert names(views, 900, 1000) == ["f-1", "f-2", "f-3", "f-4"]
    assert names(views, 1001, 1500) == ["f-2", "f-4", "f-6"]


@pytest.mark.usefixtures("week")
def test_it_is_read_in_pieces_without_a_gap_or_a_double(views: PastViews, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "_AT_ONCE", 2)
    monkeypatch.setattr(past, "_IDS_AT_ONCE", 1)
    assert names(views, 0, 9000) == [f"f-{number}" for number in (1, 2, 3, 4, 6, 7, 8, 9, 10)]
    assert names(views, 1000, 2000) == ["f-2", "f-4", "f-6", "f-7", "f-8"]


@pytest.mark.usefixtures("week")
def test_lines_that_were_purged_leave_no_hole_in_the_search(views: PastViews, store: Store, epoch: int) -> None:
    with store.transaction(epoch) as unit:
        unit.connection.execute(delete(schema.timeline).where(schema.timeline.c.fact_id.in_(["f-5", "f-6", "f-7"])))
    assert names(views, 1000, 2000) == ["f-2", "f-4", "f-8"]


def test_an_empty_store_says_nothing(views: PastViews) -> None:
    assert names(views, 0, 10) == []
    assert list(views.alarmed_cases(0, 10)) == []


@pytest.mark.usefixtures("week")
def test_cases_are_told_once_for_each_rule_with_what_was_found_out(views: PastViews) -> None:
    found = [(rule, status, doc["id"], doc["verdict"]) for rule, status, doc in views.alarmed_cases(0, 1999)]
    assert found == [("smoke", "actual", "i-1", "false")]
    assert {doc["id"] for _, _, doc in views.alarmed_cases(1000, 2000)} == {"i-1", "i-2"}


@pytest.mark.usefixtures("week")
def test_another_community_has_a_past_of_its_own(views: PastViews) -> None:
    assert names(views, 0, 9000, "heping") == []
    assert names(views, 1000, 2000, "jiayuan", "heping")[0] == "f-2"
    assert list(views.alarmed_cases(0, 9000, ["heping"])) == []
    assert list(views.alarmed_cases(0, 9000, ["jiayuan"])) != []
