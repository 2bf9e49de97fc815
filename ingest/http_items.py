"""What a body of POST /v1/events holds: events of our contract, each with the place that over MQTT the topic would say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ingest.body import ONE
from ingest.careful import doubled_key, read_json, write_json
from ingest.refusal import Refusal, Refused, rejected, shown
from ingest.wire import decode
from rules.model import Event, Rejected

SOURCE: Final = "POST /v1/events"
BODY_BYTES_MAX: Final = 1_048_576
LETTER_LENGTH_MAX: Final = 5000
PLACE_FIELDS: Final = ("topic", "community", "network", "class", "device")

_PARTS: Final = PLACE_FIELDS[1:]
_HOW: Final = "topic, or all of community, network, class and device; in each event, or in the query for all of them"


@dataclass(frozen=True, slots=True)
class Letter:
    """One request: its body, the place that its query names for events without their own, and what tells it from others."""

    body: bytes
    place: Mapping[str, str]
    prefix: str
    arrival: str


def read_letter(letter: Letter) -> list[Event | Rejected]:
    """One result for each event in the body, in order; never empty, never raises."""
    message = read_json(letter.body)
    if isinstance(message, Refused):
        return [_refuse(message, letter.body, letter, 0)]
    if isinstance(message, dict) and "events" in message:
        if len(message) > 1 or not isinstance(message["events"], list) or doubled_key(message):
            fault = Refused(Refusal.WRONG_TYPE, f'expected {{"events": [...]}} and nothing beside it, came {shown(message)}')
            return [_refuse(fault, letter.body, letter, 0)]
        message = message["events"]
    items = message if isinstance(message, list) else [message]
    if not items:
        return [_refuse(Refused(Refusal.EMPTY, "expected at least one event, came an empty array"), letter.body, letter, 0)]
    if len(items) > LETTER_LENGTH_MAX:
        fault = Refused(Refusal.TOO_MANY, f"expected at most {LETTER_LENGTH_MAX} events in one request, came {len(items)}")
        return [_refuse(fault, letter.body, letter, 0)]
    return [result for index, item in enumerate(items) for result in _read_item(item, index, letter)]


def _read_item(item: object, index: int, letter: Letter) -> list[Event | Rejected]:
    content = write_json(item)
    if not isinstance(item, dict):
        fault = Refused(Refusal.NOT_AN_OBJECT, f"expected a JSON object for each event, came {shown(item)}")
        return [_refuse(fault, content, letter, index)]
    if (doubled := doubled_key(item)) is not None:
        return [_refuse(doubled, content, letter, index)]
    topic = _topic(item, letter)
    if isinstance(topic, Refused):
        return [_refuse(topic, content, letter, index)]
    fields = {key: value for key, value in item.items() if key not in PLACE_FIELDS}
    return decode(topic, write_json(fields), prefix=letter.prefix, arrival=f"{letter.arrival}-{index}", bytes_max=BODY_BYTES_MAX)


def _topic(item: dict[str, Any], letter: Letter) -> str | Refused:
    given: dict[str, Any] = {key: item[key] for key in PLACE_FIELDS if key in item}
    for key, value in given.items():
        if not isinstance(value, str):
            return Refused(Refusal.WRONG_TYPE, f"{key}: expected text, came {shown(value)}")
    if "topic" in given:
        if len(given) > 1:
            return Refused(Refusal.UNKNOWN_FIELD, f"topic: it says all of the place; leave out {', '.join(list(given)[1:])}")
        return str(given["topic"])
    if not given and "topic" in letter.place:
        return letter.place["topic"]
    whole: dict[str, str] = dict(letter.place) | given
    missing = [part for part in _PARTS if not whole.get(part)]
    if missing:
        return Refused(Refusal.MISSING_FIELD, f"{', '.join(missing)}: expected {_HOW}")
    if any("/" in whole[part] for part in _PARTS):
        return Refused(Refusal.BAD_NAME, f"{' '.join(shown(whole[part]) for part in _PARTS)}: expected names without a slash")
    return "/".join((letter.prefix, *(whole[part] for part in _PARTS)))


def _refuse(fault: Refused, content: bytes, letter: Letter, index: int) -> Rejected:
    community = letter.place.get("community", "")
    return rejected(fault, SOURCE, content, community if community.isprintable() else "", f"{SOURCE}\n{letter.arrival}\n{index}")


def letter_schema() -> dict[str, Any]:
    """JSON Schema of a body: one event, an array of them, or an object that holds the array."""
    event = ONE.json_schema()
    text = {"type": "string", "minLength": 1, "maxLength": 128}
    event["properties"] |= {
        "topic": {"type": "string", "description": f"The MQTT topic. Instead of it: {', '.join(_PARTS)}."},
        "community": text,
        "network": {"enum": ["iot", "video", "internet", "data"]},
        "class": {"enum": ["alarm", "state", "reading", "heartbeat"]},
        "device": text,
    }
    many = {"type": "array", "items": event, "minItems": 1, "maxItems": LETTER_LENGTH_MAX}
    wrapped = {"type": "object", "properties": {"events": many}, "required": ["events"], "additionalProperties": False}
    return {"anyOf": [event, many, wrapped]}
