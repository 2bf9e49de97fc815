"""The outbox: who got it, who must be tried again, what is given up, and that no channel harms another."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from handlers.apply import apply
from handlers.breaker import Breaker
from handlers.channels.port import Outcome, Owed, Result
from handlers.faults import LeaseLost
from handlers.outbox import Outbox
from handlers.owed import claim, record, release_claims
from handlers.retention import purge
from handlers.routes import Hook, Routes
from handlers.store import Store
from handlers.views import Views
from handlers.way import STATE_LIMITS, Limits, Way
from rules.effects import Effect, RecordFact, SaveAlarm, SaveIncident
from rules.model import DeliveryReport
from tests.handlers.records import alarm, fact, incident, notify

ROUTES = Routes(hooks=(Hook(name="city"),))
QUICK = Limits(wait_s=0.01, wait_max_s=0.02, timeout_s=5.0, attempts_max=3)
DEADLINE_S = 20.0
CHANCE = random.Random(1)

pytestmark = pytest.mark.anyio


class Clock:
    """Stands at 10 s and runs with the loop, so that short back-offs pass."""

    def __init__(self) -> None:
        self._since: float | None = None

    def __call__(self) -> int:
        try:
            running = asyncio.get_running_loop().time()
        except RuntimeError:
            return 10_000
        self._since = self._since if self._since is not None else running
        return 10_000 + int((running - self._since) * 1000)


class Fake:
    """A channel that does what the test says, and remembers every try."""

    def __init__(self, name: str, answer: Callable[[Owed], Outcome]) -> None:
        self.name = name
        self.tries: list[Owed] = []
        self._answer = answer

    async def deliver(self, owed: Owed) -> Outcome:
        self.tries.append(owed)
        return self._answer(owed)


class Stuck:
    """A channel that never answers."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_reached = asyncio.Event()

    async def deliver(self, owed: Owed) -> Outcome:
        self.is_reached.set()
        await asyncio.Event().wait()
        raise AssertionError("nothing ever sets that event")


def delivered(_owed: Owed) -> Outcome:
    return Outcome(result=Result.DELIVERED, detail="ok")


def owe(store: Store, epoch: int, *effects: Effect) -> None:
    with store.transaction(epoch) as unit:
        apply(unit, effects, ROUTES)


def states(views: Views, incident_id: str = "i-1") -> dict[str, tuple[str, int]]:
    return {row["key"]: (row["state"], row["attempt_count"]) for row in views.outbox_of(incident_id)}


@asynccontextmanager
async def working(outbox: Outbox) -> AsyncIterator[None]:
    running = asyncio.create_task(outbox.run())
    try:
        yield
    finally:
        await outbox.stop()
        await running


