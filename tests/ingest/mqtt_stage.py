"""What the tests of the MQTT source play with: a desk that obeys the test, a publisher, and a source under observation."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt import publish as paho_publish

from ingest.entries import Appended
from ingest.mqtt import MqttSettings, MqttSource, MqttVersion, Notice, NoticeKind
from ingest.port import Delivery
from ingest.route import RouteReader
from ingest.topics import Lane
from rules.effects import AnswerAction
from rules.model import Event, Input
from tests.servers import HOST

DEADLINE_S = 20.0
APPENDED = Appended(first_position=1, received_at=1, count=1)
Message = tuple[str, str | bytes]


async def until(condition: Callable[[], object], what: str = "") -> None:
    """Wait until the condition holds; fail when that takes too long."""
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"this did not come true in {DEADLINE_S} s: {what or condition}") from None


class ObedientDesk:
    """Holds every delivery until the test says that it is journaled. ``room`` is how many entries each lane still takes."""

    def __init__(self, room: int = 1_000_000, *, is_prompt: bool = False) -> None:
        self.room = dict.fromkeys(Lane, room)
        self.is_prompt = is_prompt
        self.taken: list[Delivery] = []
        self.unfinished: list[Delivery] = []
        self._callbacks: list[Callable[[], None]] = []

    def offer(self, delivery: Delivery) -> bool:
        if len(delivery.entries) > self.room[delivery.lane]:
            return False
        self.room[delivery.lane] -= len(delivery.entries)
        self.taken.append(delivery)
        if self.is_prompt:
            delivery.done(APPENDED)
        else:
            self.unfinished.append(delivery)
        return True

    def on_room(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)

    async def answer(self, action_id: str, timeout_s: float) -> AnswerAction | None:
        raise NotImplementedError

    def make_room(self, lane: Lane, count: int) -> None:
        self.room[lane] += count
        for callback in self._callbacks:
            callback()

    def finish(self, *, newest_first: bool = False) -> int:
        """Say of all that is held that it is durable. Returns of how many deliveries."""
        held, self.unfinished = self.unfinished, []
        for delivery in reversed(held) if newest_first else held:
            delivery.done(APPENDED)
        return len(held)

    def entries(self, lane: Lane | None = None) -> list[Input]:
        return [entry for each in self.taken if lane in {None, each.lane} for entry in each.entries]

    def ids(self, lane: Lane | None = None) -> list[str]:
        return [entry.id for entry in self.entries(lane)]

    def events(self) -> list[Event]:
        return [entry for entry in self.entries() if isinstance(entry, Event)]


@dataclass
class Stage:
    """A running source with all that it said."""

    source: MqttSource
    desk: ObedientDesk
    notices: list[Notice] = field(default_factory=list)
    fatal: list[Exception] = field(default_factory=list)

    def kinds(self, lane: Lane = Lane.CRITICAL) -> list[NoticeKind]:
        return [notice.kind for notice in self.notices if notice.line == lane]

    def notice(self, kind: NoticeKind) -> Notice:
        return next(notice for notice in self.notices if notice.kind is kind)


def settings(port: int, version: MqttVersion, **more: Any) -> MqttSettings:
    given: dict[str, Any] = {"client_id": "test", "retry_first_s": 0.02, "retry_max_s": 0.1} | more
    return MqttSettings(host=HOST, port=port, version=version, **given)


@asynccontextmanager
async def running(
    which: MqttSettings,
    desk: ObedientDesk | None = None,
    *,
    drain_s: float = 0.0,
    is_ready: bool = True,
    may_fail: bool = False,
    routes: Sequence[RouteReader] = (),
) -> AsyncIterator[Stage]:
    """Run a source for the length of the block; by default it is gone at once at the end, like a killed process."""
    stage = Stage(None, desk or ObedientDesk())  # type: ignore[arg-type]  # the source is set in the next line
    rng = random.Random(7)
    stage.source = MqttSource(which, stage.desk, on_fatal=stage.fatal.append, rng=rng, report=stage.notices.append, routes=routes)
    await stage.source.start()
    try:
        if is_ready:
            async with asyncio.timeout(DEADLINE_S):
                await stage.source.ready()
        yield stage
    finally:
        await stage.source.stop(drain_s)
    assert may_fail or not stage.fatal


async def publish(port: int, messages: Sequence[Message], *, qos: int = 1, retain: bool = False, **more: Any) -> None:
    """Publish in order, and return when the broker has taken all."""
    packets = [{"topic": topic, "payload": payload, "qos": qos, "retain": retain} for topic, payload in messages]
    await asyncio.to_thread(paho_publish.multiple, packets, HOST, port, client_id="publisher", **more)  # type: ignore[arg-type]


def smoke(number: int) -> Message:
    """One smoke alarm, for the critical lane; its id is ``a<number>``."""
    return "shouwang/v1/garden/iot/alarm/smoke-1", f'{{"id": "a{number}", "kind": "smoke", "state": "on"}}'


def reading(number: int) -> Message:
    """One temperature, for the bulk lane; its id is ``r<number>``."""
    return "shouwang/v1/garden/iot/reading/t-1", f'{{"id": "r{number}", "kind": "temperature", "value": 21.5}}'


def names(letter: str, count: int, start: int = 0) -> list[str]:
    return [f"{letter}{number}" for number in range(start, start + count)]
