"""Killed at random points under load, two hundred times: nothing is lost, nothing doubled, and a replay decides the same."""

import asyncio
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import aiomqtt
import pytest
from sqlalchemy import create_engine, select

from handlers.queue import QueueViews
from handlers.schema import timeline
from rules.canonical import to_json
from rules.effects import Effect, RecordFact
from rules.engine import Engine
from rules.model import Event, SetAside
from tests.acceptance.service import Service
from tests.servers import HOST, Mosquitto

KILLS = int(os.environ.get("SHOUWANG_TEST_KILLS", "100"))
"""For each database; both together make two hundred."""

STARTING_SHARE = 0.3
"""So many of the kills hit it while it starts; the others while it works."""

SEED = 20_261_123
COMMUNITY = "kill"


@dataclass
class Publisher:
    """Publishes without pause, and remembers what the broker acknowledged: the ledger."""

    broker: Mosquitto
    rng: random.Random
    ledger: list[tuple[str, str]] = field(default_factory=list)  # (event id, device), in order of acknowledgement
    stopping: Flag = field(default_factory=Flag)
    thread: Thread | None = None

    def start(self) -> None:
        self.thread = Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        assert self.thread is not None
        self.thread.join(30)

    async def _run(self) -> None:
        number = 0
        async with aiomqtt.Client(HOST, self.broker.port, identifier="ledger") as client:
            while not self.stopping.is_set():
                number += 1
                event_id, device, topic, payload = self._message(number)
                await client.publish(topic, payload, qos=1)
                self.ledger.append((event_id, device))
                await asyncio.sleep(0.004)

    def _message(self, number: int) -> tuple[str, str, str, bytes]:
        """Mostly readings of an ordinary day; each twentieth is the one alarm of a detector that never spoke before."""
        if number % 20 == 0:
            device, kind = f"smoke-{number}", "alarm"
            body: dict[str, object] = {"id": f"e{number}", "kind": "smoke", "state": "on", "zone": f"b{number}/u1/0101"}
        else:
            device, kind = f"t-{number % 50}", "reading"
            body = {"id": f"e{number}", "kind": "temperature", "value": round(self.rng.gauss(22, 0.2), 2), "zone": "b01/u1/0202"}
        return f"e{number}", device, f"shouwang/v1/{COMMUNITY}/iot/{kind}/{device}", json.dumps(body).encode()


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return ""
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """With the room that deploy/mosquitto/mosquitto.conf gives; Mosquitto's default throws away what exceeds a thousand."""
    with Mosquitto(tmp_path / "mosquitto", lines=["max_queued_messages 200000", "max_inflight_messages 2000"]) as made:
        yield made


@pytest.fixture
def service(tmp_path: Path, broker: Mosquitto, store_url: str) -> Iterator[Service]:
    made = Service(
        tmp_path / "service",
        {
            "SHOUWANG_MQTT__HOST": HOST,
            "SHOUWANG_MQTT__PORT": str(broker.port),
            "SHOUWANG_STORE_URL": store_url,
        },
    )
    yield made
    made.kill()


@dataclass
class Journal:
    """The ids of the service's journal, read on from where the last look ended."""

    service: Service
    ids: set[str] = field(default_factory=set)
    position: int = 0

    def has_all(self, publisher: Publisher) -> bool:
        """Everything of the ledger is journaled, and everything journaled is applied."""
        health = self.service.health()
        if not health.get("ready") or health["position_applied"] != health["position_journaled"]:
            return False
        for each in self.service.journal(after=self.position):
            self.position = each.position
            self.ids.add(each.entry.id)
        return all(event_id in self.ids for event_id, _ in publisher.ledger)


@pytest.mark.acceptance
@pytest.mark.needs("mosquitto")
def test_killed_at_random_points_nothing_is_lost_and_nothing_doubled(service: Service, broker: Mosquitto, store_url: str) -> None:
    rng = random.Random(SEED)
    publisher = Publisher(broker, random.Random(SEED + 1))
    # The broker keeps for us only what comes after our sessions exist: a first start makes them.
    service.start()
    service.until_ready()
    publisher.start()
    for _ in range(KILLS):
        if rng.random() < STARTING_SHARE:
            Flag().wait(rng.uniform(0.0, 1.5))
        else:
            service.until_ready()
            Flag().wait(rng.uniform(0.0, 0.5))
        service.kill()
        service.start()
    publisher.stop()
    journal = Journal(service)
    service.until("drained", lambda: journal.has_all(publisher), 120)
    assert service.stop() == 0

    assert len(publisher.ledger) > 10 * KILLS, "the load was no load"
    url = store_url or f"sqlite:///{service.data / 'store.db'}"
    stored = told(url)
    check_ledger(service, publisher, [json.loads(text) for text in stored])
    assert stored == replayed(service, until=decided_until(url)), "a replay decides differently"


def told(url: str) -> list[str]:
    """The timeline as it was stored, byte for byte."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.execute(select(timeline.c.doc).order_by(timeline.c.seq)).scalars())
    finally:
        engine.dispose()


def decided_until(url: str) -> int:
    """The instant up to which the store knows decisions."""
    views = QueueViews(url)
    try:
        return views.progress().changed_at
    finally:
        views.close()


def check_ledger(service: Service, publisher: Publisher, stored: list[dict[str, object]]) -> None:
    journaled = [each.entry.id for each in service.journal() if isinstance(each.entry, Event)]
    positions = [each.position for each in service.journal()]
    assert positions == list(range(1, len(positions) + 1)), "the journal has gaps"
    lost = {event_id for event_id, _ in publisher.ledger} - set(journaled)
    assert not lost, f"acknowledged by the broker and never journaled: {sorted(lost)[:5]}"
    detectors = sorted(device for _, device in publisher.ledger if device.startswith("smoke-"))
    opened = sorted(str(fact["device"]) for fact in stored if (fact["entity"], fact["transition"]) == ("alarm", "opened"))
    assert opened == detectors, "an alarm was lost, doubled or invented"
    incidents = [fact["entity_id"] for fact in stored if (fact["entity"], fact["transition"]) == ("incident", "opened")]
    assert len(incidents) == len(set(incidents)) == len(detectors), "an incident was lost or doubled"


def replayed(service: Service, until: int) -> list[str]:
    """What a chain that was never killed decides from the same journal, up to the last instant that the store knows."""
    engine = Engine()
    effects: list[Effect] = []
    for each in service.journal():
        assert not isinstance(each.entry, SetAside), "nothing here is poisonous"
        effects += engine.receive(each.entry, each.received_at, each.position)
    effects += engine.advance(max(until, engine.now))
    return [to_json(effect.fact).decode() for effect in effects if isinstance(effect, RecordFact)]
