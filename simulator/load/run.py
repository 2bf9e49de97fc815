"""Runs a load against a real broker: publishes, listens for the receipts, and waits for those that are owed."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import aiomqtt

from simulator.broker import Broker
from simulator.load.ledger import Ledger
from simulator.load.plan import LoadPlan, lane_of, load_messages
from simulator.message import Message
from simulator.publish import Counts, Publication

WINDOW: Final = 500
"""Messages on the way at once: at 2 ms to the broker and back these are 250,000 a second, far beyond any publisher here."""


@dataclass(slots=True, kw_only=True)
class LoadRun:
    """One load. ``patience_s``: so long no owed receipt may stay away, after the last message and after each receipt."""

    plan: LoadPlan
    broker: Broker
    patience_s: float = 30.0
    on_progress: Callable[[Counts, Ledger], None] | None = None
    ledger: Ledger = field(default_factory=Ledger)
    counts: Counts = field(default_factory=Counts)
    took_s: float = 0.0
    _listening: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Ledger:
        """Publish all, then wait for what is owed. Raises PublishError, or MqttError where receipts cannot be heard."""
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._listen())
            await self._listening.wait()
            clock = asyncio.get_running_loop().time
            begun_s = clock()
            publication = Publication(
                broker=self.broker,
                window=WINDOW,
                identifier=f"shouwang-load-{self.plan.run}",
                on_sent=self._sent,
                on_acknowledged=lambda message: self.ledger.acknowledge(_id_of(message), clock()),
                on_progress=self._progress,
            )
            self.counts = await publication.run(load_messages(self.plan))
            self.took_s = clock() - begun_s
            await self._wait_for_owed()
            listening.cancel()
        return self.ledger

    async def _listen(self) -> None:
        async with aiomqtt.Client(
            self.broker.host,
            self.broker.port,
            username=self.broker.username,
            password=self.broker.password,
            identifier=f"shouwang-load-{self.plan.run}-receipts",
            tls_context=self.broker.tls_context(),
        ) as client:
            await client.subscribe(f"shouwang/v1/{self.plan.community}/out/receipt/+", qos=1)
            self._listening.set()
            async for message in client.messages:
                self.ledger.receipt(message.topic.value.rsplit("/", 1)[1], asyncio.get_running_loop().time())
                self._heard.set()
                self._progress(self.counts)

    async def _wait_for_owed(self) -> None:
        while self.ledger.owed:
            self._heard.clear()
            try:
                async with asyncio.timeout(self.patience_s):
                    await self._heard.wait()
            except TimeoutError:
                return

    def _sent(self, message: Message) -> None:
        now_s = asyncio.get_running_loop().time()
        self.ledger.send(_id_of(message), lane_of(message), now_s, wants_receipt=b'"receipt":true' in message.payload)

    def _progress(self, counts: Counts) -> None:
        self.counts = counts
        if self.on_progress is not None:
            self.on_progress(counts, self.ledger)


def _id_of(message: Message) -> str:
    return str(json.loads(message.payload)["id"])
