"""Hikvision cameras, recorders and thermal imagers: ISAPI `EventNotificationAlert`, pushed by HTTP or read from `alertStream`.

| `eventType` | what it says |
|---|---|
| `VMD` `PIR` | state `motion` |
| `fielddetection` `regionEntrance` · `regionExiting` | alarm `intrusion` · `region_exit` |
| `linedetection` · `loitering` | alarm `line_crossing` · `loitering` |
| `fireDetection` · `smokeDetection` `smokeAndFireDetection` | alarm `heat` · `smoke` |
| `thermometry` `TMA` | alarm `temperature_limit` |
| `fireEscapeDetection` | alarm `fire_lane_blocked`: the camera watches a fire lane (消防通道) |
| `failDown` `fallDown` · `violentMotion` · `reachHeight` | alarm `fall` · `violence` · `climbing` |
| `group` · `rapidMove` · `parking` · `leavePosition` | alarm `crowd` · `fast_moving` · `parking` · `absent_from_post` |
| `unattendedBaggage` · `attendedBaggage` · `audioexception` | alarm `object_left` · `object_removed` · `abnormal_sound` |
| `shelteralarm` `tamperdetection` `scenechangedetection` | state `tamper` |
| `IO` · `illaccess` | alarm `alarm_input` · `illegal_access` |
| `diskfull` `diskerror` `recordingfailure` `nicbroken` `ipconflict` | alarm `device_fault` |
| `badvideo` `videomismatch` `defocus` | alarm `device_fault` |
| `videoloss` `active` · `inactive` | alarm `device_fault` video_loss · heartbeat, and its end |
| `duration` | what its `relationEvent` says: it goes on |
| `heartBeat` | heartbeat |
| any other | alarm `other_alarm` with its `event_type` |

The device is `MAC-CHANNEL`, or the IP address where no MAC comes, else the route by which it pushes; an input is `MAC-ioPORT`.
`eventState` `inactive` is `off`.

Traps: the namespace is one of three or none; the body is one XML, one JSON object, or a multipart with pictures, which are not
read. An alarm is posted again every second with a growing `activePostCount`: the attribute `track` is one for all of these (at
most 4,096 are remembered), so that they are one observation. `isDataRetransmission` is a record of the past. `detectionTarget`
is the attribute `label`. Faces, plates, door passages and counts of passers-by (`facedetection`, `ANPR`, `PeopleCounting`,
`AccessControllerEvent`) are dropped. Picture addresses are kept as `clip`, without passwords. In no public sample seen, but known
from guides: `smokeAndFireDetection`, `TMA`, `failDown`, `violentMotion`, `reachHeight`, `leavePosition`.
"""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Final
from xml.etree.ElementTree import Element

from ingest.adapter import SAID_MAX, Example, Foreign, Format, Ignored, Said
from ingest.careful_xml import name_of, read_xml, text_of
from ingest.loose import instant, read_object, truth, word
from ingest.refusal import Refusal, Refused, shown
from ingest.video.multipart import parts_of
from ingest.video.sightings import (
    MOTION,
    TAMPER,
    Meaning,
    alarm,
    camera_of,
    fault,
    heartbeat,
    reference,
    remembered,
    said,
    shortened,
)
from rules.model import Attribute, Network

TRACKS_MAX: Final = 4096

