"""CTWing AEP (中国电信天翼物联) and platforms of Huawei's make: pushes of NB-IoT smoke, gas and water devices, transmitters.

| what comes | what it says |
|---|---|
| `messageType: "dataReport"` with `payload` decoded | what its fields (or `serviceData`) say |
| `payload.APPdata` (base64) | JSON inside: its fields; GB 26875 frames inside: what those say; else a sign of life |
| the same, JSON that is broken | a sign of life; and refused, so that somebody looks what was lost |
| `messageType: "eventReport"` with `eventContent`, `eventType` 1 info 2 warning 3 fault | the fields; or the fault |
| `messageType: "deviceOnlineOfflineReport"` `eventType` 1 | heartbeat, and the end of `offline` |
| the same, 0 | alarm `device_fault` on, `fault: "offline"` |
| `messageType: "dataReportTupUnion"`, a `payload` that is an array | each of them |
| `notifyType: "deviceDataChanged"` with `service.data` (the older platform) | what its fields say |
| `notify_data.header` and `body.services[]` (Huawei IoTDA), `body.status` | properties of each service; online, offline |
| `commandResponse` and other answers | nothing of concern |

LiAn's smoke detector says `Alarm_Status`, in a report, an event or a service:

| code | says |
|---|---|
| 1; 14 | alarm `smoke` on; the same as a test (模拟报警) |
| 7 | alarm `smoke` off, and the end of its faults |
| 4; 5; 6; 13 | alarm `device_fault` on: `battery_low`; `fault`; `bad_data`; `abnormal` |
| 10; 11 | alarm `device_fault` `removed`, on; off |
| 12 | heartbeat, and the end of `offline` |
| 2, 8, 9 | silenced: a sign of life with `alarm_status`, and no end of the alarm |

PRODUCT_MODEL

Traps: `"undefined"` stands for what is not known (IMSI, iccid). The device is `deviceId`, because who goes offline says no IMEI.
`RSRP` comes positive, negative and tenfold: it is no reading. Times are ms; IoTDA's `20151212T121212Z` is UTC. A place such as
-174/-86 is on Earth and far from home: the caller judges it.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.careful import read_json
from ingest.iot import gb26875
from ingest.iot.gb26875_frames import START
from ingest.iot.product_model import PAGE, event, fields_said, lifecycle, properties
from ingest.iot.telling import Telling, agreed
from ingest.loose import OBJECT_BYTES_MAX, Object, instant, number, read_object, word
from ingest.refusal import Refusal, Refused, shown
from rules.model import Network, Status

_REPORTS_MAX: Final = 200
"""Parts of one push that are looked at; ours."""
_STATUS: Final = "Alarm_Status"
_FAULTS: Final = {4: "battery_low", 5: "fault", 6: "bad_data", 13: "abnormal", 10: "removed"}
_SILENCED: Final = frozenset({2, 8, 9})


def read(foreign: Foreign) -> Sequence[Said | Refused] | Ignored | Refused:
    """What a push says."""
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    if isinstance(notified := body.get("notify_data"), dict):
        return _notified(notified)
    device = next((str(body[name]) for name in ("deviceId", "IMEI", "imei") if word(str(body.get(name) or ""))), "")
    if not device:
        return Refused(Refusal.MISSING_FIELD, f"deviceId: expected the device's id, came {shown(body.get('deviceId'))}")
    imei = next((str(body[name]) for name in ("IMEI", "imei") if word(str(body.get(name) or ""))), "")
    telling = Telling(device=device, at=instant(body.get("timestamp")), attributes={"imei": imei} if imei else {})
    match body.get("messageType", body.get("notifyType")):
        case "dataReport" | "dataReportTupUnion":
            return _reported(foreign, body.get("payload"), telling)
        case "eventReport":
            service = body.get("serviceId")
            return _event(f"{service}" if word(str(service)) else "", body, telling)
        case "deviceOnlineOfflineReport":
            return lifecycle(body.get("eventType"), telling) or Ignored("neither online nor offline")
        case "deviceDataChanged":
            return _service(body.get("service"), telling)
        case other:
            return Ignored(f"messageType {shown(other)} says nothing of a device's surroundings")


def _event(name: str, body: Object, telling: Telling) -> list[Said]:
    content = body.get("eventContent")
    if isinstance(content, dict) and number(content.get(_STATUS)) is not None:
        return _fields(content, telling)
    return event(name, body.get("eventType"), content, telling)


def _reported(foreign: Foreign, payload: object, telling: Telling) -> list[Said | Refused]:
    """What the parts of a report say; what is wrong in one is refused beside the others."""
    said: list[Said | Refused] = []
    for each in (payload if isinstance(payload, list) else [payload])[:_REPORTS_MAX]:
        part = read_object(each.encode("utf-8", "replace")) if isinstance(each, str) and each.lstrip()[:1] == "{" else each
        if isinstance(part, Refused):
            said.append(part)
            continue
        if not isinstance(part, dict):
            said.append(Refused(Refusal.NOT_AN_OBJECT, f"payload: expected an object, came {shown(part)}"))
            continue
        if isinstance(content := part.get("APPdata"), str):
            told = _wrapped(foreign, content, telling)
            said += [] if isinstance(told, Ignored) else [told] if isinstance(told, Refused) else told
            continue
        inner = part.get("serviceData", part)
        said += _fields(inner, telling) if isinstance(inner, dict) else []
    return said or [telling.beat()]


def _fields(body: Object, telling: Telling) -> list[Said]:
    code = number(body.get(_STATUS))
    rest = {name: value for name, value in body.items() if name != _STATUS}
    said = fields_said(rest, telling)
    if code is not None:
        return agreed([*said, *_lian(int(code), telling)])
    return said or [telling.beat()]


def _lian(code: int, telling: Telling) -> Iterator[Said]:
    """The states of LiAn's smoke detector."""
    if code in {1, 14}:
        yield (replace(telling, status=Status.TEST) if code == 14 else telling).alarm("smoke", holds=True)
    elif code == 7:
        yield telling.alarm("smoke", holds=False)
        yield from (telling.fault(fault, holds=False) for fault in _FAULTS.values())
    elif code in _FAULTS:
        yield telling.fault(_FAULTS[code], holds=True)
    elif code == 11:
        yield telling.fault("removed", holds=False)
    elif code == 12:
        yield from lifecycle("online", telling)
    else:
        word_ = "silenced" if code in _SILENCED else str(code)
        yield replace(telling.beat(), attributes={**telling.attributes, "alarm_status": word_})


