"""The words inside decoded LoRaWAN objects, whichever network server brings them: Milesight's own, then the table of all sensors.

What a device calls itself (``product``: the device profile, the model) settles what its words alone leave open. What is missing
says nothing: servers omit what is false or 0.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from ingest.adapter import Said
from ingest.iot.condition_words import FIELDS_MAX, status_of
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling
from ingest.loose import Object, instant, number, truth, word
from rules.model import Status

PAGE: Final = """| Milesight device | field | says |
|---|---|---|
| smoke GS524N | `event: "alarm"` | alarm `smoke` on |
| | `event: "normal"` | alarm `smoke` off, and its faults off |
| | `event: "silent"` `"testing alarm …"` | alarm `smoke` on, as a **test** |
| | `event: "low battery"` `"failover"` `"removed"` | `device_fault` on; `"installed"` ends `removed` |
| gas GS101 | `gas_status` 1, `"alarm"` | alarm `gas` on; 0, `"normal"`: off |
| | `alarm` 0 … 5 or its words | `device_fault`: power off, fault, end of life; `valve_status` is kept |
| leak WS303, EM300-MLD | `leakage_status` `"leak"`, 1 | alarm `water_leak` on; `"normal"`, 0: off |
| button WS101 | `press` `button` `"short"`, `"long press"`, 1 … 3 | alarm `sos` on: on this route a button calls for help |
| door WS301 | `magnet_status` `tamper_status` | states `opening` and `tamper` |
| PIR WS202 | `pir: "trigger"` | state `motion` |
| level EM500-SWL | `depth`, and `water_level` where the product says `EM500-SWL` | reading `water_level`: they are cm |
| manhole EM310-UDL | `position: "tilt"` | state `tamper` on: the sensor was moved; `distance` (mm) is kept |
| tilt EM320, EM310-TILT | `angle_x` … | reading `tilt` of `NAME.x` …; `threshold_x: "trigger"`: state `tamper` on of `NAME.x` |
| fall radar VS373 | `detection_status: "fall"`, 4 | alarm `fall` on; all others: off, and state `occupancy` |
| | `events[]` of type fall: triggered | alarm `fall` on; deactivated, ignored: off |
| SenseCAP | `messages[]` of `type` and `measurementValue` | reading of what the type names: `Air Temperature` |
| any | `history[]` with its own `timestamp` | the same, as records of the past: kept, never decided on |

Traps: GS101's `alarm: 1` is "power on", so a number under `alarm` is read so only where the product is a GS101 or `gas_status`
or `life_remain` stand beside it. `event: "alarm"` of a `type` other than "smoke sensor" says nothing. A VS373
decoder that leaves its numbers raw has 1 for triggered, 2 for deactivated. `concentration` (of smoke, in %) is no %/m: kept."""
"""What is understood, for the pages of the network servers."""

HISTORY_MAX: Final = 200
"""Records of history that are taken from one message; ours: a LoRaWAN frame has at most 242 bytes, so some dozens."""

_SMOKE_FAULTS: Final = {"low battery": "battery_low", "failover": "failover", "removed": "removed"}
_POWER: Final = {
    "power off": ("power_off", True),
    "power on": ("power_off", False),
    "device fault": ("fault", True),
    "device fault recovered": ("fault", False),
    "device will be invalid soon": ("end_of_life", True),
    "device invalid": ("end_of_life", True),
}
_POWER_CODES: Final = tuple(_POWER)
_GS101_FIELDS: Final = ("gas_status", "life_remain")
"""A ``valve_status`` alone is of many makers' detectors, and there ``alarm: 1`` is gas."""
_PRESSES: Final = {1.0: "short", 2.0: "long", 3.0: "double"}
_DETECTIONS: Final = ("normal", "vacant", "in bed", "out of bed", "fall")
_RADAR_TYPES: Final = ("fall", "motionless", "dwell", "out of bed", "occupied", "vacant")
_RADAR_STATES: Final = {1.0: "triggered", 2.0: "deactivated", 3.0: "ignored"}
_CENTIMETRES: Final = 10.0  # mm


def said_of_object(body: Object, telling: Telling, product: str = "") -> list[Said]:
    """What a decoded object says of a device; first what is now, then its history."""
    said = _said(body, telling, product)
    history = body.get("history")
    for record in history[:HISTORY_MAX] if isinstance(history, list) else ():
        if isinstance(record, dict):
            at = instant(record.get("timestamp", record.get("time")))
            said += _said(record, replace(telling, at=at, is_past=True, seq=None), product)
    return said


def _said(body: Object, telling: Telling, product: str) -> list[Said]:
    said: list[Said] = []
    taken: set[str] = set()
    if telling.status is Status.ACTUAL:
        telling = replace(telling, status=status_of(body))
    for names, reads in _READERS:
        if any(name in body for name in names):
            found = reads(body, telling, product.lower())
            if found is not None:
                said += found
                taken |= set(names)
    for name, value in _measured(body.get("messages")):
        said += said_of({name: value}, telling)
    rest = {name: value for name, value in islice(body.items(), FIELDS_MAX) if name not in taken and name != "history"}
    return said + said_of(rest, telling)


