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
    if not payload.strip():
        return Refused(Refusal.EMPTY, f"expected a JSON object or an array of them, came {len(payload)} bytes of nothing")
    try:
        from_json(payload)  # the strict gate: what it refuses, the lenient reader below never sees
    except ValueError as fault:
        return explain_json(str(fault), payload)
    message = json.loads(payload, object_pairs_hook=_object)
    if not isinstance(message, list):
        return [Element(payload, _judge(message, payload))]
    if not message:
        return Refused(Refusal.EMPTY, "expected at least one event, came an empty array")
    if len(message) > ARRAY_LENGTH_MAX:
        return Refused(Refusal.TOO_MANY, f"expected at most {ARRAY_LENGTH_MAX} events in an array, came {len(message)}")
    elements = []
    for element in message:
        content = json.dumps(element, ensure_ascii=False, separators=_SEPARATORS).encode()
        elements.append(Element(content, _judge(element, content)))
    return elements


def _judge(element: object, content: bytes) -> EventBody | Refused:
    if not isinstance(element, dict):
        return Refused(Refusal.NOT_AN_OBJECT, f"expected a JSON object for each event, came {shown(element)}")
    for one in (element, *element.values()):
        if isinstance(one, _Doubled):
            return Refused(Refusal.DUPLICATE_KEY, f"{shown(one.key)}: expected once, came twice or more in one object")
    try:
        return ONE.validate_json(content)
    except ValidationError as fault:
        return explain(fault)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    doubled = _Doubled(pairs)
    seen: set[str] = set()
    doubled.key = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]  # add returns None
    return doubled
