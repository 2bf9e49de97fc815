"""What field names say of quantities: ``temperature``, ``TempC``, ``co2_ppm``, ``water_level_cm``; in our units from here on.

One table for all formats whose fields are free (LoRaWAN decoders, ThingsBoard keys, Hono and Ditto bodies, Tasmota's chips).
A name may be written in any way (``CarbonDioxide``, ``carbon-dioxide``) and end in its unit and in a channel (``temp_f_2``).
What could be in several units (a level, a pressure, a gas) and names none is no reading.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Quantity:
    """A kind of reading, how its number becomes one in our unit, and which channel of the device it is of ("": the device)."""

    kind: str
    factor: float = 1.0
    added: float = 0.0
    channel: str = ""

    def of(self, number: float) -> float:
        """The number in the kind's unit, with the digits that it came with."""
        return round(number * self.factor + self.added, 6)


_NAMES: Final = {
    "temperature": "temperature temp air_temperature ambient_temperature room_temperature temperature_sensor temp_c_sht",
    "humidity": "humidity hum relative_humidity air_humidity rh humidity_sensor hum_sht",
    "battery": "battery battery_level battery_percent battery_percentage",
    "oxygen": "oxygen o2",
    "smoke_obscuration": "smoke_obscuration obscuration",
    "carbon_monoxide": "co carbon_monoxide",
    "carbon_dioxide": "co2 carbon_dioxide",
    "methane": "methane ch4 gas lel combustible_gas gas_concentration",
    "pm25": "pm25 pm2_5 pm_2_5",
    "noise": "noise noise_level sound_level laeq",
    "illuminance": "illuminance illumination lux light_intensity illuminance_sensor",
    "residual_current": "residual_current leakage_current",
    "cable_temperature": "cable_temperature wire_temperature",
    "voltage": "voltage",
    "current": "current",
    "power": "power active_power apower",
    "water_level": "water_level water_depth liquid_level level depth",
    "water_flow": "water_flow flow_rate",
    "water_pressure": "water_pressure pipe_pressure",
    "tilt": "tilt tilt_angle",
    "person_count": "person_count people_count people persons",
    "signal_strength": "rssi signal_strength",
}
_CELSIUS: Final = {
    "c degc celsius cel °c": (1.0, 0.0),
    "f degf fahrenheit °f": (5 / 9, -160 / 9),
    "k kelvin": (1.0, -273.15),
}
_SHARE: Final = {"pct percent % rh %rh": (1.0, 0.0)}
_UNITS: Final[Mapping[str, Mapping[str, tuple[float, float]]]] = {
    "temperature": _CELSIUS,
    "cable_temperature": _CELSIUS,
    "humidity": _SHARE,
    "battery": _SHARE,
    "oxygen": {"pct percent % vol %vol": (1.0, 0.0)},
    "smoke_obscuration": {"pct_m percent_m %/m": (1.0, 0.0)},
    "carbon_monoxide": {"ppm": (1.0, 0.0)},
    "carbon_dioxide": {"ppm": (1.0, 0.0)},
    "methane": {"lel pct_lel percent_lel %lel": (1.0, 0.0), "ppm": (1 / 500, 0.0)},  # 100 %LEL of methane is 5 %vol
    "pm25": {"ug ugm3 ug_m3 µg/m³ ug/m3": (1.0, 0.0)},
    "noise": {"db dba dbs db(a)": (1.0, 0.0)},
    "illuminance": {"lx lux": (1.0, 0.0)},
    "residual_current": {"ma": (1.0, 0.0), "a": (1000.0, 0.0)},
    "voltage": {"v volt volts": (1.0, 0.0), "mv": (0.001, 0.0)},
    "current": {"a amp ampere": (1.0, 0.0), "ma": (0.001, 0.0)},
    "power": {"w watt watts": (1.0, 0.0), "kw": (1000.0, 0.0)},
    "water_level": {"mm": (1.0, 0.0), "cm": (10.0, 0.0), "m": (1000.0, 0.0)},
    "water_flow": {"l_h lph l/h": (1.0, 0.0), "l_min lpm l/min": (60.0, 0.0), "m3_h m³/h m3/h": (1000.0, 0.0)},
    "water_pressure": {"kpa": (1.0, 0.0), "pa": (0.001, 0.0), "mpa": (1000.0, 0.0), "bar": (100.0, 0.0)},
    "tilt": {"deg degree degrees °": (1.0, 0.0)},
    "signal_strength": {"dbm": (1.0, 0.0)},
}
_NEEDS_UNIT: Final = frozenset({"methane", "water_level", "water_flow", "water_pressure", "smoke_obscuration"})
"""mm, cm or m; ppm or %LEL; %/m or raw: without its unit such a number could be anything."""

_KIND_OF: Final = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_SCALE_OF: Final = {
    (kind, unit): scale for kind, units in _UNITS.items() for written, scale in units.items() for unit in written.split()
}
_EDGE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\s.\-/]")
_MANY: Final = re.compile(r"_{2,}")
NAME_LENGTH_MAX: Final = 48
"""Longer names are no names of the tables; what is remembered of names stays small."""
_UNIT_WORDS_MAX: Final = 2


def plain(name: str) -> str:
    """A field's name as the tables write it: ``CarbonDioxide`` and ``carbon-dioxide`` are ``carbon_dioxide``."""
    return _plain(name[:NAME_LENGTH_MAX])


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return _MANY.sub("_", _EDGE.sub("_", name).lower()).strip("_")


def channel_of(name: str) -> tuple[str, str]:
    """A plain name without its channel, and the channel: ``temperature_3`` is of "3"; the first, or none, is the device: ""."""
    head, _, tail = name.rpartition("_")
    if not head or not tail.isdecimal():
        return name, ""
    return head, "" if int(tail) <= 1 else tail


def quantity_of(name: str, unit: str = "") -> Quantity | None:
    """What a number in a field of this name is, and with a unit beside it; None where that is not certain."""
    return _found(name, unit) if len(name) <= NAME_LENGTH_MAX and len(unit) <= NAME_LENGTH_MAX else None


@lru_cache(maxsize=4096)
def _found(name: str, unit: str) -> Quantity | None:
    written = plain(name)
    if (found := _quantity(written, unit)) is not None:
        return found
    head, channel = channel_of(written)
    found = _quantity(head, unit)
    return None if found is None else replace(found, channel=channel)


def _quantity(name: str, unit: str) -> Quantity | None:
    kind = _KIND_OF.get(name, "")
    if kind:
        if unit:
            scale = _SCALE_OF.get((kind, unit.strip().lower().replace("℃", "°c")))
            return None if scale is None else Quantity(kind, *scale)
        return None if kind in _NEEDS_UNIT else Quantity(kind)
    words = name.split("_")
    for count in range(1, min(_UNIT_WORDS_MAX, len(words) - 1) + 1):
        kind = _KIND_OF.get("_".join(words[:-count]), "")
        scale = _SCALE_OF.get((kind, "_".join(words[-count:])))
        if scale is not None:
            return Quantity(kind, *scale)
    return None
