"""Values as foreign devices write them: truths as words, numbers as texts, nothing in many dresses. Never guessed."""

import math
from collections.abc import Mapping
from typing import Final

from ingest.careful import doubled_key, read_json
from ingest.refusal import Refusal, Refused, shown

_TRUE: Final = frozenset({"true", "on", "1", "yes"})
_FALSE: Final = frozenset({"false", "off", "0", "no"})
_NOTHING: Final = frozenset({"", "null", "none", "undefined", "nan", "unknown", "unavailable", "n/a"})
"""Texts that devices send where they have nothing to say (CTWing sends "undefined", Home Assistant "unavailable")."""

_TEXT_LENGTH_MAX: Final = 200
_COUNT_BELOW: Final = 2**63

Object = Mapping[str, object]


OBJECT_BYTES_MAX: Final = 524_288
"""A foreign JSON object that is larger is refused unread: read, it takes ten times its bytes. Real ones have some kB."""


def read_object(payload: bytes) -> Object | Refused:
    """A JSON object, read strictly."""
    if len(payload) > OBJECT_BYTES_MAX:
        return Refused(Refusal.TOO_LARGE, f"expected a JSON object of at most {OBJECT_BYTES_MAX} bytes, came {len(payload)}")
    body = read_json(payload)
    if isinstance(body, Refused):
        return body
    if not isinstance(body, dict):
        return Refused(Refusal.NOT_AN_OBJECT, f"expected a JSON object, came {shown(body)}")
    return doubled_key(body) or body


def truth(value: object) -> bool | None:
    """Yes or no; None for nothing and for what is neither. ``"False"`` and ``"True"`` are seen on real gas detectors."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return bool(value) if value in {0, 1} else None
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _TRUE else False if word in _FALSE else None


def number(value: object) -> float | None:
    """A finite number, also where it is written as text; None for nothing and for what is none."""
    if isinstance(value, str):
        try:
            value = None if "_" in value else float(value)  # Python alone reads 1_000
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def word(value: object) -> str:
    """A text in lower case without its edges; "" for nothing in any dress, and for what is no text."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return "" if text in _NOTHING else text


def instant(value: object) -> str | float | None:
    """What can be read as a time later: a text that says something, or a number."""
    if isinstance(value, str):
        return value if word(value) else None
    return number(value)


def text(value: object) -> str:
    """A text that says something, at most 200 characters of it and none that cannot be seen; else ""."""
    if not isinstance(value, str) or not word(value):
        return ""
    head = value.strip()[:_TEXT_LENGTH_MAX]
    return head if head.isprintable() else "".join(letter for letter in head if letter.isprintable())


def count(value: object) -> int | None:
    """A whole number from 0 to 2^63 - 1; None for what is none."""
    found = number(value)
    return int(found) if found is not None and 0 <= found < _COUNT_BELOW and found == int(found) else None


def inner(body: Object, name: str) -> Object:
    """The object in a field; an empty one where there is none."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}
