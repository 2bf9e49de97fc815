"""A flat object of sensor fields, read by the tables of names: conditions, quantities, test work, and what is only kept."""

from dataclasses import replace
from itertools import islice
from typing import Final

from ingest.adapter import Said
from ingest.coordinates import place_of
from ingest.iot.condition_words import ALARM_OF, FAULT_OF, FIELDS_MAX, OTHER, STATE_OF, TEST_WORDS, holds, is_word_only, status_of
from ingest.iot.quantity_words import Quantity, channel_of, plain, quantity_of
from ingest.iot.telling import Telling, agreed
from ingest.loose import Object, number, word
from rules.model import Attribute, Status

PAGE: Final = """| field | says |
|---|---|
| `smoke` `fire` `gas` `gas_leak` `co_alarm` `heat` `water_leak` `leak` `flood` `sos` `panic` `fall` … | alarm, on or off |
| `alarm: "smoke"` | that alarm |
| `alarm: true` | alarm `other_alarm`: there is one, and it is not said of what |
| `battery_low` `fault` `trouble` … | alarm `device_fault` of `NAME.battery_low` …, on or off |
| `tamper` `door_open` `contact_state: "open"` `motion` `pir` `occupancy` `presence` … | state |
| `temperature` `temp_f` `humidity` `co2` `co` `pm2_5` `illuminance` `battery` `water_level_cm` … | reading, in our unit |
| such a name with `{"value": 70, "unit": "°F"}`, any name above with `{"value": true}` | the same |
| an alarm's name with `{"alarm": true}`, `{"state": …}` or `{"status": …}` in it | that alarm |
| `temperature` with `unit` or `temperature_unit` `F` beside it | converted |
| `voltage` above 1000 without a unit | reading in V: it is a battery's in mV |
| `test` `self_test` `preheat` `mute` `silence` `simulated` `maintenance` | all of the message is a test |
| `exercise` `drill` | all of the message is an exercise |
| `latitude` with `longitude` | attributes, if they are a place |

Names may be written in any way (`CarbonDioxide`, `carbon-dioxide`); one that ends in a channel from 2 on (`temperature_2`) speaks
as `NAME.2`. What could be in several units (`water_level`, `gas: 120`) and names none is kept as an attribute, never a reading;
so is a `battery` that is no percentage (255, 3600, 3.6), and an alarm's field that is neither true nor false (`alarm: 7`).
`co: 1` is 1 ppm, `co: true` an alarm. `gas: 1` is an alarm. Of several fields that are one alarm (`smoke` and `fire_alarm`) one
that says yes is enough: the others do not end it."""
"""What the tables understand, for the pages of the formats that use them."""

_CHANNELS_MAX: Final = 64
_TOLD: Final = ("alarm", "state", "status")
_FAHRENHEIT: Final = frozenset({"f", "°f", "degf", "fahrenheit"})
_UNIT_FIELDS: Final = ("unit", "temperature_unit", "temp_unit")
_MILLIVOLTS_ABOVE: Final = 1000.0
"""A voltage above it, in a field that names no unit, is a battery's in mV, as with ``zigbee2mqtt``: no mains has a kilovolt."""
_KEPT: Final = frozenset(
    {"smoke_density", "gas_density", "gas_value", "smoke_value", "concentration", "water_level", "depth", "level", "fault"}
    | {"luminosity", "linkquality", "battery", "battery_voltage", "bat_v", "batv", "valve_status", "distance", "strength"}
)
_TEXT_LENGTH_MAX: Final = 64
_PLACES: Final = (("latitude", "longitude"), ("lat", "lng"), ("lat", "lon"))
_PERCENT_MAX: Final = 100.0
_VOLTS_BELOW: Final = 5.0
"""A battery of 3.6 is more likely one of 3.6 V than one of 3.6 %; ours."""


def said_of(body: Object, telling: Telling) -> list[Said]:
    """What the fields of an object say of a device; a sign of life that bears what is kept, where they say no more."""
    status = status_of(body)
    about = telling if status is Status.ACTUAL else replace(telling, status=status)
    said: list[Said] = []
    kept = _place(body)
    is_fahrenheit = any(word(body.get(name)) in _FAHRENHEIT for name in _UNIT_FIELDS)
    for name, value in islice(body.items(), FIELDS_MAX):
        found = _of_field(name, _in_fahrenheit(name, value) if is_fahrenheit else value, about)
        said += found
        if not found and (plain(name) in _KEPT or plain(name) in ALARM_OF) and _is_plain(value):
            kept[plain(name)] = value  # type: ignore[assignment]  # _is_plain has looked
    said = agreed(said)
    if not kept:
        return said
    return [replace(each, attributes={**kept, **each.attributes}) for each in said or [about.beat()]]


