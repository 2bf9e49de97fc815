"""GB/T 28181 alarm, keepalive and catalogue Notify (MANSCDP XML), as a SIP platform or an HTTP bridge passes it on.

| what comes | what it says |
|---|---|
| `CmdType` `Alarm`, or no `CmdType` but an `AlarmMethod` or `AlarmPriority` | an alarm, by method and type as below |
| `AlarmMethod` 1 telephone, 3 SMS; 5 with type 1 (raised by a person who watches) | alarm `report`, its words as `text` |
| 2 device with `AlarmType` 1 · 3 · 4 · 5 | alarm `device_fault` video_loss · disk_full · hot · cold |
| 2 with type 2 | state `tamper` |
| 2 without a type | alarm `alarm_input`: a contact, of which only the wiring knows what it is |
| 4 GPS | alarm `gps_alarm` |
| 5 video with type 2 · 13 (2022: the picture is covered) | state `motion` · `tamper` |
| 5 with 5 · 6 · 8 | alarm `line_crossing` · `intrusion` (with `EventType` 2 `region_exit`) · `loitering` |
| 5 with 3 · 4 · 7 | alarm `object_left` · `object_removed` · `wrong_way` |
| 5 with 9 · 10 · 12 | alarm `people_flow` · `crowd` · `fast_moving` |
| 5 with 11 | `device_fault` video_abnormal |
| 6 fault with type 1 · 2 · none | `device_fault` disk · fan · fault |
| 7, or what leaves several meanings or none | alarm `other_alarm`, with `alarm_method` and `alarm_type` as they came |
| `AlarmPriority` 1 … 4 | attribute `level` red, orange, yellow, blue (一级 … 四级警情) |
| `AlarmDescription` | attribute `text`, mobile numbers taken out |
| `Longitude` `Latitude` | attributes, or `doubtful_place` outside China and where both are the same |
| `Keepalive` | heartbeat; `Status` other than OK, and devices listed in `Info`: `device_fault` until a keepalive says otherwise |
| `Catalog` with `Event` `OFF` `VLOST` `DEFECT` | `device_fault` offline, video_loss, defect; `ON`: heartbeat, and their end |

Traps: the bytes are GB2312, GBK, GB18030 or UTF-8, whatever they declare. `AlarmType` stands in `Info`, in `info` or at the root,
and the one in `Info` wins; `CmdType` and `SN` may be missing. Methods come combined (`12`: telephone or device): they say
something only where one of them fits the type. `AlarmTime` has no zone: Beijing time. An alarm is never told to be over. The
faulty devices of at most 1,024 senders are remembered. Answers, queries, controls and positions are no events.

Out: a webhook of the form `gb28181` is given our cases as such a Notify, for a bridge to the platform above (docs/operations.md);
`handlers/gb28181_notify.py` writes it, and this reader reads it back.
"""

import re
from collections import OrderedDict
from typing import Final
from xml.etree.ElementTree import Element

from ingest.adapter import Example, Foreign, Format, Ignored, Said
from ingest.careful_xml import name_of, read_xml, text_of
from ingest.coordinates import place_in_china
from ingest.loose import instant, number
from ingest.refusal import Refusal, Refused, shown
from ingest.video.sightings import MOTION, TAMPER, Meaning, alarm, fault, heartbeat, said, shortened
from rules.model import Attribute, Network

SENDERS_MAX: Final = 1024
FAULTY_MAX: Final = 50
"""Of one sender in one keepalive; ours."""
ITEMS_MAX: Final = 300
ID_LENGTH_MAX: Final = 40
"""Twice what the standard has."""

_LEVELS: Final = {"1": "red", "2": "orange", "3": "yellow", "4": "blue"}
_REPORT: Final = alarm("report")
_OTHER: Final = alarm("other_alarm")
_MEANINGS: Final = {
    ("1", ""): _REPORT,
    ("2", ""): alarm("alarm_input"),
    ("2", "1"): fault("video_loss"),
    ("2", "2"): TAMPER,
    ("2", "3"): fault("disk_full"),
    ("2", "4"): fault("hot"),
    ("2", "5"): fault("cold"),
    ("3", ""): _REPORT,
    ("4", ""): alarm("gps_alarm"),
    ("5", "1"): _REPORT,
    ("5", "2"): MOTION,
    ("5", "3"): alarm("object_left"),
    ("5", "4"): alarm("object_removed"),
    ("5", "5"): alarm("line_crossing"),
    ("5", "6"): alarm("intrusion"),
    ("5", "7"): alarm("wrong_way"),
    ("5", "8"): alarm("loitering"),
    ("5", "9"): alarm("people_flow"),
    ("5", "10"): alarm("crowd"),
    ("5", "11"): fault("video_abnormal"),
    ("5", "12"): alarm("fast_moving"),
    ("5", "13"): TAMPER,
    ("6", ""): fault("fault"),
    ("6", "1"): fault("disk"),
    ("6", "2"): fault("fan"),
}
"""GB/T 28181-2016 and -2022, A.2.5 alarm notify: by AlarmMethod and AlarmType."""
_TYPELESS: Final = frozenset("1346")
"""Methods whose type, where one is sent all the same, changes nothing."""
_LEAVES: Final = "2"
_CATALOG: Final = {"OFF": "offline", "VLOST": "video_loss", "DEFECT": "defect"}
_MOBILE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


