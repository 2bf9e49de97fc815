"""A story of a small town, told to the engine: what its devices say and its people do; and all that the engine says to it.

A row is ``seconds | what``. What comes is written as in ``score.py``, and may say more of itself behind that:

    12  | b1/u1/0101/t1 temperature=61 gateway=g1 confidence=0.6      an event; what is no field of it is an attribute
    60  | zhang acknowledge alarm:hot                                 the last alarm of this rule (incident: of this hazard)
    70  | zhang accept dispatch:guard                                 the last order to this person
    80  | failed property sms no signal                               a delivery of the last incident that was given up
    90  | deaf 30                                                     the service hears again, after so many seconds
    0..600/60 | d1 power=~100                                        the same every minute; ~100 is 100 and a little by chance
"""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any

from rules.effects import Effect, Notify, RecordFact, SaveDispatch
from rules.model import (
    DeliveryReport,
    Entity,
    Event,
    EventClass,
    Input,
    Network,
    OperatorAction,
    PackActivation,
    Rejected,
    Resumed,
    Sentence,
    SetAside,
    Status,
    Verb,
)
from rules.pack import read_pack
from tests.rules.score import T0, Play

_SORTS = {"=": EventClass.READING, ":": EventClass.STATE, "!": EventClass.ALARM, "~": EventClass.HEARTBEAT}
_UNITS = {"temperature": "°C", "flood_gauge": "mm", "humidity": "%", "person_count": "1", "power": "W", "noise": "dB(A)"}
_OTHERS = ("failed", "delivered", "deaf", "refused", "stopped", "pack")
_USUAL: dict[str, Any] = {"community": "c1", "pack_version": "1.0.0", "from_state": "", "unit": "", "value": None, "state": None}
_USUAL |= {"occurred_at": None, "is_accepted": True, "dispatch_id": "", "confidence": None}
"""What is not said of a new record, beside what its class leaves out."""
_SEVERAL = {"SaveWarning", "SaveAlarm", "SaveIncident", "SaveDispatch", "SavePlaceMode", "SaveOutage"}


class Story:
    """A play, and what is written down of it."""

    def __init__(self, play: Play, texts: dict[str, str] | None = None) -> None:
        self.play = play
        self.texts = texts or {}  # of packs, by the word that activates them
        play.packs |= {text: read_pack(text) for text in self.texts.values()}
        self.entries: list[tuple[int, Input]] = []
        self.number = 0
        self.chance = 7

    def tell(self, rows: str) -> Iterator[tuple[str, tuple[Effect, ...]]]:
        """Play the rows; each with all that it is answered with."""
        for row in rows.strip().splitlines():
            when, what = [part.strip() for part in f"{row}|".split("|")[:2]]
            effects: tuple[Effect, ...] = ()
            for at_s in _instants(when):
                self.number += 1
                if not what:
                    effects += self.play.advance(at_s)
                    continue
                entry = self.entry_of(what, at_s)
                self.entries.append((T0 + round(at_s * 1000), entry))
                effects += self.play.receive(entry, at_s)
            yield row.strip(), effects

    def entry_of(self, what: str, at_s: float) -> Input:
        words = what.split()
        if words[0] in _OTHERS:
            return self._other(words, at_s)
        if words[1] in set(Verb):
            return self._action(words)
        return self._event(words, at_s)

    def _event(self, words: list[str], at_s: float) -> Event:
        zone, _, device = words[0].rpartition("/")
        sort = next(mark for mark in "=:!~" if mark in words[1])
        kind, _, value = words[1].partition(sort)
        values: dict[str, Any] = {
            "id": f"e{self.number}",
            "community": "c1",
            "network": Network.IOT,
            "event_class": _SORTS[sort],
            "device": device,
            "kind": kind or "heartbeat",
            "zone": zone,
            "value": self._value_of(value) if sort == "=" and value else None,
            "state": value if sort in ":!" and value else None,
            "unit": _UNITS.get(kind, "") if sort == "=" else "",
        }
        said = dict(word.split("=", 1) for word in words[2:])
        if "late" in said:
            values["occurred_at"] = T0 + round((at_s - float(said.pop("late"))) * 1000)
        own = {field.name: field for field in fields(Event)}
        values |= {name: _read(name, said.pop(name)) for name in list(said) if name in own}
        return Event(**values, attributes={name: _plain(value) for name, value in said.items()})

    def _value_of(self, value: str) -> float:
        if not value.startswith("~"):
            return float(value)
        self.chance = self.chance * 48_271 % 2_147_483_647
        return float(value[1:]) + self.chance % 1000 / 1000

    def _action(self, words: list[str]) -> OperatorAction:
        entity, _, label = words[2].partition(":")
        arguments: dict[str, Any] = {}
        for word in words[3:]:
            name, _, value = word.partition("=")
            arguments[name] = self.id_of(*value.split(":")) if ":" in value else _plain(value)
        return OperatorAction(
            id=f"action-{self.number}",
            community=str(arguments.pop("community", "c1")),
            actor=words[0],
            verb=Verb(words[1]),
            entity=Entity(entity),
            entity_id=label if entity in ("zone", "device") else self.id_of(entity, label),
            arguments=arguments,
        )

    def id_of(self, entity: str, label: str = "") -> str:
        """The last record of this sort that was told of, of this rule, hazard or responder."""
        if entity == "dispatch" and label:
            saved = [effect.dispatch for effect in self.play.effects if isinstance(effect, SaveDispatch)]
            return ["nobody-knows", *[one.id for one in saved if one.responder == label]][-1]
        facts = [fact for fact in self.play.facts if fact.entity == entity]
        return ["nobody-knows", *[fact.entity_id for fact in facts if label in ("", fact.rule, fact.hazard)]][-1]

    def _other(self, words: list[str], at_s: float) -> Input:
        name = f"x{self.number}"
        if words[0] in ("failed", "delivered"):
            notice = [effect for effect in self.play.effects if isinstance(effect, Notify)][-1]
            return DeliveryReport(
                id=name,
                community="c1",
                incident_id=notice.incident_id if words[1] != "stranger" else "i-gone",
                key=notice.key,
                channel=words[2],
                target=words[1],
                is_delivered=words[0] == "delivered",
                detail=" ".join(words[3:]),
            )
        if words[0] == "deaf":
            return Resumed(id=name, deaf_since_at=T0 + round((at_s - float(words[1])) * 1000))
        if words[0] == "refused":
            return Rejected(id=name, source="iot", reason="malformed", detail="no kind", excerpt=b"{}", size=2, community="c1")
        if words[0] == "stopped":
            return SetAside(id=name, position=7, detail="it failed", community="c1", timer=" ".join(words[1:]))
        pack = self.play.read_pack(self.texts[words[1]])
        text = self.texts[words[1]]
        return PackActivation(id=name, pack=pack.id, version=pack.version, digest=pack.digest, text=text, actor="zhang")


