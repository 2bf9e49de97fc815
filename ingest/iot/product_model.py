"""Properties and events of a device as the product models of cloud platforms have them (Aliyun, OneNET, CTWing, Huawei).

A property is a value, or ``{"value": ..., "time": ...}`` with a time of its own. An event is a name, a kind (info, alert, error)
and fields. The names are the maker's; those of the tables are understood, and those that the platforms' own models fix.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from ingest.adapter import Said
from ingest.iot.condition_words import ALARM_OF, FAULT_OF, OTHER, status_of
from ingest.iot.quantity_words import plain
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling, agreed
from ingest.loose import Object, instant, number, word
from rules.model import EventClass, Status

PAGE: Final = """| property or field of an event | says |
|---|---|
| what the tables of sensor fields know (`smoke`, `temperature`, `co2`, `battery`, `tamper` … see `hono`) | the same |
| `CurrentTemperature` `CurrentHumidity` | readings |
| `smoke_state` `SmokeSensorState` | alarm `smoke`: 1 on, 0 off |
| `gas_sensor_state` `GasSensorState` | alarm `gas`: 0 off; 1 low and 2 high concentration are on, with `concentration` |
| `water_sensor_state` `WaterSensorState` | alarm `water_leak`: 1 on, 0 off |
| `battery_state` | alarm `device_fault` of `NAME.battery_low`: 1 on, 0 off |
| `error_code` | alarm `device_fault` of `NAME.error`: 0 off, else on with `error_code` |
| an event whose name the tables know as an alarm, and whose fields do not say that it is off | that is on |
| an event whose name the tables know as a fault, and whose fields say nothing | that is on |
| an event of the kind `alert`, `warning` or 2 that says nothing else | alarm `other_alarm`: it is not said of what |
| an event of the kind `error` or 3 that says nothing else | alarm `device_fault` of `NAME.event` on |
| anything else | a sign of life |"""
"""What the product models say, for the pages of the platforms."""

FIELDS_MAX: Final = 300
"""Properties of one message that are looked at; ours."""
_RENAMED: Final = {
    "current_temperature": "temperature",
    "current_humidity": "humidity",
    "smoke_state": "smoke",
    "smoke_sensor_state": "smoke",
    "water_sensor_state": "water_leak",
    "battery_state": "battery_low",
}
_GAS: Final = frozenset({"gas_sensor_state", "gas_state"})
_CONCENTRATION: Final = {1: "low", 2: "high"}
_ERROR: Final = "error_code"
_FAULTS: Final = frozenset({"error", "fault", "3"})
_ALERTS: Final = frozenset({"alert", "warning", "warn", "2"})


def properties(items: Object, telling: Telling) -> list[Said]:
    """What the properties of one device say; a sign of life where none says anything."""
    plainly = {name: _value(value) for name, value in islice(items.items(), FIELDS_MAX)}
    status = status_of(plainly)
    about = telling if status is Status.ACTUAL else replace(telling, status=status)
    fields: dict[object, dict[str, object]] = {}
    for name, value in plainly.items():
        at = _time(items[name])
        fields.setdefault(at if at is not None else telling.at, {})[name] = value
    said = [each for at, group in fields.items() for each in fields_said(group, replace(about, at=instant(at)))]
    return said or [about.beat()]


def fields_said(fields: Object, telling: Telling) -> list[Said]:
    """What the fields of one device say at one time; nothing where they say nothing."""
    if (status := status_of(fields)) is not Status.ACTUAL:
        telling = replace(telling, status=status)
    said = [each for name, value in islice(fields.items(), FIELDS_MAX) for each in _own(plain(name), value, telling)]
    rest: Mapping[str, object] = {
        _RENAMED.get(plain(name), name): value for name, value in islice(fields.items(), FIELDS_MAX) if not _is_own(plain(name))
    }
    return agreed(said + said_of(rest, telling))


def event(name: str, kind: object, value: object, telling: Telling) -> list[Said]:
    """What an event of a product model says. ``kind``: info, alert, error, or 1, 2, 3."""
    said = fields_said(value, telling) if isinstance(value, dict) else []
    status = status_of(value) if isinstance(value, dict) else Status.ACTUAL
    about = telling if status is Status.ACTUAL else replace(telling, status=status)
    if (found := ALARM_OF.get(plain(name))) and not any(_is_alarm(each, found) for each in said):
        return [about.alarm(found, holds=True, event=name), *(each for each in said if each.kind != "heartbeat")]
    if any(each.kind != "heartbeat" for each in said):
        return said
    grade = word(kind) or str(kind if isinstance(kind, int) else "")
    if found := FAULT_OF.get(plain(name)):
        return [telling.fault(found, holds=True)]
    if grade in _FAULTS:
        return [telling.alarm("device_fault", holds=True, part="event", fault="event", event=name)]
    if grade in _ALERTS:
        return [about.alarm(OTHER, holds=True, **({"event": name} if name else {}))]
    return said or [replace(telling.beat(), attributes={"event": name} if name else {})]


def _is_alarm(said: Said, kind: str) -> bool:
    """Whether this says of that alarm, or of a more certain one, whether it holds."""
    return said.event_class is EventClass.ALARM and (said.kind == kind or (kind == OTHER and said.kind != "device_fault"))


def lifecycle(state: object, telling: Telling) -> list[Said]:
    """Online and offline, in words or as 1 and 0; nothing where it is neither."""
    said = word(state) or str(state if isinstance(state, int) else "").lower()
    if said in {"online", "1", "true"}:
        return [telling.beat(), telling.fault("offline", holds=False)]
    return [telling.fault("offline", holds=True)] if said in {"offline", "0", "false"} else []


def _is_own(name: str) -> bool:
    return name in _GAS or name == _ERROR


def _own(name: str, value: object, telling: Telling) -> Iterator[Said]:
    """The codes that are neither truths nor quantities."""
    code = number(value)
    if code is None or not _is_own(name):
        return
    if name == _ERROR:
        yield telling.alarm("device_fault", holds=code != 0, part="error", fault="error", error_code=code)
    elif code in _CONCENTRATION:
        yield telling.alarm("gas", holds=True, concentration=_CONCENTRATION[int(code)])
    elif code == 0:
        yield telling.alarm("gas", holds=False)


def _value(value: object) -> object:
    return value["value"] if isinstance(value, dict) and "value" in value and "unit" not in value else value


def _time(value: object) -> str | float | None:
    return instant(value.get("time", value.get("timestamp"))) if isinstance(value, dict) and "value" in value else None
