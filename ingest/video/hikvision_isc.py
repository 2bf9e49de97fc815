"""Hikvision iSecure Center (综合安防管理平台): events that it pushes to a subscriber, `OnEventNotify`, in JSON.

| `eventType` | what it says |
|---|---|
| 131331 | state `motion` |
| 131330 · 131612 (covered, another scene) | state `tamper` |
| 131588 · 131586 · 131585 · 131611 | alarm `intrusion` · `intrusion` · `line_crossing` · `line_crossing` |
| 131587 · 131590 · 131605 | alarm `region_exit` · `loitering` · `fall` |
| 192513 · 192514 · 192515 | alarm `smoke` · `smoke` (smoke or fire) · `heat` (a fire point) |
| 192517 · 192518 | alarm `temperature_limit` · `temperature_difference` |
| 131591 · 131592 · 131593 · 131596 · 131597 131607 | alarm `parking` · `fast_moving` · `crowd` · `violence` · `climbing` |
| 131594 · 131595 · 131603 | alarm `object_left` · `object_removed` · `absent_from_post` |
| 131604 · 131606 | alarm `tailgating` · `abnormal_sound` |
| 131664 | alarm `person_count_limit` |
| 589825 | alarm `alarm_input` |
| 131329 · 131613 · 889196545 | alarm `device_fault` video_loss · defocus · offline |
| any other of `event_vss` `event_rule` `event_io` | alarm `other_alarm` with its `event_type` |

`status` 0, 1 and 3 (at once, begin, pulse) are on; 2 is off; 4 (what it set off) and 5 (its picture came) say nothing new.
`srcIndex` is the device, `srcName` the attribute `name`, `eventLvl` 1 · 2 · 3 the `level` blue, yellow, red, `imageUrl` the
`clip`.

Traps: one `eventId` comes for all reports of an event: it is the attribute `track`, and each report has an id of its own.
`happenTime` is impossible (`1900-01-00`) where the device did not say it, or has a space behind its `T`. `latitude` equals
`longitude` in the platform's own samples: kept as `doubtful_place`. Doors (`event_acs`), faces, plates and positions
(`event_gps`) are dropped; under any other ability the codes of the table are heard.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from ingest.adapter import SAID_MAX, Example, Foreign, Format, Ignored, Said, pure
from ingest.careful import write_json
from ingest.coordinates import place_in_china
from ingest.loose import Object, instant, number, read_object, word
from ingest.refusal import Refusal, Refused, shown
from ingest.video.sightings import MOTION, TAMPER, alarm, fault, reference, said, shortened
from rules.model import Attribute, Network

_METHOD: Final = "OnEventNotify"
_MEANINGS: Final = {
    131329: fault("video_loss"),
    131330: TAMPER,
    131331: MOTION,
    131585: alarm("line_crossing"),
    131586: alarm("intrusion"),
    131587: alarm("region_exit"),
    131588: alarm("intrusion"),
    131590: alarm("loitering"),
    131591: alarm("parking"),
    131592: alarm("fast_moving"),
    131593: alarm("crowd"),
    131594: alarm("object_left"),
    131595: alarm("object_removed"),
    131596: alarm("violence"),
    131597: alarm("climbing"),
    131603: alarm("absent_from_post"),
    131604: alarm("tailgating"),
    131605: alarm("fall"),
    131606: alarm("abnormal_sound"),
    131607: alarm("climbing"),
    131611: alarm("line_crossing"),
    131612: TAMPER,
    131613: fault("defocus"),
    131664: alarm("person_count_limit"),
    192513: alarm("smoke"),
    192514: alarm("smoke"),
    192515: alarm("heat"),
    192517: alarm("temperature_limit"),
    192518: alarm("temperature_difference"),
    589825: alarm("alarm_input"),
    889196545: fault("offline"),
}
"""Appendix D of the platform's open interface: video events."""
_NO_EVENT: Final = frozenset({196355, 589826, 851969})
"""Where a camera looks, an output that was switched, a position."""
_ABILITIES: Final = frozenset({"event_vss", "event_rule", "event_io", "event_thermal", "event_pdms", ""})
_PERSONAL: Final = frozenset({"event_acs", "event_face", "event_face_recognition", "event_gps", "event_veh", "event_visitor"})
_HOLDS: Final = {0: True, 1: True, 2: False, 3: True}
_LEVELS: Final = {1: "blue", 2: "yellow", 3: "red"}
_STEPS: Final = 4
_LOOKED_AT_MAX: Final = 200


