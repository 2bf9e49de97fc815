"""Sparkplug B payloads for tests, written byte by byte as protobuf does it: an encoder of its own, so that it can disagree."""

import json
import struct
from collections.abc import Mapping
from typing import Any

from ingest.adapter import Adapter, Foreign, Ignored, understand
from rules.model import Event, Network, Rejected

TYPES = {"Int8": 1, "Int16": 2, "Int32": 3, "Int64": 4, "UInt64": 8, "Float": 9, "Double": 10, "Boolean": 11, "String": 12}


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes((value & 127 | 128,))
        value >>= 7
    return out + bytes((value,))


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def text(field: int, value: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(value)) + value


def metric(**said: Any) -> bytes:
    """``name``, ``alias``, ``timestamp``, ``type`` (its name), ``value``; ``is_historical``; no value: is_null."""
    type_ = TYPES.get(said.get("type", ""), 0)
    out = text(1, said["name"].encode()) if "name" in said else b""
    for name, field in (("alias", 2), ("timestamp", 3)):
        out += number(field, said[name]) if name in said else b""
    out += number(4, type_) if "type" in said else b""
    out += number(5, 1) if said.get("is_historical") else b""
    value = said.get("value")
    match value:
        case None:
            return out + number(7, 1)
        case bool():
            return out + number(14, value)
        case str():
            return out + text(15, value.encode())
        case float() if type_ == TYPES["Double"]:
            return out + varint(13 << 3 | 1) + struct.pack("<d", value)
        case float():
            return out + varint(12 << 3 | 5) + struct.pack("<f", value)
        case _ if type_ in {TYPES["Int64"], TYPES["UInt64"]}:
            return out + number(11, value % (1 << 64))
        case _:
            return out + number(10, value % (1 << 32))


def payload(*metrics: Mapping[str, Any], seq: int | None = None, timestamp: int = 1_486_144_502_122) -> bytes:
    body = number(1, timestamp) + b"".join(text(2, metric(**each)) for each in metrics)
    return body if seq is None else body + number(3, seq)


def from_json(view: bytes) -> bytes:
    """The protobuf form of a sample of the specification, which are printed as JSON."""
    body = json.loads(view)
    metrics = [{("type" if key == "dataType" else key): value for key, value in each.items()} for each in body.get("metrics", [])]
    return payload(*metrics, seq=body.get("seq"), timestamp=body["timestamp"])


def told(adapter: Adapter, topic: str, content: bytes) -> list[Event | Rejected] | Ignored:
    return understand(
        adapter, Foreign(topic=topic, payload=content, community="jade", network=Network.IOT, received_at=0, arrival="1")
    )


def said(adapter: Adapter, topic: str, content: bytes) -> list[tuple[Any, ...]]:
    """Kind, value or state, and device, of everything that a message says."""
    answer = told(adapter, topic, content)
    events = [] if isinstance(answer, Ignored) else [each for each in answer if isinstance(each, Event)]
    return [(each.kind, each.state if each.value is None else each.value, each.device) for each in events]
