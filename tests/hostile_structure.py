"""Real messages whose form stays right while what they say does not: JSON, XML and frames with hostile values in their places."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from random import Random
from typing import Final

from ingest.iot.gb26875_frames import END, START

TEXTS: Final = (
    *("１２３", "١٢٣", "1e999", "-1e-999", "NaN", "-Infinity", "0x10", "1_000", "½", "9" * 400, "-0", "+5", " 5 "),
    *("0000-00-00T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-30 25:61:61"),
    *(
        "253402300800000",
        "２０２６-11-03T08:00:00Z",
        "20261103080500",
        "1900/01/00 00:00:00",
        "2026-11-03T08:00:00+99:99",
        "1e18",
    ),
    *("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "<script>alert(1)</script>", '" onload="x', "'; DROP TABLE"),
    *("%s%n%x", "{0.__class__}", "${jndi:ldap://x}", "{{7*7}}", "$(id)", "`id`", "../../etc/passwd", "file:///etc/passwd"),
    *("+", "#", "a/+/b", "$SYS/#", "a/../b", "shouwang/v1", ".", "..", "a..b", ".battery_low", "a b.fault", "a\r\nX: y"),
    *("\ud800", "\udfff\ud800", "\u202eevil", "\u200b", "\ufeff", "\u0000", "e\u0301" * 40, "\U000e0041", "ﷺ" * 200, "x" * 300),
    *("13812345678", "+86 138 1234 5678", "51010719900101123X", "a@b.cn", "undefined", "null", "true", "TRUE ", "Off", ""),
)
"""Numbers of other alphabets, times that are none, formulas, markup, wildcards, what is not seen, personal data."""
_OTHERS: Final[tuple[object, ...]] = (
    *(None, True, 0, -1, 2**31, 2**63, 10**30, -(10**30), 1e308, 5e-324, -0.0, 1e18, 4294967295),
    *([], {}, [[]], {"": ""}),
)
_JSON_ODD: Final = (b"1e400", b"-1e400", b"NaN", b"Infinity", b"01", b"0.1e-9999", b"1" * 5000, b'"\\ud800"', b'"\\udc00\\ud800"')
_ELEMENT: Final = re.compile(r"<([A-Za-z_][\w:.-]{0,60})((?: [^<>]{0,200})?)>([^<>]{0,300})</\1>")
_QUOTED: Final = re.compile(rb'"((?:[A-Za-z0-9+/]{4}){2,200}={0,2})"')
_VALUE: Final = re.compile(rb':\s{0,3}("[^"\\]{0,200}"|-?[0-9.]{1,20}|true|false|null)')
_FIELD: Final = re.compile(rb"=[^;=&]{0,100}")


def valued(random: Random, payload: bytes, other: bytes) -> bytes:
    """JSON in which a value is hostile, or missing, or under another key, or another message's; XML and others likewise."""
    try:
        body, guest = json.loads(payload), _json(other)
    except (ValueError, RecursionError):
        return _marked(random, payload)
    holders = [part for part in parts(body) if part]
    if not holders:
        return json.dumps(hostile_value(random)).encode("utf-8", "surrogatepass")
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        _change(random, random.choice(holders), guest)
    return json.dumps(body, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")


def hostile_value(random: Random) -> object:
    """A text or another value that nobody should send; a third of them never came before, so that what remembers grows."""
    chance = random.random()
    if chance < 0.34:
        return f"k{random.getrandbits(64):x}"
    return random.choice(TEXTS) if chance < 0.8 else random.choice(_OTHERS)


def _change(random: Random, holder: dict[str, object] | list[object], guest: object) -> None:
    if isinstance(holder, list):
        holder[random.randrange(len(holder))] = hostile_value(random)
        return
    if not holder:
        return
    key, act = random.choice(list(holder)), random.randrange(8)
    if act == 0:
        del holder[key]
    elif act == 1:
        holder[str(hostile_value(random))] = holder.pop(key)
    elif act == 2:
        holder[key] = random.choice(([holder[key]] * 3, {"value": holder[key]}, str(holder[key]), {key: holder[key]}))
    elif act == 3:
        one = random.choice(list(holder))
        holder[key], holder[one] = holder[one], holder[key]
    elif act == 4 and isinstance(guest, dict) and guest:
        theirs = random.choice(list(guest))
        holder[theirs] = guest[theirs]
    else:
        holder[key] = hostile_value(random)


def _json(payload: bytes) -> object:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def parts(body: object) -> Iterator[dict[str, object] | list[object]]:
    """Every object and array of a JSON value."""
    waiting = [body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            yield part
            waiting.extend(part)


def _marked(random: Random, payload: bytes) -> bytes:
    """XML with another text in an element, an element twice, or one less; lines of ``key=value`` with another value."""
    text = payload.decode("utf-8", "surrogateescape")
    elements = list(_ELEMENT.finditer(text))
    if not elements:
        return _lines(random, payload)
    one, act = random.choice(elements), random.randrange(5)
    value = str(hostile_value(random))
    if random.random() < 0.8:
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "")
    changed = {
        0: "",
        1: one[0] * random.choice((2, 3, 40)),
        2: f"<{one[1]}{one[2]}><{one[1]}>{value}</{one[1]}></{one[1]}>",
    }.get(act, f"<{one[1]}{one[2]}>{value}</{one[1]}>")
    return (text[: one.start()] + changed + text[one.end() :]).encode(
        "utf-8", "surrogatepass" if "\ud800" in value else "replace"
    )


def _lines(random: Random, payload: bytes) -> bytes:
    fields = list(_FIELD.finditer(payload))
    if not fields:
        return payload + str(hostile_value(random)).encode("utf-8", "replace")
    one = random.choice(fields)
    return payload[: one.start()] + b"=" + str(hostile_value(random)).encode("utf-8", "surrogatepass") + payload[one.end() :]


def odd_number(random: Random, payload: bytes, _: bytes) -> bytes:
    """A value written as no library writes it: a number without end, half a surrogate pair, or the same key once more."""
    values = list(_VALUE.finditer(payload))
    if not values:
        return payload
    one = random.choice(values)
    if random.random() < 0.3:
        key = payload.rfind(b'"', 0, max(0, payload.rfind(b'"', 0, one.start())))
        return payload[: one.end()] + b"," + payload[max(0, key) : one.end()] + payload[one.end() :]
    return payload[: one.start(1)] + random.choice(_JSON_ODD) + payload[one.end(1) :]


def enclosed(random: Random, payload: bytes, _: bytes) -> bytes:
    """Bytes within a message bent: what is base64 in it, or the data of a frame whose length and checksum are right again."""
    if payload.startswith(START) and payload.endswith(END) and len(payload) >= 30:
        return _framed(random, payload)
    found = list(_QUOTED.finditer(payload))
    if not found:
        return valued(random, payload, b"")
    one = random.choice(found)
    return payload[: one.start(1)] + b64encode(_bent(random, b64decode(one[1]))) + payload[one.end(1) :]


def _framed(random: Random, payload: bytes) -> bytes:
    head, data = bytearray(payload[2:27]), _bent(random, payload[27:-3])[:1024]
    if random.random() < 0.3:
        head[random.randrange(22)] = random.randrange(256)
    head[22:24] = len(data).to_bytes(2, "little")
    body = bytes(head) + data
    return START + body + bytes((sum(body) % 256,)) + END


def _bent(random: Random, content: bytes) -> bytes:
    bent = bytearray(content)
    for _ in range(random.randint(1, 3) if bent else 0):
        bent[random.randrange(len(bent))] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))
    act = random.randrange(4)
    if act == 0:
        return bytes(bent[: random.randint(0, len(bent))])
    return bytes(bent) * random.choice((2, 30)) if act == 1 else bytes(bent)


