"""SenML (RFC 8428, `application/senml+json`): an array of records whose base fields hold for all that follow.

| what comes | what it says |
|---|---|
| `bn` + `n` | the device, with its last part as the quantity where that is a word we know (`…:temperature`) |
| `u` (or `bu`) `Cel` `%RH` `lx` `V` `A` `W` `%EL` | readings of temperature, humidity, illuminance, voltage … battery |
| `u` `ppm` | reading `carbon_monoxide` or `carbon_dioxide`, where the name says which |
| `m` with a name of a level | reading `water_level` in mm |
| `vb` with the name of an alarm (`smoke`, `fire_alarm`, `gas_leak`, `panic` …) | alarm of that kind, on or off |
| `bv` `v` | the sum; `bt` `t` likewise: below 2^28 it is relative to when it was received, and without one it is now |

Traps: the same bytes without an absolute time are said anew each time that they come: a second fire of the same words is a fire
again. `s` (a sum over time) and `vd` (binary) say nothing here. A record with `bver` above 10 is refused, as the RFC asks. A
unit that we do not know makes no reading: a guessed one would be worse than none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from ingest.adapter import NAME_LENGTH_MAX, SAID_MAX, Example, Foreign, Format, Ignored, Said, pure
from ingest.careful import read_json
from ingest.iot.condition_words import ALARM_OF
from ingest.iot.quantity_words import plain
from ingest.loose import number, truth
from ingest.refusal import Refusal, Refused, shown
from rules.kinds import KINDS
from rules.model import EventClass, Network

_VERSION_MAX: Final = 10  # RFC 8428, 4.4
_RELATIVE_BELOW: Final = 2**28  # RFC 8428, 4.5.3
_UNITS: Final = {  # RFC 8428, 12.1
    "Cel": ("temperature", 1.0),
    "%RH": ("humidity", 1.0),
    "lx": ("illuminance", 1.0),
    "V": ("voltage", 1.0),
    "A": ("current", 1.0),
    "W": ("power", 1.0),
    "%EL": ("battery", 1.0),
    "Pa": ("water_pressure", 0.001),
    "m": ("water_level", 1000.0),
    "dBm": ("signal_strength", 1.0),
}
_BY_NAME: Final = {
    "co": "carbon_monoxide",
    "carbon_monoxide": "carbon_monoxide",
    "co2": "carbon_dioxide",
    "carbon_dioxide": "carbon_dioxide",
}
_NAMED: Final = {"water_level": ("level", "depth"), "water_pressure": ("pressure",)}
"""Units that many quantities share: only the name says that it is ours."""


def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
    """What a pack of records says."""
    pack = read_json(foreign.payload)
    if isinstance(pack, Refused):
        return pack
    if not isinstance(pack, list) or not all(isinstance(record, dict) for record in pack):
        return Refused(Refusal.NOT_AN_OBJECT, f"expected an array of SenML records (RFC 8428), came {shown(pack)}")
    said: list[Said] = []
    for index, record in enumerate(_resolved(pack)):
        if isinstance(record, Refused):
            return record
        said += [_timed(each, foreign, index) for each in _of(record)]
        if len(said) > SAID_MAX:
            return Refused(Refusal.TOO_MANY, f"expected at most {SAID_MAX} events in a pack")
    return said or Ignored("no record says anything of concern")


def _resolved(pack: list[dict[str, object]]) -> Iterator[Mapping[str, object] | Refused]:
    """Each record with its base fields worked in: full name, unit, time in s, value."""
    base: dict[str, object] = {}
    base_name = ""
    for record in pack:
        base |= {key: record[key] for key in ("bt", "bu", "bv", "bver") if key in record}
        base_name = str(record["bn"]) if "bn" in record else base_name
        if len(base_name) > NAME_LENGTH_MAX:
            yield Refused(Refusal.TOO_LONG, f"bn: expected at most {NAME_LENGTH_MAX} characters, came {len(base_name)}")
            return
        version = number(base.get("bver", _VERSION_MAX))
        if version is None or version > _VERSION_MAX:
            yield Refused(
                Refusal.OUT_OF_RANGE, f"bver: expected at most {_VERSION_MAX} (RFC 8428), came {shown(base.get('bver'))}"
            )
            return
        time_s = (number(base.get("bt")) or 0.0) + (number(record.get("t")) or 0.0)
        value = number(record.get("v"))
        base_value = number(base.get("bv")) or 0.0
        yield {
            "name": f"{base_name}{record.get('n', '')}",
            "unit": record.get("u", base.get("bu", "")),
            "at": time_s,
            "value": None if value is None else value + base_value,
            "truth": truth(record["vb"]) if "vb" in record else None,
        }


def _timed(said: Said, foreign: Foreign, index: int) -> Said:
    """At an absolute time. Where the time is relative, what makes it this event and no other is that it has come now."""
    time_s = number(said.at)
    if not time_s:
        return replace(said, at=None)
    if time_s >= _RELATIVE_BELOW:
        return said
    come = blake2b(f"{foreign.topic}\n{foreign.arrival}\n{index}".encode("utf-8", "replace"), digest_size=16).hexdigest()
    return replace(said, at=foreign.received_at / 1000 + time_s, id=f"r-{come}")


def _of(record: Mapping[str, object]) -> list[Said]:
    device, quantity = _split(str(record["name"]))
    at = number(record["at"])
    holds, value = record["truth"], number(record["value"])
    alarm = quantity if (EventClass.ALARM, quantity) in KINDS else ALARM_OF.get(plain(quantity), "")
    if isinstance(holds, bool) and alarm:
        state = "on" if holds else "off"
        return [Said(event_class=EventClass.ALARM, kind=alarm, device=device, state=state, at=at)]
    kind, factor = _kind_of(str(record["unit"]), quantity)
    if value is None or not kind:
        return []
    return [Said(event_class=EventClass.READING, kind=kind, device=device, value=value * factor, at=at)]


def _split(name: str) -> tuple[str, str]:
    """The device and the quantity: the part after the last separator where it is no number; else the whole is the device."""
    cut = max(name.rfind(mark) for mark in ":/.")
    tail = name[cut + 1 :].lower()
    if cut > 0 and tail.replace("_", "").isalpha() and not _is_hexadecimal(tail):
        return name[:cut], tail
    return name.rstrip(":/."), ""


def _is_hexadecimal(text: str) -> bool:
    return len(text) >= 8 and all(letter in "0123456789abcdef" for letter in text)


def _kind_of(unit: str, quantity: str) -> tuple[str, float]:
    if unit == "ppm":
        return _BY_NAME.get(quantity, ""), 1.0
    kind, factor = _UNITS.get(unit, ("", 1.0))
    if kind in _NAMED and not any(word in quantity for word in _NAMED[kind]):
        return "", 1.0
    return kind, factor


FORMAT: Final = Format(
    name="senml",
    network=Network.IOT,
    zh="SenML 测量列表",
    en="SenML sensor measurement lists",
    words=__doc__,
    opens=pure(read),
    examples=(
        Example(
            "sensors/room-3",
            b'[{"bn": "urn:dev:mac:0024befffe804ff1:", "bt": 1793664306, "n": "temperature", "u": "Cel", "v": 22.5},'
            b' {"n": "smoke", "vb": true}]',
        ),
        Example("sensors/room-3", b'[{"n": "urn:dev:ow:10e2073a01080063", "u": "Cel", "v": 23.1}]'),
    ),
)