_MEANINGS: Final = {
    "vmd": MOTION,
    "pir": MOTION,
    "fielddetection": alarm("intrusion"),
    "regionentrance": alarm("intrusion"),
    "regionexiting": alarm("region_exit"),
    "linedetection": alarm("line_crossing"),
    "loitering": alarm("loitering"),
    "firedetection": alarm("heat"),
    "smokedetection": alarm("smoke"),
    "smokeandfiredetection": alarm("smoke"),
    "thermometry": alarm("temperature_limit"),
    "tma": alarm("temperature_limit"),
    "faildown": alarm("fall"),
    "falldown": alarm("fall"),
    "violentmotion": alarm("violence"),
    "reachheight": alarm("climbing"),
    "group": alarm("crowd"),
    "rapidmove": alarm("fast_moving"),
    "parking": alarm("parking"),
    "fireescapedetection": alarm("fire_lane_blocked"),
    "leaveposition": alarm("absent_from_post"),
    "unattendedbaggage": alarm("object_left"),
    "attendedbaggage": alarm("object_removed"),
    "audioexception": alarm("abnormal_sound"),
    "shelteralarm": TAMPER,
    "tamperdetection": TAMPER,
    "scenechangedetection": TAMPER,
    "io": alarm("alarm_input"),
    "illaccess": alarm("illegal_access"),
    "diskfull": fault("disk_full"),
    "diskerror": fault("disk"),
    "nicbroken": fault("network"),
    "ipconflict": fault("ip_conflict"),
    "badvideo": fault("video_abnormal"),
    "videomismatch": fault("video_mismatch"),
    "recordingfailure": fault("recording"),
    "defocus": fault("defocus"),
    "videoloss": fault("video_loss"),
}
"""By eventType in lower case: firmwares differ in case."""
_PERSONAL: Final = frozenset(
    {
        "facedetection",
        "facesnap",
        "facesnapmatch",
        "alarmresult",
        "anpr",
        "vehicledetection",
        "accesscontrollerevent",
        "peoplecounting",
    }
)
_ENTRY: Final = "DetectionRegionList/DetectionRegionEntry"
_BEAT: Final = "videoloss"
_ALIVE: Final = "heartbeat"
Look = Callable[..., str]
"""The text at the first of some paths that says something, in XML or JSON."""


class Reader:
    """Reads one route's messages, and remembers what is going on at which channel."""

    def __init__(self) -> None:
        self._going_on: OrderedDict[bytes, str] = OrderedDict()

    def __call__(self, foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
        """What one body says: one alert, or the parts of a multipart."""
        parts = parts_of(foreign.payload)
        is_whole = parts == [foreign.payload.strip()]
        texts = [each for each in parts if is_whole or each.lstrip(b"\xef\xbb\xbf")[:1] in {b"<", b"{"}]
        if len(texts) > SAID_MAX // 2:
            return Refused(Refusal.TOO_MANY, f"expected at most {SAID_MAX // 2} alerts in a body, came {len(texts)}")
        told: list[Said | Refused] = []
        ignored = Ignored("pictures only") if parts else None
        for each in texts:
            alert = self._alert(each, camera_of(foreign.topic, "hikvision"))
            if isinstance(alert, Refused):
                told.append(alert)
            elif isinstance(alert, Ignored):
                ignored = alert
            else:
                told += alert
        return told or ignored or Refused(Refusal.EMPTY, "expected an EventNotificationAlert, came nothing")

    def _alert(self, content: bytes, otherwise: str) -> list[Said] | Ignored | Refused:
        look = _look(content)
        if isinstance(look, Refused | Ignored):
            return look
        kind = look("eventType").lower()
        if kind == "duration":
            kind = look("DurationList/Duration/relationEvent").lower()
        if not kind:
            return Refused(Refusal.MISSING_FIELD, "eventType: expected what happened, came nothing")
        if kind == _ALIVE:
            return [heartbeat(_device(look, otherwise), instant(look("dateTime")))]
        if kind in _PERSONAL:
            return Ignored(f"{shown(kind)} is personal data, or a count of passers-by")
        device, at = _device(look, otherwise), instant(look("dateTime"))
        holds = look("eventState").lower() != "inactive"
        meaning = _MEANINGS.get(kind, alarm("other_alarm"))
        told = [heartbeat(device, at)] if kind == _BEAT and not holds else []
        track = self._track(device, kind, look("dateTime"), holds=holds)
        if told and not track:
            return told
        return [*told, _told(meaning, device, look, _attributes(look, kind, track), holds=holds)]

    def _track(self, device: str, kind: str, when: str, *, holds: bool) -> str:
        """One name for all posts of what is going on; "" for the end of what is not known to have begun."""
        key = remembered(device, kind)
        track = self._going_on.pop(key, "")
        if holds:
            track = track or f"{kind[:32]}-{blake2b(f'{device} {when}'.encode(), digest_size=6).hexdigest()}"
            self._going_on[key] = track
            if len(self._going_on) > TRACKS_MAX:
                self._going_on.popitem(last=False)
        return track


def _look(content: bytes) -> Look | Ignored | Refused:
    if content.lstrip()[:1] == b"{":
        body = read_object(content)
        if isinstance(body, Refused):
            return body
        inner = body.get("EventNotificationAlert", body)
        return lambda *paths: _json_text(inner, paths)
    root = read_xml(content)
    if isinstance(root, Refused):
        return root
    if name_of(root) != "EventNotificationAlert":
        return Ignored(f"{shown(name_of(root))} is no EventNotificationAlert")
    return _xml_look(root)


def _xml_look(root: Element) -> Look:
    return lambda *paths: text_of(root, *paths)


def _json_text(body: object, paths: tuple[str, ...]) -> str:
    """As ``text_of``: of a list the first is read; a number is written as text."""
    for path in paths:
        found = body
        for step in path.split("/"):
            found = found.get(step) if isinstance(found, dict) else None
            found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, str | int | float) and (text := str(found).strip()):
            return text
    return ""


