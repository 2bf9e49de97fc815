"""The live queue on both databases: by urgency while open, by age otherwise; each case on exactly one page."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.apply import apply
from handlers.queue import QueueFilter, QueueViews
from handlers.routes import Routes
from handlers.store import Store
from rules.effects import SaveDispatch, SaveIncident
from rules.model import Level, Status
from tests.handlers import records


@pytest.fixture
def queue(store: Store, store_url: str) -> Iterator[QueueViews]:
    made = QueueViews(store_url)
    yield made
    made.close()


def test_urgency_is_the_level_then_the_age(store: Store, epoch: int, queue: QueueViews) -> None:
    _save(store, epoch, ("i-1", Level.BLUE, 1), ("i-2", Level.RED, 30), ("i-3", Level.RED, 20), ("i-4", Level.ORANGE, 10))
    assert _names(queue, QueueFilter()) == ["i-3", "i-2", "i-4", "i-1"]
    assert _names(queue, QueueFilter(is_open=None)) == ["i-2", "i-3", "i-4", "i-1"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(st.tuples(st.sampled_from(Level), st.integers(0, 3), st.booleans()), max_size=12),
    limit=st.integers(1, 5),
    is_open=st.sampled_from([True, False, None]),
)
def test_pages_together_are_the_whole_in_order(
    store: Store, epoch: int, queue: QueueViews, cases: list[tuple[Level, int, bool]], limit: int, is_open: bool | None
) -> None:
    made = [
        records.incident(f"i-{number}", level=level, at=at, zone=f"b{number}", closed_at=None if stays_open else 9)
        for number, (level, at, stays_open) in enumerate(cases)
    ]
    stale = [
        records.incident(f"i-{number}", zone=f"b{number}", closed_at=0, community="gone") for number in range(len(cases), 12)
    ]
    with store.transaction(epoch) as unit:
        apply(unit, [SaveIncident(each) for each in [*made, *stale]], Routes())
    wanted = [each for each in made if is_open is None or (each.closed_at is None) == is_open]
    if is_open:
        wanted.sort(key=lambda each: (each.level.rank, each.opened_at, each.id))
    else:
        wanted.sort(key=lambda each: (each.opened_at, each.id), reverse=True)
    assert _names(queue, QueueFilter(is_open=is_open, communities=("jiayuan",)), limit=limit) == [each.id for each in wanted]


def test_each_filter_narrows(store: Store, epoch: int, queue: QueueViews) -> None:
    first = records.incident("i-1", zone="b03/u1", at=10)
    second = records.incident(
        "i-2", zone="b03/u10", at=20, level=Level.BLUE, status=Status.TEST, hazard="gas", state="watch", community="other"
    )
    with store.transaction(epoch) as unit:
        apply(unit, [SaveIncident(first), SaveIncident(second)], Routes())
    for wanted, names in (
        (QueueFilter(zone="b03/u1/"), ["i-1"]),
        (QueueFilter(zone="b03"), ["i-1", "i-2"]),
        (QueueFilter(zone="b%"), []),
        (QueueFilter(levels=(Level.BLUE, Level.YELLOW)), ["i-2"]),
        (QueueFilter(statuses=(Status.TEST,)), ["i-2"]),
        (QueueFilter(hazards=("gas",)), ["i-2"]),
        (QueueFilter(states=("watch",)), ["i-2"]),
        (QueueFilter(communities=("jiayuan",)), ["i-1"]),
        (QueueFilter(opened_from_at=11), ["i-2"]),
        (QueueFilter(opened_before_at=20), ["i-1"]),
    ):
        assert _names(queue, wanted) == names, wanted
    assert (queue.count_open_in("watch"), queue.count_open_in("handling")) == (1, 0)


def test_only_dispatches_under_way_are_told(store: Store, epoch: int, queue: QueueViews) -> None:
    sent = [
        records.dispatch("d-1"),
        records.dispatch("d-2", ended_at=5, state="completed"),
        records.dispatch("d-3", incident_id="i-9"),
    ]
    with store.transaction(epoch) as unit:
        apply(unit, [SaveDispatch(each) for each in sent], Routes())
    assert [doc["id"] for doc in queue.under_way_for(["i-1", "i-2"])] == ["d-1"]
    assert queue.under_way_for([]) == ()


@pytest.mark.parametrize("cursor", ["", "u", "u.1.2", "a.1.2.i-1", "u.x.2.i", "u.1.٣.i", "u.1.99999999999999999999.i"])
def test_a_foreign_cursor_is_refused(queue: QueueViews, cursor: str) -> None:
    with pytest.raises(ValueError, match="none of ours"):
        queue.queue(QueueFilter(), limit=5, cursor=cursor)


def _save(store: Store, epoch: int, *cases: tuple[str, Level, int]) -> None:
    with store.transaction(epoch) as unit:
        apply(unit, [SaveIncident(records.incident(n, level=level, at=at, zone=n)) for n, level, at in cases], Routes())


def _names(queue: QueueViews, wanted: QueueFilter, limit: int = 2) -> list[str]:
    names: list[str] = []
    page = queue.queue(wanted, limit=limit)
    while True:
        names += [doc["id"] for doc in page.items]
        if page.next_cursor is None:
            return names
        page = queue.queue(wanted, limit=limit, cursor=page.next_cursor)
