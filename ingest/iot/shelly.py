"""Shelly Gen2 and later: ``ID/events/rpc`` notifications, ``ID/status/COMPONENT``, ``ID/online``.

| what comes | what it says |
|---|---|
| `smoke:0 {"alarm": true}` | alarm `smoke` on or off; with `"mute": true` a test |
| `flood:0 {"alarm": true}` | alarm `water_leak` on or off; with `"mute": true` a test |
| `devicepower:0.battery.percent` | reading `battery` |
| `temperature:0.tC` `humidity:0.rh` `illuminance:0.lux` | readings |
| `switch:0` `pm1:0` `em1:0` with `apower` or `act_power`, `voltage`, `current`; `voltmeter:100.voltage` | readings |
| `presencezone:200 {"value": true}` | state `occupancy` |
| `errors` of a component | alarm `device_fault` on of `NAME.COMPONENT` (`NAME.flood:0`), with the errors; none, null or []: off |
| `NotifyEvent` of `smoke:0` or `flood:0`: `alarm` `alarm_off` `alarm_test` | alarm on, off, on as a test |
| `NotifyEvent` of `flood:0`: `cable_unplugged` | alarm `device_fault` on of `NAME.flood:0` |
| any other notification | a sign of life |
| `online` `true` | a sign of life; ends `NAME.offline` |
| `online` `false` | alarm `device_fault` on of `NAME.offline`; nothing where the name says that it sleeps |

The first of a sort is the device itself, a further one (`temperature:101`) speaks as `NAME.101`. `ts` is when, in s.

Traps: a detector that wakes has no clock yet: its `ts` is 2.46, seconds since it started. `NotifyStatus` tells only what changed,
so `{"mute": true}` alone says nothing. One on a battery goes offline each time it sleeps: `online: false` of a name with smoke,
flood or ht in it (`shellyplussmoke-…`) is no fault; whether it wakes in time is the rules' to watch. `tC: null` is no reading.
The temperature in `switch:0` is the relay's own. Inputs and buttons (`single_push`) say nothing: what hangs on them is not known.
Answers at `ID/rpc` and logs are of no concern.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.iot.telling import Telling
from ingest.loose import Object, inner, instant, number, read_object, text, truth, word
from ingest.refusal import Refused
from rules.model import Network, Status

_ALARMS: Final = {"smoke": "smoke", "flood": "water_leak"}
_METERS: Final = (
    ("power", ("apower", "act_power")),
    ("voltage", ("voltage",)),
    ("current", ("current",)),
)
_READINGS: Final = {
    "temperature": (("temperature", ("tC",)),),
    "humidity": (("humidity", ("rh",)),),
    "illuminance": (("illuminance", ("lux",)),),
    "switch": _METERS,
    "pm1": _METERS,
    "em1": _METERS,
    "voltmeter": (("voltage", ("voltage",)),),
}
_PRESENCE: Final = frozenset({"presencezone", "presence"})
_SLEEPS: Final = re.compile(r"smoke|flood|plusht|htg\d|blu(?!gw)")  # a BLU gateway is on the mains
_COMPONENTS_MAX: Final = 200
_EVENTS_MAX: Final = 200
_WHOLE, _CHANGE = "NotifyFullStatus", "NotifyStatus"


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a message of a device says."""
    device, channel, component = _parts(foreign.topic)
    if channel == "online":
        return _online(Telling(device=device), foreign.payload)
    if channel not in {"events", "status", ""}:
        return Ignored("no notification")
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    if channel == "status":
        telling = Telling(device=device)
        return _component(component, body, telling, is_whole=True) or [telling.beat()]
    params, method = inner(body, "params"), text(body.get("method"))
    telling = Telling(device=device or text(body.get("src")), at=instant(params.get("ts")))
    if not telling.device or not params:
        return Ignored("no notification")
    if method == "NotifyEvent":
        return list(_events(params.get("events"), telling)) or [telling.beat()]
    if method not in {_WHOLE, _CHANGE}:
        return Ignored("no notification")
    return _status(params, telling, is_whole=method == _WHOLE) or [telling.beat()]


def _parts(topic: str) -> tuple[str, str, str]:
    """The device (its prefix may have levels), the channel, and the component of a status topic."""
    levels = topic.split("/")
    if levels[-1] == "online" and len(levels) > 1:
        return "/".join(levels[:-1]), "online", ""
    if len(levels) > 2 and levels[-2] in {"events", "status"}:
        return "/".join(levels[:-2]), levels[-2], levels[-1]
    return ("", "", "") if len(levels) == 1 else ("", levels[-1], "")


