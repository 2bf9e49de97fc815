"""A declarative mapping at work: records of any JSON (or one plain text) become events, by paths, words, units and conditions.

For what no format of ours reads. A mapping is data (``shouwang.mapping_file`` reads it, and lists all its faults); it becomes a
format like every other, so that a route, ``decode`` and the checks of the contract treat it the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from ingest.adapter import SAID_MAX, Example, Foreign, Format, Ignored, Said, device_name, pure
from ingest.careful import read_json
from ingest.coordinates import place_of
from ingest.foreign_ids import foreign_id
from ingest.loose import instant, number, truth, word
from ingest.mapping_conditions import MappedCondition
from ingest.mapping_paths import MappedPath, Message
from ingest.mapping_work import Exhausted, size_of
from ingest.refusal import Refusal, Refused, shown
from rules.kinds import KINDS
from rules.model import Attribute, EventClass, Network, Status

BYTES_MAX: Final = 65_536
"""Bytes of one message that a mapping reads; ours."""
RECORDS_MAX: Final = 200
_TEXT_MAX: Final = 256
_TOO_MUCH_WORK: Final = (
    "the rest of this message was not read: its values would be looked at too often; send fewer records in a message, or take "
    "conditions, '..', '*' and '?' out of the mapping"
)
_AROUND_DEPTH: Final = 4
_AROUND_MAX: Final = 50
"""Levels, and fields of each, that a condition sees of a message beside its records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMapping:
    """How one event comes out of a record. A reading's value is ``value * factor + added``; ``states`` are our words by theirs.

    ``part``: the event is of that part of the device, ``NAME.part``.
    """

    event_class: EventClass
    kind: str
    when: MappedCondition | None = None
    value: MappedPath | None = None
    factor: float = 1.0
    added: float = 0.0
    state: MappedPath | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    attributes: Mapping[str, MappedPath] = field(default_factory=dict)
    constants: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMapping:
    """How a message is read: where its records are, whose they are, when, and which events they say."""

    name: str
    zh: str
    en: str
    network: Network
    device: MappedPath
    events: tuple[EventMapping, ...]
    is_text: bool = False
    each: MappedPath | None = None
    when: MappedCondition | None = None
    at: MappedPath | None = None
    id: MappedPath | None = None
    gateway: MappedPath | None = None
    place: tuple[MappedPath, MappedPath] | None = None
    test: MappedCondition | None = None
    exercise: MappedCondition | None = None
    past: MappedCondition | None = None


