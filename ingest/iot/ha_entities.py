"""Entities that announce themselves by Home Assistant's MQTT discovery: a configuration read, never executed, and kept in bounds.

A ``value_template`` is a program that comes from the broker: none is ever evaluated. Those that only name a key of the message,
``{{ value_json.smoke }}`` or ``{{ value_json["smoke"] }}``, are read as that name; every other one makes the entity mute.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingest.iot.quantity_words import Quantity, plain, quantity_of
from ingest.loose import Object

BYTES_MAX: Final = 2_000_000
"""Of all texts that one route remembers of its entities; the one announced longest ago is forgotten first. Ours."""
_BESIDE: Final = 1000
_TEXT_MAX: Final = 256
_COMPONENTS_MAX: Final = 200
_KEYS_MAX: Final = 4
_KEY: Final = re.compile(r"""\.([A-Za-z_]\w{0,63})|\[ ?(?:'([^'\\]{1,64})'|"([^"\\]{1,64})") ?\]""")
_NAMED: Final = re.compile(r"\{\{-?\s{0,4}value_json((?:\.\w{1,64}|\[[^\]]{1,70}\]){1,4})\s{0,4}-?\}\}")
_RAW: Final = re.compile(r"\{\{-?\s{0,4}value\s{0,4}-?\}\}")
_FULL: Final = {
    "stat_t": "state_topic",
    "dev_cla": "device_class",
    "val_tpl": "value_template",
    "pl_on": "payload_on",
    "pl_off": "payload_off",
    "uniq_id": "unique_id",
    "unit_of_meas": "unit_of_measurement",
    "avty": "availability",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "dev": "device",
    "ids": "identifiers",
    "cmps": "components",
    "p": "platform",
    "t": "topic",
}
"""The abbreviations of MQTT discovery that concern us."""
SENSORS: Final = frozenset(
    {"temperature", "humidity", "battery", "voltage", "current", "power", "illuminance", "signal_strength", "carbon_monoxide"}
    | {"carbon_dioxide", "pm25", "sound_pressure"}
)
"""Device classes of sensors that are quantities of ours; ``gas`` and ``water`` are meters, ``moisture`` is of soil."""
_QUANTITY: Final = {"sound_pressure": "noise"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Where a device's being there is said, under which key ("" the bare payload), and in which words."""

    topic: str
    keys: tuple[str, ...]
    there: str
    gone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One announced entity, of a device or of a ``part`` of it. ``quantity`` of a sensor, with its unit.

    ``keys`` None: its template is not one that we read.
    """

    component: str
    device_class: str
    device: str
    part: str
    topic: str
    keys: tuple[str, ...] | None
    on: object
    off: object
    quantity: Quantity | None
    availability: tuple[Availability, ...]


def read_config(component: str, object_id: str, config: Object) -> Iterator[tuple[str, Entity]]:
    """The entities of one configuration by their ids; several where a whole device announces itself."""
    config = _full(config)
    if component != "device":
        yield object_id, _entity(component, object_id, config)
        return
    components = config.get("components")
    for name, part in list(components.items())[:_COMPONENTS_MAX] if isinstance(components, dict) else []:
        if isinstance(part, dict):
            own = {**config, **_full(part)}
            yield f"{object_id}/{name}", _entity(_text(own, "platform"), str(name), own)


def _entity(component: str, object_id: str, config: Object) -> Entity:
    device_class = _text(config, "device_class")
    unit = _text(config, "unit_of_measurement")
    device, part = _device(object_id, device_class, config)
    quantity = quantity_of(_QUANTITY.get(device_class, device_class), unit) if device_class in SENSORS else None
    return Entity(
        component=component,
        device_class=device_class,
        device=device,
        part=part,
        topic=_topic(config, "state_topic"),
        keys=_keys(config.get("value_template")),
        on=config.get("payload_on", "ON"),
        off=config.get("payload_off", "OFF"),
        quantity=quantity if component == "sensor" else None,
        availability=tuple(_availability(config)),
    )


def _device(object_id: str, device_class: str, config: Object) -> tuple[str, str]:
    """The device by its first identifier; what its entity's name says beside device and class is a part of it."""
    told = config.get("device")
    about: Object = _full(told) if isinstance(told, dict) else {}
    found = about.get("identifiers")
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, str) or not first or len(first) > _TEXT_MAX:
        return _text(config, "unique_id") or object_id[:_TEXT_MAX], ""
    part = f"_{plain(object_id)}_"
    for known in (device_class, plain(first), plain(_text(about, "name"))):
        part = part.replace(f"_{known}_", "_") if known else part
    return first, part.strip("_") if device_class else ""


