"""ThingsBoard: what devices and gateways publish to it, ``v1/devices/me/telemetry``, ``v1/gateway/telemetry`` and attributes.

| what comes | what it says |
|---|---|
| telemetry of a device `{"temperature": 22.5}`, or attributes | what its fields say, by the table below |
| `{"ts": 1483228800000, "values": {…}}`, or an array of either | the same, at that time |
| `v1/gateway/telemetry` `{"Device A": [{"ts": …, "values": {…}}]}` | the same of each device |
| `v1/gateway/attributes` `{"Device A": {…}}` | the same of each device |
| `v1/gateway/connect` `{"device": "Device A"}` | a sign of life; ends `NAME.offline` |
| `v1/gateway/disconnect` | alarm `device_fault` on of `NAME.offline` |
| fields that say nothing | a sign of life |
| requests, responses, `rpc`, `claim`, attributes that the server sets (`{"device": …, "data": {…}}`) | nothing of concern |

Traps: `me` is whoever has logged in: a message on `v1/devices/me/…` names no device, so give the route its name by
`names: {me: …}`; a field `deviceName` counts where there is one, and so does the name in `v1/devices/NAME/telemetry` or
`NAME/telemetry`. The token in the path of an HTTP push is a secret: it never becomes a name. Without `ts` the time is unknown;
the server would take its own. A message that says more than 1000 things is refused.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from ingest.adapter import SAID_MAX, Example, Foreign, Format, Ignored, Said, pure
from ingest.careful import read_json
from ingest.iot import sensor_fields
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling
from ingest.loose import OBJECT_BYTES_MAX, Object, inner, instant, text
from ingest.refusal import Refusal, Refused, shown
from rules.model import Network

_ME: Final = "me"
_SHORT: Final = {"t": "telemetry", "a": "attributes"}
_SPEAKS: Final = frozenset({"telemetry", "attributes"})
_CONNECTIONS: Final = frozenset({"connect", "disconnect"})


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a device or a gateway has published."""
    levels = [level for level in foreign.topic.split("/") if level]
    what = _SHORT.get(levels[-1], levels[-1]) if levels else "telemetry"
    is_gateway = "gateway" in levels[:-1]
    if what not in _SPEAKS and not (is_gateway and what in _CONNECTIONS):
        return Ignored("a request, a response or the server's own")
    if len(foreign.payload) > OBJECT_BYTES_MAX:
        return Refused(Refusal.TOO_LARGE, f"expected at most {OBJECT_BYTES_MAX} bytes, came {len(foreign.payload)}")
    body = read_json(foreign.payload)
    if isinstance(body, Refused):
        return body
    if is_gateway and what in _CONNECTIONS:
        return _connection(body, is_lost=what == "disconnect")
    if is_gateway:
        return _gateway(body)
    said = list(islice(_device(body, Telling(device=_name(levels))), SAID_MAX + 1))
    return said or Refused(Refusal.NOT_AN_OBJECT, f"expected an object of fields, or an array of them, came {shown(body)}")


def _name(levels: list[str]) -> str:
    """The device that a topic names; ``me`` where it is a token, or nobody."""
    if len(levels) < 2 or "api" in levels[:-2]:
        return _ME
    return levels[-2] if levels[-2] not in {"v1", "v2"} else _ME


def _connection(body: object, *, is_lost: bool) -> list[Said] | Ignored:
    device = text(body.get("device")) if isinstance(body, dict) else ""
    if not device:
        return Ignored("names no device")
    telling = Telling(device=device)
    return [*([] if is_lost else [telling.beat()]), telling.fault("offline", holds=is_lost)]


def _gateway(body: object) -> list[Said] | Ignored | Refused:
    if not isinstance(body, dict):
        return Refused(Refusal.NOT_AN_OBJECT, f"expected an object of devices, came {shown(body)}")
    if isinstance(body.get("device"), str):
        return Ignored("what the server sets on a device")
    all_said = (each for name, told in body.items() for each in _device(told, Telling(device=name)))
    said = list(islice(all_said, SAID_MAX + 1))  # one too many is refused: no need to read on
    return said or Ignored("no device says anything")


def _device(body: object, telling: Telling) -> Iterator[Said]:
    """One object of fields with or without its time, or an array of them."""
    for each in body if isinstance(body, list) else (body,):
        if isinstance(each, dict):
            yield from _record(each, telling)


def _record(record: Object, telling: Telling) -> list[Said]:
    has_time = isinstance(record.get("values"), dict)
    fields = inner(record, "values") if has_time else record
    named = text(fields.get("deviceName")) if telling.device == _ME else ""
    about = replace(telling, device=named or telling.device, at=instant(record.get("ts")) if has_time else None)
    return said_of(fields, about) or [about.beat()]


FORMAT: Final = Format(
    name="thingsboard",
    network=Network.IOT,
    zh="ThingsBoard 设备与网关",
    en="devices and gateways of ThingsBoard",
    words=f"{__doc__}\n{sensor_fields.PAGE}",
    opens=pure(read),
    examples=(
        Example("v1/devices/me/telemetry", b'{"ts":1793664306000,"values":{"smoke":true,"temperature":42.1,"battery":87}}'),
        Example(
            "v1/gateway/telemetry",
            b'{"Device A":[{"ts":1793664306000,"values":{"temperature":42,"humidity":80}}],"Device B":[{"gas":"False"}]}',
        ),
        Example("v1/gateway/disconnect", b'{"device":"Device B"}'),
    ),
)
