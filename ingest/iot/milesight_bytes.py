"""Milesight's LoRaWAN payloads: (channel, type, value) again and again, by the product that the network server names.

The tables are of the maker's public payload definitions. Only what says something here is read; of the rest the lengths are
known, so that it is passed over. A channel that is not known ends the reading: what came before it stands.
"""

from collections.abc import Callable
from typing import Final

from ingest.loose import Object

_Fields = Callable[[bytes], dict[str, object]]
_Channels = dict[tuple[int, int], tuple[int, _Fields]]


def decoded(content: bytes, product: str) -> Object:
    """The fields of a payload, named as the maker's own decoder names them; empty where the product is not known."""
    name = product.lower()
    if "gs524" in name:
        return _smoke(content)
    channels = next((table for words, table in _PRODUCTS if any(word in name for word in words)), None)
    return {} if channels is None else _walk(content, {**_COMMON, **channels})


def _walk(content: bytes, channels: _Channels) -> Object:
    fields: dict[str, object] = {}
    history: list[object] = []
    at = 0
    while at + 2 <= len(content):
        length, reads = channels.get((content[at], content[at + 1]), (0, _nothing))
        value = content[at + 2 : at + 2 + length]
        if not length or len(value) < length:
            break
        found = reads(value)
        if "timestamp" in found or "event_status" in found:
            history.append(found)
        else:
            events = [*_list(fields.get("events")), *_list(found.pop("events", None))]
            fields |= found | ({"events": events} if events else {})
        at += 2 + length
    return fields | ({"history": history} if history else {})


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _nothing(_: bytes) -> dict[str, object]:
    return {}


def _u8(name: str, factor: float = 1.0) -> tuple[int, _Fields]:
    return 1, lambda value: {name: value[0] * factor}


def _u16(name: str) -> tuple[int, _Fields]:
    return 2, lambda value: {name: _unsigned(value)}


def _i16(name: str, divisor: int) -> tuple[int, _Fields]:
    return 2, lambda value: {name: _signed(value) / divisor}


def _word(name: str, *words: str) -> tuple[int, _Fields]:
    """A code as the word that it stands for; one that is not known says nothing."""
    return 1, lambda value: {name: words[value[0]]} if value[0] < len(words) else {}


def _unsigned(value: bytes) -> int:
    return int.from_bytes(value, "little")


def _signed(value: bytes) -> int:
    return int.from_bytes(value, "little", signed=True)


def _past(last: str, *words: str) -> tuple[int, _Fields]:
    """A record of temperature, humidity and one condition, with its time."""
    return 8, lambda value: {
        "timestamp": _unsigned(value[:4]),
        "temperature": _signed(value[4:6]) / 10,
        "humidity": value[6] / 2,
        **({last: words[value[7]]} if value[7] < len(words) else {}),
    }


def _angles(value: bytes) -> dict[str, object]:
    axes = {f"angle_{axis}": _signed(value[2 * index : 2 * index + 2]) / 100 for index, axis in enumerate("xyz")}
    return axes | {f"threshold_{axis}": "trigger" if value[6] >> index & 1 else "normal" for index, axis in enumerate("xyz")}


def _packed_angles(value: bytes) -> dict[str, object]:
    """15 bits of angle, and in the lowest whether it crossed its threshold."""
    words = [_signed(value[index : index + 2]) for index in (0, 2, 4)]
    axes = {f"angle_{axis}": (word >> 1) / 100 for word, axis in zip(words, "xyz", strict=True)}
    return axes | {f"threshold_{axis}": "trigger" if word & 1 else "normal" for word, axis in zip(words, "xyz", strict=True)}