async def until(views: Views, seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not seen():
            await asyncio.to_thread(views.last_seq)


def outbox_of(store: Store, epoch: int, *ways: Way, reports: list[DeliveryReport] | None = None) -> Outbox:
    heard = reports if reports is not None else []

    def report(one: DeliveryReport, hear: Callable[[bool], None]) -> None:
        heard.append(one)
        hear(True)

    return Outbox(store, epoch, ways, clock=Clock(), report=report, chance=CHANCE)


async def test_each_delivery_is_tried_and_recorded(store: Store, epoch: int, views: Views) -> None:
    owe(store, epoch, SaveIncident(incident()), RecordFact(fact()), notify("property"))
    channels = [Fake(name, delivered) for name in ("mqtt", "people", "webhook:city")]
    reports: list[DeliveryReport] = []
    async with working(outbox_of(store, epoch, *(Way(one, QUICK) for one in channels), reports=reports)):
        await until(views, lambda: {state for state, _ in states(views).values()} == {"delivered"})
    assert [len(one.tries) for one in channels] == [1, 1, 1]
    assert reports == [], "what arrived is the store's to know; the chain hears of what did not"


async def test_of_five_recipients_only_the_two_that_failed_are_tried_again(store: Store, epoch: int, views: Views) -> None:
    targets = ["a", "b", "c", "d", "e"]
    owe(store, epoch, *(notify(target) for target in targets))
    channel = Fake("people", lambda owed: Outcome(result=Result.RETRY, detail="busy") if owed.target in "bd" else delivered(owed))
    reports: list[DeliveryReport] = []
    async with working(outbox_of(store, epoch, Way(channel, QUICK), reports=reports)):
        await until(views, lambda: len(reports) == 2)
        await until(views, lambda: all(state in {"delivered", "failed"} for state, _ in states(views).values()))
    assert {key.rpartition(":")[2]: found for key, found in states(views).items()} == {
        "a": ("delivered", 1),
        "b": ("failed", 3),
        "c": ("delivered", 1),
        "d": ("failed", 3),
        "e": ("delivered", 1),
    }
    assert {one.target for one in reports} == {"b", "d"}
    assert all("given up after 3 tries: busy" in one.detail and not one.is_delivered for one in reports)
    assert {owed.key for owed in channel.tries if owed.attempt > 1} == {"i-1:opened:b", "i-1:opened:d"}


async def test_a_channel_that_hangs_harms_no_other(store: Store, epoch: int, views: Views) -> None:
    owe(store, epoch, *(notify(f"p{number}") for number in range(20)), SaveAlarm(alarm()))
    stuck = Stuck("people")
    mqtt = Fake("mqtt", delivered)
    slow = Limits(concurrency=2, timeout_s=60.0)
    outbox = outbox_of(store, epoch, Way(stuck, slow), Way(mqtt, STATE_LIMITS))
    running = asyncio.create_task(outbox.run())
    async with asyncio.timeout(DEADLINE_S):
        await stuck.is_reached.wait()
    for number in range(3):
        owe(store, epoch, SaveAlarm(alarm(f"a-{number + 2}")))
        outbox.wake()
        await until(views, lambda seen=number + 2: len(mqtt.tries) >= seen)  # type: ignore[misc]  # a bound default
    assert [health.under_way_count for health in outbox.health() if health.name == "people"] == [2]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_fault_inside_a_channel_is_its_own(store: Store, epoch: int, views: Views) -> None:
    def broken(_owed: Owed) -> Outcome:
        raise KeyError("address")

    owe(store, epoch, notify("property"), SaveAlarm(alarm()))
    mqtt = Fake("mqtt", delivered)
    reports: list[DeliveryReport] = []
    outbox = outbox_of(store, epoch, Way(Fake("people", broken), QUICK), Way(mqtt, QUICK), reports=reports)
    async with working(outbox):
        await until(views, lambda: len(reports) == 1 and len(mqtt.tries) == 1)
    assert "a fault in the channel itself: KeyError('address')" in reports[0].detail


async def test_what_a_dead_process_had_claimed_is_sent_again_under_its_key(store: Store, epoch: int, views: Views) -> None:
    owe(store, epoch, notify("property"))
    before = store.write(epoch, lambda unit: claim(unit, "people", now=10_000, until_at=10**12, limit=9))
    assert store.write(epoch, lambda unit: claim(unit, "people", now=10_000, until_at=10**12, limit=9)) == []
    channel = Fake("people", delivered)
    async with working(outbox_of(store, epoch, Way(channel, QUICK))):
        await until(views, lambda: states(views) == {"i-1:opened:property": ("delivered", 2)})
    assert [owed.key for owed in channel.tries] == [before[0].key]


def test_a_newer_state_stays_owed_when_only_the_older_one_was_delivered(store: Store, epoch: int, views: Views) -> None:
    owe(store, epoch, SaveAlarm(alarm()))
    (older,) = store.write(epoch, lambda unit: claim(unit, "mqtt", now=10_000, until_at=20_000, limit=9))
    owe(store, epoch, SaveAlarm(alarm(state="acknowledged")))
    way = Way(Fake("mqtt", delivered))
    tried = way.judge(older, delivered(older), 10_500, CHANCE)
    store.write(epoch, lambda unit: record(unit, [tried]))
    (newer,) = store.write(epoch, lambda unit: claim(unit, "mqtt", now=10_000, until_at=20_000, limit=9))
    assert newer.revision == older.revision + 1
    assert b"acknowledged" in newer.payload


def test_claims_of_a_commit_of_unknown_outcome_are_owed_again(store: Store, epoch: int) -> None:
    owe(store, epoch, notify("a"), notify("b"))
    store.write(epoch, lambda unit: claim(unit, "people", now=10_000, until_at=10**12, limit=9))
    assert store.write(epoch, lambda unit: release_claims(unit, under_way=["i-1:opened:a"])) == 1
    (again,) = store.write(epoch, lambda unit: claim(unit, "people", now=10_000, until_at=10**12, limit=9))
    assert again.target == "b"


def test_critical_ones_go_first(store: Store, epoch: int) -> None:
    owe(store, epoch, notify("plain", is_critical=False, at=1), notify("grave", at=2))
    first = store.write(epoch, lambda unit: claim(unit, "people", now=10_000, until_at=20_000, limit=1))
    assert [owed.target for owed in first] == ["grave"]


async def test_with_an_open_circuit_nothing_is_tried_and_the_too_old_is_given_up(store: Store, epoch: int, views: Views) -> None:
    owe(store, epoch, notify("old", at=0), notify("new", at=9_999))
    channel = Fake("people", delivered)
    shut = Breaker(fail_count=5, open_count=1, open_until_at=10**12)
    reports: list[DeliveryReport] = []
    way = Way(channel, Limits(give_up_s=5.0), shut)
    async with working(outbox_of(store, epoch, way, reports=reports)):
        await until(views, lambda: states(views)["i-1:opened:old"][0] == "failed")
    assert (states(views)["i-1:opened:new"], channel.tries) == (("owed", 0), [])
    assert [one.target for one in reports] == ["old"]


async def test_what_was_given_up_is_recorded_only_when_the_journal_has_heard_of_it(
    store: Store, epoch: int, views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.outbox._REPORT_AGAIN_S", 0.01)
    owe(store, epoch, notify("gone"))
    refused = Fake("people", lambda _: Outcome(result=Result.REFUSED, detail="no such number"))
    answers = [False, False, True]
    found: list[str] = []

    def report(one: DeliveryReport, hear: Callable[[bool], None]) -> None:
        found.append(states(views)["i-1:opened:gone"][0])
        hear(answers[len(found) - 1])

    async with working(Outbox(store, epoch, [Way(refused, QUICK)], clock=Clock(), report=report, chance=CHANCE)):
        await until(views, lambda: states(views)["i-1:opened:gone"][0] == "failed")
    assert found == ["claimed"] * 3
    assert len(refused.tries) == 1


async def test_a_report_that_the_journal_never_took_is_made_again_by_the_next_process(
    store: Store, epoch: int, views: Views
) -> None:
    owe(store, epoch, notify("gone"))
    refused = Fake("people", lambda _: Outcome(result=Result.REFUSED, detail="no such number"))
    told: list[str] = []

    def deaf(one: DeliveryReport, _: Callable[[bool], None]) -> None:
        told.append(one.id)

    outbox = Outbox(store, epoch, [Way(refused, QUICK)], clock=Clock(), report=deaf, chance=CHANCE)
    running = asyncio.create_task(outbox.run())
    await until(views, lambda: len(told) == 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    reports: list[DeliveryReport] = []
    async with working(outbox_of(store, epoch, Way(refused, QUICK), reports=reports)):
        await until(views, lambda: states(views)["i-1:opened:gone"][0] == "failed")
    assert [one.id for one in reports] == told, "the same end has the same id: the chain counts it once"


async def test_what_no_channel_carries_is_skipped_with_the_reason(store: Store, epoch: int, views: Views) -> None:
    owe(store, epoch, RecordFact(fact()))
    async with working(outbox_of(store, epoch, Way(Fake("mqtt", delivered)))):
        await until(views, lambda: states(views) == {"webhook:city:f-1": ("skipped", 0)})


def test_a_circuit_opens_rests_longer_each_time_and_closes() -> None:
    breaker = Breaker(fail_count_max=2, rest_s=1, rest_max_s=3)
    opened = []
    for now in (0, 0, 1000, 3000, 6000):
        breaker.fail(now)
        opened.append(breaker.open_until_at)
    assert opened == [None, 1000, 3000, 6000, 9000]
    breaker.succeed()
    assert breaker == Breaker(fail_count_max=2, rest_s=1, rest_max_s=3)


def test_back_off_doubles_to_its_cap_and_is_scattered() -> None:
    way = Way(Fake("people", delivered), Limits(wait_s=1, wait_max_s=10))

    for attempt, longest in ((1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (60, 10)):
        waits = [way.back_off_s(attempt, CHANCE) for _ in range(200)]
        assert longest / 2 <= min(waits) < longest * 0.6
        assert longest * 0.9 < max(waits) <= longest


async def test_while_the_store_is_down_critical_ones_leave_and_are_not_sent_twice(store: Store, epoch: int, views: Views) -> None:
    effects = (notify("a"), notify("b", is_critical=False), RecordFact(fact()))
    channel = Fake("people", delivered)
    outbox = outbox_of(store, epoch, Way(channel, QUICK), Way(Fake("mqtt", delivered)), Way(Fake("webhook:city", delivered)))
    async with working(outbox):
        await until(views, lambda: views.progress().epoch == epoch)
        outbox.send_unstored(effects)  # the desk, each time that its transaction fails
        outbox.send_unstored(effects)
        await until(views, lambda: len(channel.tries) == 1)
        owe(store, epoch, *effects)
        outbox.wake()
        await until(views, lambda: {state for state, _ in states(views).values()} == {"delivered"})
        details = {row["key"]: row["detail"] for row in views.outbox_of("i-1")}
    assert [(owed.target, owed.is_degraded) for owed in channel.tries] == [("a", True), ("b", False)]
    assert details["i-1:opened:a"] == "ok (sent while the store was down)"


async def test_after_a_reconnect_the_states_that_last_are_published_again(store: Store, epoch: int, views: Views) -> None:
    class Reconnecting(Fake):
        connection_count = 1

    owe(store, epoch, SaveAlarm(alarm()), SaveAlarm(alarm("a-2", ended_at=2000, state="normal")), notify("property"))
    channel = Reconnecting("mqtt", delivered)
    outbox = outbox_of(store, epoch, Way(channel), Way(Fake("people", delivered)))
    async with working(outbox):
        await until(views, lambda: {state for state, _ in states(views).values()} == {"delivered"})
        channel.connection_count = 2
        outbox.wake()
        await until(views, lambda: len(channel.tries) == 3)
    assert [owed.target.rpartition("/")[2] for owed in channel.tries[2:]] == ["a-1"]
    assert b"unacknowledged" in channel.tries[2].payload


async def test_a_new_writer_ends_the_outbox_of_the_old_one(store: Store, store_url: str, epoch: int) -> None:
    other = Store(store_url)
    other.take_lease("next", now=10**15, ttl_s=6)
    with pytest.raises(LeaseLost):
        await outbox_of(store, epoch, Way(Fake("people", delivered))).run()
    other.close()


async def test_stopping_records_what_was_under_way(store: Store, epoch: int, views: Views) -> None:
    reached, go = asyncio.Event(), asyncio.Event()

    class Slow:
        name = "people"

        async def deliver(self, owed: Owed) -> Outcome:
            reached.set()
            await go.wait()
            return delivered(owed)

    owe(store, epoch, notify("property"))
    outbox = outbox_of(store, epoch, Way(Slow(), QUICK))
    running = asyncio.create_task(outbox.run())
    await reached.wait()
    stopping = asyncio.create_task(outbox.stop())
    go.set()
    await stopping
    await running
    assert states(views) == {"i-1:opened:property": ("delivered", 1)}


def test_what_ended_long_ago_is_purged_and_what_is_owed_stays(store: Store, epoch: int, views: Views) -> None:
    owe(store, epoch, *(notify(f"p{number}") for number in range(1201)), notify("last"))
    way = Way(Fake("people", delivered))
    for _ in range(2):
        some = store.write(epoch, lambda unit: claim(unit, "people", now=10_000, until_at=20_000, limit=600))
        done = [way.judge(one, delivered(one), 10_000, CHANCE) for one in some]
        store.write(epoch, lambda unit, done=done: record(unit, done))  # type: ignore[misc]  # a bound default
    days_30 = 30 * 86_400_000
    none = {"outbox": 0, "rejected": 0, "told_order": 0, "answer": 0, "exchange_receipt": 0}
    assert purge(store, epoch, now=10_000 + days_30) == none
    assert purge(store, epoch, now=10_001 + days_30) == none | {"outbox": 1200}
    assert views.counts().deliveries == {("people", "owed"): 2}
