"""Frigate: `frigate/events`, `frigate/reviews` and the states of its cameras, over MQTT.

| what comes | what it says |
|---|---|
| `events` of a `person` | state `occupancy` of the camera, from `new` over all its updates to `end` |
| `events` of a `fire` `flame` · `smoke` · `fall` (labels of own models) | alarm `heat` · `smoke` · `fall` |
| `reviews` that are an `alert` about a `person` in a zone that somebody drew | alarm `intrusion`, `off` at its `end` |
| `CAMERA/audio/scream` `yell` · `fire_alarm` `smoke_detector` | alarm `scream` · `smoke` |
| `CAMERA/motion` `ON` `OFF` | state `motion` |
| `CAMERA/person`, `ZONE/person` with a number | reading `person_count` |
| `triggers` (words that the owner set) | alarm `other_alarm` with the trigger's name |
| `CAMERA/status/ROLE` `online` · `offline` | heartbeat and the end of · alarm `device_fault` with `fault: "detect_offline"` … |
| `available` `online` · `offline` `stopped` | the same of the service, with `fault: "offline"` |

`new`, `update` and `end` have one `after.id`: the attribute `track`, so that they are one observation. A camera sees several at a
time: only the last one's `end` is the end. `top_score` is the confidence, `current_zones` the attribute `zones`, and `clip` the
id by which Frigate serves the recording (`/api/events/ID/clip.mp4`), which stays there.

Traps: a review without a zone is of the whole picture, the street with it: no intrusion. Its severity may rise in an update.
Names, faces, plates and descriptions (`sub_label`, `recognized_license_plate`, `tracked_object_update`) are personal data and
are dropped. A `false_positive`, other labels (`car`, `dog`) and a role that is `disabled` say nothing. At most 512 cameras and
64 tracks of each are remembered, until Frigate's next `available`.
"""

from collections import OrderedDict
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said
from ingest.loose import Object, number, read_object, truth, word
from ingest.refusal import Refusal, Refused, shown
from ingest.video.sightings import (
    MOTION,
    OCCUPANCY,
    Meaning,
    alarm,
    count,
    fault,
    heartbeat,
    reference,
    remembered,
    said,
    shortened,
)
from rules.model import Attribute, Network

CAMERAS_MAX: Final = 512
TRACKS_MAX: Final = 64

_LABELS: Final = {
    "person": OCCUPANCY,
    "fire": alarm("heat"),
    "flame": alarm("heat"),
    "smoke": alarm("smoke"),
    "fall": alarm("fall"),
}
_SOUNDS: Final = {
    "scream": alarm("scream"),
    "yell": alarm("scream"),
    "fire_alarm": alarm("smoke"),
    "smoke_detector": alarm("smoke"),
}
_PERSON: Final = "person"
_VERIFIED: Final = "-verified"
"""Behind the label of whom it knows by name."""
_ON: Final = {"on": True, "off": False}
_OVER: Final = "end"
_WHOLE: Final = "available"