def _online(telling: Telling, payload: bytes) -> list[Said] | Ignored:
    is_online = truth(payload.decode("utf-8", "replace"))
    if is_online is None:
        return Ignored("neither online nor offline")
    if not is_online and _SLEEPS.search(telling.device.lower()):
        return Ignored("asleep: one on a battery goes offline until it wakes")
    return [*([telling.beat()] if is_online else []), telling.fault("offline", holds=not is_online)]


def _status(params: Object, telling: Telling, *, is_whole: bool) -> list[Said]:
    said: list[Said] = []
    for index, (component, fields) in enumerate(params.items()):
        if index < _COMPONENTS_MAX and isinstance(fields, dict):
            said += _component(component, fields, telling, is_whole=is_whole)
    return said


def _component(component: str, fields: Object, telling: Telling, *, is_whole: bool) -> list[Said]:
    """What the status of one component says: of all of it, or of what changed."""
    sort, _, index = component.partition(":")
    about = _of_index(telling, index)
    said: list[Said] = []
    if sort in _ALARMS and (holds := truth(fields.get("alarm"))) is not None:
        status = Status.TEST if truth(fields.get("mute")) else Status.ACTUAL
        said.append(replace(about, status=status).alarm(_ALARMS[sort], holds=holds))
    for kind, names in _READINGS.get(sort, ()):
        found = next((value for name in names if (value := number(fields.get(name))) is not None), None)
        said += [] if found is None else [about.reading(kind, found)]
    if sort == "devicepower" and (share := number(inner(fields, "battery").get("percent"))) is not None:
        said.append(about.reading("battery", share))
    if sort in _PRESENCE and (is_there := truth(fields.get("value"))) is not None:
        said.append(about.state("occupancy", "on" if is_there else "off"))
    if "errors" in fields or (is_whole and said):
        said.append(_fault(component, fields.get("errors"), telling))
    return said


def _of_index(telling: Telling, index: str) -> Telling:
    return telling if index in {"", "0"} else replace(telling, device=f"{telling.device}.{index}")


def _fault(component: str, errors: object, telling: Telling) -> Said:
    named = [text(each) for each in errors[:_EVENTS_MAX] if text(each)] if isinstance(errors, list) else []
    about = replace(telling, attributes={"errors": " ".join(named)[:_ERRORS_LENGTH_MAX]}) if named else telling
    return about.fault(text(component), holds=bool(named))


_ERRORS_LENGTH_MAX: Final = 200


def _events(events: object, telling: Telling) -> Iterator[Said]:
    for each in events[:_EVENTS_MAX] if isinstance(events, list) else ():
        if not isinstance(each, dict):
            continue
        component = text(each.get("component"))
        sort, _, index = component.partition(":")
        event = word(each.get("event")).removeprefix(f"{sort}.")
        about = replace(telling, at=instant(each.get("ts")) or telling.at)
        if sort in _ALARMS and event in {"alarm", "alarm_off", "alarm_test"}:
            status = Status.TEST if event == "alarm_test" else Status.ACTUAL
            yield replace(_of_index(about, index), status=status).alarm(_ALARMS[sort], holds=event != "alarm_off")
        elif sort == "flood" and event == "cable_unplugged":
            yield _fault(component, [event], about)


FORMAT: Final = Format(
    name="shelly",
    network=Network.IOT,
    zh="Shelly 二代及以后设备",
    en="Shelly devices from Gen2 on",
    words=__doc__,
    opens=pure(read),
    examples=(
        Example(
            "shellyplussmoke-80646fc8d51c/events/rpc",
            b'{"src":"shellyplussmoke-80646fc8d51c","dst":"shellyplussmoke-80646fc8d51c/events","method":"NotifyFullStatus","params":'
            b'{"ts":2.46,"devicepower:0":{"id":0,"battery":{"V":2.98,"percent":90},"external":{"present":false}},'
            b'"smoke:0":{"id":0,"alarm":true,"mute":false},"sys":{"unixtime":null,"wakeup_period":86400}}}',
        ),
        Example(
            "shellyplussmoke-80646fc8d51c/events/rpc",
            b'{"src":"shellyplussmoke-80646fc8d51c","method":"NotifyEvent","params":{"ts":1793664306.5,'
            b'"events":[{"component":"smoke:0","id":0,"event":"alarm_test","ts":1793664306.5}]}}',
        ),
        Example("shellyfloodg4-1/status/flood:0", b'{"id":0,"alarm":false,"mute":false,"errors":["cable_unplugged"]}'),
        Example("shellyplus1-08b61fd90730/online", b"false"),
    ),
)
