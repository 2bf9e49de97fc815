"""Aliyun IoT (阿里云物联网平台): Alink messages of devices, and what the platform forwards of them (AMQP, HTTP, message queues).

| what comes | what it says |
|---|---|
| `…/thing/event/property/post`, `params` or `items` | what the properties say, each with its own `time` |
| `…/thing/event/NAME/post`, `params.value` or `value` | what the event says |
| `…/thing/event/property/pack/post` | properties and events of the gateway and of each of `subDevices` |
| `…/history/post` | the same of the past: kept, never decided on |
| `/as/mqtt/status/…`, or any body with `status` `online` | heartbeat, and the end of `offline` |
| the same, `offline` | alarm `device_fault` on, `fault: "offline"` |
| replies, `…/service/…`, `…/ota/…`, life cycle, topology | nothing of concern |

PRODUCT_MODEL

Traps: a body may be wrapped: in `content` beside its `topic`, or in base64 under `payload` (message queue). A status has a local
`time` without zone, and the same instant as `utcTime`: that one is taken. The device is `deviceName`; a device's own message
says it in its topic alone. What failed the platform's check (`checkFailedData`) is not read.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.iot.product_model import FIELDS_MAX, PAGE, event, lifecycle, properties
from ingest.iot.telling import Telling
from ingest.loose import Object, instant, read_object, word
from ingest.refusal import Refusal, Refused
from rules.model import Network

_QUIET: Final = frozenset({"service", "ota", "lifecycle", "topo", "deviceinfo", "config", "tag", "shadow", "ntp"})
_PARTS_MAX: Final = 200
"""Devices or records of one pack that are looked at; ours."""


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a device or the platform says."""
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    topic = str(body.get("topic") or foreign.topic)
    inner = _unwrapped(body)
    if isinstance(inner, Refused):
        return inner
    levels = [level for level in topic.split("/") if level]
    if levels and (levels[-1].endswith("_reply") or _QUIET & set(levels)):
        return Ignored("a reply, or the platform's own")
    device = str(inner.get("deviceName") or _named(levels))
    if not device:
        return Refused(Refusal.MISSING_FIELD, "deviceName: expected it in the body or in the topic, came none")
    telling = Telling(device=device, at=instant(inner.get("utcTime", inner.get("gmtCreate"))), is_past="history" in levels)
    if "items" not in inner and "params" not in inner and word(inner.get("status")):
        return lifecycle(inner["status"], telling) or Ignored("neither online nor offline")
    return list(_posted(inner, levels, telling)) or Ignored("neither properties nor an event nor a status")


def _unwrapped(body: Object) -> Object | Refused:
    """The message inside what a queue puts around it."""
    if isinstance(content := body.get("content"), dict):
        return content
    if isinstance(payload := body.get("payload"), str) and "messagetype" in body:
        try:
            return read_object(base64.b64decode(payload, validate=True))
        except (binascii.Error, ValueError):
            return Refused(Refusal.BAD_BYTES, "payload: expected base64 of a JSON object")
    return body


def _named(levels: list[str]) -> str:
    """The device in ``/sys/PRODUCT/DEVICE/thing/…``, ``/PRODUCT/DEVICE/thing/…`` or ``/as/mqtt/status/PRODUCT/DEVICE``."""
    if "thing" in levels[2:]:
        return levels[levels.index("thing", 2) - 1]
    return levels[4] if levels[:3] == ["as", "mqtt", "status"] and len(levels) > 4 else ""


def _posted(body: Object, levels: list[str], telling: Telling) -> Iterator[Said]:
    params = body.get("params")
    if isinstance(items := body.get("items"), dict):
        yield from properties(items, telling)
    elif isinstance(params, list):  # history: records of one or more devices
        for record in params[:_PARTS_MAX]:
            yield from _record(record, telling) if isinstance(record, dict) else ()
    elif isinstance(params, dict) and "pack" in levels:
        yield from _record(params, telling)
        subdevices = params.get("subDevices")
        for part in subdevices[:_PARTS_MAX] if isinstance(subdevices, list) else []:
            yield from _record(part, replace(telling, gateway=telling.device)) if isinstance(part, dict) else ()
    elif isinstance(body.get("identifier"), str):
        yield from _event(str(body["identifier"]), body, telling)
    elif isinstance(params, dict):
        name = _event_name(body, levels)
        yield from properties(params, telling) if name == "property" else _event(name, params, telling)


def _event_name(body: Object, levels: list[str]) -> str:
    """The event's name in ``thing.event.NAME.post`` or ``…/thing/event/NAME/post``; ``property`` for properties."""
    method = str(body.get("method") or "").split(".")
    parts = method if len(method) >= 4 else levels[levels.index("thing") :] if "thing" in levels else []
    return parts[2] if len(parts) > 2 and parts[1] == "event" else "property"


def _event(name: str, said: Object, telling: Telling) -> Iterator[Said]:
    at = instant(said.get("time"))
    value = said.get("value", said.get("params"))
    yield from event(name, said.get("type"), value, telling if at is None else replace(telling, at=at))


def _record(record: Object, telling: Telling) -> Iterator[Said]:
    identity = record.get("identity")
    if isinstance(identity, dict) and isinstance(name := identity.get("deviceName"), str) and name:
        telling = replace(telling, device=name)
    found = record.get("properties")
    for items in found[:_PARTS_MAX] if isinstance(found, list) else [found]:
        yield from properties(items, telling) if isinstance(items, dict) and items else ()
    events = record.get("events")
    for group in events[:_PARTS_MAX] if isinstance(events, list) else [events]:
        for name, said in list(group.items())[:FIELDS_MAX] if isinstance(group, dict) else []:
            yield from _event(name, said, telling) if isinstance(said, dict) else ()


FORMAT: Final = Format(
    name="aliyun",
    network=Network.IOT,
    zh="阿里云物联网平台",
    en="Aliyun IoT (Alink)",
    words=(__doc__ or "").replace("PRODUCT_MODEL", PAGE),
    opens=pure(read),
    examples=(
        Example(
            "/sys/a1Xy/b03-smoke-1/thing/event/property/post",
            b'{"id": "1", "version": "1.0", "method": "thing.event.property.post", '
            b'"params": {"SmokeSensorState": {"value": 1, "time": 1793664306000}, "BatteryPercentage": 71}}',
        ),
        Example(
            "/a1Xy/b03-gas-2/thing/event/GasAlarm/post",
            b'{"identifier": "GasAlarm", "type": "alert", "deviceName": "b03-gas-2", "productKey": "a1Xy", '
            b'"value": {"level": 2}, "time": 1793664306000}',
        ),
        Example(
            "/as/mqtt/status/a1Xy/b03-smoke-1",
            b'{"status": "offline", "deviceName": "b03-smoke-1", "time": "2026-11-03 08:05:06.000", '
            b'"utcTime": "2026-11-03T00:05:06.000Z"}',
        ),
    ),
)
