"""The desk on a real journal, a real store and a real chain: in which order things become durable, and what happens when not."""

import threading
from collections.abc import Callable

import pytest

from handlers.faults import LeaseLost
from ingest.journal import Journal
from ingest.port import Delivery
from ingest.topics import Lane
from rules.engine import Engine
from rules.model import Event, Fact, Rejected
from shouwang import clerk, desk
from shouwang.backlog import LANE_MAX
from tests.shouwang.spine import NOON, Spine, Told, event, poison, poison_timers, refuse, smoke


def opened(facts: list[Fact], entity: str = "alarm") -> list[str]:
    """The devices of the alarms that were opened, or the ids of other things."""
    found = [fact for fact in facts if (fact.entity, fact.transition) == (entity, "opened")]
    return [fact.device if entity == "alarm" else fact.entity_id for fact in found]


# ---------------------------------------------------------------------------------------------- the order of durability


def test_a_source_is_told_only_when_the_journal_has_it(spine: Spine) -> None:
    spine.start()
    seen: list[list[str]] = []
    came = threading.Event()

    def look(_: object) -> None:
        seen.append([each.entry.id for each in spine.journal.read()])
        came.set()

    spine.desk.offer(Delivery([event("r1"), event("r2")], look, Lane.BULK))
    assert came.wait(20)
    assert seen[0][-2:] == ["r1", "r2"]
    spine.stop()


def test_each_delivery_is_told_its_own_positions(spine: Spine) -> None:
    spine.start()
    told = [Told() for _ in range(3)]
    spine.journal.is_full = True  # so that all three end in one batch
    first = spine.offer(event("a"), event("b"), lane=Lane.BULK)
    spine.until("the journal fails", lambda: spine.desk.progress.journal_failure)
    for number, each in enumerate(told):
        spine.desk.offer(Delivery([event(f"c{number}")], each, Lane.BULK))
    spine.journal.is_full = False
    appended = [answer.wait() for answer in (first, *told)]
    journaled = {each.entry.id: each.position for each in spine.journal.read()}
    assert [(each.first_position, each.count) for each in appended if each] == [
        (journaled["a"], 2),
        (journaled["c0"], 1),
        (journaled["c1"], 1),
        (journaled["c2"], 1),
    ]
    spine.stop()


def test_while_the_journal_is_full_nothing_is_acknowledged_and_nothing_lost(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "JOURNAL_RETRY_S", 0.01)
    spine.start()
    spine.journal.is_full = True
    bulk = [spine.offer(event(f"r{number}"), lane=Lane.BULK) for number in range(3)]
    spine.until("the journal fails", lambda: spine.desk.progress.journal_failure)
    fire = spine.offer(smoke("s1"), lane=Lane.CRITICAL)
    spine.until("it was tried again", lambda: spine.desk.backlog.depths()["critical"] == 1)
    assert not any(told.answers for told in (fire, *bulk))
    spine.journal.is_full = False
    for told in (fire, *bulk):
        told.wait()
    assert not spine.desk.progress.journal_failure
    spine.settle()
    assert opened(spine.facts()) == ["smoke-s1"]
    order = [each.entry.id for each in spine.journal.read(after=1)]
    assert sorted(order) == ["r0", "r1", "r2", "s1"]
    assert [name for name in order if name != "s1"] == ["r0", "r1", "r2"]
    spine.stop()


def test_an_alarm_goes_before_the_readings_that_wait(spine: Spine) -> None:
    spine.start()
    spine.journal.is_full = True
    spine.offer(event("r0"), lane=Lane.BULK)
    spine.until("the journal fails", lambda: spine.desk.progress.journal_failure)
    told = [spine.offer(event(f"r{number}"), lane=Lane.BULK) for number in range(1, 9)]
    told.append(spine.offer(event("state"), lane=Lane.NORMAL))
    told.append(spine.offer(smoke("s1"), lane=Lane.CRITICAL))
    spine.journal.is_full = False
    for each in told:
        each.wait()
    order = [each.entry.id for each in spine.journal.read(after=1)]
    assert order.index("s1") < order.index("state") < order.index("r8")
    spine.stop()


