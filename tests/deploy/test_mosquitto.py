"""The shipped Mosquitto configuration, run by the real Mosquitto: accounts, access list, limits, the queue."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.formats import FORMATS
from ingest.mqtt import MqttSettings, MqttVersion
from ingest.route import Route, RouteReader
from ingest.topics import Lane
from rules.model import Rejected
from tests.ingest.mqtt_stage import ObedientDesk, names, publish, reading, running, settings, smoke, until
from tests.servers import HOST, MosquittoFile, free_port, write_password_file

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mosquitto")]

SHIPPED = Path(__file__).resolve().parents[2] / "deploy" / "mosquitto"
ACCOUNTS = {"shouwang": "s-secret", "gateway": "g-secret", "health": "h-secret", "zigbee2mqtt": "z-secret"}
GATEWAY = {"username": "gateway", "password": "g-secret"}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MosquittoFile]:
    """The shipped files with nothing changed but the places and ports of a container."""
    (tmp_path / "data").mkdir()
    access = tmp_path / "acl"
    access.write_text(re.sub(r"^#(user|topic) ", r"\1 ", (SHIPPED / "acl").read_text(), flags=re.M))  # foreign formats let in
    access.chmod(0o600)
    devices, service = free_port(), free_port()
    text = (SHIPPED / "mosquitto.conf").read_text()
    for place, here in {
        "/run/secrets/mosquitto_passwords": str(write_password_file(tmp_path / "passwords", ACCOUNTS)),
        "/mosquitto/config/acl": str(access),
        "/mosquitto/data/": f"{tmp_path}/data/",
        "\nlistener 1883\n": f"\nlistener {devices} {HOST}\n",
        "\nlistener 1884\n": f"\nlistener {service} {HOST}\n",
    }.items():
        assert place in text
        text = text.replace(place, here)
    config = tmp_path / "mosquitto.conf"
    config.write_text("user root\n" + text)
    with MosquittoFile(tmp_path, config, devices, service) as server:
        yield server


def service(broker: MosquittoFile) -> MqttSettings:
    return settings(broker.service_port, MqttVersion.V5, username="shouwang", password="s-secret")


async def test_events_of_a_gateway_reach_the_service(broker: MosquittoFile) -> None:
    async with running(service(broker), ObedientDesk(is_prompt=True)) as stage:
        await publish(broker.port, [smoke(1), reading(1)], auth=GATEWAY)
        await until(lambda: sorted(stage.desk.ids()) == ["a1", "r1"])


async def test_a_gateway_s_wrong_topic_is_refused_by_the_service_and_not_lost_at_the_broker(broker: MosquittoFile) -> None:
    async with running(service(broker), ObedientDesk(is_prompt=True)) as stage:
        wrong = ["shouwang/v1/garden/iot/alarms/s-1", "shouwang/v1/garden/iot/alarm/s-1/battery", "shouwang/v1/garden/iot/alarm"]
        await publish(broker.port, [(topic, "{}") for topic in wrong], auth=GATEWAY)
        await until(lambda: len(stage.desk.entries()) == 3)
        assert [(entry.source, entry.reason) for entry in stage.desk.entries() if isinstance(entry, Rejected)] == [
            (topic, "bad_topic") for topic in wrong
        ]


async def test_nobody_else_may_speak_for_the_service_or_for_devices(broker: MosquittoFile) -> None:
    health = {"username": "health", "password": "h-secret"}
    async with running(service(broker), ObedientDesk(is_prompt=True)) as stage:
        await publish(broker.port, [smoke(1)], auth=health)
        await publish(broker.port, [("shouwang/v1/garden/out/alarm/a-1", "{}")], auth=GATEWAY)
        await publish(broker.port, [smoke(2)], auth=GATEWAY)
        await until(lambda: "a2" in stage.desk.ids())
        assert stage.desk.ids() == ["a2"]
        assert stage.source.snapshot()[Lane.CRITICAL].passed_count == 0


async def test_more_than_the_default_thousand_wait_for_an_absent_service(broker: MosquittoFile) -> None:
    async with running(service(broker)):
        pass
    await publish(broker.port, [reading(n) for n in range(3_000)], auth=GATEWAY)
    async with running(service(broker), ObedientDesk(is_prompt=True)) as stage:
        await until(lambda: len(stage.desk.ids()) == 3_000)
        assert stage.desk.ids() == names("r", 3_000)


async def test_the_largest_message_of_the_contract_passes(broker: MosquittoFile) -> None:
    topic, payload = smoke(1)
    async with running(service(broker), ObedientDesk(is_prompt=True)) as stage:
        await publish(broker.port, [(topic, str(payload).ljust(65_000))], auth=GATEWAY)
        await until(lambda: stage.desk.ids() == ["a1"])


async def test_a_bridge_s_own_format_reaches_the_service_and_the_bridge_writes_nothing_else(broker: MosquittoFile) -> None:
    known = FORMATS["zigbee2mqtt"]
    route = Route(name="garden", format=known, community="garden", network=known.network, topics=("zigbee2mqtt/#",))
    bridge = {"username": "zigbee2mqtt", "password": "z-secret"}
    async with running(service(broker), ObedientDesk(is_prompt=True), routes=[RouteReader(route, lambda: 1)]) as stage:
        await publish(broker.port, [smoke(1), ("zigbee2mqtt/hall", '{"smoke": true}')], auth=bridge)
        await until(stage.desk.events)
        await publish(broker.port, [smoke(2)], auth=GATEWAY)
        await until(lambda: len(stage.desk.events()) == 2)
        assert [event.device for event in stage.desk.events()] == ["hall", "smoke-1"]
        assert "a1" not in stage.desk.ids()
