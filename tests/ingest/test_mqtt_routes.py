"""Foreign routes at the MQTT source: a session each, acknowledged once journaled, and never in front of our own alarms."""

import json

import aiomqtt
import pytest

from ingest.formats import FORMATS
from ingest.iot.sparkplug_payload import Payload, read_payload
from ingest.mqtt import MqttVersion, NoticeKind
from ingest.mqtt_line import ROUTE_ENTRIES_MAX, ROUTE_MESSAGES_MAX
from ingest.route import Route, RouteReader
from ingest.topics import Lane
from rules.model import Network
from tests.ingest.iot.sparkplug_kit import payload
from tests.ingest.mqtt_stage import Message, ObedientDesk, publish, running, settings, smoke, until
from tests.servers import Mosquitto

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mosquitto")]

VERSIONS = pytest.mark.parametrize("version", MqttVersion)


def reader(format_: str = "zigbee2mqtt", topics: str = "zigbee2mqtt/#") -> RouteReader:
    known = FORMATS[format_]
    route = Route(name="garden", format=known, community="jade", network=Network.IOT, topics=(topics,))
    return RouteReader(route, lambda: 1_780_000_000_000)


def foreign_smoke(number: int) -> Message:
    return f"zigbee2mqtt/s-{number}", '{"smoke": true}'


def devices(desk: ObedientDesk) -> list[str]:
    return [event.device for event in desk.events() if event.community == "jade"]


@VERSIONS
async def test_a_foreign_alarm_comes_by_the_critical_lane_and_is_acknowledged_once_journaled(
    mosquitto: Mosquitto, version: MqttVersion
) -> None:
    which = settings(mosquitto.port, version)
    async with running(which, routes=[reader()]) as stage:
        await publish(mosquitto.port, [foreign_smoke(1), ("zigbee2mqtt/bridge/state", "online"), foreign_smoke(2)])
        await until(lambda: devices(stage.desk) == ["s-1", "s-2"])
        assert {each.lane for each in stage.desk.taken} == {Lane.CRITICAL}
        assert stage.source.snapshot()["route-garden"].acknowledged_count == 0
    async with running(which, routes=[reader()]) as stage:  # it was not journaled: the broker has kept it
        await until(lambda: devices(stage.desk) == ["s-1", "s-2"])
        assert NoticeKind.SESSION_NEW not in [each.kind for each in stage.notices if each.line == "route-garden"]
        stage.desk.finish(newest_first=True)
        await until(lambda: stage.source.snapshot()["route-garden"].acknowledged_count == 3)
    async with running(which, routes=[reader()]) as stage:
        await publish(mosquitto.port, [foreign_smoke(3)])
        await until(lambda: devices(stage.desk) == ["s-3"])


@VERSIONS
async def test_what_the_broker_had_kept_comes_as_a_copy_of_the_past(mosquitto: Mosquitto, version: MqttVersion) -> None:
    await publish(mosquitto.port, [foreign_smoke(1)], retain=True)
    async with running(settings(mosquitto.port, version), routes=[reader()]) as stage:
        await until(stage.desk.events)
        await publish(mosquitto.port, [foreign_smoke(1)], retain=True)
        await until(lambda: len(stage.desk.events()) == 2)
        assert [event.is_retained for event in stage.desk.events()] == [True, False]


async def test_a_flood_of_foreign_alarms_leaves_room_for_our_own(mosquitto: Mosquitto) -> None:
    count = 3 * ROUTE_MESSAGES_MAX
    async with running(settings(mosquitto.port, MqttVersion.V5), routes=[reader()]) as stage:
        await publish(mosquitto.port, [foreign_smoke(number) for number in range(count)])
        await until(lambda: len(devices(stage.desk)) == ROUTE_MESSAGES_MAX)
        await publish(mosquitto.port, [smoke(1)])
        await until(lambda: "a1" in stage.desk.ids())
        figures = stage.source.snapshot()
        assert len(devices(stage.desk)) == ROUTE_MESSAGES_MAX
        assert (figures["route-garden"].is_paused, figures["critical"].is_paused) == (True, False)
        await until(lambda: stage.desk.finish() == 0 and len(devices(stage.desk)) == count)
        assert devices(stage.desk) == [f"s-{number}" for number in range(count)]


async def test_large_messages_do_not_fill_the_desk(mosquitto: Mosquitto) -> None:
    records = json.dumps([{"n": f"d{number}", "u": "Cel", "v": 20} for number in range(500)])
    async with running(settings(mosquitto.port, MqttVersion.V5), routes=[reader("senml", "s/+")]) as stage:
        await publish(mosquitto.port, [(f"s/{number}", records) for number in range(8)])
        await until(lambda: len(devices(stage.desk)) == ROUTE_ENTRIES_MAX)
        await until(lambda: stage.source.snapshot()["route-garden"].is_paused)
        assert len(devices(stage.desk)) == ROUTE_ENTRIES_MAX
        await until(lambda: stage.desk.finish() == 0 and len(devices(stage.desk)) == 8 * 500)
        await until(lambda: stage.source.snapshot()["route-garden"].acknowledged_count == 8)


async def test_an_edge_node_whose_birth_was_missed_is_asked_for_it_on_the_same_connection(mosquitto: Mosquitto) -> None:
    by_alias = payload({"alias": 7, "value": True}, seq=9)
    async with (
        running(settings(mosquitto.port, MqttVersion.V5), routes=[reader("sparkplug_b", "spBv1.0/#")]) as stage,
        aiomqtt.Client("127.0.0.1", mosquitto.port) as node,
    ):
        await node.subscribe("spBv1.0/garden/NCMD/gate-7")
        await node.publish("spBv1.0/garden/NDATA/gate-7", by_alias, qos=1)
        asked = await anext(aiter(node.messages))
        born = read_payload(bytes(asked.payload))
        assert isinstance(born, Payload)
        assert [(metric.name, metric.value) for metric in born.metrics] == [("Node Control/Rebirth", True)]
        await until(lambda: "garden.gate-7.rebirth" in devices(stage.desk))