def _availability(config: Object) -> Iterator[Availability]:
    listed = config.get("availability")
    several = listed if isinstance(listed, list) else [listed] if isinstance(listed, dict) else []
    single = {"topic": config.get("availability_topic"), "value_template": config.get("availability_template")}
    for each in [*several, single][:_KEYS_MAX]:
        own = _full(each) if isinstance(each, dict) else {}
        keys = _keys(own.get("value_template"))
        if (topic := _topic({**config, **own}, "topic")) and keys is not None:
            there = _text(own, "payload_available") or _text(config, "payload_available") or "online"
            gone = _text(own, "payload_not_available") or _text(config, "payload_not_available") or "offline"
            yield Availability(topic=topic, keys=keys, there=there, gone=gone)


def _keys(template: object) -> tuple[str, ...] | None:
    """The way into the message that a template names; () for none; None for a template that does more."""
    if template is None or (isinstance(template, str) and (not template.strip() or _RAW.fullmatch(template.strip()))):
        return ()
    found = _NAMED.fullmatch(template.strip()) if isinstance(template, str) and len(template) <= _TEXT_MAX else None
    if found is None:
        return None
    keys = tuple(next(filter(None, match.groups())) for match in _KEY.finditer(found[1]))
    return keys if "".join(match[0] for match in _KEY.finditer(found[1])) == found[1] else None


def _full(config: Object) -> Mapping[str, object]:
    return {_FULL.get(name, name): value for name, value in config.items()}


def _text(config: Object, name: str) -> str:
    value = config.get(name)
    return value if isinstance(value, str) and len(value) <= _TEXT_MAX else ""


def _topic(config: Object, name: str) -> str:
    """A topic with ``~`` at its beginning or end replaced by the base topic."""
    topic, base = _text(config, name), _text(config, "~")
    if topic.startswith("~"):
        return base + topic[1:]
    return topic[:-1] + base if topic.endswith("~") else topic


class Entities:
    """The entities of one route, found by the topics that they speak at."""

    def __init__(self) -> None:
        self._by_config: OrderedDict[str, dict[str, Entity]] = OrderedDict()
        self._by_topic: dict[str, dict[tuple[str, str], Entity]] = {}
        self._size = 0

    def announce(self, config_topic: str, entities: Mapping[str, Entity]) -> None:
        """What a configuration now says; with nothing in it, its entities are removed."""
        self._remove(config_topic)
        if not entities:
            return
        self._by_config[config_topic] = dict(entities)
        self._size += sum(map(_size, entities.values()))
        for name, entity in entities.items():
            for topic in {entity.topic: 0, **{each.topic: 0 for each in entity.availability}}:
                if topic:
                    self._by_topic.setdefault(topic, {})[config_topic, name] = entity
        while self._size > BYTES_MAX and self._by_config:
            self._remove(next(iter(self._by_config)))

    def _remove(self, config_topic: str) -> None:
        for name, entity in self._by_config.pop(config_topic, {}).items():
            self._size -= _size(entity)
            for topic in {entity.topic: 0, **{each.topic: 0 for each in entity.availability}}:
                found = self._by_topic.get(topic, {})
                found.pop((config_topic, name), None)
                if not found:
                    self._by_topic.pop(topic, None)

    def at(self, topic: str) -> list[Entity]:
        """Who speaks, or is said to be there, at this topic."""
        return list(self._by_topic.get(topic, {}).values())

    def __len__(self) -> int:
        return sum(len(entities) for entities in self._by_config.values())


def _size(entity: Entity) -> int:
    """Bytes at most; each text has at most 256 characters, and a topic twice as many."""
    texts = len(entity.device) + len(entity.topic) + len(str(entity.on)[:_TEXT_MAX]) + len(str(entity.off)[:_TEXT_MAX])
    return _BESIDE + 4 * texts + sum(_BESIDE + 4 * len(each.topic) for each in entity.availability)