def _in_fahrenheit(name: str, value: object) -> object:
    """A temperature with the unit that stands beside it in the object."""
    is_bare = not isinstance(value, dict) and plain(name) in {"temperature", "temp"}
    return {"value": value, "unit": "f"} if is_bare else value


def _place(body: Object) -> dict[str, Attribute]:
    for latitude, longitude in _PLACES:
        if latitude in body and longitude in body:
            return place_of(number(body[latitude]), number(body[longitude]))
    return {}


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return word(value) != "" and len(value) <= _TEXT_LENGTH_MAX and value.isprintable()
    return isinstance(value, bool) or number(value) is not None


def _of_field(name: str, value: object, about: Telling) -> list[Said]:
    if isinstance(value, dict):
        return _measured(name, value, about)
    condition = _condition(plain(name), value, about)
    return _reading(name, value, about) if condition is None else [condition]


def _measured(name: str, value: Object, about: Telling) -> list[Said]:
    """``{"value": 70, "unit": "F"}``, or the channels of a Cayenne LPP decoder: ``{"1": 25.4, "3": 24.9}``."""
    told = next((value[key] for key in _TOLD if key in value), None) if plain(name) in ALARM_OF else None
    if told is not None and (alarm := _condition(plain(name), told, about)) is not None:
        return [alarm]
    if "value" in value:
        inside = value["value"]
        if not isinstance(inside, dict) and (condition := _condition(plain(name), inside, about)) is not None:
            return [condition]
        found, quantity = number(inside), quantity_of(name, word(value.get("unit")))
        if found is None or quantity is None:
            return []
        return [about.reading(quantity.kind, quantity.of(found), part=quantity.channel)]
    if len(value) > _CHANNELS_MAX or not all(key.isdecimal() for key in value):
        return []
    inner = ((f"{name}_{channel}", each) for channel, each in value.items() if not isinstance(each, dict))
    return [said for field, each in inner for said in _of_field(field, each, about)]


def _condition(name: str, value: object, about: Telling) -> Said | None:
    """The alarm, fault or state that a field is; None where it is none, or does not say."""
    part = ""
    if name not in ALARM_OF and name not in STATE_OF:
        name, part = channel_of(name)
    if (kind := ALARM_OF.get(name)) is not None:
        return _alarm(kind, name, value, replace(about, device=f"{about.device}.{part}") if part else about)
    now = holds(value)
    if now is None:
        return None
    if (fault := FAULT_OF.get(name)) is not None:
        return about.fault(fault, holds=now)
    if (state := STATE_OF.get(name)) is None or (is_word_only(name) and not isinstance(value, str)):
        return None
    kind, on, off = state
    return about.state(kind, on if now else off, part=part)


def _alarm(kind: str, name: str, value: object, about: Telling) -> Said | None:
    text = word(value)
    if not isinstance(value, bool) and number(value) is not None and quantity_of(name) is not None:  # co: 1 is 1 ppm
        return None
    if text in TEST_WORDS:
        return replace(about, status=Status.TEST).alarm(kind, holds=True)
    if kind == OTHER and (named := ALARM_OF.get(plain(text), kind)) != kind:
        return about.alarm(named, holds=True)
    now = holds(value)
    return None if now is None else about.alarm(kind, holds=now)


def _reading(name: str, value: object, about: Telling) -> list[Said]:
    quantity, found = quantity_of(name), number(value)
    if quantity is None or found is None or not _is_likely(quantity, found):
        return []
    is_millivolts = quantity.kind == "voltage" and quantity.factor == 1.0 and found > _MILLIVOLTS_ABOVE
    return [about.reading(quantity.kind, quantity.of(found / 1000 if is_millivolts else found), part=quantity.channel)]


def _is_likely(quantity: Quantity, found: float) -> bool:
    if quantity.kind != "battery":
        return True
    return 0 <= found <= _PERCENT_MAX and (found >= _VOLTS_BELOW or found == round(found))
