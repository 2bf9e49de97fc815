"""Foreign formats reach the live desk: what an integrator's gateway publishes becomes an incident."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.iot.gb26875_frames import CONFIRM, Frame, FrameReader
from rules.model import Event
from tests.acceptance.outside import Publisher, facts, opened, reading
from tests.acceptance.service import Service
from tests.ingest.test_tcp_bridge import fire_frame
from tests.servers import HOST, Mosquitto, free_port

pytestmark = [pytest.mark.acceptance, pytest.mark.needs("mosquitto")]

ROUTES = """
routes:
  garden:
    format: zigbee2mqtt
    community: jade
    topics: zigbee2mqtt/#
    zone: b09
    zones: {kitchen smoke: b01/u1/0101}
    names: {kitchen smoke: s-0101}
  panels: {format: gb26875, community: jade, zone: b02, listen: {port: PORT}}
"""


@pytest.fixture
def panel_port() -> int:
    return free_port()


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto, panel_port: int) -> Iterator[Service]:
    routes = tmp_path / "routes.yaml"
    routes.write_text(ROUTES.replace("PORT", str(panel_port)), encoding="utf-8")
    settings = {"MQTT__HOST": HOST, "MQTT__PORT": str(mosquitto.port), "ROUTES": str(routes)}
    made = Service(tmp_path / "service", {f"SHOUWANG_{name}": value for name, value in settings.items()})
    made.start()
    made.until_ready()
    yield made
    made.kill()


def test_the_smoke_of_a_zigbee_bridge_becomes_an_incident_where_the_route_says(service: Service, mosquitto: Mosquitto) -> None:
    with Publisher(mosquitto.port) as bridge, reading(service) as views:
        bridge.publish("zigbee2mqtt/hall", {"smoke": True}, retain=True)
        bridge.publish("zigbee2mqtt/kitchen smoke", {"smoke": False, "test": True})
        bridge.publish("zigbee2mqtt/kitchen smoke", {"smoke": True, "battery": 80})
        service.until("both are alarmed", lambda: len(opened(facts(views), "alarm")) == 2)
        found = {fact["device"]: (fact["hazard"], fact["zone"]) for fact in opened(facts(views), "alarm")}
    assert found == {"s-0101": ("fire", "b01/u1/0101"), "hall": ("fire", "b09")}

    service.kill()  # the retained message comes again to whoever begins to listen, and is a copy of the past
    service.start()
    service.until_ready()
    service.until("the copy came", lambda: copies(service, "hall") == [False, True])
    with reading(service) as views:
        assert len(opened(facts(views), "alarm")) == 2


def test_a_fire_panel_s_transmitter_is_confirmed_and_becomes_an_incident(service: Service, panel_port: int) -> None:
    with socket.create_connection((HOST, panel_port), timeout=20) as panel, reading(service) as views:
        panel.sendall(fire_frame(serial=7))
        back = panel.recv(4096)
        assert [(each.command, each.serial) for each in FrameReader().feed(back) if isinstance(each, Frame)] == [(CONFIRM, 7)]
        service.until("it is alarmed", lambda: bool(opened(facts(views), "alarm")))
        (alarm,) = opened(facts(views), "alarm")
    assert (alarm["hazard"], alarm["zone"], alarm["device"][:12]) == ("fire", "b02", f"{0x0379:012x}")


def copies(service: Service, device: str) -> list[bool]:
    """Of each event of a device, whether it was a retained one."""
    events = [each.entry for each in service.journal() if isinstance(each.entry, Event)]
    return [event.is_retained for event in events if event.device == device]
