"""One record, one text: the canonical JSON of every noun, and the digests that ids are made from.

Sorted keys, enums by value, no spaces, UTF-8, no NaN. Equal records give equal bytes on every machine, so a snapshot can be
compared, a replay can be diffed, and an id can be derived from its causes.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import blake2b
from types import MappingProxyType, NoneType, UnionType
from typing import Final, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")
Reader = Callable[[object], object]
_PLAIN: Final = (str, int, float, bool, NoneType)


class RecordError(ValueError):
    """Stored text does not hold the record that was expected: it names the record, what was expected and what came."""


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(sorted(entry.name for entry in fields(cls)))


def _plain(value: object) -> object:
    """What the JSON writer does not know by itself."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names(type(value))}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    raise TypeError(f"canonical JSON has no form for {type(value).__name__}: use str, numbers, bool, bytes, tuples or records")


_write = json.JSONEncoder(
    ensure_ascii=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_plain,
    check_circular=False,  # a record is made of what was there before it, and cannot hold itself
).encode


def to_json(record: object) -> bytes:
    """The canonical bytes of a record of ours, or of plain values that hold such. Raises ValueError for NaN and infinity."""
    return _write(record).encode()


def digest_id(prefix: str, *causes: object) -> str:
    """An id that says where it comes from: prefix, then 16 hex digits of BLAKE2b over the causes, in order."""
    text = "\x1f".join([str(cause) for cause in causes])
    return f"{prefix}-{blake2b(text.encode(), digest_size=8).hexdigest()}"


def from_json(cls: type[Record], text: bytes) -> Record:
    """Read back what ``to_json`` wrote. Raises RecordError that names the record and the field at fault."""
    try:
        plain = json.loads(text)
    except ValueError as fault:
        raise RecordError(f"{cls.__name__}: expected canonical JSON, got {text[:80]!r}: {fault}") from fault
    return from_plain(cls, plain)


def from_plain(cls: type[Record], plain: object) -> Record:
    """Build a record from the values that a JSON reader gives."""
    hint: object = cls
    try:
        record = _reader(hint)(plain)
    except (KeyError, TypeError, ValueError, Base64Error) as fault:
        raise RecordError(f"{cls.__name__}: {fault!r} while reading {str(plain)[:120]!r}") from fault
    if not isinstance(record, cls):
        raise RecordError(f"{cls.__name__}: expected an object, got {str(plain)[:120]!r}")
    return record


@cache
def _reader(hint: object) -> Reader:
    """How to read one type hint; made once for each."""
    origin = get_origin(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record_reader(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if origin is tuple:
        return _tuple_reader(_reader(get_args(hint)[0]))
    if origin in (UnionType, Union):
        return _union_reader(tuple(get_args(hint)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _read_mapping
    if hint is bytes:
        return _read_bytes
    return _same


def _same(plain: object) -> object:
    return plain


def _read_mapping(plain: object) -> object:
    if not isinstance(plain, dict):
        raise TypeError(f"expected an object, got {plain!r}")
    return MappingProxyType(plain)


def _read_bytes(plain: object) -> object:
    return b64decode(str(plain), validate=True)


def _tuple_reader(read: Reader) -> Reader:
    def read_tuple(plain: object) -> object:
        if not isinstance(plain, list):
            raise TypeError(f"expected an array, got {plain!r}")
        return tuple([read(item) for item in plain])

    return read_tuple


def _union_reader(hints: tuple[object, ...]) -> Reader:
    """Of the members at most one is not plain in our records, so a value that is null or has no other form decides itself."""
    rich = [hint for hint in hints if hint not in _PLAIN]
    if not rich:
        return _same
    read = _reader(rich[0])

    def read_union(plain: object) -> object:
        return None if plain is None else read(plain)

    return read_union


def _record_reader(cls: type) -> Reader:
    hints = get_type_hints(cls)
    readers = tuple((entry.name, _reader(hints[entry.name])) for entry in fields(cls))

    def read_record(plain: object) -> object:
        if not isinstance(plain, dict):
            raise TypeError(f"expected an object for {cls.__name__}, got {plain!r}")
        # A field that an older writer did not know keeps its default; one without default is missed by the constructor.
        return cls(**{name: read(plain[name]) for name, read in readers if name in plain})

    return read_record