def test_what_was_refused_is_listed_under_its_position(spine: Spine) -> None:
    spine.start()
    refused = Rejected(id="x", source="shouwang/v1/…", reason="not_json", detail="…", excerpt=b"{", size=1)
    appended = spine.put(event("before"), refused)
    spine.settle()
    with spine.store.transaction(spine.lease.epoch) as unit:
        rows = unit.connection.exec_driver_sql("SELECT position, id FROM rejected").all()
    assert [tuple(row) for row in rows] == [(appended.first_position + 1, "x")]
    spine.stop()


# ------------------------------------------------------------------------------------------------------------- time


def test_a_deadline_fires_with_its_own_instant_and_never_before_an_event_that_came_first(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal stamps and ticks in one thread: however the two fall, what is decided is what a replay decides."""
    calls: list[tuple[str, int]] = []
    receive, advance = Engine.receive, Engine.advance

    def receiving(engine: Engine, entry: Event, now: int, position: int = 0) -> object:
        calls.append((entry.id, now))
        return receive(engine, entry, now, position)

    def advancing(engine: Engine, now: int) -> object:
        calls.append(("tick", now))
        return advance(engine, now)

    monkeypatch.setattr(Engine, "receive", receiving)
    monkeypatch.setattr(Engine, "advance", advancing)
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    for number in range(30):
        spine.offer(event(f"r{number}"), lane=Lane.BULK)
        spine.clock.at += 20_000
        spine.desk.backlog.wake()
    spine.pass_time(1)
    spine.settle()
    instants = [now for _, now in calls]
    assert instants == sorted(instants)
    assert ("tick", instants[-1]) in calls
    facts = spine.facts()
    assert facts == sorted(facts, key=lambda fact: fact.at)
    spine.stop()
    assert facts[-1].at > NOON


def test_time_alone_escalates(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    before = len(spine.facts())
    spine.pass_time(3600)
    spine.until("a step of its clocks is stored", lambda: len(spine.facts()) > before)
    spine.stop()


# ------------------------------------------------------------------------------------------------- the store is away


def test_while_the_store_is_away_all_is_taken_and_decided_and_people_are_told(spine: Spine) -> None:
    spine.start()
    spine.store.is_away = True
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.until("people are told", lambda: spine.told)
    assert spine.desk.progress.store_failure
    spine.put(smoke("s2", zone="b01/u1/0101"), lane=Lane.CRITICAL)
    spine.until("again", lambda: any("b01" in notify.title.en for notify in spine.told))
    assert opened(spine.facts()) == []
    spine.store.is_away = False
    spine.settle()
    assert not spine.desk.progress.store_failure
    assert opened(spine.facts()) == ["smoke-s1", "smoke-s2"]
    assert spine.owed > 0
    keys = [notify.key for notify in spine.told]
    assert len(keys) == len(set(keys)), "told twice"
    spine.stop()


def test_a_commit_whose_answer_was_lost_is_done_again_and_changes_nothing(spine: Spine) -> None:
    spine.start()
    spine.store.loses_answers = True
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.until("it was committed", lambda: spine.store.commits > 0)
    spine.put(smoke("s2", zone="b01/u1/0101"), lane=Lane.CRITICAL)
    spine.until("and again", lambda: spine.store.commits > 2)
    spine.store.loses_answers = False
    spine.settle()
    assert opened(spine.facts()) == ["smoke-s1", "smoke-s2"]
    assert len({fact.id for fact in spine.facts()}) == len(spine.facts())
    spine.stop()


def test_a_store_that_was_away_for_a_moment_is_well_again_although_nothing_happens(spine: Spine) -> None:
    spine.ttl_s = 0.3
    spine.start()
    spine.settle()
    spine.store.is_away = True
    spine.until("it is noticed", lambda: spine.desk.progress.store_failure)
    spine.store.is_away = False
    spine.until("it is well", lambda: not spine.desk.progress.store_failure, seconds=5)
    spine.stop()


def test_receipts_do_not_take_the_room_of_alarms(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerk, "PENDING_MAX", 200)
    spine.start()
    spine.settle()
    spine.store.is_away = True
    spine.put(event("r", wants_receipt=True), lane=Lane.BULK)
    spine.until("it is noticed", lambda: spine.desk.progress.store_failure)
    for batch in range(10):
        spine.put(*(event(f"r{batch}-{number}", wants_receipt=True) for number in range(50)), lane=Lane.BULK)
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.until("people are told", lambda: spine.told)
    spine.store.is_away = False
    spine.settle()
    assert opened(spine.facts()) == ["smoke-s1"]
    spine.stop()


def test_with_its_memory_full_the_desk_rests_and_still_journals(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clerk, "PENDING_MAX", 1)
    spine.start()
    spine.settle()
    spine.store.is_away = True
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.until("its memory is full", lambda: not spine.desk._clerk.has_room)
    spine.put(smoke("s2", zone="b01/u1/0101"), lane=Lane.CRITICAL)
    spine.clock.at += 3_600_000  # deadlines are long past, and cannot be seen to
    spine.put(event("r1"), lane=Lane.BULK)
    assert spine.desk.sleep_s() > 0.1, "it turns round and round"
    spine.store.is_away = False
    spine.settle()
    assert opened(spine.facts()) == ["smoke-s1", "smoke-s2"]
    spine.stop()


def test_while_much_is_caught_up_with_new_events_are_taken_and_health_stays_green(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    spine.start()
    spine.settle()
    spine.stop()
    journal = Journal(spine.folder / "journal", clock=spine.clock)
    for number in range(40):
        spine.clock.at += 1
        journal.append([event(f"r{number}-{each}") for each in range(5)])
    journal.close()
    halfway, go_on = threading.Event(), threading.Event()
    receive = Engine.receive

    def slow(engine: Engine, entry: Event, now: int, position: int = 0) -> object:
        if entry.id == "r3-0":
            halfway.set()
            assert go_on.wait(20)
        return receive(engine, entry, now, position)

    monkeypatch.setattr(Engine, "receive", slow)
    monkeypatch.setattr(desk, "CATCH_UP_S", 0.0)
    spine.start()
    assert halfway.wait(20)
    told = spine.offer(smoke("s1"), lane=Lane.CRITICAL)
    go_on.set()
    appended = told.wait()
    assert appended is not None
    assert spine.desk.progress.decided_position < appended.first_position - 100
    spine.settle()
    assert opened(spine.facts()) == ["smoke-s1"]
    spine.stop()


# ------------------------------------------------------------------------------------------------------------ the end


def test_at_the_end_what_was_taken_is_stored_and_what_was_not_is_not_acknowledged(spine: Spine) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.journal.is_full = True
    left = [spine.offer(event(f"r{number}"), lane=Lane.BULK) for number in range(3)]
    spine.stop()
    assert [told.answers for told in left] == [[None]] * 3
    assert opened(spine.facts()) == ["smoke-s1"]
    late = Told()
    assert not spine.desk.offer(Delivery([event("late")], late, Lane.BULK))
    assert late.answers == []


def test_a_fault_of_ours_stops_the_desk_at_once_and_tells_all_who_wait(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(monkeypatch, "bad")
    spine.start()
    spine.journal.is_full = True
    first = spine.offer(event("bad"), lane=Lane.CRITICAL)
    spine.until("the journal fails", lambda: spine.desk.progress.journal_failure)
    behind = [spine.offer(*(event(f"{number}-{each}") for each in range(500)), lane=Lane.BULK) for number in range(3)]
    spine.journal.is_full = False
    first.wait()
    behind[-1].came.wait(20)
    assert behind[-1].answers == [None], "nobody will journal it: whoever waits for it must not wait in vain"
    assert [str(fault) for fault in spine.fatal] == ["poison: bad"]
    assert not spine.desk.offer(Delivery([event("late")], Told(), Lane.BULK))


def test_who_lost_the_lease_stops(spine: Spine) -> None:
    spine.start()
    spine.settle()
    with spine.store.transaction(spine.lease.epoch) as unit:
        unit.connection.exec_driver_sql("UPDATE progress SET epoch = epoch + 1")
        unit.connection.exec_driver_sql("UPDATE lease SET epoch = epoch + 1, holder = 'the other'")
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.desk._thread.join(20)
    assert isinstance(spine.fatal[0], LeaseLost)
    assert opened(spine.facts()) == []


# ---------------------------------------------------------------------------------------------------- poison, refusal


def restarted(spine: Spine, is_done: Callable[[], bool], most: int = 8) -> int:
    """Start again after each stop, as the supervisor does, until it is done. How often it stopped."""
    for stops in range(most):
        if not spine.is_running:
            spine.start()
        for _ in range(4000):
            if spine.fatal or is_done():
                break
            threading.Event().wait(0.005)
        if not spine.fatal:
            return stops
        spine.fatal.clear()
        spine.crash()
    raise AssertionError("it stops for ever")


def test_what_stops_the_chain_twice_is_set_aside_and_the_rest_goes_on(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    poison(monkeypatch, "bad")
    spine.start()
    spine.put(smoke("s1"), smoke("bad", zone="b01/u1/0101"), smoke("s2", zone="b02/u1/0101"), lane=Lane.CRITICAL)
    assert restarted(spine, lambda: "smoke-s2" in opened(spine.facts())) == 2
    assert opened(spine.facts()) == ["smoke-s1", "smoke-s2"]
    spine.until("people can see it", lambda: any(fact.transition == "set_aside" for fact in spine.facts()))
    spine.stop()


def test_what_the_store_refuses_is_traced_to_its_position_and_set_aside(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "bad")
    spine.start()
    spine.put(smoke("s1"), smoke("bad", zone="b01/u1/0101"), smoke("s2", zone="b02/u1/0101"), lane=Lane.CRITICAL)
    restarted(spine, lambda: "smoke-s2" in opened(spine.facts()))
    assert opened(spine.facts()) == ["smoke-s1", "smoke-s2"]
    spine.until("people can see it", lambda: any(fact.transition == "set_aside" for fact in spine.facts()))
    spine.stop()


def test_a_timer_that_stops_the_chain_twice_is_set_aside_and_no_entry_is_blamed(
    spine: Spine, monkeypatch: pytest.MonkeyPatch
) -> None:
    spine.start()
    spine.put(smoke("s1"), lane=Lane.CRITICAL)
    spine.settle()
    spine.crash()
    poison_timers(monkeypatch, "clock i-")
    spine.start()
    spine.clock.at += 3_600_000
    spine.offer(smoke("s2", zone="b01/u1/0101"), lane=Lane.CRITICAL)
    spine.desk.backlog.wake()
    assert restarted(spine, lambda: "smoke-s2" in opened(spine.facts()), most=20) >= 2
    aside = [fact for fact in spine.facts() if fact.transition == "set_aside"]
    assert aside
    assert all(fact.entity_id.startswith("clock i-") for fact in aside)
    assert opened(spine.facts()) == ["smoke-s1", "smoke-s2"]
    spine.stop()
    for _ in range(2):  # also from a snapshot, in which it is armed again
        spine.start()
        spine.put(event(f"r{spine.clock.at}"), lane=Lane.BULK)
        spine.settle()
        spine.stop()
        spine.clock.at += 1
    assert not spine.fatal


# ------------------------------------------------------------------------------------------------------ other threads


def test_the_counters_can_be_read_while_the_chain_works(spine: Spine) -> None:
    spine.start()
    stop = threading.Event()
    faults: list[BaseException] = []

    def scrape() -> None:
        while not stop.is_set():
            try:
                assert spine.desk.engine_counts["events"] >= 0
            except RuntimeError as fault:
                faults.append(fault)

    scraper = threading.Thread(target=scrape)
    scraper.start()
    for number in range(20):
        spine.put(*(event(f"r{number}-{each}") for each in range(50)), lane=Lane.BULK)
    stop.set()
    scraper.join()
    assert not faults
    spine.stop()


def test_a_full_lane_says_no_and_calls_when_there_is_room(spine: Spine) -> None:
    spine.start()
    spine.journal.is_full = True
    spine.offer(event("r"), lane=Lane.BULK)
    spine.until("the journal fails", lambda: spine.desk.progress.journal_failure)
    room = threading.Event()
    spine.desk.on_room(room.set)
    big = [event(f"x{number}") for number in range(LANE_MAX[Lane.BULK])]
    assert spine.desk.offer(Delivery(list(big), Told(), Lane.BULK))
    assert not spine.desk.offer(Delivery([event("one more")], Told(), Lane.BULK))
    spine.offer(smoke("s1"), lane=Lane.CRITICAL)
    spine.journal.is_full = False
    assert room.wait(20)
    spine.settle()
    spine.stop()