def told(story: Story, rows: str) -> str:
    """The whole story with its answers: of a record that is saved again only what has changed."""
    known: dict[tuple[str, str], Any] = {}
    lines: list[str] = []
    for row, effects in story.tell(rows):
        lines.append(row)
        for effect in effects:
            name = type(effect).__name__
            record = effect.fact if isinstance(effect, RecordFact) else effect
            if name in _SEVERAL:
                record = getattr(effect, fields(effect)[0].name)
                before = known.get((name, record.id))
                known[name, record.id] = record
                lines.append(f"    {name} {record.id}: {'; '.join(changes(before, record))}")
            else:
                lines.append(f"    {name} {'; '.join(changes(None, record))}")
    return "\n".join(lines) + "\n"


def changes(before: Any, record: Any) -> Iterator[str]:
    """Each field that is another one than before, or than what is left out."""
    for field in fields(record):
        value = getattr(record, field.name)
        if before is None:
            usual = field.default_factory() if field.default_factory is not MISSING else field.default
            usual = _USUAL.get(field.name, usual) if usual is MISSING else usual
            is_told = value != usual or type(value) is not type(usual)
        else:
            is_told = value != getattr(before, field.name)
        if is_told:
            yield f"{field.name} {shown(value, field.name)}"


def shown(value: Any, name: str = "") -> str:
    """A value as people read it: instants as seconds of the story, sentences in both languages, what is left out not at all."""
    if isinstance(value, int) and not isinstance(value, bool) and name.endswith("at"):
        return f"+{(value - T0) / 1000:.12g}" if value else "0"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Sentence):
        return f"“{value.zh}” “{value.en}”"
    if is_dataclass(value):
        return f"{type(value).__name__}({', '.join(changes(None, value))})"
    if isinstance(value, str | bytes):
        return repr(value)
    return _several(value, name) if hasattr(value, "__len__") else "a condition" if callable(value) else str(value)


def _several(value: Any, name: str) -> str:
    if not value:
        return "none"
    if hasattr(value, "items"):
        return "{" + ", ".join(f"{shown(key)}: {shown(one, str(key))}" for key, one in value.items()) + "}"
    parts = [shown(one, name) for one in value]
    return "{" + ", ".join(sorted(parts)) + "}" if isinstance(value, frozenset) else "[" + ", ".join(parts) + "]"


def _instants(when: str) -> list[float]:
    """12, or each of 0..600/60."""
    first, _, rest = when.partition("..")
    last, _, step = rest.partition("/")
    return [float(at) for at in range(int(first), int(last) + 1, int(step))] if rest else [float(first)]


def _plain(value: str) -> str | float | bool:
    if value in ("yes", "no"):
        return value == "yes"
    try:
        return float(value)
    except ValueError:
        return value.replace("_", " ")


def _read(name: str, value: str) -> Any:
    readers: dict[str, Any] = {"network": Network, "status": Status, "confidence": float, "seq": int, "value": float}
    if name.startswith(("is_", "wants_")):
        return value == "yes"
    return readers.get(name, str)(value)
