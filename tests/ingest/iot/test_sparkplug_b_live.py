"""A real Sparkplug edge node on a real broker: it is born, speaks by alias, dies by its will, and is understood."""

from contextlib import suppress

import aiomqtt
import pytest

from ingest.formats import FORMATS
from tests.ingest.iot.sparkplug_kit import payload, said
from tests.servers import HOST, Mosquitto

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mosquitto")]
_WILL = aiomqtt.Will("spBv1.0/g/NDEATH/n", payload({"name": "bdSeq", "type": "Int64", "value": 5}), qos=1)
LIFE = (
    ("NBIRTH/n", payload({"name": "bdSeq", "type": "Int64", "value": 5}, seq=0)),
    (
        "DBIRTH/n/d",
        payload(
            {"name": "smoke", "alias": 1, "type": "Boolean", "value": False},
            {"name": "Temperature", "alias": 2, "type": "Double", "value": 21.5},
            seq=1,
        ),
    ),
    ("DDATA/n/d", payload({"alias": 1, "value": True}, seq=2)),
    ("DDATA/n/d", payload({"alias": 2, "type": "Double", "value": 54.5}, seq=4)),
)


async def test_a_life_is_understood_from_birth_to_the_will(mosquitto: Mosquitto) -> None:
    adapter = FORMATS["sparkplug_b"].opens()
    heard = []
    async with aiomqtt.Client(HOST, mosquitto.port, identifier="desk") as desk:
        await desk.subscribe("spBv1.0/g/#", qos=1)
        node = aiomqtt.Client(HOST, mosquitto.port, identifier="n", will=_WILL)
        await node.__aenter__()
        for topic, content in LIFE:
            await node.publish(f"spBv1.0/g/{topic}", content, qos=1)
        async with aiomqtt.Client(HOST, mosquitto.port, identifier="n"):  # the broker cuts the first off, and its will is told
            async for message in desk.messages:
                assert isinstance(message.payload, bytes)
                heard += said(adapter, str(message.topic), message.payload)
                if "NDEATH" in str(message.topic):
                    break
        with suppress(aiomqtt.MqttError):  # it was cut off already
            await node.__aexit__(None, None, None)
    assert heard == [
        ("device_fault", "off", "g.n.rebirth"),
        ("heartbeat", None, "g.n"),
        ("device_fault", "off", "g.n.offline"),
        ("heartbeat", None, "g.n.d"),
        ("device_fault", "off", "g.n.d.offline"),
        ("smoke", "off", "g.n.d"),
        ("temperature", 21.5, "g.n.d"),
        ("smoke", "on", "g.n.d"),
        ("device_fault", "on", "g.n.rebirth"),  # number 3 never came
        ("temperature", 54.5, "g.n.d"),
        ("device_fault", "on", "g.n.offline"),
        ("temperature", None, "g.n.d"),
    ]
