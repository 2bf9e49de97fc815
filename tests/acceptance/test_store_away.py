"""PostgreSQL goes away under load: events are still journaled and acknowledged, people are still told, and nothing doubles."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Self

import pytest

from tests.acceptance.outside import Doc, Gateway, Publisher, facts, opened, reading, smoke, topic_of
from tests.acceptance.service import Service
from tests.handlers.channels.receivers import Received, Receiver
from tests.servers import HOST, Mosquitto, Postgres

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto"), pytest.mark.needs("postgres")]

TARGETS = ("property", "micro_station", "grid", "fire_brigade", "police", "subdistrict", "micro_station_1", "micro_station_2")
TOLD_S = 8.0
"""How long the first critical notification may take once the database is gone."""
DEGRADED = "降级"

Outage = tuple[Callable[[Postgres], object], Callable[[Postgres], object]]
OUTAGES: dict[str, Outage] = {
    "stopped": (Postgres.stop, Postgres.start),
    "killed": (Postgres.kill, Postgres.start),
    "frozen": (Postgres.freeze, Postgres.thaw),
}


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A cluster of this test's own, to be ill-treated."""
    server = Postgres()
    try:
        yield server.start()
    finally:
        if server.is_running:
            server.thaw()
        server.remove()


@pytest.fixture
def people() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto, postgres: Postgres, people: Receiver, hook: Receiver) -> Iterator[Service]:
    made = Service(
        tmp_path / "service",
        {
            "SHOUWANG_MQTT__HOST": HOST,
            "SHOUWANG_MQTT__PORT": str(mosquitto.port),
            "SHOUWANG_STORE_URL": postgres.create_database(),
            "SHOUWANG_PEOPLE": json.dumps({target: [f"json://{HOST}:{people.port}/{target}"] for target in TARGETS}),
            "SHOUWANG_WEBHOOKS": json.dumps(
                [
                    {
                        "name": "city",
                        "url": f"http://{HOST}:{hook.port}/facts",
                        "secret": "sixteen characters",
                        "allow_networks": ["127.0.0.0/8"],
                    }
                ]
            ),
        },
    )
    made.start()
    made.until_ready()
    yield made
    made.kill()


class Load:
    """Devices that never stop talking: readings, and now and then the alarm of a detector of its own building."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.ids: list[str] = []
        self.alarms: list[str] = []
        self._stopping = Flag()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        with Publisher(self.port) as publisher:
            number = 0
            while not self._stopping.wait(0.005):
                number += 1
                name = f"load-{number}"
                if number % 100 == 0:
                    publisher.publish(topic_of(name), smoke(name, f"d{number}/u1/0101"))
                    self.alarms.append(name)
                else:
                    body = {"id": name, "kind": "temperature", "value": 21.0, "zone": "b01/u1/0101"}
                    publisher.publish(topic_of("t-1", "reading"), body)
                self.ids.append(name)


def titles(people: Receiver, zone: str) -> list[str]:
    """The titles of the messages about this place."""
    return [json.loads(one.body)["title"] for one in list(people.received) if zone in json.loads(one.body)["message"]]


def told_in_the_dark(hook: Receiver) -> list[str]:
    """The devices whose alarms the city was told of while the store was away."""
    return [json.loads(one.body)["device"] for one in list(hook.received) if "Shouwang-Degraded" in one.headers]


def store_check(service: Service) -> bool | None:
    """What health says of the store; None when nobody answers."""
    checks: list[Doc] = service.health().get("checks", [])  # type: ignore[assignment]  # plain JSON
    return next((bool(check["ok"]) for check in checks if check["name"] == "store"), None)


@pytest.mark.parametrize("outage", OUTAGES)
def test_while_the_store_is_away_alarms_go_on_and_afterwards_all_is_there_once(
    service: Service, mosquitto: Mosquitto, postgres: Postgres, people: Receiver, hook: Receiver, outage: str
) -> None:
    leave, come_back = OUTAGES[outage]
    with Load(mosquitto.port) as load, Gateway(service) as gateway:
        service.until("the load is decided", lambda: len(load.alarms) > 1 and len(people.received) > 0)
        leave(postgres)
        answer = gateway.post(smoke("in-the-dark", "x1/u1/0101"), topic=topic_of("s-dark"))
        assert answer.status_code == 200, "an event must be acknowledged without the store"
        service.until("people are told", lambda: titles(people, "x1"), TOLD_S)
        service.until("health is red", lambda: store_check(service) is False)
        assert not service.health()["ready"]
        dark = len(load.ids)
        service.until(
            "the journal goes on", lambda: len(load.ids) > dark + 50 and journaled(service) >= set(load.ids[: dark + 50])
        )
        answer = gateway.post(smoke("still-dark", "x2/u1/0101"), topic=topic_of("s-still"))
        assert answer.status_code == 200
        service.until("people are told again", lambda: titles(people, "x2"), TOLD_S)
        service.until("other systems are told", lambda: "s-still" in told_in_the_dark(hook), TOLD_S)
        assert all(DEGRADED in title for title in titles(people, "x2"))
        come_back(postgres)
        service.until("health is green", lambda: service.health().get("ready"))
    service.until("everything is applied", lambda: is_drained(service, load))

    with reading(service) as views:
        told = facts(views)
        alarms = Counter(fact["device"] for fact in opened(told, "alarm"))
        assert alarms == Counter([*load.alarms, "s-dark", "s-still"])
        service.until("all is delivered", lambda: views.counts().oldest_owed_at is None)
        deliveries = views.counts().deliveries
    assert {state for _, state in deliveries} <= {"delivered", "skipped"}
    twice = {key: count for key, count in Counter(key_of(one) for one in people.received).items() if count > 1}
    assert not twice, "somebody was told twice"
    keys = Counter(one.headers["Idempotency-Key"] for one in hook.received)
    # A hook is told at least once: what was under way when the database went is told again under the same key.
    assert keys.keys() >= {f"webhook:city:{fact['id']}" for fact in told if fact["entity"] in {"alarm", "incident", "dispatch"}}
    assert service.stop() == 0


def journaled(service: Service) -> set[str]:
    return {each.entry.id for each in service.journal()}


def is_drained(service: Service, load: Load) -> bool:
    health = service.health()
    return bool(health) and health["position_applied"] == health["position_journaled"] and journaled(service) >= set(load.ids)


def key_of(one: Received) -> tuple[str, str]:
    """Whom a message was for, and its incident and step."""
    message: str = json.loads(one.body)["message"]
    return one.path, next(line for line in message.splitlines() if line.startswith("警情"))
