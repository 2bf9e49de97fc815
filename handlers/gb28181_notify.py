"""An alarm or an incident of ours as the GB/T 28181 alarm Notify that a superior video platform takes (MANSCDP XML, A.2.5).

Pure: a SIP gateway sends the bytes (MESSAGE, ``Application/MANSCDP+xml``) and numbers them. The standard has no field for
exercises and tests and no word for an end: nothing is written of either, as who reads codes alone would take it for an alarm.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from xml.sax.saxutils import escape

from rules.model import Alarm, Incident, Level, Status

SN_MAX: Final = 2**31 - 1
DESCRIPTION_LENGTH_MAX: Final = 200
"""In characters; ours: consoles of platforms cut longer ones."""

_PRIORITIES: Final = {Level.RED: 1, Level.ORANGE: 2, Level.YELLOW: 3, Level.BLUE: 4}
_DEVICE: Final = ("2", "")
_OTHER: Final = ("7", "")
_CODES: Final = {
    "intrusion": ("5", "6"),
    "line_crossing": ("5", "5"),
    "loitering": ("5", "8"),
    "motion": ("5", "2"),
    "object_left": ("5", "3"),
    "object_removed": ("5", "4"),
    "wrong_way": ("5", "7"),
    "people_flow": ("5", "9"),
    "crowd": ("5", "10"),
    "fast_moving": ("5", "12"),
    "tamper": ("2", "2"),
    "device_fault": ("6", ""),
    "report": _OTHER,
    "warning_signal": _OTHER,
}
"""AlarmMethod and AlarmType by what was seen. What detectors tell (smoke, gas, SOS …) is 2 without a type."""
_DEVICE_ID: Final = re.compile(r"[0-9]{20}")
_BEIJING: Final = timezone(timedelta(hours=8))
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
Place = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


def alarm_notify(alarm: Alarm, *, device_id: str, sn: int, place: Place | None = None) -> bytes | None:
    """The Notify of an alarm that holds; None of one that has ended, and of an exercise or a test.

    ``device_id``: the 20 digits by which the platform knows the device; ``sn``: 1 … ``SN_MAX``, one more for each message.
    ValueError where they are not.
    """
    if alarm.status is not Status.ACTUAL or alarm.ended_at is not None:
        return None
    codes = _codes(each.kind for each in alarm.evidence)
    return _notify(device_id, sn, alarm.level, codes, alarm.opened_at, f"{alarm.zone} {alarm.sentence.zh}", place)


def incident_notify(
    incident: Incident, *, device_id: str, sn: int, kinds: Iterable[str] = (), place: Place | None = None
) -> bytes | None:
    """The Notify of an open incident, as ``alarm_notify``. ``kinds``: of its alarms' evidence; the first with a code says it."""
    if incident.status is not Status.ACTUAL or incident.closed_at is not None:
        return None
    text = f"{incident.zone} {incident.title.zh}：{incident.sentence.zh}"
    return _notify(device_id, sn, incident.level, _codes(kinds), incident.opened_at, text, place)


def _codes(kinds: Iterable[str]) -> tuple[str, str]:
    named = list(kinds)
    return next((_CODES[each] for each in named if each in _CODES), _DEVICE if named else _OTHER)


def _notify(device_id: str, sn: int, level: Level, codes: tuple[str, str], at: int, text: str, place: Place | None) -> bytes:
    if not _DEVICE_ID.fullmatch(device_id):
        raise ValueError(f"device_id: expected the 20 digits of GB/T 28181, came {device_id!r}")
    if not 1 <= sn <= SN_MAX:
        raise ValueError(f"sn: expected 1 to {SN_MAX}, came {sn}")
    method, kind = codes
    when = datetime.fromtimestamp(at / 1000, UTC).astimezone(_BEIJING).strftime("%Y-%m-%dT%H:%M:%S")
    fields = [
        ("CmdType", "Alarm"),
        ("SN", str(sn)),
        ("DeviceID", device_id),
        ("AlarmPriority", str(_PRIORITIES[level])),
        ("AlarmMethod", method),
        ("AlarmTime", when),
        ("AlarmDescription", escape(_UNFIT.sub(" ", text).strip()[:DESCRIPTION_LENGTH_MAX])),
    ]
    if place is not None:
        fields += [("Longitude", f"{place[1]:.6f}"), ("Latitude", f"{place[0]:.6f}")]
    if kind:
        fields.append(("Info", f"<AlarmType>{kind}</AlarmType>"))
    return _encoded("".join(f"<{name}>{value}</{name}>\r\n" for name, value in fields))


def _encoded(inside: str) -> bytes:
    """GB 2312 as the standard of 2011 has it, GB 18030 (2022) where a letter needs it."""
    for name, codec in (("GB2312", "gb2312"), ("GB18030", "gb18030")):
        try:
            return f'<?xml version="1.0" encoding="{name}"?>\r\n<Notify>\r\n{inside}</Notify>\r\n'.encode(codec)
        except UnicodeEncodeError:
            continue
    raise AssertionError("GB 18030 has every letter")  # pragma: no cover - surrogates were taken out
