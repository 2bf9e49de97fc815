"""Tasmota: ``tele/NAME/SENSOR`` with its chips, Zigbee (``ZbReceived``) and LoRaWAN (``LwReceived``); its will ``LWT``.

| what comes | what it says |
|---|---|
| `LWT` `Online` | a sign of life; ends `NAME.offline` |
| `LWT` `Offline` | alarm `device_fault` on of `NAME.offline` |
| `SENSOR` `{"SCD40": {"CarbonDioxide": 900, …}}` | readings, by the table below; what a second chip repeats is of `NAME.CHIP` |
| `STATE` `INFO1` …, `SENSOR` without more | a sign of life |
| `ZbReceived` `{"0x099F": {"Name": …}}` | of that device, by its `Name`, else its short address: |
| … `Fire` `Water` `CO` `Panic` `PersonalAlarm` | alarm `smoke`, `water_leak`, `carbon_monoxide`, `sos` on (1) or off (0) |
| … `Contact` | state `opening`: **1 is open** (Zigbee2MQTT has it the other way round) |
| … `Occupancy` | state `occupancy` |
| … `Temperature` `Humidity` `Illuminance` `BatteryPercentage` | readings |
| … `ZoneStatusChange` | its bits: tamper (state), battery low and trouble (`device_fault`), test: all of it is a test |
| … `0500!00: "010000FF0000"` alone | the alarm bit of an old firmware: `water_leak` on; `000000FF0000`: off (see below) |
| `LwReceived`, there or as the topic's end | the same tables; `DoorOpen` is state `opening`, `Battery` is in V: kept |
| `Time` | when; without a zone it is that of the contract |

Traps: FullTopic may put NAME first (`NAME/tele/SENSOR`) or have more levels; NAME is what is left. `TempUnit: "F"` converts the
temperatures. The `ESP32` chip's temperature is the processor's: not read. A short address changes when a device joins again:
name your devices. A raw `0500!00` without `Fire`, `Contact` or the like does not say of what it is: a name with smoke, gas, door,
motion or sos in it tells, else it is the leak sensor for which Tasmota's own guide uses it. Relays (`POWER`, `Switch1`) say
nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.iot import sensor_fields
from ingest.iot.sensor_fields import said_of
from ingest.iot.telling import Telling
from ingest.loose import Object, inner, instant, number, read_object, text, truth, word
from ingest.refusal import Refused
from rules.model import Network

_PREFIXES: Final = frozenset({"tele", "stat"})
_SPEAKS: Final = re.compile(r"SENSOR|STATE|RESULT|STATUS\d{0,2}|INFO\d|HASS_STATE")
_ALIVE: Final = re.compile(r"SENSOR|STATE|INFO\d|HASS_STATE")
_BRIDGES: Final = ("ZbReceived", "LwReceived")
_SHORT_ADDRESS: Final = re.compile(r"0x[0-9A-Fa-f]{1,4}")
_CHIPS_MAX: Final = 100
_DEVICES_MAX: Final = 100
_PROCESSORS: Final = frozenset({"ESP32", "ESP8266"})
_ZIGBEE: Final = {
    "Fire": "smoke",
    "Water": "water_leak",
    "CO": "carbon_monoxide",
    "Panic": "sos",
    "PersonalAlarm": "sos",
    "Contact": "door_open",
    "Occupancy": "occupancy",
}
_QUANTITIES: Final = ("Temperature", "Humidity", "Illuminance", "BatteryPercentage", "BatteryVoltage")
_RAW_ZONE: Final = re.compile(r"0500[!<?]00")
_TAMPER, _LOW, _TROUBLE, _TEST = 0x04, 0x08, 0x40, 0x100  # Zigbee cluster library, zone status
_BY_NAME: Final = (
    (re.compile("smoke|fire|烟"), "smoke"),
    (re.compile("gas|燃气"), "gas"),
    (re.compile("door|window|contact|门|窗"), "door_open"),
    (re.compile("motion|pir|红外"), "motion"),
    (re.compile("sos|panic|求助"), "sos"),
)


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a message of a device says."""
    device, command = _parts(foreign.topic)
    if command == "LWT":
        return _will(device, word(foreign.payload.decode("utf-8", "replace")))
    if not device or not (command in _BRIDGES or _SPEAKS.fullmatch(command)):
        return Ignored("no telemetry of a device")
    body = read_object(foreign.payload)
    if isinstance(body, Refused):
        return body
    telling = Telling(device=device, at=instant(body.get("Time")))
    if command in _BRIDGES:  # SetOption118; with SetOption119 the device stands in the topic alone
        devices = body if any(isinstance(each, dict) for each in body.values()) else {device.rpartition("/")[2]: body}
        return _of_bridge(command, devices, telling) or Ignored("no device says anything")
    said = _said(inner(body, "StatusSNS") or body, telling)
    if not said and _ALIVE.fullmatch(command):
        said.append(telling.beat())
    return said or Ignored("the answer to a command")


def _parts(topic: str) -> tuple[str, str]:
    """The device and what speaks, wherever FullTopic has put the prefix."""
    levels = topic.split("/")
    return "/".join(level for level in levels[:-1] if level and level not in _PREFIXES), levels[-1]


