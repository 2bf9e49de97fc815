"""The foreign formats that are understood, by name. Each stands in a file of its own, which is also its page."""

from types import MappingProxyType
from typing import Final

from ingest.data import fiware, open311, work_order
from ingest.internet import cap, china_weather, eew, resident
from ingest.iot import (
    aliyun,
    chirpstack,
    ctwing,
    ditto,
    gb26875,
    ha_discovery,
    hono,
    onenet,
    senml,
    shelly,
    sparkplug_b,
    tasmota,
    thingsboard,
    tts,
    zigbee2mqtt,
)
from ingest.video import dahua, frigate, gb28181, hikvision_isapi, hikvision_isc, onvif

_ALL: Final = (
    zigbee2mqtt.FORMAT,
    senml.FORMAT,
    chirpstack.FORMAT,
    tts.FORMAT,
    tasmota.FORMAT,
    thingsboard.FORMAT,
    hono.FORMAT,
    ditto.FORMAT,
    shelly.FORMAT,
    fiware.FORMAT,
    gb28181.FORMAT,
    gb26875.FORMAT,
    cap.FORMAT,
    china_weather.FORMAT,
    frigate.FORMAT,
    eew.FORMAT,
    open311.FORMAT,
    resident.FORMAT,
    onvif.FORMAT,
    sparkplug_b.FORMAT,
    hikvision_isapi.FORMAT,
    ctwing.FORMAT,
    onenet.FORMAT,
    aliyun.FORMAT,
    hikvision_isc.FORMAT,
    dahua.FORMAT,
    ha_discovery.FORMAT,
    work_order.FORMAT,
)

FORMATS: Final = MappingProxyType({each.name: each for each in _ALL})
"""``native`` is not among them: our own contract is read by ingest.wire."""