def _device(look: Look, otherwise: str) -> str:
    named = (look(name) for name in ("macAddress", "ipAddress", "ipv6Address", "deviceID", "devIndex"))
    whole = next((each for each in named if word(each)), otherwise)
    if port := look("inputIOPortID", "dynInputIOPortID"):
        return f"{whole}-io{port}"
    channel = next((each for name in ("channelID", "dynChannelID") if word(each := look(name))), "")
    return f"{whole}-{channel}" if channel else whole


def _attributes(look: Look, kind: str, track: str) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {"track": track} if track else {}
    if kind not in _MEANINGS:
        attributes["event_type"] = shortened(kind)
    if label := word(look(f"{_ENTRY}/detectionTarget", "detectionTarget")):
        attributes["label"] = shortened(label)
    if region := look(f"{_ENTRY}/regionID"):
        attributes["region"] = shortened(region)
    if name := shortened(look("channelName")):
        attributes["name"] = name
    return attributes | reference(look("bkgUrl", "picUrl", "imageUrl", "contentURL"))


def _told(meaning: Meaning, device: str, look: Look, attributes: dict[str, Attribute], *, holds: bool) -> Said:
    is_past = truth(look("isDataRetransmission")) is True
    at = instant(look("dateTime"))
    return said(meaning, device, holds=holds, at=at, attributes=attributes, is_past=is_past)


FORMAT: Final = Format(
    name="hikvision_isapi",
    network=Network.VIDEO,
    zh="海康威视 ISAPI 事件",
    en="Hikvision ISAPI events",
    words=__doc__,
    opens=Reader,
    examples=(
        Example(
            "",
            b'<EventNotificationAlert version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema">'
            b"<ipAddress>192.168.1.32</ipAddress><macAddress>44:47:cc:cf:82:17</macAddress><channelID>1</channelID>"
            b"<dateTime>2026-11-03T08:05:06+08:00</dateTime><activePostCount>1</activePostCount>"
            b"<eventType>fielddetection</eventType><eventState>active</eventState><DetectionRegionList><DetectionRegionEntry>"
            b"<regionID>1</regionID><detectionTarget>human</detectionTarget></DetectionRegionEntry></DetectionRegionList>"
            b"</EventNotificationAlert>",
        ),
        Example(
            "",
            b"--boundary\r\nContent-Type: application/xml\r\n\r\n"
            b"<EventNotificationAlert><macAddress>44:47:cc:cf:82:17</macAddress>"
            b"<channelID>1</channelID><dateTime>2026-11-03T08:05:09+08:00</dateTime><activePostCount>0</activePostCount>"
            b"<eventType>videoloss</eventType><eventState>inactive</eventState></EventNotificationAlert>\r\n--boundary--",
        ),
    ),
)
