"""The foreign formats that are understood, by name."""

from types import MappingProxyType
from typing import Final

from ingest.adapter import Format
from ingest.iot import senml, zigbee2mqtt
from rules.model import Network

FORMATS: Final = MappingProxyType(
    {
        each.name: each
        for each in (
            Format(
                name="zigbee2mqtt", network=Network.IOT, zh="Zigbee2MQTT 网桥", en="Zigbee2MQTT bridge", adapter=zigbee2mqtt.read
            ),
            Format(
                name="senml", network=Network.IOT, zh="SenML 测量列表", en="SenML sensor measurement lists", adapter=senml.read
            ),
        )
    }
)
"""``native`` is not among them: our own contract is read by ingest.wire."""