def numbers_without_end(random: Random, payload: bytes, _: bytes) -> bytes:
    """A value that is a text or a number of 100,000 digits, spaces or signs."""
    values = list(_VALUE.finditer(payload)) or list(re.finditer(rb">([^<>]{0,300})<", payload))
    run = random.choice((b"9", b"0", b"1.", b"1e", b"-", b" ", b"a.", b"a b.", b"\xd9\xa1", b"e\xcc\x81", b"1,")) * 100_000
    if not values:
        return payload + run
    one = random.choice(values)
    is_text = payload[one.start(1) : one.start(1) + 1] in {b'"'} or random.random() < 0.7
    quote = b'"' if is_text and payload[:1] in {b"{", b"["} else b""
    return payload[: one.start(1)] + quote + run + quote + payload[one.end(1) :]


def many_elements(random: Random, payload: bytes, _: bytes) -> bytes:
    """The elements of arrays, or of XML, many times over: one message that says more than a thousand things."""
    body = _json(payload)
    lists = [part for part in parts(body) if isinstance(part, list) and part]
    if lists:
        one = random.choice(lists)
        one.extend(one[:1] * min(random.choice((1_001, 5_000)), 400_000 // (len(json.dumps(one[0])) + 1)))
        return json.dumps(body).encode("utf-8", "surrogatepass")
    elements = list(re.finditer(rb"<([A-Za-z_][\w:.-]{0,60})[ >]", payload))
    if not elements:
        return payload * min(2_000, 400_000 // (len(payload) + 1))
    name = random.choice(elements)[1]
    first, last = payload.find(b"<" + name), payload.rfind(b"</" + name + b">")
    if last < first:
        return payload
    part = payload[first : last + len(name) + 3]
    return payload[:first] + part * min(random.choice((1_001, 5_000)), 800_000 // len(part)) + payload[last + len(name) + 3 :]
