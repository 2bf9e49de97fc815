"""ONVIF: events and scene descriptions of cameras, over MQTT (JSON), from a pull point or in a metadata stream (XML).

| what comes | what it says |
|---|---|
| `PREFIX/onvif-ej/TOPIC/&SOURCE/RULE` with `{"UtcTime", "Source", "Data"}` | the event of that topic, as below |
| XML with `wsnt:NotificationMessage`, one or many | the same, each |
| `…/CellMotionDetector/Motion` `MotionRegionDetector/Motion` `VideoSource/MotionAlarm` | state `motion` |
| `…/TamperDetector/Tamper` `VideoSource/GlobalSceneChange/…` | state `tamper` |
| `…/MyRuleDetector/PeopleDetect` | state `occupancy` |
| `…/FieldDetector/ObjectsInside` · `…/LineDetector/Crossed` | alarm `intrusion` · `line_crossing` |
| `…/LoiteringDetector/ObjectIsLoitering` | alarm `loitering` |
| a last word `LineCrossing` `Loitering` `Intrusion` `SmokeDetection` `FallDetection` | alarm of that kind |
| a last word `FireDetection` `FireAlarm` · `SmokeAlarm` | alarm `heat` · `smoke` |
| `Device/Trigger/DigitalInput` · `AudioAnalytics/Audio/DetectedSound` | alarm `alarm_input` · `abnormal_sound` |
| `Device/HardwareFailure/…` | alarm `device_fault` |
| `VideoSource/ImageTooDark` `ImageTooBlurry` `ImageTooBright` `SignalLoss` | alarm `device_fault` |
| `Device/Sensor/Temperature/…` `…/RelativeHumidity/…` with `Value` | reading `temperature` °C, `humidity` % |
| any `Device/Sensor/…/High` or `…/Low` | alarm `sensor_limit` with `limit` and `threshold` |
| `CountAggregation/OccupancyCounter` · `Counter` | reading `person_count` · `generic`: passages, not persons |
| frames (`tt:MetadataStream`, `PREFIX/onvif-mj/…`) | reading `person_count`: objects of class Human, likelihood ≥ 0.5 |

The device is `PREFIX/SOURCE`, or where XML comes in `TOPIC/SOURCE`, `ROUTE/SOURCE` of a push; a rule of it is
`PREFIX/SOURCE.RULE`, so that one rule does not end another's alarm. `ObjectId` is the attribute `track`.

Traps: `Initialized` after a subscription is a snapshot: kept as past, never a new alarm, like a retained message. A body of zero
bytes, and `Deleted`, end a property. All values may be texts (`"true"`, `"1"`). `UtcTime` without a zone is UTC. Topics come with
`tns1:` or a maker's prefix in any of their words. Faces, clothes and ages in a frame are personal data and are not read. Frames
come many times a second: a count is told when it changes, else every 10 s; of at most 1,024 cameras the last is remembered.
"""

from collections import OrderedDict
from typing import Final
from xml.etree.ElementTree import Element

from ingest.adapter import SAID_MAX, Example, Foreign, Format, Ignored, Said
from ingest.careful_xml import read_xml, text_of
from ingest.loose import Object, read_object
from ingest.refusal import Refusal, Refused
from ingest.video.onvif_frames import Frame, frames_of_json, frames_of_xml
from ingest.video.onvif_notices import Items, Notice, understood, utc
from ingest.video.sightings import camera_of, count, remembered
from rules.model import Network

CAMERAS_MAX: Final = 1024
AGAIN_MS: Final = 10_000

_EVENTS: Final = "onvif-ej"
_FRAMES: Final = "onvif-mj"
_SOURCES: Final = (
    "videosource",
    "videosourcetoken",
    "videosourceconfigurationtoken",
    "source",
    "sensorid",
    "inputtoken",
    "token",
)
_RULES: Final = ("rule", "rulename")


class Reader:
    """Reads one route's messages, and remembers the last count of each camera."""

    def __init__(self) -> None:
        self._counted: OrderedDict[bytes, tuple[int, int]] = OrderedDict()

    def __call__(self, foreign: Foreign) -> list[Said] | Ignored | Refused:
        """What one message says."""
        levels = foreign.topic.split("/")
        if _EVENTS in levels:
            at = levels.index(_EVENTS)
            return _event(levels[:at], levels[at + 1 :], foreign.payload)
        if _FRAMES in levels:
            return self._mqtt_frames(levels, foreign)
        root = read_xml(foreign.payload)
        if isinstance(root, Refused):
            return root
        device = camera_of(foreign.topic, "camera")
        found = [_notice(each, device) for each in root.iterfind(".//{*}NotificationMessage")]
        if len(found) > SAID_MAX:
            return Refused(Refusal.TOO_MANY, f"expected at most {SAID_MAX} notifications, came {len(found)}")
        told = [said for notice in found for said in understood(notice)]
        told += self._counts(device, frames_of_xml(root), foreign.received_at)
        return told or Ignored("no notification and no frame that says anything of concern")

    def _mqtt_frames(self, levels: list[str], foreign: Foreign) -> list[Said] | Ignored | Refused:
        at = levels.index(_FRAMES)
        body = read_object(foreign.payload)
        if isinstance(body, Refused):
            return body
        device = "/".join([*levels[:at], *levels[at + 2 : at + 3]]) or "camera"
        return self._counts(device, frames_of_json(body), foreign.received_at) or Ignored("the scene is as it was")

    def _counts(self, device: str, frames: list[Frame], now: int) -> list[Said]:
        told: list[Said] = []
        key = remembered(device)
        for at, persons in frames:
            last, told_at = self._counted.pop(key, (-1, now))
            is_news = persons != last or abs(now - told_at) >= AGAIN_MS
            self._counted[key] = (persons, now if is_news else told_at)
            if len(self._counted) > CAMERAS_MAX:
                self._counted.popitem(last=False)
            if is_news:
                told.append(count(device, persons, utc(at)))
        return told


