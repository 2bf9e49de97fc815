"""The Things Stack v3 (LoRaWAN): ``v3/APP@TENANT/devices/ID/up`` and its other topics, or the same body by its webhooks.

| what comes | what it says |
|---|---|
| `uplink_message` with `decoded_payload` | what the decoder found, by the tables below; a sign of life where it found nothing |
| `uplink_normalized`, `normalized_payload` alone | the same of `air`, `water`, `action` and `position`; `battery` (V) is kept |
| `uplink_message` with `frm_payload` alone | the bytes, where they are certain (below); else a sign of life |
| `join_accept` | a sign of life |
| `last_battery_percentage` `{"value": 87}` | reading `battery`, of its own time |
| `downlink_…` `service_data` `location_solved` | nothing of concern |
| `received_at` of the uplink | when the network heard it |
| `f_cnt` | the device's count; left out where it is 0 |
| `rx_metadata[]` | `gateway`: the one that heard it best |

The device is its `device_id`; `dev_eui` is kept. **Fields that are empty, 0 or false are left out**, so a field that is missing
says nothing: a detector that is well and one without that field look alike. `simulated: true` makes the message a test.
`version_ids` (brand, model) or the device id name the product. The identity is made of `session_key_id`, `f_cnt`, bytes and
time, so that an uplink that is delivered twice counts once.
"""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.iot import lorawan_uplink, lorawan_words, sensor_fields
from ingest.iot.lorawan_uplink import best_heard, said_of_uplink
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling, numbered
from ingest.loose import Object, count, inner, instant, number, read_object, text, truth
from ingest.refusal import Refusal, Refused
from rules.model import Network, Status

_MEASUREMENTS_MAX: Final = 100
_PERCENT_MAX: Final = 100.0


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a message of the network server says."""
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    uplink = inner(body, "uplink_message") or inner(body, "uplink_normalized")
    is_uplink = bool(uplink) or isinstance(body.get("uplink_message"), dict)
    if not is_uplink and "join_accept" not in body:
        return Ignored("no uplink and no join: the network's own")
    ids = inner(body, "end_device_ids")
    device = text(ids.get("device_id")) or _device_of(foreign.topic)
    if not device:
        return Refused(Refusal.MISSING_FIELD, "end_device_ids.device_id: expected the device, came nothing")
    eui = text(ids.get("dev_eui"))
    telling = Telling(
        device=device,
        at=instant(uplink.get("received_at")) or instant(body.get("received_at")),
        seq=count(uplink.get("f_cnt", 0)) if is_uplink else None,
        status=Status.TEST if truth(body.get("simulated")) else Status.ACTUAL,
        gateway=text(inner(best_heard(uplink.get("rx_metadata")), "gateway_ids").get("gateway_id")),
        attributes={"dev_eui": eui} if eui else {},
    )
    if not is_uplink:
        return [telling.beat()]
    return numbered(_said(uplink, telling), _identity(uplink))


def _said(uplink: Object, telling: Telling) -> list[Said]:
    version = inner(uplink, "version_ids")
    product = f"{text(version.get('brand_id'))} {text(version.get('model_id'))} {telling.device}"
    decoded = uplink.get("decoded_payload")
    normalized = uplink.get("normalized_payload")
    if not decoded and normalized:
        said = _normalized(normalized, telling) or [telling.beat()]
    else:
        said = said_of_uplink(decoded, uplink.get("frm_payload"), telling, product)
    last = inner(uplink, "last_battery_percentage")
    level = number(last.get("value"))
    if level is not None and 0 <= level <= _PERCENT_MAX and not any(each.kind == "battery" for each in said):
        said.append(replace(telling, at=instant(last.get("received_at")) or telling.at, seq=None).reading("battery", level))
    return said


def _normalized(payload: object, telling: Telling) -> list[Said]:
    """The server's own scheme of measurements; soil, wind and the like are nobody's concern here."""
    measurements = payload if isinstance(payload, list) else [payload]
    said: list[Said] = []
    for each in measurements[:_MEASUREMENTS_MAX]:
        if isinstance(each, dict):
            action, water = inner(each, "action"), inner(each, "water")
            fields = {
                **{name: inner(each, "air").get(name) for name in ("temperature", "relativeHumidity", "co2")},
                "illuminance": inner(each, "air").get("lightIntensity"),
                "motion": inner(action, "motion").get("detected"),
                "contact_state": action.get("contactState"),
                "water_leak": water.get("leak"),
                "battery_voltage": each.get("battery"),
                **{name: inner(each, "position").get(name) for name in ("latitude", "longitude")},
            }
            said += said_of({name: value for name, value in fields.items() if value is not None}, telling)
    return said


def _device_of(topic: str) -> str:
    levels = topic.split("/")
    return levels[3] if len(levels) > 3 and levels[2] == "devices" else ""


def _identity(uplink: Object) -> str:
    session = text(uplink.get("session_key_id"))
    if not session:
        return ""
    said = f"{session}\n{count(uplink.get('f_cnt', 0))}\n{text(uplink.get('frm_payload'))}\n{text(uplink.get('received_at'))}"
    return f"u-{blake2b(said.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"


_HEAD: Final = (
    b'{"end_device_ids":{"device_id":"cellar-leak","dev_eui":"24E124126A147872"},"received_at":"2026-11-03T00:05:06.014773143Z",'
    b'"uplink_message":{"session_key_id":"AXA50tHUGUucuzS/bCGMNw==","received_at":"2026-11-03T00:05:05.789585559Z",'
    b'"rx_metadata":[{"gateway_ids":{"gateway_id":"gtw1"},"rssi":-35}],'
)
FORMAT: Final = Format(
    name="tts",
    network=Network.IOT,
    zh="The Things Stack LoRaWAN 网络服务器",
    en="The Things Stack LoRaWAN network server",
    words="\n\n".join([__doc__.rstrip(), lorawan_words.PAGE, lorawan_uplink.PAGE, sensor_fields.PAGE]),
    opens=pure(read),
    examples=(
        Example(
            "v3/app1@tenant1/devices/cellar-leak/up",
            _HEAD + b'"f_cnt":1,"frm_payload":"AXVkBQAB","decoded_payload":{"battery":100,"leakage_status":"leak"}}}',
        ),
        Example(
            "v3/app1@tenant1/devices/cellar-leak/up",
            _HEAD
            + b'"frm_payload":"AXVkBQAB","version_ids":{"brand_id":"milesight-iot","model_id":"em300-mld"}},"simulated":true}',
        ),
        Example(
            "v3/app1@tenant1/devices/cellar-leak/down/ack", b'{"end_device_ids":{"device_id":"cellar-leak"},"downlink_ack":{}}'
        ),
    ),
)
