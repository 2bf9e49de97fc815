"""Publishes a stream over real MQTT in its own time or faster: QoS 1, in order, resent after a lost connection, counted."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import aiomqtt

from simulator.broker import Broker
from simulator.message import Message
from simulator.pace import Pace

Pause = Callable[[float], Awaitable[None]]

_SLACK_MS: Final = 1.0  # nobody waits for less
_BACKOFF_S: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class PublishError(ConnectionError):
    """The broker could not be reached, or refused, for longer than we were told to try."""


@dataclass(slots=True)
class Counts:
    """How a publication goes. ``acknowledged`` counts what the broker has taken; a message resent is sent twice."""

    sent_count: int = 0
    acknowledged_count: int = 0
    reconnect_count: int = 0
    offset_ms: int = 0
    behind_s: float = 0.0  # how far the newest message left after it was due


@dataclass(slots=True, kw_only=True)
class Publication:
    """What to publish, where, and how fast: infinity is as fast as the broker takes it. ``dress`` finishes a message that is due,
    from what it is and when it was due (ms since the start).
    """

    broker: Broker
    pace: Pace = field(default_factory=Pace)
    window: int = 64  # messages on the way, not yet acknowledged
    give_up_after_s: float = 60.0
    identifier: str = "shouwang-simulator"
    dress: Callable[[Message, float], Message] | None = None
    on_sent: Callable[[Message], None] | None = None
    on_acknowledged: Callable[[Message], None] | None = None
    on_progress: Callable[[Counts], None] | None = None
    pause: Pause = asyncio.sleep
    counts: Counts = field(default_factory=Counts)
    _unacknowledged: dict[int, Message] = field(default_factory=dict)
    _waiting: list[tuple[int, Message]] = field(default_factory=list)
    _started_s: float | None = None

    async def run(self, messages: Iterable[Message]) -> Counts:
        """Publish all of it. Returns when the last message is acknowledged. Raises PublishError when the broker stays away."""
        source = enumerate(messages)
        self.pace.clock = self._elapsed_ms
        clock = asyncio.get_running_loop().time
        served_s, attempt = clock(), 0
        while True:
            before = self.counts.acknowledged_count
            fault: BaseException | None = None
            try:
                async with self._client() as client:
                    await self._pump(client, source)
                    return self.counts
            except* aiomqtt.MqttError as faults:
                fault = faults.exceptions[0]
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise asyncio.CancelledError  # it was lost among the faults of a connection that ended in the same moment
            if self.counts.acknowledged_count > before:  # only what the broker took counts as progress, not a connection
                served_s, attempt = clock(), 0
            if clock() - served_s > self.give_up_after_s:
                raise PublishError(
                    f"The broker at {self.broker.address} could not be used for {self.give_up_after_s:g} s; the last "
                    f"fault: {fault}. Check the address, the user and the password, and that it runs."
                ) from fault
            self.counts.reconnect_count += 1
            await self.pause(_BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)])
            attempt += 1

    def _client(self) -> aiomqtt.Client:
        client = aiomqtt.Client(
            self.broker.host,
            self.broker.port,
            username=self.broker.username,
            password=self.broker.password,
            identifier=self.identifier,
            tls_context=self.broker.tls_context(),
            max_inflight_messages=self.window,
            max_concurrent_outgoing_calls=self.window + 1,
            timeout=15,
        )
        client.pending_calls_threshold = self.window + 1  # as many as we want are under way: no reason to warn
        return client

    async def _pump(self, client: aiomqtt.Client, source: Iterator[tuple[int, Message]]) -> None:
        """Resend what a lost connection left open, in its order, then go on with the source."""
        slots = asyncio.Semaphore(self.window)
        async with asyncio.TaskGroup() as group:
            for number, message in tuple(self._unacknowledged.items()):
                await slots.acquire()
                group.create_task(self._send(client, number, message, slots))
            for number, message in chain(self._waiting, source):
                self._waiting = [(number, message)]  # a connection that is lost now must not lose it
                due_ms = await self._wait_until_due(message)
                await slots.acquire()
                self._unacknowledged[number] = self.dress(message, due_ms) if self.dress is not None else message
                self._waiting = []
                group.create_task(self._send(client, number, self._unacknowledged[number], slots))

    def _elapsed_ms(self) -> float:
        """Since the first message was looked at."""
        now_s = asyncio.get_running_loop().time()
        if self._started_s is None:
            self._started_s = now_s
        return (now_s - self._started_s) * 1000

    async def _wait_until_due(self, message: Message) -> float:
        while True:
            wait_ms = self.pace.wait_ms(message.offset_ms)
            if wait_ms is not None and wait_ms <= _SLACK_MS:
                break
            self.pace.changed.clear()
            if not await self._is_changed_within(wait_ms):
                break
        self.counts.behind_s = max(0.0, -(wait_ms or 0.0) / 1000)
        self.counts.offset_ms = message.offset_ms
        return self.pace.release(message.offset_ms)

    async def _is_changed_within(self, wait_ms: float | None) -> bool:
        """Wait for so long, or for ever; True as soon as somebody changes the pace."""
        changing = asyncio.ensure_future(self.pace.changed.wait())
        pausing = [] if wait_ms is None else [asyncio.ensure_future(self.pause(wait_ms / 1000))]
        try:
            await asyncio.wait([changing, *pausing], return_when=asyncio.FIRST_COMPLETED)
            return changing.done()
        finally:
            for each in (changing, *pausing):
                each.cancel()

    async def _send(self, client: aiomqtt.Client, number: int, message: Message, slots: asyncio.Semaphore) -> None:
        self.counts.sent_count += 1
        if self.on_sent is not None:
            self.on_sent(message)
        try:
            await client.publish(message.topic, message.payload, qos=1)
        finally:
            slots.release()
        del self._unacknowledged[number]
        self.counts.acknowledged_count += 1
        if self.on_acknowledged is not None:
            self.on_acknowledged(message)
        if self.on_progress is not None:
            self.on_progress(self.counts)
