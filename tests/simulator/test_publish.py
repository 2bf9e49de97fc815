"""Publishing over a real broker: everything arrives in order, in its own time, and again after the broker was away."""

import asyncio
from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Self

import aiomqtt
import pytest

from simulator.broker import Broker
from simulator.message import Message
from simulator.pace import Pace
from simulator.publish import Publication, PublishError
from simulator.recording import Recorded, write_recording
from simulator.replay import publish_file
from tests.servers import Mosquitto, free_port

pytestmark = pytest.mark.needs("mosquitto")


def numbered(count: int, step_ms: int = 0) -> Iterator[Message]:
    for number in range(count):
        yield Message(number * step_ms, f"shouwang/v1/c01/iot/reading/d-{number % 7}", b"%d" % number)


def content(message: aiomqtt.Message) -> bytes:
    assert isinstance(message.payload, bytes)
    return message.payload


async def receive(broker: Broker, count: int, ready: asyncio.Event) -> list[aiomqtt.Message]:
    async with aiomqtt.Client(broker.host, broker.port, identifier="listener", clean_session=False) as client:
        await client.subscribe("shouwang/v1/#", qos=1)
        ready.set()
        received: list[aiomqtt.Message] = []
        async for message in client.messages:
            received.append(message)
            if len(received) == count:
                return received
    return []


async def heard(broker: Broker, count: int, publication: Publication, stream: Iterator[Message]) -> list[aiomqtt.Message]:
    ready = asyncio.Event()
    async with asyncio.timeout(30):
        listener = asyncio.create_task(receive(broker, count, ready))
        await ready.wait()
        await publication.run(stream)
        return await listener


def test_all_messages_arrive_once_and_in_order(mosquitto: Mosquitto) -> None:
    broker = Broker(host="127.0.0.1", port=mosquitto.port)
    publication = Publication(broker=broker, pace=Pace(inf))
    received = asyncio.run(heard(broker, 500, publication, numbered(500)))
    assert [int(content(message)) for message in received] == list(range(500))
    assert publication.counts.acknowledged_count == 500
    assert publication.counts.reconnect_count == 0


def test_messages_leave_when_they_are_due(mosquitto: Mosquitto) -> None:
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    broker = Broker(host="127.0.0.1", port=mosquitto.port)
    asyncio.run(Publication(broker=broker, pace=Pace(10.0), pause=pause).run(numbered(3, step_ms=50_000)))
    assert waits == [pytest.approx(5.0, abs=1.0), pytest.approx(10.0, abs=1.0)]


def test_after_a_lost_broker_the_rest_and_what_was_open_is_sent(mosquitto: Mosquitto) -> None:
    broker = Broker(host="127.0.0.1", port=mosquitto.port)
    taken: list[int] = []

    def acknowledged(message: Message) -> None:
        taken.append(int(message.payload))
        if len(taken) == 100:
            mosquitto.kill()
            mosquitto.start()

    publication = Publication(broker=broker, pace=Pace(inf), window=10, on_acknowledged=acknowledged)
    counts = asyncio.run(publication.run(numbered(300)))
    assert sorted(taken) == list(range(300))
    assert counts.reconnect_count >= 1
    assert counts.sent_count >= counts.acknowledged_count == 300


def test_a_broker_that_stays_away_is_an_error_that_says_where() -> None:
    broker = Broker(host="127.0.0.1", port=free_port())
    publication = Publication(broker=broker, give_up_after_s=0.0)
    with pytest.raises(PublishError, match=rf"127\.0\.0\.1:{broker.port} could not be used"):
        asyncio.run(publication.run(numbered(1)))


def test_a_recorded_file_is_published_as_if_it_happened_now(mosquitto: Mosquitto, tmp_path: Path) -> None:
    path = tmp_path / "fire.jsonl.gz"
    topic = "shouwang/v1/c01/iot/reading/t-1"
    write_recording(
        path,
        [
            Recorded(1_500_000_000_000, topic, b'{"kind":"temperature","value":20,"at":1500000000000}'),
            Recorded(1_500_000_010_000, topic, b'{"kind":"temperature","value":60,"at":"2017-07-14T02:40:09.500Z"}'),
            Recorded(1_500_000_020_000, topic, b"plain"),
        ],
    )
    broker = Broker(host="127.0.0.1", port=mosquitto.port)
    ready = asyncio.Event()

    async def run() -> list[bytes]:
        async with asyncio.timeout(30):
            listener = asyncio.create_task(receive(broker, 3, ready))
            await ready.wait()
            counts = await publish_file(path, broker, start_at=1_800_000_000_000, pace=Pace(1000.0))
            assert counts.acknowledged_count == 3
            return [content(message) for message in await listener]

    assert asyncio.run(run()) == [
        b'{"kind":"temperature","value":20,"at":1800000000000}',
        b'{"kind":"temperature","value":60,"at":"2027-01-15T08:00:00.010Z"}',  # 9.5 s after the start, at 1000×: 9.5 ms
        b"plain",
    ]


@pytest.mark.anyio
async def test_told_to_end_it_ends_although_the_connection_fails_in_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = asyncio.Event()

    class Failing:
        async def __aenter__(self) -> Self:
            connected.set()
            return self

        async def __aexit__(self, *_: object) -> None:
            raise aiomqtt.MqttError("disconnecting timed out")

        async def publish(self, *_: object, **_more: object) -> None:
            await asyncio.Event().wait()

    publication = Publication(broker=Broker(host="nowhere", port=1))
    monkeypatch.setattr(Publication, "_client", lambda _: Failing())
    task = asyncio.create_task(publication.run(numbered(3)))
    await connected.wait()
    task.cancel()
    await asyncio.wait([task], timeout=10)
    assert task.cancelled()
