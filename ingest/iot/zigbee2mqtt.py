"""Zigbee2MQTT: ``zigbee2mqtt/NAME`` with the flat state of a device, its actions and its availability.

| what comes | what it says |
|---|---|
| `smoke` `gas` `carbon_monoxide` `water_leak` | alarm of that kind, on or off |
| `action: "emergency"` (`panic`, `sos`), that body at `NAME/action`; `sos: true` | alarm `sos` on; `""`, `null`, false: nothing |
| `tamper` | state `tamper` |
| `contact` | state `opening`: **false is open** |
| `occupancy` `presence` | state `occupancy` |
| `trouble` `battery_low` | alarm `device_fault`, on or off; `battery_low` as its own device part |
| `temperature` `humidity` `co2` `co` `pm25` `illuminance` `noise` `battery` `power` `current` | reading of that kind |
| `voltage` | reading `voltage` in V: above 1000 it is mV (a battery's), as the bridge sends it |
| `NAME/availability` `online` | heartbeat |
| `NAME/availability` `offline` | alarm `device_fault` on with `fault: "offline"`; the next `online` ends it |
| `last_seen` | when: ISO 8601 or ms, as the bridge is set |

Traps: `test`, `self_test`, `preheat` and `silence` make the whole message a test, never a real alarm. Truths come as texts
("True") from some detectors. `smoke_density` and `gas_value` are raw numbers without a unit: kept as attributes, never a reading.
A retained message is a copy of the past. `bridge/…` and `…/set` are no devices. Names may have slashes and spaces.
"""

from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.loose import Object, instant, number, read_object, truth, word
from ingest.refusal import Refused
from rules.model import Attribute, EventClass, Network, Status

_ALARMS: Final = ("smoke", "gas", "carbon_monoxide", "water_leak")
_FAULTS: Final = {"trouble": "trouble", "battery_low": "battery_low"}
_STATES: Final = {
    "tamper": ("tamper", "on", "off"),
    "contact": ("opening", "closed", "open"),  # contact made is closed
    "occupancy": ("occupancy", "on", "off"),
    "presence": ("occupancy", "on", "off"),
}
_READINGS: Final = {
    "temperature": "temperature",
    "humidity": "humidity",
    "co2": "carbon_dioxide",
    "co": "carbon_monoxide",
    "pm25": "pm25",
    "illuminance": "illuminance",
    "noise": "noise",
    "battery": "battery",
    "power": "power",
    "current": "current",
}
_TESTS: Final = ("test", "self_test", "preheat", "silence")
_RAW: Final = ("smoke_density", "gas_density", "gas_value", "linkquality", "action", "strength")
_EMERGENCIES: Final = frozenset({"emergency", "panic", "sos"})
"""What buttons for help, and keypads, call it when somebody does."""
_MILLIVOLTS_ABOVE: Final = 1000.0


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a message of the bridge says."""
    levels = foreign.topic.split("/")[1:]
    if not levels or levels[0] == "bridge" or levels[-1] in {"set", "get"}:
        return Ignored("the bridge's own, no device")
    if len(levels) > 1 and levels[-1] == "availability":
        return _availability("/".join(levels[:-1]), foreign.payload)
    if len(levels) > 1 and levels[-1] == "action":
        return _action("/".join(levels[:-1]), word(foreign.payload.decode("utf-8", "replace")), None, Status.ACTUAL)
    body = read_object(foreign.payload)
    return body if isinstance(body, Refused) else _state("/".join(levels), body)


def _state(device: str, body: Object) -> list[Said] | Ignored:
    status = Status.TEST if any(_is_testing(body.get(name)) for name in _TESTS) else Status.ACTUAL
    at = instant(body.get("last_seen"))
    attributes = _attributes(body)
    said = [
        _alarm(name, device, at, status, attributes, holds=holds)
        for name in _ALARMS
        if (holds := truth(body.get(name))) is not None
    ]
    for name, (kind, true, false) in _STATES.items():
        if (holds := truth(body.get(name))) is not None:
            state = true if holds else false
            said.append(Said(event_class=EventClass.STATE, kind=kind, device=device, state=state, at=at, status=status))
    for name, fault in _FAULTS.items():
        if (holds := truth(body.get(name))) is not None:
            said.append(_alarm("device_fault", f"{device}.{fault}", at, status, {"fault": fault}, holds=holds))
    call = "sos" if truth(body.get("sos")) else word(body.get("action"))
    action = _action(device, call, at, status)
    said += action if isinstance(action, list) else []
    said += _readings(device, body, at, status)
    return said or Ignored("nothing of concern")


def _readings(device: str, body: Object, at: str | float | None, status: Status) -> list[Said]:
    found = [(kind, value) for name, kind in _READINGS.items() if (value := number(body.get(name))) is not None]
    volts = number(body.get("voltage"))
    if volts is not None:
        found.append(("voltage", volts / 1000 if volts > _MILLIVOLTS_ABOVE else volts))
    return [
        Said(event_class=EventClass.READING, kind=kind, device=device, value=value, at=at, status=status) for kind, value in found
    ]


def _is_testing(value: object) -> bool:
    return truth(value) is True or word(value) in {"testing", "checking"}


def _attributes(body: Object) -> dict[str, Attribute]:
    return {name: value for name in _RAW if isinstance(value := body.get(name), str | bool | int | float) and value != ""}


def _availability(device: str, payload: bytes) -> list[Said] | Ignored | Refused:
    """``{"state": "online"}``, or the bare word of older bridges."""
    bare = word(payload.decode("utf-8", "replace"))
    if bare not in {"online", "offline"}:
        body = read_object(payload)
        if isinstance(body, Refused):
            return body
        bare = word(body.get("state"))
    if bare == "online":
        back = _offline(device, holds=False)
        return [Said(event_class=EventClass.HEARTBEAT, kind="heartbeat", device=device), back]
    if bare == "offline":
        return [_offline(device, holds=True)]
    return Ignored("availability is neither online nor offline")


def _action(device: str, action: str, at: str | float | None, status: Status) -> list[Said] | Ignored:
    if action in _EMERGENCIES:
        return [_alarm("sos", device, at, status, {"action": action}, holds=True)]
    return Ignored("no action that asks for help")


def _offline(device: str, *, holds: bool) -> Said:
    return _alarm("device_fault", f"{device}.offline", None, Status.ACTUAL, {"fault": "offline"}, holds=holds)


def _alarm(
    kind: str, device: str, at: str | float | None, status: Status, attributes: dict[str, Attribute], *, holds: bool
) -> Said:
    state = "on" if holds else "off"
    return Said(event_class=EventClass.ALARM, kind=kind, device=device, state=state, at=at, status=status, attributes=attributes)


FORMAT: Final = Format(
    name="zigbee2mqtt",
    network=Network.IOT,
    zh="Zigbee2MQTT 网桥",
    en="Zigbee2MQTT bridge",
    words=__doc__,
    opens=pure(read),
    examples=(
        Example("zigbee2mqtt/kitchen", b'{"smoke": true, "smoke_density": 14, "battery": 71, "last_seen": 1793664306000}'),
        Example("zigbee2mqtt/kitchen", b'{"smoke": false, "test": true}'),
        Example("zigbee2mqtt/button", b'{"action": "emergency", "battery": 80}'),
        Example("zigbee2mqtt/kitchen/availability", b'{"state": "offline"}'),
        Example("zigbee2mqtt/bridge/state", b'{"state": "online"}'),
    ),
)