def read(foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
    """What one push says, each of its events by itself."""
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    if body.get("method") != _METHOD:
        return Ignored(f"{shown(body.get('method'))} is no event; expected {_METHOD}")
    params = body.get("params")
    events = params.get("events") if isinstance(params, dict) else None
    if not isinstance(params, dict) or not isinstance(events, list):
        return Refused(Refusal.MISSING_FIELD, f"params.events: expected an array, came {shown(events)}")
    if len(events) > SAID_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {SAID_MAX} events in a push, came {len(events)}")
    ability = word(params.get("ability"))
    is_unknown = ability not in _ABILITIES
    heard = [each for each in events if isinstance(each, dict) and (not is_unknown or _whole(each.get("eventType")) in _MEANINGS)]
    if ability in _PERSONAL or (is_unknown and not heard):
        return Ignored(f"{shown(params.get('ability'))}: doors, faces, plates and positions are of no concern")
    told = [each for event in heard if (each := _event(event)) is not None]
    return told or Ignored("no event that says anything new")


def _event(event: Object) -> Said | Refused | None:
    code, status = _whole(event.get("eventType")), _whole(event.get("status"))
    holds = True if status is None else _HOLDS.get(status)
    if code is None or code in _NO_EVENT or holds is None:
        return None
    index = event.get("srcIndex")
    device = str(index).strip() if isinstance(index, str | int) and not isinstance(index, bool) else ""
    if not device:
        return Refused(Refusal.MISSING_FIELD, f"srcIndex: expected the device of event {code}, came {shown(index)}")
    happened = instant(event.get("happenTime"))
    at = happened.replace("T ", "T") if isinstance(happened, str) else happened
    meaning = _MEANINGS.get(code, alarm("other_alarm"))
    own = f"isc-{blake2b(write_json(event), digest_size=12).hexdigest()}"
    told = said(meaning, device, holds=holds, at=at, attributes=_attributes(event, code))
    return replace(told, id=own) if event.get("eventId") else told  # without its number, equal words may be another event


def _attributes(event: Object, code: int) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {} if code in _MEANINGS else {"event_type": code}
    for name, key in (("track", "eventId"), ("name", "srcName")):
        if isinstance(text := event.get(key), str) and (text := shortened(text)):
            attributes[name] = text
    if level := _LEVELS.get(_whole(event.get("eventLvl")) or 0):
        attributes["level"] = level
    if (seconds := number(event.get("timeout"))) and seconds > 0:
        attributes["timeout_s"] = seconds
    data = _found(event.get("data"), ("latitude", "longitude", "imageUrl"))
    attributes |= place_in_china(number(data.get("latitude")), number(data.get("longitude")))
    return attributes | reference(data.get("imageUrl"))


def _found(data: object, names: tuple[str, ...]) -> Mapping[str, object]:
    """The first of each name, at most ``_STEPS`` levels down: each kind of event has its own tree."""
    found: dict[str, object] = {}
    level = [data]
    for _ in range(_STEPS):
        deeper: list[object] = []
        for each in level[:_LOOKED_AT_MAX]:
            if isinstance(each, dict):
                found |= {name: each[name] for name in names if name in each and name not in found}
                deeper += each.values()
            elif isinstance(each, list):
                deeper += each[:_LOOKED_AT_MAX]
        level = deeper
    return found


def _whole(value: object) -> int | None:
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


FORMAT: Final = Format(
    name="hikvision_isc",
    network=Network.VIDEO,
    zh="海康威视综合安防管理平台事件",
    en="Hikvision iSecure Center events",
    words=__doc__,
    opens=pure(read),
    examples=(
        Example(
            "",
            b'{"method": "OnEventNotify", "params": {"ability": "event_rule", "events": ['
            b'{"eventId": "BE26E09F-0C6C-4EF9-BE2B-27007B261731", "eventType": 131605, "eventLvl": 3, "status": 1, "timeout": 30,'
            b' "srcIndex": "da107dd1989e44978a5efebe73d6e979", "srcType": "camera", "srcName": "lift 2",'
            b' "happenTime": "2026-11-03T08:05:06.500+08:00"}]}}',
        ),
        Example(
            "",
            b'{"method": "OnEventNotify", "params": {"ability": "event_vss", "events": [{"eventId": "0BEC", "eventType": 131329,'
            b' "status": 0, "srcIndex": "f58fd21565724fb29ce16f52d7bf971a", "happenTime": "1900-01-00T00:00:00.000+08:00"}]}}',
        ),
    ),
)