class Reader:
    """Reads one route's messages, and remembers which devices a sender last called faulty."""

    def __init__(self) -> None:
        self._faulty: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def __call__(self, foreign: Foreign) -> list[Said] | Ignored | Refused:
        """What one Notify says."""
        root = read_xml(foreign.payload)
        if isinstance(root, Refused):
            return root
        if name_of(root) != "Notify":
            return Ignored(f"{shown(name_of(root))} is no Notify")
        command = text_of(root, "CmdType").lower()
        device = text_of(root, "DeviceID")
        if not device:
            return Refused(Refusal.MISSING_FIELD, "DeviceID: expected the device of the Notify, came nothing")
        if len(device) > ID_LENGTH_MAX:
            return Refused(Refusal.TOO_LONG, f"DeviceID: expected 20 digits, came {len(device)} characters")
        if command == "keepalive":
            return self._keepalive(device, root)
        if command == "catalog":
            return _catalog(root)
        if command == "alarm" or (not command and text_of(root, "AlarmMethod", "AlarmPriority")):
            return [_alarm(device, root)]
        return Ignored(f"a Notify of {shown(command)} says nothing of concern")

    def _keepalive(self, sender: str, root: Element) -> list[Said]:
        is_well = text_of(root, "Status").upper() in {"", "OK"}
        listed = [(each.text or "").strip() for each in root.iterfind("{*}Info/{*}DeviceID")][:FAULTY_MAX]
        named = [each for each in listed if 0 < len(each) <= ID_LENGTH_MAX]
        faulty = tuple(dict.fromkeys([*([] if is_well else [sender]), *named]))
        before = self._faulty.pop(sender, ())
        if faulty:
            self._faulty[sender] = faulty
            if len(self._faulty) > SENDERS_MAX:
                self._faulty.popitem(last=False)
        told = [heartbeat(sender)]
        told += [said(fault("fault"), device) for device in faulty if device not in before]
        return told + [said(fault("fault"), device, holds=False) for device in before if device not in faulty]


def _catalog(root: Element) -> list[Said] | Ignored:
    told: list[Said] = []
    for item in list(root.iterfind("{*}DeviceList/{*}Item"))[:ITEMS_MAX]:
        device, event = text_of(item, "DeviceID"), text_of(item, "Event").upper()
        if device and event == "ON":
            told += [heartbeat(device), *(said(fault(word), device, holds=False) for word in _CATALOG.values())]
        elif device and event in _CATALOG:
            told.append(said(fault(_CATALOG[event]), device))
    return told or Ignored("the catalogue does not say that a device came or went")


def _alarm(device: str, root: Element) -> Said:
    method = text_of(root, "AlarmMethod")
    kind = text_of(root, "Info/AlarmType", "info/AlarmType", "AlarmType")
    event = text_of(root, *(f"{info}/AlarmTypeParam/EventType" for info in ("Info", "info")), "Info/EventType", "EventType")
    meaning = _meaning(method, kind, event)
    attributes: dict[str, Attribute] = {}
    if level := _LEVELS.get(text_of(root, "AlarmPriority")):
        attributes["level"] = level
    if text := text_of(root, "AlarmDescription", "Info/AlarmTypeParam/AlarmDescription"):
        attributes["text"] = _MOBILE.sub("***", shortened(text))
    if method:
        attributes["alarm_method"] = method[:16]
    if kind:
        attributes["alarm_type"] = kind[:16]
    attributes |= place_in_china(number(text_of(root, "Latitude")), number(text_of(root, "Longitude")))
    return said(meaning, device, at=instant(text_of(root, "AlarmTime")), attributes=attributes)


def _meaning(method: str, kind: str, event: str) -> Meaning:
    """What method and type say together; of combined methods those that fit the type, where they agree."""
    if event == _LEAVES and kind == "6" and "5" in method:
        return alarm("region_exit")
    kind = "" if kind == "0" else kind
    fitting = {_MEANINGS[each, kind]: None for each in method[:8] if (each, kind) in _MEANINGS}
    if not fitting:
        fitting = {_MEANINGS[each, ""]: None for each in method[:8] if each in _TYPELESS}
    return next(iter(fitting)) if len(fitting) == 1 else _OTHER


FORMAT: Final = Format(
    name="gb28181",
    network=Network.VIDEO,
    zh="GB/T 28181 报警通知",
    en="GB/T 28181 alarm notify",
    words=__doc__,
    opens=Reader,
    examples=(
        Example(
            "",
            (
                '<?xml version="1.0" encoding="GB2312"?><Notify><CmdType>Alarm</CmdType><SN>17</SN>'
                "<DeviceID>34020000001320000001</DeviceID><AlarmPriority>1</AlarmPriority><AlarmMethod>5</AlarmMethod>"
                "<AlarmTime>2026-11-03T08:05:06</AlarmTime><AlarmDescription>east wall</AlarmDescription>"
                "<Longitude>116.397</Longitude><Latitude>39.908</Latitude>"
                "<Info><AlarmType>6</AlarmType><AlarmTypeParam><EventType>1</EventType></AlarmTypeParam></Info></Notify>"
            ).encode("gb18030"),
        ),
        Example(
            "",
            b"<Notify><CmdType>Alarm</CmdType><DeviceID>34020000001320000001</DeviceID><AlarmPriority>4</AlarmPriority>"
            b"<AlarmMethod>2</AlarmMethod><AlarmTime>2026-11-03T08:05:06</AlarmTime><info><AlarmType>1</AlarmType></info></Notify>",
        ),
        Example(
            "",
            b"<Notify><CmdType>Keepalive</CmdType><SN>43</SN><DeviceID>34020000001110000001</DeviceID><Status>OK</Status>"
            b"<Info><DeviceID>34020000001320000003</DeviceID></Info></Notify>",
        ),
        Example(
            "",
            b"<Notify><CmdType>Keepalive</CmdType><SN>44</SN><DeviceID>34020000001110000001</DeviceID><Status>OK</Status></Notify>",
        ),
    ),
)
