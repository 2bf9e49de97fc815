"""One run of a demonstration: the community speaks over MQTT, people act through the API, and what was decided is judged."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from random import Random
from typing import Any

import httpx
import typer
from pydantic import TypeAdapter

from rules.model import Entity, Fact, OperatorAction
from shouwang.clock import shown_at, wall_now
from shouwang.demo_view import DemoView
from shouwang.exits import Exit
from shouwang.watched import end_all
from simulator.broker import Broker
from simulator.community import Community
from simulator.pace import Pace
from simulator.people import People
from simulator.publish import Counts, Publication
from simulator.scenario import Scenario
from simulator.stream import messages
from simulator.truth import Decision, judge
from simulator.virtual import TAIL_S, decision_of

_FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
_TOLD = {Entity.WARNING, Entity.ALARM, Entity.INCIDENT, Entity.DISPATCH}
SETTLE_S = 3.0
"""After the last message, so long (of real time) may the last decision take to arrive here."""


@dataclass(kw_only=True)
class DemoRun:
    """Everything that one run needs. ``clock`` is the setting of the service's own clock."""

    scenario: Scenario
    community: Community
    broker: Broker
    address: str
    token: str
    speed: float
    clock: str
    dice: Random | None
    decided: list[Decision] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    began_at: int = 0
    ended_at: int = 0  # of publishing; 0 before

    async def play(self, *, seconds: float | None, is_headless: bool, asked: asyncio.Event) -> int:
        """Play until the scenario ends, the time is over, or somebody asks to stop. The exit code is the judge's."""
        people = People(self.dice) if self.dice is not None else None
        view = DemoView(self, is_headless=is_headless)
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.address, headers=headers, timeout=30.0, trust_env=False) as client:
            view.welcome()
            publishing = asyncio.create_task(self._publish())
            beside = [asyncio.create_task(self._follow(client, people, view))]
            if people is not None:
                beside.append(asyncio.create_task(self._act(client, people)))
            if not is_headless:
                beside.append(asyncio.create_task(view.run(client)))
            try:
                await _first(asked, seconds, publishing, beside)
                if publishing.done() and not asked.is_set():
                    rest_s = SETTLE_S if seconds is None else max(SETTLE_S, seconds - view.elapsed_s())
                    await _first(asked, rest_s, None, beside)
            finally:
                await end_all(publishing, *beside)
        return self._judge(is_cut_short=asked.is_set())

    def now(self) -> int:
        """The service's present, in ms."""
        return shown_at(wall_now(), self.clock)

    async def _publish(self) -> None:
        self.began_at = self.now()
        stream = messages(self.community, self.scenario, start_at=self.began_at)
        publication = Publication(broker=self.broker, pace=Pace(self.speed), counts=self.counts)
        await publication.run(stream)
        self.ended_at = self.now()

    async def _follow(self, client: httpx.AsyncClient, people: People | None, view: DemoView) -> None:
        """Read the timeline from its beginning, and again from where it broke off."""
        after = 0
        while True:
            with contextlib.suppress(httpx.HTTPError):
                async for seq, fact in facts(client, after):
                    after = seq
                    if fact.entity in _TOLD:
                        self.decided.append(decision_of(fact))
                    view.tell(fact)
                    if people is not None:
                        people.notice(fact, self.now())
            await asyncio.sleep(0.2)

    async def _act(self, client: httpx.AsyncClient, people: People) -> None:
        """Do what people have decided to do, when they have decided to do it, and in their order."""
        waiting: list[OperatorAction] = []
        while True:
            waiting += people.due(self.now())
            while waiting and await act(client, waiting[0]):
                del waiting[0]
            await asyncio.sleep(0.1)

    def _judged(self) -> list[Decision]:
        """What is judged. When nobody publishes any more, devices are found to be silent: in a hurry that takes no time."""
        until = self.ended_at + TAIL_S * 1000 if self.ended_at else inf
        return [decision for decision in self.decided if datetime.fromisoformat(decision["at"]).timestamp() * 1000 <= until]

    def _judge(self, *, is_cut_short: bool) -> int:
        score = judge(self.scenario, self._judged(), community=self.community, start_at=self.began_at)
        typer.echo(str(score))
        typer.echo(f"{self.counts.acknowledged_count} messages published; {len(self.decided)} decisions.")
        return Exit.OK if score.is_met or is_cut_short else Exit.FAILED


async def facts(client: httpx.AsyncClient, after: int) -> AsyncIterator[tuple[int, Fact]]:
    """The live stream as facts with their sequence numbers."""
    async with client.stream("GET", "/v1/stream", params={"after": after}, timeout=httpx.Timeout(10.0, read=None)) as answer:
        answer.raise_for_status()
        seq, event = after, ""
        async for line in answer.aiter_lines():
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "id":
                seq = int(value)
            elif name == "event":
                event = value
            elif name == "data" and event == "fact":
                body: dict[str, Any] = json.loads(value)
                yield seq, _FACT.validate_python(body.get("fact", body))


async def act(client: httpx.AsyncClient, action: OperatorAction) -> bool:
    """Send one action as a person's browser would. Says whether it was answered; a refusal is an answer too."""
    body = {
        "id": action.id,
        "verb": action.verb.value,
        "entity": action.entity.value,
        "entity_id": action.entity_id,
        "community": action.community,
        "arguments": dict(action.arguments),
    }
    with contextlib.suppress(httpx.HTTPError):
        answer = await client.post("/v1/actions", json=body)
        return not answer.is_server_error
    return False


async def _first(
    asked: asyncio.Event, seconds: float | None, publishing: asyncio.Task[None] | None, beside: list[asyncio.Task[None]]
) -> None:
    """Wait for whatever comes first: somebody asks, the time is over, or everything has been published.

    What runs beside it never ends by itself: where it fails, that is raised here, or people would judge what nobody followed.
    """
    waiting = asyncio.create_task(asked.wait())
    watched = {waiting, *beside, *([publishing] if publishing is not None else [])}
    try:
        done, _ = await asyncio.wait(watched, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    for task in done:
        task.result()