class Reader:
    """Reads one route's messages, and remembers whom each camera sees."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, OrderedDict[bytes, None]] = OrderedDict()

    def __call__(self, foreign: Foreign) -> list[Said] | Ignored | Refused:
        """What one message says."""
        levels = foreign.topic.split("/")
        if levels[-1] == _WHOLE:
            self._seen.clear()
            return _availability(levels[-2] if len(levels) > 1 else "frigate", "offline", _text(foreign))
        if levels[-1] in {"events", "reviews", "triggers"}:
            body = read_object(foreign.payload)
            if isinstance(body, Refused):
                return body
            if levels[-1] == "triggers":
                return _trigger(body)
            after = body.get("after")
            if not isinstance(after, dict) or not isinstance(after.get("id"), str) or not isinstance(after.get("camera"), str):
                return Refused(Refusal.MISSING_FIELD, f"after: expected an object with id and camera, came {shown(after)}")
            is_over = word(body.get("type")) == _OVER
            told = _review(after, is_over=is_over) if levels[-1] == "reviews" else self._event(after, is_over=is_over)
            own = f"frigate-{blake2b(foreign.payload, digest_size=12).hexdigest()}"  # the same id with other content is heard
            return [replace(told, id=own)] if isinstance(told, Said) else told
        return _state(levels, _text(foreign))

    def _event(self, after: Object, *, is_over: bool) -> Said | Ignored:
        meaning = _LABELS.get(word(after.get("label")).removesuffix(_VERIFIED))
        if meaning is None or truth(after.get("false_positive")):
            return Ignored(f"a {shown(after.get('label'))} is nothing of concern, or was none")
        camera, track = str(after["camera"]), str(after["id"])
        if self._others(camera, meaning, track, is_over=is_over):
            return Ignored("one of several is gone: others are still seen")
        score = number(after.get("top_score"))
        at = number(after.get("end_time")) if is_over else number(after.get("frame_time")) or number(after.get("start_time"))
        attributes: dict[str, Attribute] = {"track": shortened(track), "label": shortened(word(after.get("label")))}
        attributes |= _zones(after.get("current_zones"))
        if truth(after.get("has_clip")) or truth(after.get("has_snapshot")):
            attributes |= reference(track)
        return said(meaning, camera, holds=not is_over, at=at, attributes=attributes, confidence=_confidence(score))

    def _others(self, camera: str, meaning: Meaning, track: str, *, is_over: bool) -> bool:
        """Whether this is an end while others of this sort are still seen by this camera."""
        key, own = remembered(camera, meaning.kind), remembered(track)
        tracks = self._seen.pop(key, OrderedDict())
        if is_over:
            tracks.pop(own, None)
        else:
            tracks[own] = None
            if len(tracks) > TRACKS_MAX:
                tracks.popitem(last=False)
        if tracks:
            self._seen[key] = tracks
            if len(self._seen) > CAMERAS_MAX:
                self._seen.popitem(last=False)
        return is_over and bool(tracks)


def _review(after: Object, *, is_over: bool) -> Said | Ignored:
    data = after.get("data")
    data = data if isinstance(data, dict) else {}
    objects = [each.removesuffix(_VERIFIED) for each in _words(data.get("objects"))]
    zones = _zones(data.get("zones"))
    if word(after.get("severity")) != "alert" or _PERSON not in objects or not zones:
        return Ignored("no alert about a person in a zone; what is seen is told by the events")
    at = number(after.get("end_time")) if is_over else None
    attributes = {"track": shortened(str(after["id"])), "objects": shortened(",".join(objects)), **zones}
    attributes |= reference(after.get("thumb_path"))
    return said(alarm("intrusion"), str(after["camera"]), holds=not is_over, at=at, attributes=attributes)


def _trigger(body: Object) -> list[Said] | Refused:
    camera, name = body.get("camera"), body.get("name")
    if not isinstance(camera, str) or not isinstance(name, str):
        return Refused(Refusal.MISSING_FIELD, f"expected a trigger's name and camera, came {shown(body)}")
    attributes: dict[str, Attribute] = {"trigger": shortened(name), **reference(body.get("event_id"))}
    score = _confidence(number(body.get("score")))
    return [said(alarm("other_alarm"), camera, attributes=attributes, confidence=score)]


def _state(levels: list[str], text: str) -> list[Said] | Ignored:
    """What a camera is, at ``PREFIX/CAMERA/WHAT`` or ``PREFIX/CAMERA/WHAT/WHICH``."""
    if len(levels) >= 4 and levels[-2] == "status":
        return _availability(levels[-3], f"{levels[-1]}_offline", text)
    if len(levels) >= 4 and levels[-2] == "audio" and levels[-1] in _SOUNDS and text in _ON:
        return [said(_SOUNDS[levels[-1]], levels[-3], holds=_ON[text], attributes={"heard": levels[-1]})]
    if len(levels) >= 3 and levels[-1] == "motion" and text in _ON:
        return [said(MOTION, levels[-2], holds=_ON[text])]
    if len(levels) >= 3 and levels[-1] == _PERSON and (persons := number(text)) is not None:
        return [count(levels[-2], persons)]
    return Ignored("a setting, a statistic, a picture, or personal data")


def _availability(device: str, part: str, text: str) -> list[Said] | Ignored:
    if text == "online":
        return [heartbeat(device), said(fault(part), device, holds=False)]
    if text in {"offline", "stopped"}:
        return [said(fault(part), device)]
    return Ignored("neither online nor offline")


def _confidence(score: float | None) -> float:
    return 1.0 if score is None else min(max(score, 0.0), 1.0)


def _zones(names: object) -> dict[str, Attribute]:
    zones = ",".join(_words(names))
    return {"zones": shortened(zones)} if zones else {}


def _words(names: object) -> list[str]:
    return [each for each in names if isinstance(each, str)][:32] if isinstance(names, list) else []


def _text(foreign: Foreign) -> str:
    return word(foreign.payload[:100].decode("utf-8", "replace"))


FORMAT: Final = Format(
    name="frigate",
    network=Network.VIDEO,
    zh="Frigate 录像机",
    en="Frigate video recorder",
    words=__doc__,
    opens=Reader,
    examples=(
        Example(
            "frigate/events",
            b'{"type": "new", "before": {}, "after": {"id": "1793664306.5-mxklsc", "camera": "gate", "label": "person",'
            b' "sub_label": ["Zhang San", 0.8], "top_score": 0.91, "frame_time": 1793664307.25, "current_zones": ["yard"],'
            b' "start_time": 1793664306.5, "end_time": null, "has_clip": true, "false_positive": false}}',
        ),
        Example(
            "frigate/reviews",
            b'{"type": "update", "before": {}, "after": {"id": "1793664306.5-fqk5ka", "camera": "gate",'
            b' "start_time": 1793664306.5, "end_time": null, "severity": "alert", "thumb_path": "/media/thumb-gate.webp",'
            b' "data": {"detections": ["1793664306.5-mxklsc"], "objects": ["person"], "zones": ["yard"], "audio": []}}}',
        ),
        Example("frigate/yard/person", b"2"),
        Example("frigate/gate/status/detect", b"offline"),
        Example("frigate/tracked_object_update", b'{"type": "face", "id": "1793664306.5-mxklsc", "name": "Zhang San"}'),
    ),
)
