"""The outbox at rest: with nothing that it could do, it asks the store for nothing, however much is owed."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest

from handlers.breaker import Breaker
from handlers.store import Store, UnitOfWork
from handlers.views import Views
from handlers.way import Limits, Way
from rules.effects import SaveAlarm
from tests.handlers.records import alarm, notify
from tests.handlers.test_outbox import Fake, Stuck, delivered, outbox_of, owe
from tests.servers import Postgres

pytestmark = pytest.mark.anyio
_Result = TypeVar("_Result")
LOOK_S = 1.0


class Counting(Store):
    """A real store that counts the outbox's transactions."""

    count = 0

    def write(self, epoch: int, work: Callable[[UnitOfWork], _Result]) -> _Result:
        self.count += 1
        return super().write(epoch, work)


async def transactions(store: Counting, epoch: int, *ways: Way) -> int:
    """How many transactions the outbox makes in a second."""
    running = asyncio.create_task(outbox_of(store, epoch, *ways).run())
    done, _ = await asyncio.wait({running}, timeout=LOOK_S)
    assert not done
    running.cancel()
    await asyncio.wait({running})
    return store.count


@pytest.fixture
def counting(store_url: str) -> Counting:
    made = Counting(store_url)
    made.migrate()
    return made


async def test_with_nothing_owed(counting: Counting) -> None:
    epoch = counting.take_lease("test", now=0, ttl_s=3600)
    assert await transactions(counting, epoch, Way(Fake("people", delivered))) <= 3
    counting.close()


async def test_with_its_places_full_and_a_newer_state_behind_the_one_under_way(counting: Counting) -> None:
    epoch = counting.take_lease("test", now=0, ttl_s=3600)
    owe(counting, epoch, SaveAlarm(alarm()), *(notify(f"p{number}") for number in range(5)))
    mqtt, people = Stuck("mqtt"), Stuck("people")
    outbox = outbox_of(counting, epoch, Way(mqtt), Way(people, Limits(concurrency=2)))
    running = asyncio.create_task(outbox.run())
    await mqtt.is_reached.wait()
    owe(counting, epoch, SaveAlarm(alarm(state="acknowledged")))
    outbox.wake()
    before = counting.count
    await asyncio.wait({running}, timeout=LOOK_S)
    assert counting.count - before <= 3
    running.cancel()
    await asyncio.wait({running})
    counting.close()


async def test_with_the_circuit_open(counting: Counting) -> None:
    epoch = counting.take_lease("test", now=0, ttl_s=3600)
    owe(counting, epoch, SaveAlarm(alarm()))
    shut = Way(Fake("mqtt", delivered), Limits(), Breaker(fail_count=5, open_count=1, open_until_at=10**12))
    assert await transactions(counting, epoch, shut) <= 3
    counting.close()


async def test_with_postgresql_killed_and_started_again_it_goes_on() -> None:
    server = Postgres()
    with server:
        store = Store(server.create_database())
        store.migrate()
        epoch = store.take_lease("test", now=0, ttl_s=3600)
        channel = Fake("people", delivered)
        outbox = outbox_of(store, epoch, Way(channel))
        running = asyncio.create_task(outbox.run())
        await asyncio.to_thread(server.kill)
        outbox.wake()
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(owe, store, epoch, notify("property"))
        outbox.wake()
        views = Views(str(store.url.render_as_string(hide_password=False)))
        async with asyncio.timeout(30):
            while await asyncio.to_thread(lambda: views.counts().deliveries) != {("people", "delivered"): 1}:
                outbox.wake()
        assert [owed.attempt for owed in channel.tries] == [1]
        await outbox.stop()
        await running
        views.close()
        store.close()
    server.remove()
