"""Home Assistant MQTT discovery: entities announce themselves, and from then on what comes at their topics is understood.

| what comes | what it says |
|---|---|
| `homeassistant/COMPONENT/[NODE/]OBJECT/config` | nothing yet: the entity is known from now on; empty, it is removed |
| `homeassistant/device/OBJECT/config` | the same for all `components` of a device |
| state of a `binary_sensor` `smoke` `gas` `carbon_monoxide` `heat` | alarm of that kind, on or off |
| `moisture` | state `moisture`, wet or dry |
| `door` `window` `opening` `garage_door` | state `opening`: **on is open** |
| `motion` `occupancy` `presence` `tamper` `power` | state of that kind |
| `problem` `battery` (on: low) | alarm `device_fault`, as `NAME.problem`, `NAME.battery_low` |
| `connectivity`, and every availability topic | heartbeat; gone: alarm `device_fault` `offline` |
| state of a `sensor` `temperature` `humidity` `battery` `voltage` `current` `power` `illuminance` … | reading, by its unit |
| any other component, and `safety` `vibration` `gas` (a meter) … | nothing of concern |

A device is called by its first identifier; where an entity's name says more than device and class (`l1_temperature`), it is of a
part: `NAME.l1`. Short names of fields (`stat_t`, `~`) are read.

Traps: **no template is ever evaluated.** `{{ value_json.smoke }}`, `{{ value_json["smoke"] }}` and ways of up to four keys are
read as names; an entity with any other template stays mute, and what comes at its topic says so. `payload_on` may be a JSON
truth. A value that is neither `payload_on` nor `payload_off` says nothing. A retained state is a copy of the past. A message
whose own fields say `test`, `self_test`, `preheat` or `silence` is a test, as with `zigbee2mqtt`. An availability
topic of several devices is a gateway's: one fault under the topic's name, not hundreds. Remembered are at most 2 MB in a route.
"""

from collections.abc import Iterator
from typing import Final

from ingest.adapter import Adapter, Example, Foreign, Format, Ignored, Said
from ingest.careful import read_json
from ingest.iot.condition_words import status_of
from ingest.iot.ha_entities import Availability, Entities, Entity, read_config
from ingest.iot.telling import Telling
from ingest.loose import number, read_object
from ingest.refusal import Refusal, Refused
from rules.model import Network, Status

_COMPONENTS: Final = frozenset({"binary_sensor", "sensor", "device"})
_OTHERS: Final = frozenset(
    {"alarm_control_panel", "button", "camera", "climate", "cover", "device_automation", "device_tracker", "event", "fan"}
    | {
        "humidifier",
        "image",
        "lawn_mower",
        "light",
        "lock",
        "notify",
        "number",
        "scene",
        "select",
        "siren",
        "switch",
        "tag",
        "text",
    }
    | {"update", "vacuum", "valve", "water_heater"}
)
_ALARMS: Final = frozenset({"smoke", "gas", "carbon_monoxide", "heat"})
_STATES: Final = {
    "moisture": ("moisture", "wet", "dry"),
    "door": ("opening", "open", "closed"),
    "window": ("opening", "open", "closed"),
    "opening": ("opening", "open", "closed"),
    "garage_door": ("opening", "open", "closed"),
    "motion": ("motion", "on", "off"),
    "occupancy": ("occupancy", "on", "off"),
    "presence": ("occupancy", "on", "off"),
    "tamper": ("tamper", "on", "off"),
    "power": ("power", "on", "off"),
}
_FAULTS: Final = {"problem": "problem", "battery": "battery_low"}
_STATE_BYTES_MAX: Final = 65_536


def new_reader() -> Adapter:
    """The adapter of one route, which knows the entities that were announced at it."""
    entities = Entities()

    def read(foreign: Foreign) -> list[Said] | Ignored | Refused:
        levels = foreign.topic.split("/")
        if levels[-1] == "config" and len(levels) in {4, 5} and levels[1] in _COMPONENTS | _OTHERS:
            return _announced(entities, foreign, levels)
        return _spoken(entities.at(foreign.topic), foreign)

    return read


def _announced(entities: Entities, foreign: Foreign, levels: list[str]) -> Ignored | Refused:
    if not foreign.payload.strip():
        entities.announce(foreign.topic, {})
        return Ignored("the entity is removed")
    if levels[1] not in _COMPONENTS:
        return Ignored(f"a {levels[1]} is nothing that we watch")
    config = read_object(foreign.payload)
    if isinstance(config, Refused):
        return config
    found = {name: each for name, each in read_config(levels[1], levels[-2], config) if each.component in _COMPONENTS}
    entities.announce(foreign.topic, found)
    mute = sum(1 for each in found.values() if each.keys is None)
    return Ignored(f"{len(found)} entities are known from now on" + (f", {mute} of them mute by their template" if mute else ""))


