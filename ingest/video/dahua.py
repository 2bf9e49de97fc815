"""Dahua cameras and recorders: `eventManager.cgi?action=attach`, a stream of parts with `Code=…;action=…;index=…;data={…}`.

| `Code` | what it says |
|---|---|
| `VideoMotion` `SmartMotionHuman` `SmartMotionVehicle` | state `motion` |
| `VideoBlind` `SceneChange` `TamperingAlarm` | state `tamper` |
| `CrossLineDetection` `CrossFenceDetection` | alarm `line_crossing` |
| `CrossRegionDetection` | alarm `intrusion`, or `region_exit` where its `Direction` is `Leave` |
| `WanderDetection` · `FallDetection` `TumbleDetection` | alarm `loitering` · `fall` |
| `FireWarning` `FireDetection` · `SmokeDetection` | alarm `heat` · `smoke` |
| `HeatImagingTemper` · `BetweenRuleTempDiff` | alarm `temperature_limit` · `temperature_difference` |
| `LeftDetection` · `TakenAwayDetection` · `MoveDetection` | alarm `object_left` · `object_removed` · `fast_moving` |
| `RioterDetection` `CrowdDetection` · `FightDetection` | alarm `crowd` · `violence` |
| `ObjectPlacementDetection` · `ObjectRemovalDetection` | alarm `object_left` · `object_removed` |
| `ParkingDetection` · `ClimbDetection` · `StayDetection` | alarm `parking` · `climbing` · `loitering` |
| `TailDetection` | alarm `tailgating` |
| `AudioMutation` `AudioAnomaly` · `AlarmLocal` `AlarmNet` | alarm `abnormal_sound` · `alarm_input` |
| `VideoLoss` `VideoUnFocus` `VideoAbnormalDetection` | alarm `device_fault` |
| `StorageFailure` `StorageNotExist` `StorageLowSpace` | alarm `device_fault` |
| `NumberStat` with `InsideSubtotal`, `ManNumDetection` with `ManNum` | reading `person_count` |
| `Heartbeat`, alone in a part | heartbeat |

`Start` is on, `Stop` is off, `Pulse` is on and nobody will say that it is over. The stream does not name the camera: its topic
or the push's route must; the device is `TOPIC-CHANNEL`, counted from 0 as `index` is. `Object.ObjectID` is the attribute `track`,
`Object.ObjectType` the `label`, `Name` the `rule`, `UTC` with `UTCMS` the time.

Traps: `data` spans lines, may hold `;` and `=`, and need not be JSON: then the event counts and the data does not. What the
parts say of their length is wrong at times. Coordinates are 0…8191 and not read. The same, parsed by a bridge into a JSON object
with `Code`, `action`, `index` and `data`, means the same. Other codes (logins, time changes, faces, plates) say nothing.
A body of more than 400 events is refused: cameras send one or a few.
In no public list seen, but known from guides: `SceneChange`, `TamperingAlarm`, `FallDetection`, `TumbleDetection`,
`ClimbDetection`, `BetweenRuleTempDiff`, `ManNumDetection`.
"""

import re
from itertools import pairwise
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.loose import Object, number, read_object, word
from ingest.refusal import Refusal, Refused, shown
from ingest.video.multipart import parts_of
from ingest.video.sightings import MOTION, TAMPER, Meaning, alarm, camera_of, count, fault, heartbeat, said, shortened
from rules.model import Attribute, Network

_MEANINGS: Final = {
    "VideoMotion": MOTION,
    "SmartMotionHuman": MOTION,
    "SmartMotionVehicle": MOTION,
    "VideoBlind": TAMPER,
    "SceneChange": TAMPER,
    "TamperingAlarm": TAMPER,
    "CrossLineDetection": alarm("line_crossing"),
    "CrossFenceDetection": alarm("line_crossing"),
    "CrossRegionDetection": alarm("intrusion"),
    "WanderDetection": alarm("loitering"),
    "StayDetection": alarm("loitering"),
    "FallDetection": alarm("fall"),
    "TumbleDetection": alarm("fall"),
    "FireWarning": alarm("heat"),
    "FireDetection": alarm("heat"),
    "SmokeDetection": alarm("smoke"),
    "HeatImagingTemper": alarm("temperature_limit"),
    "BetweenRuleTempDiff": alarm("temperature_difference"),
    "LeftDetection": alarm("object_left"),
    "TakenAwayDetection": alarm("object_removed"),
    "ObjectPlacementDetection": alarm("object_left"),
    "ObjectRemovalDetection": alarm("object_removed"),
    "TailDetection": alarm("tailgating"),
    "MoveDetection": alarm("fast_moving"),
    "RioterDetection": alarm("crowd"),
    "CrowdDetection": alarm("crowd"),
    "FightDetection": alarm("violence"),
    "ParkingDetection": alarm("parking"),
    "ClimbDetection": alarm("climbing"),
    "AudioMutation": alarm("abnormal_sound"),
    "AudioAnomaly": alarm("abnormal_sound"),
    "AlarmLocal": alarm("alarm_input"),
    "AlarmNet": alarm("alarm_input"),
    "VideoLoss": fault("video_loss"),
    "VideoUnFocus": fault("defocus"),
    "VideoAbnormalDetection": fault("video_abnormal"),
    "StorageFailure": fault("disk"),
    "StorageNotExist": fault("no_disk"),
    "StorageLowSpace": fault("disk_full"),
}
_COUNTS: Final = {"NumberStat": ("InsideSubtotal",), "ManNumDetection": ("ManNum",)}
_LEAVES: Final = "leave"
_HOLDS: Final = {"start": True, "stop": False, "pulse": True}
_BEAT: Final = b"heartbeat"
_CODE: Final = re.compile(rb"(?:^|\n)[ \t]{0,8}Code=")
CODES_MAX: Final = 400
"""Events of one body; ours: cameras send one or a few, and reading a thousand with all they say took over 50 ms."""
_TOO_MANY: Final = f"expected at most {CODES_MAX} events in a body"
_PLAIN_MAX: Final = 400
NO_DATA: Final[Object] = {}


