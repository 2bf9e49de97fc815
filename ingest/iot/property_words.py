"""Names that integrators give to what their devices measure, where only the name says it: kind, and how the value is said.

Sparkplug metrics, product models of cloud platforms and flat telemetry share them. A name that fits several quantities, or whose
unit differs from maker to maker ("pressure", "level", "contact"), is in no table: what is not clear is not guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ingest.adapter import Said
from ingest.loose import number, truth
from rules.model import Attribute, EventClass, Status


@dataclass(frozen=True, slots=True)
class Word:
    """What a name stands for. A reading's value is ``raw * factor``; a state or alarm is ``true`` or ``false`` in our words."""

    event_class: EventClass
    kind: str
    factor: float = 1.0
    true: str = "on"
    false: str = "off"
    fault: str = ""


_READINGS: Final = {
    "temperature": "temperature temp current_temperature indoor_temperature env_temperature 温度",
    "humidity": "humidity relative_humidity current_humidity env_humidity 湿度",
    "carbon_dioxide": "co2 carbon_dioxide co2_value",
    "carbon_monoxide": "co carbon_monoxide co_value",
    "methane": "gas_lel methane_lel gas_concentration_lel",
    "smoke_obscuration": "smoke_obscuration",
    "pm25": "pm25 pm2_5 pm2_5_value",
    "illuminance": "illuminance lux illumination",
    "noise": "noise noise_level sound_level",
    "battery": "battery battery_level battery_percentage battery_percent remaining_battery",
    "voltage": "voltage",
    "current": "current",
    "power": "active_power",
    "residual_current": "residual_current leakage_current",
    "cable_temperature": "cable_temperature",
    "water_level": "water_level_mm",
    "water_pressure": "water_pressure_kpa",
    "tilt": "tilt tilt_angle",
    "person_count": "person_count people_count",
    "signal_strength": "rssi signal_strength",
}
_ALARMS: Final = {
    "smoke": "smoke smoke_alarm smoke_detected fire fire_alarm smoke_sensor_alarm 烟雾报警 火警",
    "heat": "heat heat_alarm temperature_alarm high_temperature_alarm",
    "gas": "gas gas_alarm gas_leak gas_detected gas_sensor_alarm 燃气报警",
    "carbon_monoxide": "co_alarm carbon_monoxide_alarm",
    "water_leak": "water_leak leak flood water_alarm leak_alarm water_leak_alarm flood_alarm water_sensor_alarm",
    "sos": "sos sos_alarm emergency panic panic_alarm help emergency_alarm",
    "fall": "fall fall_alarm fall_detected",
    "intrusion": "intrusion intrusion_alarm",
    "power_lost": "power_lost power_failure power_off_alarm",
    "person_trapped": "person_trapped",
}
_STATES: Final = {
    "opening": ("door_open window_open is_open opening", "open", "closed"),
    "occupancy": ("occupancy presence occupied human_presence", "on", "off"),
    "motion": ("motion motion_detected pir motion_alarm", "on", "off"),
    "tamper": ("tamper tamper_alarm anti_tamper tampered", "on", "off"),
}
_FAULTS: Final = {
    "battery_low": "battery_low low_battery battery_low_alarm low_battery_alarm low_voltage low_voltage_alarm",
    "trouble": "trouble fault device_fault fault_alarm sensor_fault malfunction 故障",
    "removed": "removed dismantled dismantle_alarm",
}
TESTING: Final = frozenset({"test", "self_test", "selftest", "preheat", "silence", "mute", "muted", "simulated", "simulation"})
"""Names whose truth makes all that stands beside them a test."""


def _table() -> Mapping[str, Word]:
    table = {name: Word(EventClass.READING, kind) for kind, names in _READINGS.items() for name in names.split()}
    table |= {name: Word(EventClass.ALARM, kind) for kind, names in _ALARMS.items() for name in names.split()}
    for kind, (names, true, false) in _STATES.items():
        table |= {name: Word(EventClass.STATE, kind, true=true, false=false) for name in names.split()}
    for fault, names in _FAULTS.items():
        table |= {name: Word(EventClass.ALARM, "device_fault", fault=fault) for name in names.split()}
    return MappingProxyType(table)


WORDS: Final = _table()
_EDGE: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP: Final = re.compile(r"[\s\-.]+")
_NAME_MAX: Final = 64


def plain_name(name: str) -> str:
    """``SmokeAlarm``, ``smoke alarm``, ``smoke-alarm`` are one name: ``smoke_alarm``. Longer than any word of ours: ""."""
    return _GAP.sub("_", _EDGE.sub("_", name.strip())).lower() if len(name) <= _NAME_MAX else ""


def word_of(name: str) -> Word | None:
    """What a name stands for; None where it is none of ours."""
    return WORDS.get(plain_name(name))


def property_said(
    word: Word,
    device: str,
    value: object,
    *,
    at: str | float | None = None,
    status: Status = Status.ACTUAL,
    gateway: str = "",
    attributes: Mapping[str, Attribute] = MappingProxyType({}),
) -> Said | None:
    """The event that a value of this word is; None where the value says nothing. A fault is of a part of its own."""
    if word.event_class is EventClass.READING:
        found = number(value)
        if found is None:
            return None
        return Said(
            event_class=EventClass.READING,
            kind=word.kind,
            device=device,
            value=found * word.factor,
            at=at,
            status=status,
            gateway=gateway,
            attributes=attributes,
        )
    holds = truth(value)
    if holds is None:
        return None
    return Said(
        event_class=word.event_class,
        kind=word.kind,
        device=f"{device}.{word.fault}" if word.fault else device,
        state=word.true if holds else word.false,
        at=at,
        status=status,
        gateway=gateway,
        attributes={**attributes, "fault": word.fault} if word.fault else attributes,
    )