def _spoken(entities: list[Entity], foreign: Foreign) -> list[Said] | Ignored | Refused:
    if not entities:
        return Ignored("no entity that was announced speaks at this topic")
    if len(foreign.payload) > _STATE_BYTES_MAX:
        return Refused(Refusal.TOO_LARGE, f"expected at most {_STATE_BYTES_MAX} bytes of a state, came {len(foreign.payload)}")
    if not foreign.payload.strip():
        return Ignored("an empty state")
    bare = foreign.payload.decode("utf-8", "replace").strip()
    body = read_json(foreign.payload) if bare[:1] == "{" else None
    said = list(_there(entities, foreign.topic, bare, body))
    status = status_of(body) if isinstance(body, dict) else Status.ACTUAL
    for entity in entities:
        if entity.topic == foreign.topic and entity.keys is not None:
            said += _state(entity, _inside(entity.keys, bare, body), status)
    mute = any(entity.keys is None for entity in entities)
    return said or Ignored(
        "its template does more than name a key: not understood" if mute else "no value of an entity that we watch"
    )


def _inside(keys: tuple[str, ...], bare: str, body: object) -> object:
    if not keys:
        return bare
    for key in keys:
        body = body.get(key) if isinstance(body, dict) else None
    return body


def _state(entity: Entity, value: object, status: Status) -> Iterator[Said]:
    telling = Telling(device=f"{entity.device}.{entity.part}" if entity.part else entity.device, status=status)
    if entity.quantity is not None:
        if (found := number(value)) is not None:
            yield telling.reading(entity.quantity.kind, entity.quantity.of(found))
        return
    holds = True if _is_same(value, entity.on) else False if _is_same(value, entity.off) else None
    if entity.component != "binary_sensor" or holds is None:
        return
    if entity.device_class in _ALARMS:
        yield telling.alarm(entity.device_class, holds=holds)
    elif state := _STATES.get(entity.device_class):
        yield telling.state(state[0], state[1] if holds else state[2])
    elif fault := _FAULTS.get(entity.device_class):
        yield telling.fault(fault, holds=holds)
    elif entity.device_class == "connectivity":
        yield from _alive(telling, holds=holds)


def _is_same(value: object, expected: object) -> bool:
    """A JSON truth is compared as the text that a template would make of it."""
    if value is None or isinstance(value, dict | list):
        return False
    return str(value).strip().lower() == str(expected).strip().lower()


def _there(entities: list[Entity], topic: str, bare: str, body: object) -> Iterator[Said]:
    """Who is there or gone by this topic: the device, or the gateway where several depend on it."""
    found: dict[str, Availability] = {}
    for entity in entities:
        for each in entity.availability:
            if each.topic == topic:
                found[entity.device] = each
    for device, each in list(found.items())[:1]:
        value = _inside(each.keys, bare, body)
        holds = True if _is_same(value, each.there) else False if _is_same(value, each.gone) else None
        if holds is not None:
            yield from _alive(Telling(device=device if len(found) == 1 else topic), holds=holds)


def _alive(telling: Telling, *, holds: bool) -> Iterator[Said]:
    if holds:
        yield telling.beat()
    yield telling.fault("offline", holds=not holds)


FORMAT: Final = Format(
    name="ha_discovery",
    network=Network.IOT,
    zh="Home Assistant 自动发现",
    en="Home Assistant MQTT discovery",
    words=__doc__,
    opens=new_reader,
    examples=(
        Example(
            "homeassistant/binary_sensor/0x0f1e/smoke/config",
            b'{"device_class": "smoke", "state_topic": "zb/kitchen", "value_template": "{{ value_json.smoke }}", '
            b'"payload_on": true, "payload_off": false, "device": {"identifiers": ["0x0f1e"]}, '
            b'"availability": [{"topic": "zb/kitchen/availability", "value_template": "{{ value_json.state }}"}]}',
        ),
        Example("zb/kitchen", b'{"smoke": true, "battery": 71}'),
        Example("zb/kitchen/availability", b'{"state": "offline"}'),
        Example(
            "homeassistant/sensor/0x0f1e/temperature/config",
            b'{"dev_cla": "temperature", "~": "zb/kitchen", "stat_t": "~/temperature", "unit_of_meas": "\xc2\xb0F", '
            b'"dev": {"ids": ["0x0f1e"]}}',
        ),
        Example("zb/kitchen/temperature", b"70.7"),
        Example(
            "homeassistant/binary_sensor/0x0f1e/gas/config",
            b'{"device_class": "gas", "state_topic": "zb/gas", "value_template": "{% if value_json.g > 3 %}ON{% endif %}"}',
        ),
        Example("zb/gas", b'{"g": 12}'),
        Example("homeassistant/binary_sensor/0x0f1e/smoke/config", b""),
        Example("zb/kitchen", b'{"smoke": true}'),
    ),
)