def read(foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
    """What the parts of a stream say."""
    if foreign.payload.count(b"Code=") > CODES_MAX:
        return Refused(Refusal.TOO_MANY, _TOO_MANY)
    device = camera_of(foreign.topic, "dahua")
    told: list[Said | Refused] = []
    is_read = False
    for part in parts_of(foreign.payload):
        if part.lower() == _BEAT:
            told.append(heartbeat(device))
            continue
        if part.startswith(b"{"):
            body = read_object(part)
            if isinstance(body, Refused):
                told.append(body)
                continue
            is_read = is_read or isinstance(body.get("Code"), str)
            data = body.get("data")
            told += _event(device, _texts(body), data if isinstance(data, dict) else NO_DATA)
            continue
        for content in _events(part):
            is_read = True
            fields, data = _fields(content)
            told += _event(device, fields, data)
        if len(told) > CODES_MAX:
            return Refused(Refusal.TOO_MANY, _TOO_MANY)
    if told or is_read:
        return told or Ignored("codes that are of no concern")
    came = shown(foreign.payload[:60].decode("latin-1"))
    return Refused(Refusal.MISSING_FIELD, f"Code: expected Code=…;action=…;index=…, came {came}")


def _events(part: bytes) -> list[bytes]:
    """The events in a part: usually one; some firmwares put several below each other."""
    starts = [found.start() for found in _CODE.finditer(part)]
    return [part[start:end].strip() for start, end in pairwise([*starts, len(part)])]


def _fields(content: bytes) -> tuple[dict[str, str], Object]:
    """``Code``, ``action`` and ``index``, and what stands behind ``data=`` where it is an object."""
    plain, _, data = content.partition(b";data=")
    pairs = (each.partition("=") for each in plain[:_PLAIN_MAX].decode("utf-8", "replace").split(";"))
    fields = {name.strip(): value.strip() for name, _, value in pairs}
    body = read_object(data) if data.strip() else NO_DATA
    return fields, NO_DATA if isinstance(body, Refused) else body


def _texts(body: Object) -> dict[str, str]:
    return {name: str(body[name]) for name in ("Code", "action", "index") if isinstance(body.get(name), str | int)}


def _event(device: str, fields: dict[str, str], data: Object) -> list[Said]:
    code = fields.get("Code", "")
    index = number(fields.get("index"))
    channel = device if index is None else f"{device}-{index:g}"
    at = _time(data)
    if code in _COUNTS:
        persons = next((found for name in _COUNTS[code] if (found := number(data.get(name))) is not None), None)
        return [] if persons is None else [count(channel, persons, at)]
    meaning = _MEANINGS.get(code)
    holds = _HOLDS.get(fields.get("action", "start").lower())
    if meaning is None or holds is None:
        return []
    return [said(_narrowed(meaning, data), channel, holds=holds, at=at, attributes=_attributes(data))]


def _narrowed(meaning: Meaning, data: Object) -> Meaning:
    """Who leaves an area does not intrude."""
    return alarm("region_exit") if meaning.kind == "intrusion" and word(data.get("Direction")) == _LEAVES else meaning


def _time(data: Object) -> float | None:
    seconds, ms = number(data.get("UTC")), number(data.get("UTCMS"))
    return None if seconds is None else seconds + (ms or 0.0) / 1000


def _attributes(data: Object) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {}
    seen = data.get("Object")
    seen = seen if isinstance(seen, dict) else {}
    if (track := number(seen.get("ObjectID"))) is not None:
        attributes["track"] = track
    if label := word(seen.get("ObjectType")):
        attributes["label"] = shortened(label)
    if isinstance(rule := data.get("Name"), str) and (rule := shortened(rule)):
        attributes["rule"] = rule
    return attributes


FORMAT: Final = Format(
    name="dahua",
    network=Network.VIDEO,
    zh="大华摄像机事件流",
    en="Dahua event streams",
    words=__doc__,
    opens=pure(read),
    examples=(
        Example(
            "dahua/gate",
            b"--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\n"
            b'Code=CrossLineDetection;action=Start;index=0;data={\n   "Direction" : "RightToLeft",\n   "Name" : "Rule1",\n'
            b'   "Object" : { "ObjectID" : 542, "ObjectType" : "Human" },\n   "UTC" : 1793664306,\n   "UTCMS" : 500\n}\r\n',
        ),
        Example("dahua/gate", b"--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nHeartbeat\r\n"),
    ),
)