def _measured(messages: object) -> Iterator[tuple[str, object]]:
    """SenseCAP's list of measurements, which name their quantity in words."""
    for each in messages[:HISTORY_MAX] if isinstance(messages, list) else ():
        if isinstance(each, dict) and isinstance(each.get("type"), str) and "measurementValue" in each:
            yield each["type"], each["measurementValue"]


def _smoke_event(body: Object, telling: Telling, _: str) -> list[Said] | None:
    event = word(body["event"])
    if word(body.get("type")) not in {"", "smoke sensor"}:
        return None
    if event in _SMOKE_FAULTS:
        return [telling.fault(_SMOKE_FAULTS[event], holds=True)]
    if event == "installed":
        return [telling.fault("removed", holds=False)]
    if event == "normal":
        over = [telling.fault(fault, holds=False) for fault in _SMOKE_FAULTS.values()]
        return [telling.alarm("smoke", holds=False), *over]
    if event == "silent" or event.startswith("testing"):
        low = [telling.fault("battery_low", holds=True)] if event.endswith("low battery") else []
        return [replace(telling, status=Status.TEST).alarm("smoke", holds=True, event=event), *low]
    if event == "alarm" or event.startswith("alarm "):
        return [telling.alarm("smoke", holds=True, event=event)]
    return None


def _gas_power(body: Object, telling: Telling, product: str) -> list[Said] | None:
    value = body["alarm"]
    code = number(value)
    is_gs101 = "gs101" in product or any(name in body for name in _GS101_FIELDS)
    if code is not None and not isinstance(value, bool) and is_gs101 and code in range(len(_POWER_CODES)):
        value = _POWER_CODES[int(code)]
    known = _POWER.get(word(value))
    return None if known is None else [telling.fault(known[0], holds=known[1])]


def _press(body: Object, telling: Telling, _: str) -> list[Said] | None:
    value = next(body[name] for name in _PRESS_NAMES if name in body)
    press = _PRESSES.get(number(value) or 0.0, "") or word(value).removesuffix("press").strip()
    return [telling.alarm("sos", holds=True, press=press)] if press in _PRESSES.values() else None


_PRESS_NAMES: Final = ("press", "button", "button_event", "button_status")


def _level(body: Object, telling: Telling, product: str) -> list[Said] | None:
    name = "depth" if "depth" in body else "water_level"
    depth = number(body[name])
    if depth is None or (name != "depth" and "em500-swl" not in product):
        return None
    return [telling.reading("water_level", round(depth * _CENTIMETRES, 6))]


def _position(body: Object, telling: Telling, _: str) -> list[Said] | None:
    position = _named(body["position"], ("normal", "tilt"))
    return [telling.state("tamper", "on" if position == "tilt" else "off", position=position)] if position else None


def _angles(body: Object, telling: Telling, _: str) -> list[Said]:
    said: list[Said] = []
    for axis in ("x", "y", "z"):
        angle = number(body.get(f"angle_{axis}"))
        if angle is not None:
            said.append(telling.reading("tilt", angle, part=axis))
        crossed = body.get(f"threshold_{axis}")
        is_crossed = True if word(crossed) == "trigger" else False if word(crossed) == "normal" else truth(crossed)
        if is_crossed is not None:
            said.append(telling.state("tamper", "on" if is_crossed else "off", part=axis))
    return said


def _radar(body: Object, telling: Telling, _: str) -> list[Said] | None:
    seen = _named(body.get("detection_status"), _DETECTIONS)
    events = body.get("events")
    falls = [each for each in (events if isinstance(events, list) else [body])[:HISTORY_MAX] if isinstance(each, dict)]
    turns = [turn for each in falls if (turn := _turn(each, seen, telling)) is not None]
    if not seen:
        return turns or None
    is_told = [] if turns else [telling.alarm("fall", holds=seen == "fall", detection_status=seen)]
    return [*is_told, *turns, telling.state("occupancy", "off" if seen == "vacant" else "on", detection_status=seen)]


def _turn(event: Object, seen: str, telling: Telling) -> Said | None:
    """What became of the radar's alarm of a fall, where this is one."""
    sort = _named(event.get("alarm_type", event.get("event_type")), _RADAR_TYPES) or seen
    status = event.get("alarm_status", event.get("event_status"))
    state = _RADAR_STATES.get(number(status) or 0.0, "") or word(status).removeprefix("alarm").strip()
    if sort != "fall" or state not in _RADAR_STATES.values():
        return None
    return telling.alarm("fall", holds=state == "triggered", alarm_status=state)


def _named(value: object, names: tuple[str, ...]) -> str:
    """The name, or that of the raw number."""
    code = number(value)
    if code is not None and code in range(len(names)):
        return names[int(code)]
    return word(value) if word(value) in names else ""


_Reads = Callable[[Object, Telling, str], "list[Said] | None"]
_READERS: Final[tuple[tuple[tuple[str, ...], _Reads], ...]] = (
    (("event",), _smoke_event),
    (("alarm",), _gas_power),
    (_PRESS_NAMES, _press),
    (("depth", "water_level"), _level),
    (("position",), _position),
    (tuple(f"{name}_{axis}" for name in ("angle", "threshold") for axis in "xyz"), _angles),
    (("detection_status", "alarm_status", "events", "event_status"), _radar),
)
"""Who reads which fields. None: these words are not his, and the table of all sensors may know them."""
