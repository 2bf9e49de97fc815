"""The unit of work: all or nothing, never backwards, the same again changes nothing, and a store that is down."""

import os
import signal
import threading
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from handlers.apply import apply
from handlers.connections import open_writer, read_url
from handlers.faults import LeaseLost, StoreRefused, StoreUnavailable
from handlers.routes import Routes
from handlers.store import Store
from handlers.views import Views
from rules.effects import RecordFact, SaveIncident
from tests.handlers.records import fact, incident
from tests.servers import Postgres

BATCH = (SaveIncident(incident()), RecordFact(fact()))
DEADLINE_S = 60.0


class Stop(Exception):  # noqa: N818 - not an error: the test's own end in the middle
    """The batch is broken off here."""


def test_a_batch_is_stored_whole_or_not_at_all(store: Store, epoch: int, views: Views) -> None:
    with suppress(Stop), store.transaction(epoch) as unit:
        apply(unit, BATCH, Routes())
        unit.save_snapshot({"timer": b"1"}, 4)
        unit.set_applied(4, now=1000)
        raise Stop
    assert (views.last_seq(), views.incident("i-1"), store.applied_position(), store.load_snapshot()) == (0, None, 0, (0, []))
    with store.transaction(epoch) as unit:
        apply(unit, BATCH, Routes())
        unit.save_snapshot({"timer": b"1"}, 4)
        unit.set_applied(4, now=1000)
    assert (len(views.facts_after(0)), store.applied_position(), store.load_snapshot()) == (1, 4, (4, [("timer", b"1")]))


def test_the_applied_position_never_goes_back(store: Store, epoch: int) -> None:
    for position in (5, 5, 7):  # the same again is what a retry does
        with store.transaction(epoch) as unit:
            unit.set_applied(position, now=1000)
    with pytest.raises(StoreRefused, match="cannot go back from 7 to 6"), store.transaction(epoch) as unit:
        unit.set_applied(6, now=1000)
    assert store.applied_position() == 7


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.dictionaries(st.sampled_from("abcdef"), st.none() | st.binary(max_size=4)), max_size=6))
def test_incremental_snapshots_add_up(store: Store, batches: list[dict[str, bytes | None]]) -> None:
    epoch = store.take_lease("law", now=10**15, ttl_s=1)
    with store.transaction(epoch) as unit:
        unit.save_snapshot(dict.fromkeys("abcdef"), 0)
    expected: dict[str, bytes] = {}
    for position, changes in enumerate(batches, start=1):
        with store.transaction(epoch) as unit:
            unit.save_snapshot(changes, position)
        for key, value in changes.items():
            expected.pop(key, None)
            if value is not None:
                expected[key] = value
    assert store.load_snapshot() == (len(batches), sorted(expected.items()))
    store.release_lease(epoch)


def test_a_large_snapshot_is_kept_whole(store: Store, epoch: int) -> None:
    changes: dict[str, bytes | None] = {f"device/{number:06}": b"%d" % number for number in range(12_001)}
    with store.transaction(epoch) as unit:
        unit.save_snapshot(changes, 9)
    position, entries = store.load_snapshot()
    assert (position, dict(entries)) == (9, changes)


def test_the_desk_goes_before_the_outbox(store: Store, epoch: int) -> None:
    order: list[str] = []
    waiting = threading.Barrier(3, timeout=DEADLINE_S)

    def write(name: str, *, is_urgent: bool) -> None:
        waiting.wait()
        with store.transaction(epoch, is_urgent=is_urgent):
            order.append(name)

    outbox = threading.Thread(target=write, args=("outbox",), kwargs={"is_urgent": False})
    desk = threading.Thread(target=write, args=("desk",), kwargs={"is_urgent": True})
    with store.transaction(epoch):
        outbox.start()
        desk.start()
        waiting.wait()
        deadline = threading.Event()
        while store._gate._urgent_count == 0:
            deadline.wait(0.001)
    outbox.join(DEADLINE_S)
    desk.join(DEADLINE_S)
    assert order == ["desk", "outbox"]


def test_readers_see_the_last_commit_while_the_writer_writes(store: Store, epoch: int, views: Views) -> None:
    with store.transaction(epoch) as unit:
        apply(unit, BATCH, Routes())
        assert views.last_seq() == 0
    assert views.last_seq() == 1


def test_what_no_column_can_hold_is_refused_and_named(store: Store, epoch: int) -> None:
    with pytest.raises(StoreRefused), store.transaction(epoch) as unit:
        unit.set_applied(2**63, now=1000)


def test_the_transaction_is_one_in_sqlite_too_although_its_driver_would_commit_each_row(store: Store, epoch: int) -> None:
    other = open_writer(store.url)
    with store.transaction(epoch) as unit:
        unit.set_applied(1, now=1)
        if unit.connection.dialect.name == "sqlite":
            assert unit.connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
            assert unit.connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
            assert unit.connection.connection.dbapi_connection.in_transaction  # type: ignore[union-attr]  # sqlite3's
    with other.begin() as connection:
        assert connection.execute(text("SELECT applied_position FROM progress")).scalar_one() == 1
    other.dispose()


@pytest.mark.parametrize("address", ["mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_another_kind_of_store_is_refused(address: str) -> None:
    with pytest.raises(StoreRefused, match="must be sqlite:///PATH"):
        read_url(address)


@pytest.fixture
def own_postgres() -> Postgres:
    """A server that this test may kill."""
    return Postgres()


def test_with_postgresql_killed_the_same_batch_is_tried_again_and_stored_once(own_postgres: Postgres) -> None:
    with own_postgres:
        url = own_postgres.create_database()
        store = Store(url)
        store.migrate()
        epoch = store.take_lease("desk", now=0, ttl_s=3600)
        with store.transaction(epoch) as unit:
            apply(unit, BATCH, Routes())
        own_postgres.kill()
        with pytest.raises(StoreUnavailable, match="PostgreSQL does not answer"), store.transaction(epoch) as unit:
            apply(unit, BATCH, Routes())
        with pytest.raises(StoreUnavailable), store.transaction(epoch) as unit:
            apply(unit, BATCH, Routes())
        own_postgres.start()
        with store.transaction(epoch) as unit:
            apply(unit, BATCH, Routes())  # committed once already: to the desk the outcome was unknown
            unit.set_applied(2, now=2000)
        views = Views(url)
        assert (len(views.facts_after(0)), views.counts().open_incidents["red"], store.applied_position()) == (1, 1, 2)
        store.renew_lease(epoch, now=2000, ttl_s=3600)
        views.close()
        store.close()
    own_postgres.remove()


def test_a_postgresql_that_stands_still_does_not_hold_the_desk(own_postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.connections.LOOK_EVERY_S", 0.5)
    with own_postgres:
        store = Store(own_postgres.create_database())
        store.migrate()
        epoch = store.take_lease("desk", now=0, ttl_s=3600)
        with store.transaction(epoch) as unit:
            backend = unit.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(backend, signal.SIGSTOP)
        try:
            with pytest.raises(StoreUnavailable), store.transaction(epoch) as unit:
                apply(unit, BATCH, Routes())
        finally:
            os.kill(backend, signal.SIGCONT)
        with store.transaction(epoch) as unit:
            apply(unit, BATCH, Routes())
        store.close()
    own_postgres.remove()


def test_a_unit_of_work_of_nobody_is_refused(store: Store) -> None:
    with pytest.raises(LeaseLost, match="epoch 9"), store.transaction(9):
        pass
