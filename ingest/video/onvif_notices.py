"""What one ONVIF notification means: by the words of its topic, the items of its data, and what was done to the property."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from ingest.adapter import Said
from ingest.loose import instant, number, truth, word
from ingest.video.sightings import MOTION, OCCUPANCY, TAMPER, Meaning, alarm, fault, said, shortened
from rules.model import Attribute, EventClass

Items = Mapping[str, str]
NO_ITEMS: Final[Items] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notification, out of XML or JSON: its topic word by word, its items by their name in lower case, ``at`` as it came."""

    topic: tuple[str, ...]
    device: str
    data: Items = field(default_factory=lambda: NO_ITEMS)
    at: object = None
    is_snapshot: bool = False
    is_deleted: bool = False


_MEANINGS: Final = {
    "cellmotiondetector/motion": MOTION,
    "motionregiondetector/motion": MOTION,
    "videosource/motionalarm": MOTION,
    "videoanalytics/motiondetection": MOTION,
    "myruledetector/peopledetect": OCCUPANCY,
    "tamperdetector/tamper": TAMPER,
    "videosource/globalscenechange": TAMPER,
    "videosource/imagetooblurry": fault("image_too_blurry"),
    "videosource/imagetoodark": fault("image_too_dark"),
    "videosource/imagetoobright": fault("image_too_bright"),
    "videosource/signalloss": fault("video_loss"),
    "hardwarefailure/storagefailure": fault("storage"),
    "hardwarefailure/fanfailure": fault("fan"),
    "hardwarefailure/powersupplyfailure": fault("power_supply"),
    "hardwarefailure/temperaturecritical": fault("hot"),
    "fielddetector/objectsinside": alarm("intrusion"),
    "linedetector/crossed": alarm("line_crossing"),
    "loiteringdetector/objectisloitering": alarm("loitering"),
    "trigger/digitalinput": alarm("alarm_input"),
    "audio/detectedsound": alarm("abnormal_sound"),
}
"""By two neighbouring words of the topic (ONVIF Core, Analytics, Imaging and Device IO specifications)."""
_LAST: Final = {
    "linecrossing": alarm("line_crossing"),
    "loitering": alarm("loitering"),
    "intrusion": alarm("intrusion"),
    "firedetection": alarm("heat"),
    "firealarm": alarm("heat"),
    "smokealarm": alarm("smoke"),
    "smokedetection": alarm("smoke"),
    "falldetection": alarm("fall"),
}
"""By the last word, of makers' own topics where it leaves no doubt."""
_SENSORS: Final = {"temperature": "temperature", "relativehumidity": "humidity"}
_COUNTERS: Final = {"occupancycounter": "person_count", "counter": "generic"}
_TRUTHS: Final = (
    "state",
    "ismotion",
    "istamper",
    "isinside",
    "isloitering",
    "logicalstate",
    "issounddetected",
    "failed",
    "critical",
    "active",
    "alarm",
    "value",
)
_NO_ZONE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?")


def understood(notice: Notice) -> list[Said]:
    """What a notification says; nothing where its topic is none of ours, or a state does not say which."""
    words = [each.rpartition(":")[2].lower() for each in notice.topic]
    counter = next((_COUNTERS[each] for each in words[-1:] if each in _COUNTERS), "")
    if counter and "countaggregation" in words[-2:-1]:
        return _reading(notice, counter, "count")
    if "sensor" in words:
        return _sensor(notice, words)
    meaning = _meaning(words)
    if meaning is None:
        return []
    holds = next((held for name in _TRUTHS if (held := truth(notice.data.get(name))) is not None), None)
    if holds is None and meaning.event_class is EventClass.STATE and not notice.is_deleted:
        return []
    return [_said(notice, meaning, holds=holds is not False and not notice.is_deleted)]


def utc(at: object) -> str | float | None:
    """``UtcTime``: in UTC by its name, also where it brings no zone."""
    time = instant(at)
    return f"{time.strip()}Z" if isinstance(time, str) and _NO_ZONE.fullmatch(time.strip()) else time


def _meaning(words: list[str]) -> Meaning | None:
    pairs = (_MEANINGS.get(f"{one}/{following}") for one, following in pairwise(words))
    return next((each for each in pairs if each), None) or (_LAST.get(words[-1]) if words else None)


def _sensor(notice: Notice, words: list[str]) -> list[Said]:
    """``Device/Sensor/Temperature/High``: the value, and that the sensor's own limit was passed."""
    told = [each for name, kind in _SENSORS.items() if name in words for each in _reading(notice, kind, "value")]
    if words[-1] in {"high", "low"} and not notice.is_deleted:
        told.append(_said(notice, alarm("sensor_limit"), {"limit": "/".join(words[-2:])[:80]}))
    return told


def _reading(notice: Notice, kind: str, name: str) -> list[Said]:
    value = number(notice.data.get(name))
    if value is None:
        return []
    return [
        Said(
            event_class=EventClass.READING,
            kind=kind,
            device=notice.device,
            value=value,
            at=utc(notice.at),
            is_past=notice.is_snapshot,
        )
    ]


def _said(notice: Notice, meaning: Meaning, more: Mapping[str, Attribute] = MappingProxyType({}), *, holds: bool = True) -> Said:
    attributes: dict[str, Attribute] = dict(more)
    if track := shortened(notice.data.get("objectid", "")):
        attributes["track"] = track
    if label := word(notice.data.get("classtypes")) or word(notice.data.get("classtype")):
        attributes["label"] = shortened(label)
    if (threshold := number(notice.data.get("threshold"))) is not None:
        attributes["threshold"] = threshold
    return said(meaning, notice.device, holds=holds, at=utc(notice.at), attributes=attributes, is_past=notice.is_snapshot)