def _smoke(content: bytes) -> Object:
    """The smoke detector has a form of its own: six bytes, of which the sum is 0."""
    if len(content) != _SMOKE_LENGTH or sum(content) & 0xFF or content[1] >> 4 != 1 or content[1] & 0x0F not in _SMOKE_EVENTS:
        return {}
    temperature = int.from_bytes(content[4:5], signed=True)
    event = _SMOKE_EVENTS[content[1] & 0x0F]
    return {
        "type": "smoke sensor",
        "event": event,
        "battery": content[2],
        "concentration": content[3],
        "temperature": temperature,
    }


_SMOKE_LENGTH: Final = 6
_SMOKE_EVENTS: Final = {
    1: "alarm",
    2: "silent",
    4: "low battery",
    5: "failover",
    7: "normal",
    10: "removed",
    11: "installed",
    14: "testing alarm with normal battery",
    15: "testing alarm with low battery",
}
_COMMON: Final[_Channels] = {
    (0x01, 0x75): _u8("battery"),
    (0xFF, 0x01): (1, _nothing),
    (0xFF, 0x09): (2, _nothing),
    (0xFF, 0x0A): (2, _nothing),
    (0xFF, 0x0B): (1, _nothing),
    (0xFF, 0x0F): (1, _nothing),
    (0xFF, 0x16): (8, _nothing),
    (0xFF, 0xFE): (1, _nothing),
    (0xFF, 0xFF): (2, _nothing),
}
_CLIMATE: Final[_Channels] = {(0x03, 0x67): _i16("temperature", 10), (0x04, 0x68): _u8("humidity", 0.5)}
_LEAK: Final = ("normal", "leak")
_DOOR: Final = ("close", "open")
_PRODUCTS: Final[tuple[tuple[tuple[str, ...], _Channels], ...]] = (
    (
        ("em300-mld", "em300-sld", "em300-zld"),
        _CLIMATE | {(0x05, 0x00): _word("leakage_status", *_LEAK), (0x20, 0xCE): _past("leakage_status", *_LEAK)},
    ),
    (("em300-mcs",), _CLIMATE | {(0x06, 0x00): _word("magnet_status", *_DOOR), (0x20, 0xCE): _past("magnet_status", *_DOOR)}),
    (("em300", "em320-th"), _CLIMATE),
    (("ws303",), {(0x03, 0x00): _word("leakage_status", *_LEAK)}),
    (
        ("ws301",),
        {(0x03, 0x00): _word("magnet_status", *_DOOR), (0x04, 0x00): _word("tamper_status", "installed", "uninstalled")},
    ),
    (("ws202",), {(0x03, 0x00): _word("pir", "normal", "trigger"), (0x04, 0x00): (1, _nothing)}),
    (("ws101",), {(0xFF, 0x2E): _word("press", "", "short", "long", "double")}),
    (
        ("gs101",),
        {
            (0x05, 0x8E): _word("gas_status", "normal", "alarm"),
            (0x06, 0x01): _word("valve_status", "off", "on"),
            (0x07, 0x01): (1, _nothing),
            (0x08, 0x90): (4, _nothing),
            (0xFF, 0x3F): _u8("alarm"),
        },
    ),
    (("em310-udl",), {(0x03, 0x82): _u16("distance"), (0x04, 0x00): _word("position", "normal", "tilt")}),
    (("em310-tilt", "em320-tilt"), {(0x03, 0xCF): (7, _angles), (0x03, 0xD4): (6, _packed_angles)}),
    (
        ("em500-swl",),
        {
            (0x03, 0x77): _u16("water_level"),
            (0x20, 0xCE): (6, lambda value: {"timestamp": _unsigned(value[:4]), "water_level": _unsigned(value[4:6])}),
        },
    ),
    (
        ("vs373",),
        {
            (0x03, 0xF8): (6, lambda value: {"detection_status": value[0]}),
            (0x04, 0xF9): (4, _nothing),
            (0x05, 0xFA): (8, _nothing),
            (0x06, 0xFB): (5, lambda value: {"events": [{"alarm_type": value[2], "alarm_status": value[3]}]}),
        },
    ),
)
"""By words in the product's name, the more special first."""