def _wrapped(foreign: Foreign, content: str, telling: Telling) -> Sequence[Said | Refused] | Ignored | Refused:
    """What was sent through the platform untouched: base64 of JSON, of fire frames, or of a maker's own bytes."""
    try:
        inner = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return Refused(Refusal.BAD_BYTES, f"payload.APPdata: expected base64, came {shown(content)}")
    if inner.startswith(START):
        return gb26875.read(replace(foreign, payload=inner))
    beat = replace(telling.beat(), attributes={**telling.attributes, "appdata_bytes": len(inner)})
    if inner.lstrip()[:1] not in {b"{", b"["}:
        return [beat]
    body = read_json(inner) if len(inner) <= OBJECT_BYTES_MAX else Refused(Refusal.TOO_LARGE, f"APPdata: {len(inner)} bytes")
    if isinstance(body, Refused):
        return [beat, body]
    parts = body if isinstance(body, list) else [body]
    said = [each for part in parts[:_REPORTS_MAX] if isinstance(part, dict) for each in _fields(part, telling)]
    return said or [beat]


def _service(service: object, telling: Telling) -> list[Said]:
    if not isinstance(service, dict) or not isinstance(data := service.get("data"), dict):
        return [telling.beat()]
    at = instant(service.get("eventTime"))
    return _fields(data, telling if at is None else replace(telling, at=at))


def _notified(notified: Object) -> list[Said] | Ignored | Refused:
    """Huawei IoTDA: ``{"header": {"device_id"}, "body": {"services": [...]}}``, or ``body.status``."""
    header, body = notified.get("header"), notified.get("body")
    device = header.get("device_id") if isinstance(header, dict) else None
    if not isinstance(device, str) or not isinstance(body, dict):
        return Refused(Refusal.MISSING_FIELD, "notify_data: expected header.device_id and a body")
    telling = Telling(device=device)
    if "status" in body:
        changed = replace(telling, at=instant(body.get("status_update_time", body.get("last_online_time"))))
        return lifecycle(body["status"], changed) or Ignored("neither online nor offline")
    services = body.get("services")
    said: list[Said] = []
    for service in services[:_REPORTS_MAX] if isinstance(services, list) else []:
        if isinstance(service, dict) and isinstance(items := service.get("properties"), dict):
            about = replace(telling, at=instant(service.get("event_time")))
            status = number(items.get(_STATUS))
            said += properties({name: value for name, value in items.items() if name != _STATUS or status is None}, about)
            said += [] if status is None else _lian(int(status), about)
    return said or Ignored("no service with properties")


FORMAT: Final = Format(
    name="ctwing",
    network=Network.IOT,
    zh="天翼物联 CTWing AEP（及华为 IoTDA）",
    en="CTWing AEP and Huawei IoTDA pushes",
    words=(__doc__ or "").replace("PRODUCT_MODEL", PAGE),
    opens=pure(read),
    examples=(
        Example(
            "",
            b'{"messageType": "dataReport", "deviceId": "acf7baae", "IMEI": "860374051096202", "IMSI": "undefined", '
            b'"timestamp": 1793664306000, "payload": {"serviceId": "notification", '
            b'"serviceData": {"Battery_Level": 81, "RSRP": 114, "Alarm_Status": 1}}}',
        ),
        Example(
            "",
            b'{"messageType": "dataReport", "deviceId": "9d21", "timestamp": 1793664306000, '
            b'"payload": {"APPdata": "eyJ0ZW1wZXJhdHVyZSI6IDIxLjUsICJzbW9rZSI6ICJmYWxzZSJ9"}}',
        ),
        Example(
            "",
            b'{"messageType": "eventReport", "deviceId": "77f0", "timestamp": 1793664306000, "eventType": 2, '
            b'"eventContent": {"gas_sensor_state": 2, "gas_value": 12}}',
        ),
        Example("", b'{"messageType": "deviceOnlineOfflineReport", "deviceId": "77f0", "eventType": 0, "iccid": "undefined"}'),
        Example(
            "",
            b'{"resource": "device.property", "event": "report", "notify_data": {"header": {"device_id": "b03-7"}, "body": '
            b'{"services": [{"service_id": "smoke", "properties": {"smoke_state": 1}, "event_time": "20261103T000506Z"}]}}}',
        ),
    ),
)