def format_of(mapping: RecordMapping) -> Format:
    """The format that a mapping is."""

    def read(foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
        message = _content(mapping, foreign)
        if isinstance(message, Refused):
            return message
        around = message if mapping.each is None else _around(message, 0)
        whole = Message(message, message, foreign.topic, around, size_of(around))
        said: list[Said | Refused] = []
        try:
            records = [message] if mapping.each is None else mapping.each.values(whole)
            if len(records) > RECORDS_MAX:
                detail = f"expected at most {RECORDS_MAX} records in a message, came {len(records)} or more"
                return Refused(Refusal.TOO_MANY, detail)
            for record in records:
                said += _record(mapping, replace(whole, record=record))
                if len(said) > SAID_MAX:
                    break  # refused as a whole, beside all other formats' messages of that kind
        except Exhausted:
            said.append(Refused(Refusal.TOO_MANY, _TOO_MUCH_WORK))
        return said or Ignored("no record of it says anything by this mapping")

    words = f"{mapping.en}: read by a declarative mapping."
    return Format(
        name=mapping.name, network=mapping.network, zh=mapping.zh, en=mapping.en, words=words, opens=pure(read), examples=_NONE
    )


_NONE: Final[tuple[Example, ...]] = ()


def _content(mapping: RecordMapping, foreign: Foreign) -> Any:
    if len(foreign.payload) > BYTES_MAX:
        return Refused(Refusal.TOO_LARGE, f"expected at most {BYTES_MAX} bytes, came {len(foreign.payload)}")
    if not mapping.is_text:
        return read_json(foreign.payload)
    try:
        return foreign.payload.decode("utf-8").strip()
    except UnicodeDecodeError:
        return Refused(Refusal.NOT_UTF8, "expected a text in UTF-8")


def _around(value: Any, depth: int) -> Any:
    """A message without its arrays: what a condition on each of hundreds of records may look at without looking at them all."""
    if not isinstance(value, dict) or depth >= _AROUND_DEPTH:
        return {} if isinstance(value, list | dict) else value
    return {name: _around(each, depth + 1) for name, each in islice(value.items(), _AROUND_MAX) if not isinstance(each, list)}


def _record(mapping: RecordMapping, message: Message) -> Iterator[Said | Refused]:
    holds = True if mapping.when is None else mapping.when.judge(message)
    if holds is not True:
        if isinstance(holds, Refused):
            yield holds
        return
    found, device = mapping.device.first(message)
    name = _plain(device)
    if not found or name in {None, ""}:
        yield Refused(Refusal.MISSING_FIELD, f"device: {mapping.device.text} finds no name in this record")
        return
    common = _common(mapping, message, str(name))
    if isinstance(common, Refused):
        yield common
        return
    for index, event in enumerate(mapping.events):
        said = _event(event, message, common)
        if isinstance(said, Said) and common.id:
            said = replace(said, id=_identity(common.id, index, said))
        if said is not None:
            yield said


def _identity(name: str, index: int, said: Said) -> str:
    """The same record that says something else is heard: an end may come under the number of its beginning."""
    return device_name(foreign_id(name, index, said.at, said.state, said.value, said.status, said.attributes.get("text")))


def _common(mapping: RecordMapping, message: Message, device: str) -> Said | Refused:
    """What all events of a record have in common."""
    status, is_past = Status.ACTUAL, False
    for condition, named in ((mapping.exercise, Status.EXERCISE), (mapping.test, Status.TEST), (mapping.past, None)):
        holds = False if condition is None else condition.judge(message)
        if isinstance(holds, Refused):
            return holds
        if holds:
            status, is_past = (named or status), is_past or named is None
    place: dict[str, Attribute] = {}
    if mapping.place:
        latitude, longitude = (number(path.first(message)[1]) for path in mapping.place)
        place = place_of(latitude, longitude)
    return Said(
        event_class=EventClass.HEARTBEAT,
        kind="heartbeat",
        device=device,
        at=instant(mapping.at.first(message)[1]) if mapping.at else None,
        id=str(_plain(mapping.id.first(message)[1]) or "") if mapping.id else "",
        gateway=str(_plain(mapping.gateway.first(message)[1]) or "") if mapping.gateway else "",
        status=status,
        is_past=is_past,
        attributes=place,
    )


def _event(event: EventMapping, message: Message, common: Said) -> Said | Refused | None:
    """One event of a record; None where the record does not speak of it."""
    holds = True if event.when is None else event.when.judge(message)
    if holds is not True:
        return holds if isinstance(holds, Refused) else None
    beside: dict[str, Attribute] = {**common.attributes, **event.constants}
    for name, path in event.attributes.items():
        value = _plain(path.first(message)[1])
        beside |= {} if value is None else {name: value}
    device = f"{common.device}.{event.part}" if event.part else common.device
    said = replace(common, event_class=event.event_class, kind=event.kind, device=device, attributes=beside)
    if event.value is not None:
        return _valued(event, event.value, message, said)
    if event.state is not None:
        return _stated(event, event.state, message, said)
    return replace(said, state="on") if event.event_class is EventClass.ALARM else said


def _valued(event: EventMapping, path: MappedPath, message: Message, said: Said) -> Said | Refused | None:
    found, value = path.first(message)
    if not found:
        return None
    read = number(value)
    if read is not None:
        return replace(said, value=round(read * event.factor + event.added, 6))
    if value is None or (isinstance(value, str) and not word(value)):
        return said  # null: the device has no value now
    return Refused(Refusal.WRONG_TYPE, f"value: {path.text} finds no number for {event.kind}, came {shown(value)}")


def _stated(event: EventMapping, path: MappedPath, message: Message, said: Said) -> Said | Refused | None:
    found, value = path.first(message)
    if not found:
        return None
    if state := event.states.get(normal(value)) or _own_word(event, value):
        return replace(said, state=state)
    if value is None or (isinstance(value, str) and not word(value)):
        return said if event.event_class is EventClass.STATE else None  # null neither raises nor ends an alarm
    return Refused(Refusal.WRONG_STATE, f"state: {path.text} finds {shown(value)} for {event.kind}, and states does not name it")


def _own_word(event: EventMapping, value: object) -> str:
    """Where the mapping names no words: our own, and truths."""
    kind = KINDS.get((event.event_class, event.kind))
    if event.states or kind is None or not kind.states:
        return ""
    if normal(value) in kind.states:
        return normal(value)
    holds = truth(value)
    return "" if holds is None else kind.states[0 if holds else 1]


def normal(value: object) -> str:
    """A value as ``states`` compares it: ``True``, ``"true"`` and ``true`` are one, and so are 1, 1.0 and ``"1"``."""
    if isinstance(value, bool):
        return str(value).lower()
    read = number(value)
    return f"{read:g}" if read is not None else value.strip().lower() if isinstance(value, str) else ""


def _plain(value: object) -> Attribute | None:
    if isinstance(value, str):
        return value.strip()[:_TEXT_MAX]
    return value if isinstance(value, bool | int | float) else None
