"""What readers see: open cases first and never hidden, pages that neither skip nor repeat, facts in order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from handlers import schema
from handlers.apply import apply
from handlers.faults import StoreUnavailable
from handlers.routes import Routes
from handlers.store import Store
from handlers.views import IncidentFilter, Views
from rules.effects import Effect, RecordFact, RecordRejection, SaveAlarm, SaveDispatch, SaveIncident, SaveWarning
from rules.model import Entity, Incident, Level, Rejected
from tests.handlers.records import alarm, dispatch, fact, incident, warning


def write(store: Store, epoch: int, *effects: Effect) -> None:
    with store.transaction(epoch) as unit:
        apply(unit, effects, Routes())


def ids(views: Views, wanted: IncidentFilter) -> list[str]:
    return [doc["id"] for doc in views.incidents(wanted).items]


@pytest.fixture
def queue(store: Store, epoch: int) -> None:
    """Two open cases, the older one first, and two closed ones."""
    write(
        store,
        epoch,
        SaveIncident(incident("i-old-open", zone="b01/u1/0101", at=1000)),
        SaveIncident(incident("i-new-open", zone="b01/u1/0102", at=9000, level=Level.BLUE, hazard="water")),
        SaveIncident(incident("i-closed-1", zone="b02/u1/0101", at=5000, closed_at=6000)),
        SaveIncident(incident("i-closed-2", zone="b010", at=7000, closed_at=8000, community="heping")),
    )


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (IncidentFilter(), ["i-new-open", "i-old-open", "i-closed-2", "i-closed-1"]),
        (IncidentFilter(is_open=True), ["i-new-open", "i-old-open"]),
        (IncidentFilter(is_open=False), ["i-closed-2", "i-closed-1"]),
        (IncidentFilter(since_at=7000), ["i-new-open", "i-old-open", "i-closed-2"]),
        (IncidentFilter(levels=(Level.BLUE, Level.YELLOW)), ["i-new-open"]),
        (IncidentFilter(hazards=("fire",)), ["i-old-open", "i-closed-2", "i-closed-1"]),
        (IncidentFilter(communities=("heping",)), ["i-closed-2"]),
        (IncidentFilter(zone="b01"), ["i-new-open", "i-old-open"]),
        (IncidentFilter(zone="b01/u1/"), ["i-new-open", "i-old-open"]),
        (IncidentFilter(zone="B01"), []),
        (IncidentFilter(zone="b0_"), []),
        (IncidentFilter(zone="b01/u1/0101", is_open=True), ["i-old-open"]),
    ],
)
def test_the_list_shows_what_was_asked_and_hides_no_open_case(views: Views, wanted: IncidentFilter, found: list[str]) -> None:
    assert ids(views, wanted) == found


_CASES = st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=_CASES, limit=st.integers(1, 5))
def test_pages_neither_skip_nor_repeat(store: Store, views: Views, cases: list[tuple[int, bool]], limit: int) -> None:
    epoch = store.take_lease("law", now=10**15, ttl_s=1)
    made: list[Incident] = [
        incident(f"i-{number:02}", zone=f"z{number}", at=at, closed_at=at + 1 if is_closed else None)
        for number, (at, is_closed) in enumerate(cases)
    ]
    with store.transaction(epoch) as unit:
        unit.connection.execute(delete(schema.incident))
        apply(unit, [SaveIncident(one) for one in made], Routes())
    store.release_lease(epoch)
    expected = sorted(made, key=lambda one: (one.closed_at is None, one.opened_at, one.id), reverse=True)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = views.incidents(IncidentFilter(), cursor=cursor, limit=limit)
        seen += [doc["id"] for doc in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.items) == limit
    assert seen == [one.id for one in expected]


@pytest.mark.parametrize("cursor", ["", "x", "2.1.a", "1..a", "1.1.", "1.1e3.a"])
def test_a_foreign_cursor_is_refused(views: Views, cursor: str) -> None:
    with pytest.raises(ValueError, match="is none of ours"):
        views.incidents(IncidentFilter(), cursor=cursor)


def test_facts_come_in_the_order_of_their_commits(store: Store, epoch: int, views: Views) -> None:
    for number in range(5):
        write(store, epoch, *(RecordFact(fact(f"f-{number}-{part}", at=100 - number)) for part in range(3)))
    entries = views.facts_after(0)
    assert [entry.fact["id"] for entry in entries] == [f"f-{number}-{part}" for number in range(5) for part in range(3)]
    assert [entry.seq for entry in entries] == sorted({entry.seq for entry in entries})
    resumed = views.facts_after(entries[6].seq, limit=4)
    assert [entry.fact["id"] for entry in resumed] == ["f-2-1", "f-2-2", "f-3-0", "f-3-1"]
    assert views.last_seq() == entries[-1].seq
    assert views.facts_after(0, communities=["heping"]) == ()


def test_rejected_input_is_paged_and_marked_when_driven_again(store: Store, epoch: int, views: Views) -> None:
    for position in (3, 5, 8):
        refused = Rejected(id=f"r-{position}", source="t", reason="not_json", detail="d", excerpt=b"{", size=1)
        write(store, epoch, RecordRejection(refused, position=position, at=position))
    first = views.rejected(limit=2)
    assert ([row["position"] for row in first.items], first.next_cursor) == ([8, 5], "5")
    last = views.rejected(cursor=5, limit=2)
    assert ([row["position"] for row in last.items], last.next_cursor) == ([3], None)
    with store.transaction(epoch) as unit:
        unit.mark_redriven(5, now=77)
    assert (views.rejection(5) or {})["redriven_at"] == 77
    assert views.rejection(4) is None
    assert views.rejected(reason="too_big").items == ()


def test_records_and_what_is_underway(store: Store, epoch: int, views: Views) -> None:
    write(store, epoch, SaveAlarm(alarm()), SaveAlarm(alarm("a-2", ended_at=2000, state="normal")), SaveDispatch(dispatch()))
    write(store, epoch, SaveWarning(warning(ended_at=900)))
    assert [doc["id"] for doc in views.underway(Entity.ALARM)] == ["a-1"]
    assert views.underway(Entity.ALARM, communities=["heping"]) == ()
    assert (views.record(Entity.ALARM, "a-2") or {})["state"] == "normal"
    assert views.record(Entity.DISPATCH, "d-9") is None
    assert views.incident("i-1") is None
    counts = views.counts()
    assert counts.underway == {"warning": 0, "alarm": 1, "dispatch": 1}
    assert counts.deliveries == {("mqtt", "owed"): 4}
    assert counts.oldest_owed_at == 500


def test_a_reader_cannot_write(views: Views) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"), views._reading() as connection:
        connection.execute(delete(schema.incident))


def test_a_reader_makes_no_store(tmp_path: object) -> None:
    views = Views(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(StoreUnavailable, match="cannot be"):
        views.last_seq()
    views.close()