def _event(prefix: list[str], levels: list[str], payload: bytes) -> list[Said] | Ignored | Refused:
    """An event over MQTT: behind ``&`` stand the values of its source, which tell one property from another."""
    cut = next((index for index, level in enumerate(levels) if level.startswith("&")), len(levels))
    values = [levels[cut][1:], *levels[cut + 1 :]] if cut < len(levels) else []
    topic, whole = tuple(levels[:cut]), "/".join(prefix) or "camera"
    if not payload:
        told = understood(Notice(topic=topic, device=_device(whole, values[:1], values[1:]), is_deleted=True))
        return told or Ignored("a property of no concern is gone")
    body = read_object(payload)
    if isinstance(body, Refused):
        return body
    source = _items(body.get("Source"))
    sources, rules = (values[:1], values[1:]) if values else _origin(source)
    notice = Notice(topic=topic, device=_device(whole, sources, rules), data=_items(body.get("Data")), at=body.get("UtcTime"))
    return understood(notice) or Ignored(f"{'/'.join(topic)[:200]} says nothing of concern")


def _items(given: object) -> Items:
    """Names in lower case; booleans and numbers written as texts, as other senders write them themselves."""
    items: Object = given if isinstance(given, dict) else {}
    return {name.lower(): str(value) for name, value in items.items() if isinstance(value, str | bool | int | float)}


def _notice(each: Element, device: str) -> Notice:
    message = each.find("{*}Message/{*}Message")
    message = message if message is not None else each
    source, data = _simple(message, "Source"), _simple(message, "Key") | _simple(message, "Data")
    operation = message.get("PropertyOperation", "")
    return Notice(
        topic=tuple(text_of(each, "Topic").split("/")),
        device=_device(device, *_origin(source)),
        data=data,
        at=message.get("UtcTime"),
        is_snapshot=operation == "Initialized",
        is_deleted=operation == "Deleted",
    )


def _simple(message: Element, part: str) -> dict[str, str]:
    found = message.iterfind(f"{{*}}{part}/{{*}}SimpleItem")
    return {each.get("Name", "").lower(): each.get("Value", "") for each in found}


def _origin(source: Items) -> tuple[list[str], list[str]]:
    sources = [source[name] for name in _SOURCES if source.get(name)][:1] or [each for each in source.values() if each][:1]
    return sources, [source[name] for name in _RULES if source.get(name)][:1]


def _device(whole: str, sources: list[str], rules: list[str]) -> str:
    """A rule is a part of the camera: it is where the camera is, and is called after it."""
    camera = "/".join([whole, *(each for each in sources if each)])
    rule = next((each for each in reversed(rules) if each), "")
    return f"{camera}.{rule.replace('.', '-')}" if rule else camera


FORMAT: Final = Format(
    name="onvif",
    network=Network.VIDEO,
    zh="ONVIF 摄像机事件",
    en="ONVIF camera events",
    words=__doc__,
    opens=Reader,
    examples=(
        Example(
            "gate/onvif-ej/RuleEngine/FieldDetector/ObjectsInside/&vs-0/yard",
            b'{"UtcTime": "2026-11-03T00:05:06.500Z", "Source": {"VideoSource": "vs-0", "Rule": "yard"},'
            b' "Data": {"ObjectId": "15", "IsInside": "true"}}',
        ),
        Example("gate/onvif-ej/RuleEngine/FieldDetector/ObjectsInside/&vs-0/yard", b""),
        Example(
            "onvif/gate",
            b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="http://docs.oasis-open.org/wsn/b-2"'
            b' xmlns:tt="http://www.onvif.org/ver10/schema"><e:Body><w:NotificationMessage>'
            b"<w:Topic>tns1:RuleEngine/LineDetector/Crossed</w:Topic>"
            b'<w:Message><tt:Message UtcTime="2026-11-03T00:05:06.500Z"><tt:Source><tt:SimpleItem Name="VideoSource" Value="1"/>'
            b'<tt:SimpleItem Name="Rule" Value="fence"/></tt:Source><tt:Data><tt:SimpleItem Name="ObjectId" Value="15"/>'
            b"</tt:Data></tt:Message></w:Message></w:NotificationMessage></e:Body></e:Envelope>",
        ),
        Example(
            "gate/onvif-mj/VideoAnalytics/1/classifier",
            b'{"Frame": [{"@UtcTime": "2026-11-03T00:05:06.500", "Object": [{"@ObjectId": 15,'
            b' "Appearance": {"Class": {"Type": [{"@Likelihood": 0.8, "#text": "Human"}]}}}]}]}',
        ),
    ),
)
