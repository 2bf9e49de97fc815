"""OneNET (中国移动物联网平台): what its rule engine and HTTP push send of devices with a product model, and data points.

| what comes (also as text or object under `msg`) | what it says |
|---|---|
| `messageType: "lifeCycle"`, `data.status` `online` | heartbeat, and the end of `offline` |
| the same, `offline` | alarm `device_fault` on, `fault: "offline"` |
| `messageType: "notify"`, `notifyType: "property"` | what `data.params` say, each with its own `time` |
| `messageType: "notify"`, `notifyType: "event"` | what each event of `data.params` says |
| `messageType: "lbsAndWifi"` | heartbeat with `latitude` and `longitude` |
| `type` 1 with `ds_id` and `value` (older push) | what the value says |
| `type` 2 with `status` 1 or 0 (older push) | online; offline |
| `reply`, `sceneLog` and other answers | nothing of concern |

PRODUCT_MODEL

Traps: `msg` is a text that holds JSON in some pushes and an object in others. Each value has its own time in ms. A device is
called by its `deviceName`; only LwM2M devices have an `imei`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.coordinates import place_of
from ingest.iot.product_model import FIELDS_MAX, PAGE, event, lifecycle, properties
from ingest.iot.telling import Telling
from ingest.loose import Object, instant, number, read_object, word
from ingest.refusal import Refusal, Refused, shown
from rules.model import Network

_NAMES: Final = ("deviceName", "imei", "deviceId", "dev_id")
_MESSAGES_MAX: Final = 200


def read(foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
    """What a push says."""
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    inner = body.get("msg", body)
    if isinstance(inner, str):
        inner = read_object(inner.encode())
        if isinstance(inner, Refused):
            return inner
    messages = inner[:_MESSAGES_MAX] if isinstance(inner, list) else [inner]
    said: list[Said | Refused] = []
    ignored = Ignored("nothing in it")
    for message in messages:
        told = _message(message) if isinstance(message, dict) else _none(message)
        if isinstance(told, Ignored):
            ignored = told
        else:
            said += [told] if isinstance(told, Refused) else told
    return said or ignored


def _none(message: object) -> Refused:
    return Refused(Refusal.NOT_AN_OBJECT, f"msg: expected an object or a text that holds one, came {shown(message)}")


def _message(body: Object) -> list[Said] | Ignored | Refused:
    device = next((str(body[name]) for name in _NAMES if word(str(body.get(name) or ""))), "")
    if not device:
        return Refused(Refusal.MISSING_FIELD, "deviceName: expected the device's name, came none")
    data = body.get("data")
    inside: Object = data if isinstance(data, dict) else {}
    telling = Telling(device=device, at=instant(inside.get("time", body.get("timestamp", body.get("at")))))
    kind, notified, older = body.get("messageType"), body.get("notifyType"), number(body.get("type"))
    if kind == "lifeCycle":
        return lifecycle(inside.get("status"), telling) or Ignored("neither online nor offline")
    if kind == "lbsAndWifi":
        place = place_of(number(inside.get("lat")), number(inside.get("lon")))
        return [replace(telling.beat(), attributes=place)]
    if kind == "notify" and isinstance(params := inside.get("params"), dict):
        return properties(params, telling) if notified == "property" else list(_events(params, telling))
    if kind is None and older == 1:
        return properties({str(body.get("ds_id", "")): body.get("value")}, telling)
    if kind is None and older == 2:
        return lifecycle(body.get("status"), telling) or Ignored("neither online nor offline")
    return Ignored(f"messageType {shown(kind)} says nothing of a device's surroundings")


def _events(params: Object, telling: Telling) -> Iterator[Said]:
    for name, said in list(params.items())[:FIELDS_MAX]:
        if isinstance(said, dict):
            at = instant(said.get("time"))
            yield from event(name, said.get("eventType"), said.get("value"), telling if at is None else replace(telling, at=at))


FORMAT: Final = Format(
    name="onenet",
    network=Network.IOT,
    zh="中国移动 OneNET",
    en="OneNET pushes",
    words=(__doc__ or "").replace("PRODUCT_MODEL", PAGE),
    opens=pure(read),
    examples=(
        Example(
            "",
            b'{"messageType": "notify", "notifyType": "property", "productId": "C6z4", "deviceName": "b03-smoke-1", "data": '
            b'{"id": "1", "params": {"smoke": {"time": 1793664306000, "value": true}, '
            b'"battery": {"time": 1793664306000, "value": 71}}}}',
        ),
        Example(
            "",
            b'{"msg": "{\\"messageType\\":\\"lifeCycle\\",\\"deviceName\\":\\"b03-smoke-1\\",'
            b'\\"data\\":{\\"status\\":\\"offline\\",\\"time\\":1793664306000}}", "nonce": "a", "signature": "b"}',
        ),
        Example(
            "",
            b'{"messageType": "notify", "notifyType": "event", "deviceName": "b03-gas-2", "data": {"id": "2", "params": '
            b'{"gas_alarm": {"eventType": "alert", "time": 1793664306000, "value": {"level": 2}}}}}',
        ),
    ),
)
