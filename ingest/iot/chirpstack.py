"""ChirpStack v4 (LoRaWAN): ``application/ID/device/EUI/event/KIND``, or the same body by its HTTP integration.

| what comes | what it says |
|---|---|
| `up` with `object` | what the decoder found, by the tables below; a sign of life where it found nothing |
| `up` with `data` alone | the bytes, where they are certain (below); else a sign of life |
| `status` | reading `battery` in %, unless `batteryLevelUnavailable` or `externalPowerSource`; a sign of life |
| `join` `location` | a sign of life |
| `ack` `txack` `log` `integration` | nothing of concern |
| `time` | when the network heard it |
| `deduplicationId` | the identity: one uplink through many gateways is one |
| `fCnt` | the device's count; left out where it is 0 |
| `rxInfo[]` | `gateway`: the one that heard it best |
| `REGION/gateway/ID/state/conn` `{"state": "ONLINE"}` | a sign of life of the gateway; ends `ID.offline` |
| the same without `state` (`OFFLINE` is 0, and left out) | alarm `device_fault` on of `ID.offline` |

The device is its `devEui`; `deviceName` is kept as the attribute `name`. Without a topic of that form (HTTP) the fields tell
which event it is. Gateway states are protobuf unless the server is set to JSON: those bytes are refused.
"""

from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.iot import lorawan_uplink, lorawan_words, sensor_fields
from ingest.iot.lorawan_uplink import best_heard, said_of_uplink
from ingest.iot.telling import Telling, numbered
from ingest.loose import Object, count, inner, instant, number, read_object, text, truth, word
from ingest.refusal import Refusal, Refused
from rules.model import Network

_KINDS: Final = frozenset({"up", "status", "join", "ack", "txack", "log", "location", "integration"})
_PERCENT_MAX: Final = 100.0
_GATEWAY_STATE: Final = "/state/conn"


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What an event of the network server says."""
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    if foreign.topic.endswith(_GATEWAY_STATE):
        return _gateway_state(foreign.topic, body)
    kind = _kind(foreign.topic, body)
    if kind not in {"up", "status", "join", "location"}:
        return Ignored(f"{kind}: the network's own" if kind else "no event of a device")
    device = inner(body, "deviceInfo")
    eui = text(device.get("devEui")) or _eui_of(foreign.topic)
    if not eui:
        return Refused(Refusal.MISSING_FIELD, "deviceInfo.devEui: expected the device, came nothing")
    name = text(device.get("deviceName"))
    telling = Telling(
        device=eui,
        at=instant(body.get("time")),
        seq=count(body.get("fCnt", 0)) if kind == "up" else None,
        gateway=text(best_heard(body.get("rxInfo")).get("gatewayId")),
        attributes={"name": name} if name else {},
    )
    if kind == "up":
        product = f"{text(device.get('deviceProfileName'))} {name}"
        said = said_of_uplink(body.get("object"), body.get("data"), telling, product)
    else:
        said = _status(body, telling) if kind == "status" else [telling.beat()]
    message_id = text(body.get("deduplicationId"))
    return numbered(said, f"{message_id}-{kind}" if message_id else "")


def _gateway_state(topic: str, body: Object) -> list[Said] | Ignored:
    """Whether a gateway is there; its ``OFFLINE`` is 0, and so left out."""
    levels = topic.split("/")
    gateway = text(body.get("gatewayId")) or (levels[-3] if len(levels) > 3 else "")
    state = word(body.get("state")) or "offline"
    if not gateway or state not in {"online", "offline"}:
        return Ignored("neither online nor offline")
    telling = Telling(device=gateway)
    is_lost = state == "offline"
    return [*([] if is_lost else [telling.beat()]), telling.fault("offline", holds=is_lost)]


def _kind(topic: str, body: Object) -> str:
    levels = topic.split("/")
    if len(levels) > 1 and levels[-2] == "event" and levels[-1] in _KINDS:
        return levels[-1]
    if "batteryLevel" in body or "margin" in body or "batteryLevelUnavailable" in body:
        return "status"
    if "object" in body or "data" in body or "fPort" in body:
        return "up"
    if "code" in body and "level" in body:
        return "log"
    return "join" if "devAddr" in body and "deviceInfo" in body else ""


def _eui_of(topic: str) -> str:
    levels = topic.split("/")
    return levels[-3] if len(levels) > 3 and levels[-4] == "device" else ""


def _status(body: Object, telling: Telling) -> list[Said]:
    level = number(body.get("batteryLevel"))
    is_known = not (truth(body.get("batteryLevelUnavailable")) or truth(body.get("externalPowerSource")))
    beat = telling.beat()
    if level is None or not is_known or not 0 <= level <= _PERCENT_MAX:
        return [beat]
    return [telling.reading("battery", level), beat]


_UP: Final = (
    b'{"deduplicationId":"3ac7e3c4-4401-4b8d-9386-a5c902f9202d","time":"2026-11-03T00:05:06.775023242+00:00",'
    b'"deviceInfo":{"deviceName":"kitchen 0502","deviceProfileName":"Milesight GS524N","devEui":"24e124535d012345"},'
    b'"fPort":85,"data":"IhFkDBxB","rxInfo":[{"gatewayId":"0016c001f153a14c","rssi":-97},{"gatewayId":"0016c001f153a14d","rssi":-48}]'
)
FORMAT: Final = Format(
    name="chirpstack",
    network=Network.IOT,
    zh="ChirpStack v4 LoRaWAN 网络服务器",
    en="ChirpStack v4 LoRaWAN network server",
    words="\n\n".join([__doc__.rstrip(), lorawan_words.PAGE, lorawan_uplink.PAGE, sensor_fields.PAGE]),
    opens=pure(read),
    examples=(
        Example(
            "application/17c82e96/device/24e124535d012345/event/up",
            _UP + b',"object":{"type":"smoke sensor","event":"alarm","battery":100,"concentration":12,"temperature":28}}',
        ),
        Example("application/17c82e96/device/24e124535d012345/event/up", _UP + b"}"),
        Example(
            "application/17c82e96/device/24e124535d012345/event/status",
            b'{"time":"2026-11-03T00:05:08Z","deviceInfo":{"devEui":"24e124535d012345"},"margin":10,"batteryLevel":65.5}',
        ),
        Example(
            "application/17c82e96/device/24e124126a147872/event/up",
            b'{"time":"2026-11-03T00:05:06Z","deviceInfo":{"devEui":"24e124126a147872","deviceProfileName":"EM300-MLD"},"fCnt":7,'
            b'"object":{"leakage_status":"normal","history":[{"timestamp":1793620800,"leakage_status":"leak"}]}}',
        ),
    ),
)
