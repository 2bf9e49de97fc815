"""Foreign routes with a real nats-server as the integrator's broker: MQTT 3.1.1 over JetStream.

It comes with the wheel of the extra ``demo``, which is locked and so always here; Debian's package is too old (2.9.10).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import aiomqtt
import pytest

from ingest.formats import FORMATS
from ingest.mqtt import MqttSettings, MqttVersion, NoticeKind
from ingest.route import Route, RouteReader
from ingest.topics import Lane
from rules.model import Network
from tests.ingest.mqtt_stage import Message, ObedientDesk, Stage, publish, running, settings, smoke, until
from tests.servers import HOST, Nats

pytestmark = pytest.mark.anyio

HOMES, CAMERAS = "route-homes", "route-cameras"
LEAK: Message = ("zigbee2mqtt/厨房水浸", '{"water_leak": true, "battery": 88}')
SMOKE: Message = ("zigbee2mqtt/3.2.1", '{"smoke": true}')  # a dot is a level of a NATS subject
SEEN = {"id": "1718888888.1-ab", "camera": "gate", "label": "person", "score": 0.9, "start_time": 1780000000.0}
PERSON: Message = ("frigate/events", json.dumps({"type": "new", "before": {}, "after": SEEN}))
ALL = [
    ("iot", "3.2.1", "smoke", "on"),
    ("iot", "厨房水浸", "battery", 88.0),
    ("iot", "厨房水浸", "water_leak", "on"),
    ("video", "gate", "occupancy", "on"),
]


def readers() -> list[RouteReader]:
    ways = (("homes", "zigbee2mqtt", Network.IOT, "zigbee2mqtt/#"), ("cameras", "frigate", Network.VIDEO, "frigate/events"))
    routes = [
        Route(name=name, format=FORMATS[format_], community="jade", network=network, topics=(topics,))
        for name, format_, network, topics in ways
    ]
    return [RouteReader(route, lambda: 1_780_000_001_000) for route in routes]


def at(port: int) -> MqttSettings:
    return settings(port, MqttVersion.V3_1_1)


def told(desk: ObedientDesk) -> list[tuple[str, str, str, object]]:
    return sorted((each.network.value, each.device, each.kind, each.state or each.value) for each in desk.events())


def acknowledged(stage: Stage) -> tuple[int, int]:
    figures = stage.source.snapshot()
    return figures[HOMES].acknowledged_count, figures[CAMERAS].acknowledged_count


def news(stage: Stage) -> Sequence[NoticeKind]:
    return [notice.kind for notice in stage.notices if notice.line == HOMES]


class Cable:
    """A network between us and a server, which can be cut; the next connection is a new one."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self._to = port
        self._ends: list[asyncio.StreamWriter] = []

    @asynccontextmanager
    async def laid(self) -> AsyncIterator["Cable"]:
        server = await asyncio.start_server(self._joined, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self.cut()
            server.close()

    def cut(self) -> None:
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(HOST, self._to)
        self._ends += [writer, far_writer]
        await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await source.read(65_536):
            target.write(some)
            await target.drain()
    target.transport.abort()


async def publish_and_wait(topic: str, port: int) -> None:
    async with aiomqtt.Client(HOST, port, protocol=aiomqtt.ProtocolVersion.V311) as client:
        await client.publish(topic, "{}", qos=0)
        await anext(aiter(client.messages))


async def test_two_formats_come_in_and_are_acknowledged_only_after_the_commit(nats: Nats) -> None:
    async with running(at(nats.mqtt_port), routes=readers()) as stage:
        await publish(nats.mqtt_port, [LEAK, SMOKE, PERSON, ("zigbee2mqtt/bridge/state", "online"), smoke(1)])
        await until(lambda: len(told(stage.desk)) == len(ALL) + 1)
        assert [each for each in told(stage.desk) if each[1] != "smoke-1"] == ALL
        assert {each.lane for each in stage.desk.taken} == {Lane.CRITICAL, Lane.NORMAL}
        assert acknowledged(stage) == (0, 0)
        stage.desk.finish(newest_first=True)
        await until(lambda: acknowledged(stage) == (3, 1))
    async with running(at(nats.mqtt_port), routes=readers()) as stage:  # what was acknowledged comes no more
        await publish(nats.mqtt_port, [PERSON])
        await until(lambda: told(stage.desk) == ALL[3:])


async def test_after_a_killed_connection_the_same_events_come_again_in_the_same_session(nats: Nats) -> None:
    async with Cable(nats.mqtt_port).laid() as cable, running(at(cable.port), routes=readers()) as stage:
        await publish(nats.mqtt_port, [LEAK, SMOKE, PERSON])
        await until(lambda: told(stage.desk) == ALL)
        first = sorted(stage.desk.ids())
        cable.cut()
        await until(lambda: len(told(stage.desk)) == 2 * len(ALL))
        assert sorted(stage.desk.ids()) == sorted(first * 2)  # known by their ids: the journal has them once
        assert news(stage) == [NoticeKind.CONNECTED, NoticeKind.SESSION_NEW, NoticeKind.CLOSED, NoticeKind.CONNECTED]
        stage.desk.finish()
        await until(lambda: acknowledged(stage) == (2, 1))


async def test_after_a_killed_server_the_same_events_come_again_under_other_numbers(nats: Nats) -> None:
    """It gives what was not acknowledged other packet ids; none of these messages has an id or a time of its own."""
    first_wave = [(f"zigbee2mqtt/smoke-{number}", '{"smoke": true}') for number in range(12)]
    async with running(at(nats.mqtt_port), routes=readers()) as stage:
        await publish(nats.mqtt_port, [LEAK])
        await until(stage.desk.events)
        stage.desk.finish()
        await until(lambda: acknowledged(stage)[0] == 1)
        await publish(nats.mqtt_port, first_wave)
        await until(lambda: len(told(stage.desk)) == 2 + len(first_wave))
        first = stage.desk.ids()[2:]
        nats.kill()
        nats.start()
        await until(lambda: len(stage.desk.ids()) >= 2 + 2 * len(first_wave))
        again = stage.desk.ids()[2 + len(first) :]
        assert sorted(again) == sorted(first)
        stage.desk.finish()
        await until(lambda: acknowledged(stage)[0] == 1 + len(first_wave))
        await publish(nats.mqtt_port, first_wave[:1])  # a second fire, in the same bytes
        await until(lambda: len(stage.desk.ids()) == 3 + 2 * len(first_wave))
        assert stage.desk.ids()[-1] not in first


async def test_the_session_outlives_us_and_a_killed_server(nats: Nats) -> None:
    async with running(at(nats.mqtt_port), routes=readers()) as stage:
        await publish(nats.mqtt_port, [LEAK])
        await until(stage.desk.events)  # never journaled: this process is gone
    await publish(nats.mqtt_port, [SMOKE])
    nats.kill()
    nats.start()
    async with running(at(nats.mqtt_port), routes=readers()) as stage:
        await publish(nats.mqtt_port, [PERSON])
        await until(lambda: told(stage.desk) == ALL)
        assert news(stage) == [NoticeKind.CONNECTED]
        stage.desk.finish()
        await until(lambda: acknowledged(stage) == (2, 1))


async def test_a_topic_with_a_space_costs_its_publisher_the_connection(nats: Nats) -> None:
    """What docs/integrators.md warns of: NATS has no such subjects. What others publish comes all the same."""
    async with running(at(nats.mqtt_port), routes=readers()) as stage:
        with pytest.raises(aiomqtt.MqttError):
            await publish_and_wait("zigbee2mqtt/kitchen smoke", nats.mqtt_port)
        await publish(nats.mqtt_port, [SMOKE])
        await until(lambda: told(stage.desk) == ALL[:1])