def _will(device: str, state: str) -> list[Said] | Ignored:
    telling = Telling(device=device)
    if not device or state not in {"online", "offline"}:
        return Ignored("neither online nor offline")
    is_lost = state == "offline"
    return [*([] if is_lost else [telling.beat()]), telling.fault("offline", holds=is_lost)]


def _said(body: Object, telling: Telling) -> list[Said]:
    said: list[Said] = []
    known: set[tuple[str, str]] = set()
    is_fahrenheit = word(body.get("TempUnit")) == "f"
    for index, (chip, fields) in enumerate(body.items()):
        if index >= _CHIPS_MAX:
            break
        if not isinstance(fields, dict) or chip in _PROCESSORS:
            continue
        if chip in _BRIDGES:
            said += _of_bridge(chip, fields, telling)
        elif _SHORT_ADDRESS.fullmatch(chip):
            said += _of_bridge("ZbReceived", {chip: fields}, telling)
        else:
            found = said_of(dict(_in_celsius(fields)) if is_fahrenheit else fields, telling)
            kinds = {(each.kind, each.device) for each in found}
            if kinds & known:
                found = said_of(dict(_in_celsius(fields)) if is_fahrenheit else fields, _part(telling, chip))
            known |= kinds
            said += found
    return said


def _in_celsius(fields: Object) -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        yield name, {"value": value, "unit": "f"} if name == "Temperature" else value


def _part(telling: Telling, chip: str) -> Telling:
    return replace(telling, device=f"{telling.device}.{chip}")


def _of_bridge(bridge: str, devices: Object, telling: Telling) -> list[Said]:
    """What the devices behind a bridge say; each is heard for itself, and the bridge is its gateway."""
    said: list[Said] = []
    for index, (address, fields) in enumerate(devices.items()):
        if index < _DEVICES_MAX and isinstance(fields, dict):
            name = text(fields.get("Name")) or address
            its = replace(
                telling, device=name, gateway=telling.device, attributes={"address": text(fields.get("Device")) or text(address)}
            )
            flat = dict(_zigbee(fields, name)) if bridge == "ZbReceived" else dict(_lorawan(fields))
            said += said_of(flat, its) or [its.beat()]
    return said


def _zigbee(fields: Object, name: str) -> Iterator[tuple[str, object]]:
    """A Zigbee device's attributes under the names of the tables; conditions as truths, because ``CO: 1`` is an alarm here."""
    is_typed = False
    for attribute, known in _ZIGBEE.items():
        if (holds := truth(fields.get(attribute))) is not None:
            is_typed = True
            others = (truth(fields.get(other)) for other, kind in _ZIGBEE.items() if kind == known)
            yield known, holds or any(others)  # of Panic and PersonalAlarm one is enough
    raw = next((value for key, value in fields.items() if _RAW_ZONE.fullmatch(key)), None)
    status = number(fields.get("ZoneStatusChange"))
    bits = int(status) if status is not None and 0 <= status <= 0xFFFF else _bits(raw)
    if bits is not None:
        if not is_typed:
            yield _kind_by(name), bool(bits & 0x03)
        yield "tamper", bool(bits & _TAMPER)
        yield "battery_low", bool(bits & _LOW)
        yield "trouble", bool(bits & _TROUBLE)
        yield "test", bool(bits & _TEST)
    for quantity in _QUANTITIES:
        if quantity in fields:
            yield quantity, fields[quantity]


def _bits(raw: object) -> int | None:
    """The zone status in the first two bytes, the low one first: ``010000FF0000``."""
    try:
        content = bytes.fromhex(raw) if isinstance(raw, str) else b""
    except ValueError:
        return None
    return int.from_bytes(content[:2], "little") if len(content) >= 2 else None


def _kind_by(name: str) -> str:
    return next((kind for pattern, kind in _BY_NAME if pattern.search(name.lower())), "water_leak")


def _lorawan(fields: Object) -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        yield "battery_voltage" if name == "Battery" else name, value


FORMAT: Final = Format(
    name="tasmota",
    network=Network.IOT,
    zh="Tasmota 固件设备",
    en="devices with Tasmota",
    words=f"{__doc__}\n{sensor_fields.PAGE}",
    opens=pure(read),
    examples=(
        Example(
            "tele/hall/SENSOR",
            b'{"Time":"2026-11-03T08:05:06","SCD40":{"CarbonDioxide":900,"Temperature":71.6,"Humidity":48.1},"TempUnit":"F"}',
        ),
        Example(
            "tele/zbbridge/SENSOR",
            b'{"ZbReceived":{"0x099F":{"Device":"0x099F","Name":"cellar","0500!00":"010000FF0000","Endpoint":1,"LinkQuality":70}}}',
        ),
        Example("tele/zbbridge/SENSOR", b'{"ZbReceived":{"0x662E":{"Device":"0x662E","ZoneStatusChange":33,"Contact":1}}}'),
        Example("tele/hall/LWT", b"Offline"),
    ),
)
