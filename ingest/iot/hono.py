"""Eclipse Hono: ``event/TENANT/DEVICE`` and ``telemetry/TENANT/DEVICE`` with a JSON body, as devices publish and bridges pass on.

| what comes | what it says |
|---|---|
| a JSON object on `event` or `telemetry` (`e`, `t`) | what its fields say, by the table below |
| an empty body, as of `application/vnd.eclipse-hono-empty-notification` | a sign of life |
| fields that say nothing, a text, bytes | a sign of life |
| a body that is a Ditto envelope | as the format `ditto` reads it |
| `command/…` | nothing of concern |

Traps: alarms belong on `event` (QoS 1, kept until somebody takes it); one that comes as telemetry is heard all the same, and
others like it may have been lost. A device that logs in itself publishes on bare `event` or `telemetry`, which names no device:
give the route one by `names: {hono: …}`, or have the bridge pass `event/TENANT/DEVICE` on; a field `device_id` counts where there
is one. A gateway may leave the tenant empty (`event//DEVICE`). Properties at the topic's end (`/?ttl=1`) are passed over.
"""

from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.iot import ditto, sensor_fields
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling
from ingest.loose import Object, instant, read_object, text
from ingest.refusal import Refused
from rules.model import Network

_NOBODY: Final = "hono"
_CHANNELS: Final = frozenset({"event", "telemetry", "e", "t"})


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a device's event or telemetry says."""
    levels = foreign.topic.partition("?")[0].strip("/").split("/")
    if levels[0] not in _CHANNELS:
        return Ignored("neither event nor telemetry")
    device = levels[2] if len(levels) > 2 else ""
    if not foreign.payload.lstrip().startswith(b"{"):
        return [Telling(device=device or _NOBODY).beat()]
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    return ditto.read(foreign) if "topic" in body and "path" in body else _fields(body, device)


def _fields(body: Object, device: str) -> list[Said]:
    at = next((found for name in ("timestamp", "time", "ts") if (found := instant(body.get(name))) is not None), None)
    telling = Telling(device=device or text(body.get("device_id")) or _NOBODY, at=at)
    return said_of(body, telling) or [telling.beat()]


FORMAT: Final = Format(
    name="hono",
    network=Network.IOT,
    zh="Eclipse Hono 设备接入",
    en="devices by Eclipse Hono",
    words=f"{__doc__}\n{sensor_fields.PAGE}",
    opens=pure(read),
    examples=(
        Example("event/jade/smoke-0502", b'{"smoke":true,"timestamp":"2026-11-03T00:05:06Z"}'),
        Example("telemetry/jade/cellar/?content-type=application%2Fjson", b'{"temp":5,"water_level_cm":27}'),
        Example("event", b'{"alarm":1}'),
    ),
)
