"""Bytes that nobody should send: real messages bent, cut, crossed, blown up, nested and re-valued, drawn from a seed."""

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final

from ingest.adapter import Example
from tests.hostile_structure import TEXTS, enclosed, many_elements, numbers_without_end, odd_number, parts, valued

LARGE_ONE_IN: Final = 2_000
"""So many small inputs come before one that is large or deep: they take most of the time."""

RAW_SHARE: Final = 0.4
"""Of the small ones so many have bytes bent anywhere; the others keep their form, so that they get past the first reader."""

_TOKENS: Final = (
    *(b"null", b"true", b"False", b'""', b"[]", b"{}", b"NaN", b"-Infinity", b"1e999", b"-0", b"9" * 400, b"0.1e-400"),
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n\r\n", b"--", b"\x40\x40", b"\x23\x23", b"\xe2\x80\xae", b"\xe2\x80\x8b"),
    *(b"\\u0000", b"\\ud800", b"&lt;", b"&#0;", b"]]>", b"<![CDATA[", b"<!DOCTYPE x [<!ENTITY y 'z'>]>", b"&y;", b"<a/>"),
    *(b"1900-01-00T00:00:00", b"2026-13-45T99:99:99Z", b"2.46", b"undefined", b"None", b"%s%n", b"../..", b"$.a", b"{{ 7*7 }}"),
    *("一氧化碳".encode(), "解除".encode("gb18030"), "🔥".encode(), "١٢".encode(), "½".encode()),
)
_SCALARS: Final = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    2.46,
    1e308,
    "",
    " ",
    "null",
    "True",
    "undefined",
    "\x00",
    "x" * 300,
    "\u202e",
)

_LEVELS: Final = ("", "set", "online", "é b", "\u202e", "x" * 300, "a." * 20_000)
_NAMES: Final = tuple(text for text in TEXTS if text.isprintable())

_Bend = Callable[[Random, bytes, bytes], bytes]


def hostile(examples: Sequence[Example], seed: int, count: int) -> Iterator[Example]:
    """``count`` messages made from the examples. The same seed gives the same bytes."""
    random = Random(seed)
    for number in range(count):
        one, other = random.choice(examples), random.choice(examples)
        payload = one.payload
        if number % LARGE_ONE_IN == LARGE_ONE_IN - 1:
            payload = random.choice(_LARGE)(random, payload, other.payload)
        else:
            bends = _RAW if random.random() < RAW_SHARE else _SHAPED
            for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
                payload = random.choice(bends)(random, payload, other.payload)
        topic = one.topic if random.random() < 0.7 else _bent_topic(random, one.topic, other.topic)
        yield Example(topic, payload)


def _bent_topic(random: Random, topic: str, other: str) -> str:
    levels = topic.split("/")
    levels[random.randrange(len(levels))] = random.choice([*_LEVELS, *other.split("/"), random.choice(_NAMES)])
    return "/".join(levels[: random.randint(0, len(levels) + 1)])


def _flip(random: Random, payload: bytes, _: bytes) -> bytes:
    if not payload:
        return random.randbytes(random.randint(0, 40))
    bent = bytearray(payload)
    for _time in range(random.randint(1, 4)):
        bent[random.randrange(len(bent))] ^= 1 << random.randrange(8)
    return bytes(bent)


def _cut(random: Random, payload: bytes, _: bytes) -> bytes:
    first, last = sorted((random.randint(0, len(payload)), random.randint(0, len(payload))))
    return payload[:first] + payload[last:]


def _double(random: Random, payload: bytes, _: bytes) -> bytes:
    first, last = sorted((random.randint(0, len(payload)), random.randint(0, len(payload))))
    return payload[:last] + payload[first:]


def _insert(random: Random, payload: bytes, _: bytes) -> bytes:
    place = random.randint(0, len(payload))
    return payload[:place] + random.choice(_TOKENS) + payload[place:]


def _cross(random: Random, payload: bytes, other: bytes) -> bytes:
    return payload[: random.randint(0, len(payload))] + other[random.randint(0, len(other)) :]


def _noise(random: Random, _: bytes, __: bytes) -> bytes:
    return random.randbytes(random.randint(0, 120))


def _revalue(random: Random, payload: bytes, other: bytes) -> bytes:
    """JSON whose form is right and whose values are not; other bytes are crossed."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return _cross(random, payload, other)
    holders = [part for part in parts(body) if part]
    if not holders:
        return json.dumps(random.choice(_SCALARS)).encode()
    holder = random.choice(holders)
    new = random.choice([*_SCALARS, [], {}, [random.choice(_SCALARS)], {"value": random.choice(_SCALARS)}])
    if isinstance(holder, dict):
        holder[random.choice(list(holder))] = new
    else:
        holder[random.randrange(len(holder))] = new
    return json.dumps(body).encode("utf-8", "surrogatepass")


def _deep(random: Random, payload: bytes, _: bytes) -> bytes:
    depth = random.choice((70, 1_000, 20_000))
    opening, closing = random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>")))
    return opening * depth + (payload or b"1") + closing * depth


def _many(random: Random, payload: bytes, _: bytes) -> bytes:
    times = min(random.choice((1_001, 5_000)), 900_000 // (len(payload) + 1))
    return b"[" + b",".join([payload or b"1"] * times) + b"]" if random.random() < 0.5 else (payload or b"x") * times


def _long(random: Random, payload: bytes, _: bytes) -> bytes:
    place = random.randint(0, len(payload))
    return payload[:place] + random.choice((b"9", b"a", b" ", b"<", b"\\", b'"', b"(", b"&a;", b"\n")) * 200_000 + payload[place:]


def _laughs(_: Random, __: bytes, ___: bytes) -> bytes:
    """A billion laughs: entities that hold ten of the one before."""
    entities = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">' + entities + b"]><l>&l9;</l>"


_RAW: Final[tuple[_Bend, ...]] = (_flip, _cut, _double, _insert, _insert, _cross, _noise, _revalue, _revalue)
_SHAPED: Final[tuple[_Bend, ...]] = (valued, valued, valued, odd_number, enclosed)
_LARGE: Final[tuple[_Bend, ...]] = (_deep, _many, _long, _laughs, numbers_without_end, many_elements)
