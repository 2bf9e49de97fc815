"""The slow and exact reading of a message in which something is wrong: which element, which field, given twice or not."""

import json
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from pydantic_core import from_json

from ingest.body import ARRAY_LENGTH_MAX, ONE, EventBody
from ingest.explain import explain, explain_json
from ingest.refusal import Refusal, Refused, shown


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a message: the bytes it stands for, and its fields or why it has none."""

    content: bytes
    body: EventBody | Refused


class _Doubled(dict[str, object]):
    """An object in which a key came twice."""

    key: str = ""


_SEPARATORS: Final = (",", ":")


def read_elements(payload: bytes) -> list[Element] | Refused:
    """The elements of an array (or the one object), each judged by itself; or why the whole is unreadable."""
    message = read_json(payload)
    if isinstance(message, Refused):
        return message
    if not isinstance(message, list):
        return [Element(payload, _judge(message, payload))]
    if not message:
        return Refused(Refusal.EMPTY, "expected at least one event, came an empty array")
    if len(message) > ARRAY_LENGTH_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {ARRAY_LENGTH_MAX} events in an array, came {len(message)}")
    return [Element(content, _judge(element, content)) for element in message for content in (write_json(element),)]


def read_json(payload: bytes) -> object | Refused:
    """Any JSON, read strictly. An object in which a key came twice is marked; ``doubled_key`` finds it."""
    if not payload.strip():
        return Refused(Refusal.EMPTY, f"expected a JSON object or an array of them, came {len(payload)} bytes of nothing")
    try:
        from_json(payload)  # the strict gate: what it refuses, the lenient reader below never sees
    except ValueError as fault:
        return explain_json(str(fault), payload)
    return json.loads(payload, object_pairs_hook=_object)  # type: ignore[no-any-return]  # any JSON value


def write_json(value: object) -> bytes:
    """A value that ``read_json`` gave, as JSON again."""
    return json.dumps(value, ensure_ascii=False, separators=_SEPARATORS).encode()


def doubled_key(value: object) -> Refused | None:
    """Whether a key came twice in this object, or in one directly within it."""
    for one in (value, *value.values()) if isinstance(value, dict) else ():
        if isinstance(one, _Doubled):
            return Refused(Refusal.DUPLICATE_KEY, f"{shown(one.key)}: expected once, came twice or more in one object")
    return None


def _judge(element: object, content: bytes) -> EventBody | Refused:
    if not isinstance(element, dict):
        return Refused(Refusal.NOT_AN_OBJECT, f"expected a JSON object for each event, came {shown(element)}")
    if (fault := doubled_key(element)) is not None:
        return fault
    try:
        return ONE.validate_json(content)
    except ValidationError as faults:
        return explain(faults)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    doubled = _Doubled(pairs)
    seen: set[str] = set()
    doubled.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add returns None
    return doubled
