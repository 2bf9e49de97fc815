"""The past by time, a page in a transaction: nothing between two pages is left out or told twice, on each database."""

from collections.abc import Iterator

import pytest

from handlers import story
from handlers.apply import apply
from handlers.routes import Routes
from handlers.store import Store
from handlers.story import StoryViews
from rules.effects import Effect, RecordFact, SaveAlarm, SaveIncident
from rules.model import Entity
from tests.handlers.records import alarm, fact, incident


@pytest.fixture
def views(store: Store, store_url: str) -> Iterator[StoryViews]:
    del store  # its tables
    made = StoryViews(store_url)
    yield made
    made.close()


def write(store: Store, epoch: int, *effects: Effect) -> None:
    with store.transaction(epoch) as unit:
        apply(unit, effects, Routes())


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_what_stood_in_a_stretch_comes_page_by_page(
    store: Store, epoch: int, views: StoryViews, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(story, "_AT_ONCE", at_once)
    opened = [("a-2", 300), ("a-1", 300), ("a-9", 100), ("a-5", 300), ("a-4", 500)]
    write(store, epoch, SaveIncident(incident("i-1", at=100)), *(SaveAlarm(alarm(name, at=at)) for name, at in opened))
    write(store, epoch, SaveAlarm(alarm("a-0", at=50, ended_at=120)))
    assert [doc["id"] for doc in views.spoken(Entity.ALARM, 200, 500)] == ["a-9", "a-1", "a-2", "a-5"]
    assert [doc["id"] for doc in views.spoken(Entity.ALARM, 120, 301)] == ["a-0", "a-9", "a-1", "a-2", "a-5"]


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_what_was_told_in_a_stretch_comes_page_by_page(
    store: Store, epoch: int, views: StoryViews, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(story, "_AT_ONCE", at_once)
    write(store, epoch, SaveIncident(incident("i-1", at=100)), *(RecordFact(fact(f"f-{at}", at=at)) for at in (1, 2, 3, 4, 5)))
    assert [doc["id"] for doc in views.told_between([Entity.INCIDENT], 2, 5)] == ["f-2", "f-3", "f-4"]
    assert [*views.told_between([Entity.ZONE], 2, 5)] == []
