"""The payload of Sparkplug B, from protobuf or from its JSON view, as plain metrics; and the one command that we send.

The message is described here field by field as the specification numbers them (Sparkplug 3.0, 6.4); there is no generated file.
Data sets, templates, files and properties are not read: nothing of concern to us comes in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message

from ingest.loose import number, read_object
from ingest.refusal import Refusal, Refused

METRICS_MAX: Final = 3_000
"""Metrics in one message; ours. A message of 1 MB could hold 500,000 empty ones."""
_SIGNED: Final = {1: 8, 2: 16, 3: 32, 4: 64}
"""Data types Int8 to Int64, which travel as two's complement in unsigned fields, with their bits."""
_BOOLEAN: Final = 11
_NAMES: Final = {"Int8": 1, "Int16": 2, "Int32": 3, "Int64": 4, "Boolean": _BOOLEAN}
_FIELD: Final = descriptor_pb2.FieldDescriptorProto
_METRIC: Final = (
    ("name", 1, _FIELD.TYPE_STRING),
    ("alias", 2, _FIELD.TYPE_UINT64),
    ("timestamp", 3, _FIELD.TYPE_UINT64),
    ("datatype", 4, _FIELD.TYPE_UINT32),
    ("is_historical", 5, _FIELD.TYPE_BOOL),
    ("is_null", 7, _FIELD.TYPE_BOOL),
    ("int_value", 10, _FIELD.TYPE_UINT32),
    ("long_value", 11, _FIELD.TYPE_UINT64),
    ("float_value", 12, _FIELD.TYPE_FLOAT),
    ("double_value", 13, _FIELD.TYPE_DOUBLE),
    ("boolean_value", 14, _FIELD.TYPE_BOOL),
    ("string_value", 15, _FIELD.TYPE_STRING),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric: its name ("" where only the alias comes), data type (0: not said), time in ms, and value (None: null)."""

    name: str
    alias: int | None
    datatype: int
    timestamp: int | None
    value: object
    is_historical: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One message. ``seq`` 0-255, None where none came (commands, NDEATH)."""

    timestamp: int | None
    metrics: tuple[Metric, ...]
    seq: int | None


def _described() -> type[Message]:
    file = descriptor_pb2.FileDescriptorProto(name="shouwang/sparkplug", package="shouwang", syntax="proto2")
    metric, payload = file.message_type.add(name="Metric"), file.message_type.add(name="Payload")
    metric.oneof_decl.add(name="value")
    for name, number_, type_ in _METRIC:
        field = metric.field.add(name=name, number=number_, type=type_, label=_FIELD.LABEL_OPTIONAL)
        if name.endswith("_value"):
            field.oneof_index = 0
    payload.field.add(name="timestamp", number=1, type=_FIELD.TYPE_UINT64, label=_FIELD.LABEL_OPTIONAL)
    payload.field.add(
        name="metrics", number=2, type=_FIELD.TYPE_MESSAGE, label=_FIELD.LABEL_REPEATED, type_name=".shouwang.Metric"
    )
    payload.field.add(name="seq", number=3, type=_FIELD.TYPE_UINT64, label=_FIELD.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("shouwang.Payload"))


_PAYLOAD: Final = _described()


def read_payload(content: bytes) -> Payload | Refused:
    """What a message holds. Some edge nodes send the JSON view of it; a ``{`` begins no protobuf message."""
    if not content:
        return Refused(Refusal.EMPTY, "expected a Sparkplug B payload, came nothing")
    if content[:1] == b"{":
        return _from_json(content)
    message: Any = _PAYLOAD()
    try:
        message.ParseFromString(content)
    except DecodeError:
        return Refused(Refusal.BAD_BYTES, f"expected a Sparkplug B payload in protobuf, came {len(content)} other bytes")
    if len(message.metrics) > METRICS_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {METRICS_MAX} metrics in a message, came {len(message.metrics)}")
    return Payload(
        timestamp=message.timestamp if message.HasField("timestamp") else None,
        metrics=tuple(_metric(each) for each in message.metrics),
        seq=int(message.seq) if message.HasField("seq") else None,
    )


def _metric(said: Any) -> Metric:
    which = said.WhichOneof("value")
    value = None if which is None or said.is_null else getattr(said, which)
    if isinstance(value, bytes):
        value = _text(value)
    elif which == "float_value" and value is not None:
        value = float(f"{value:.7g}")  # 12.1 as a 32-bit number is 12.100000381
    return Metric(
        name=_text(said.name),
        alias=said.alias if said.HasField("alias") else None,
        datatype=said.datatype,
        timestamp=said.timestamp if said.HasField("timestamp") else None,
        value=value,
        is_historical=said.is_historical,
    )


def _text(said: str | bytes) -> str:
    """A text; bytes where it is no UTF-8: one bad name must not cost the others."""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def as_typed(value: object, datatype: int) -> object:
    """A value as its data type means it: signed numbers out of unsigned fields, truths out of numbers."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if bits := _SIGNED.get(datatype):
        value %= 1 << bits
        return value - (1 << bits) if value >> (bits - 1) else value
    return bool(value) if datatype == _BOOLEAN else value


def _from_json(content: bytes) -> Payload | Refused:
    body = read_object(content)
    if isinstance(body, Refused):
        return body
    metrics = body.get("metrics", [])
    if not isinstance(metrics, list) or not all(isinstance(each, dict) for each in metrics):
        return Refused(Refusal.WRONG_TYPE, "metrics: expected an array of objects")
    if len(metrics) > METRICS_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {METRICS_MAX} metrics in a message, came {len(metrics)}")
    return Payload(
        timestamp=_whole(body.get("timestamp")),
        metrics=tuple(_json_metric(each) for each in metrics),
        seq=_whole(body.get("seq")),
    )


def _json_metric(said: Mapping[str, object]) -> Metric:
    name, value, datatype = said.get("name"), said.get("value"), said.get("dataType", said.get("datatype"))
    return Metric(
        name=name if isinstance(name, str) else "",
        alias=_whole(said.get("alias")),
        datatype=_NAMES.get(datatype, 0) if isinstance(datatype, str) else _whole(datatype) or 0,
        timestamp=_whole(said.get("timestamp")),
        value=value if isinstance(value, bool | int | float | str) else None,
        is_historical=said.get("is_historical") is True,
    )


def _whole(value: object) -> int | None:
    found = number(value)
    return int(found) if found is not None and 0 <= found < 2**64 else None


def rebirth_command(group: str, node: str, now: int) -> tuple[str, bytes]:
    """Topic and payload that ask an edge node to say everything anew. ``now`` in ms (Sparkplug 3.0, 6.4.22)."""
    message: Any = _PAYLOAD()
    message.timestamp = now
    message.metrics.add(name="Node Control/Rebirth", timestamp=now, datatype=_BOOLEAN, boolean_value=True)
    return f"spBv1.0/{group}/NCMD/{node}", cast("bytes", message.SerializeToString())
