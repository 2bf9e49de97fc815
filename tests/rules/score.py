"""A score for the chain: rows of when, what comes in, and which facts must follow, in this order and no others.

    seconds | what                       | facts that follow, by a comma
    0       | d1 temperature=60          | alarm opened red, incident opened
    30      |                            |                      (only time passes)
    60      | zhang acknowledge incident | alarm acknowledged, incident acknowledged

``d1 kind=12`` is a reading, ``d1 kind=`` a reading without a value, ``d1 kind:open`` a state, ``d1 kind!on`` an alarm and
``d1 ~`` a heartbeat; ``zone/d1`` puts the device in a zone. A timer's fact carries its instant: ``alarm opened @59.999``.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from rules import definition as d
from rules import primitive as p
from rules.canonical import to_json
from rules.effects import AnswerAction, Effect, Notify, RecordFact
from rules.engine import Engine
from rules.model import (
    Entity,
    Event,
    EventClass,
    Fact,
    Input,
    Level,
    Network,
    OperatorAction,
    Sentence,
    Verb,
)

T0 = 1_767_225_600_000
"""2026-01-01T00:00:00Z, 08:00 in Shanghai."""

_CLASSES = {"=": EventClass.READING, ":": EventClass.STATE, "!": EventClass.ALARM, "~": EventClass.HEARTBEAT}
_EVENT = re.compile(r"(?:(?P<zone>[^ ]+)/)?(?P<device>[^ /]+) (?P<kind>\w*)(?P<sort>[=:!~])(?P<value>\S*)$")


def said(text: str) -> Sentence:
    return Sentence(f"{text}（中）", text)


def stage(level: str, test: p.Test, on: float = 0, off: float = 0) -> d.Stage:
    return d.Stage(level=Level(level), condition=p.Condition(test=test, on_delay_s=on, off_delay_s=off))


def rule(name: str, kinds: str, **changes: Any) -> d.Rule:
    """A rule by device, of the hazard ``fire``, that looks at these kinds."""
    values: dict[str, Any] = {
        "id": name,
        "title": said(name),
        "hazard": "fire",
        "key": d.Key.DEVICE,
        "match": d.Match(kinds=tuple(kinds.split())),
    }
    return d.Rule(**(values | changes))


def hazard(name: str, **changes: Any) -> d.Hazard:
    return d.Hazard(id=name, title=said(name), **changes)


def pack(
    *rules: d.Rule,
    hazards: Sequence[d.Hazard] = (),
    plans: Sequence[d.Plan] = (),
    responders: Sequence[d.Responder] = (),
    parties: Sequence[str] = (),
    version: str = "1",
    **changes: Any,
) -> d.RulePack:
    known = {"fire": hazard("fire"), **{entry.id: entry for entry in hazards}}
    return d.RulePack(
        id="test",
        version=version,
        digest=version,
        title=said("pack"),
        timezone=ZoneInfo("Asia/Shanghai"),
        hazards=known,
        rules=rules,
        plans={plan.id: plan for plan in plans},
        parties={name: d.Party(id=name, title=said(name)) for name in parties},
        responders=tuple(responders),
        **changes,
    )


def event(device: str, kind: str, value: float | str | None = None, **changes: Any) -> Event:
    values: dict[str, Any] = {
        "id": f"e-{device}-{kind}",
        "community": "c1",
        "network": Network.IOT,
        "event_class": EventClass.STATE if isinstance(value, str) else EventClass.READING,
        "device": device,
        "kind": kind,
        "value": value if not isinstance(value, str) else None,
        "state": value if isinstance(value, str) else None,
    }
    return Event(**(values | changes))


class Play:
    """An engine, and what it has told so far."""

    def __init__(self, pack: d.RulePack | None = None, *, is_restored_each_step: bool = False) -> None:
        self.pack = pack
        self.packs: dict[str, d.RulePack] = {"": pack} if pack else {}
        self.engine = Engine(pack=pack, read_pack=self.read_pack)
        self.effects: list[Effect] = []
        self.saved: dict[str, bytes] = {}
        self.is_restored_each_step = is_restored_each_step
        self._number = 0

    def read_pack(self, text: str) -> d.RulePack:
        if text not in self.packs:
            raise ValueError(f"no pack {text}")
        return self.packs[text]

    # ------------------------------------------------------------------------------------------------- doing

    def receive(self, entry: Input, at_s: float) -> tuple[Effect, ...]:
        return self._done(self.engine.receive(entry, T0 + round(at_s * 1000)))

    def advance(self, at_s: float) -> tuple[Effect, ...]:
        return self._done(self.engine.advance(T0 + round(at_s * 1000)))

    def _done(self, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        self.effects += effects
        if self.is_restored_each_step:
            self.restore()
        return effects

    def restore(self) -> None:
        """Save what changed, and go on with an engine that was made from all that was saved."""
        for key, text in self.engine.take_changes().items():
            if text is None:
                self.saved.pop(key, None)
            else:
                self.saved[key] = text
        self.engine = Engine.restore(self.saved.items(), read_pack=self.read_pack)

    def act(self, at_s: float, actor: str, verb: str, entity: str, **arguments: Any) -> AnswerAction:
        """An action on the last record of this entity that was told of, or on the one with this id."""
        name = self.last_id(entity) if entity in [one.value for one in Entity] else entity
        kind = Entity(entity) if entity in [one.value for one in Entity] else _ENTITIES[name[0]]
        self._number += 1
        action = OperatorAction(
            id=f"action-{self._number}",
            community="c1",
            actor=actor,
            verb=Verb(verb),
            entity=kind,
            entity_id=name,
            arguments=arguments,
        )
        answers = [effect for effect in self.receive(action, at_s) if isinstance(effect, AnswerAction)]
        assert len(answers) == 1
        return answers[0]

    def play(self, score: str, **changes: Any) -> "Play":
        """Play the rows, and check what each is answered with."""
        for row in score.strip().splitlines():
            when, what, expected = [part.strip() for part in (row + "||").split("|")[:3]]
            at_s = float(when)
            seen = len(self.facts)
            if not what:
                self.advance(at_s)
            elif found := _EVENT.match(what):
                self._number += 1
                self.receive(_event_of(found, f"e{self._number}", changes), at_s)
            else:
                actor, verb, entity, *arguments = what.split()
                self.act(at_s, actor, verb, entity, **dict(argument.split("=") for argument in arguments))
            told = [_shown(fact, at_s) for fact in self.facts[seen:]]
            wanted = [part.strip() for part in expected.split(",") if part.strip()]
            is_right = len(told) == len(wanted) and all(map(_is_meant, told, wanted))
            assert is_right, f"{row.strip()}\n  was told: {', '.join(told)}"
        return self

    # ------------------------------------------------------------------------------------------------- looking

    @property
    def facts(self) -> list[Fact]:
        return [effect.fact for effect in self.effects if isinstance(effect, RecordFact)]

    def last(self, entity: str) -> Fact:
        return [fact for fact in self.facts if fact.entity == entity][-1]

    def last_id(self, entity: str) -> str:
        return self.last(entity).entity_id

    @property
    def notifications(self) -> list[Notify]:
        return [effect for effect in self.effects if isinstance(effect, Notify)]

    @property
    def notices(self) -> list[str]:
        """Who was told of what: ``step → target``, the ids of dispatches left out."""
        return [re.sub(r"_d-[0-9a-f]+", "", f"{notice.step} → {notice.target}") for notice in self.notifications]

    def records(self, attribute: str) -> list[Any]:
        """The successive states of a record: of SaveAlarm ``alarm``, and so on."""
        return [getattr(effect, attribute) for effect in self.effects if hasattr(effect, attribute)]

    def text(self) -> bytes:
        """All effects as bytes: two runs are the same when these are."""
        return b"\n".join([type(effect).__name__.encode() + to_json(effect) for effect in self.effects])


_ENTITIES = {"i": Entity.INCIDENT, "a": Entity.ALARM, "d": Entity.DISPATCH, "w": Entity.WARNING}


def _event_of(found: re.Match[str], name: str, changes: Mapping[str, Any]) -> Event:
    event_class = _CLASSES[found["sort"]]
    value = found["value"]
    is_reading = event_class is EventClass.READING
    values: dict[str, Any] = {
        "id": name,
        "event_class": event_class,
        "value": float(value) if is_reading and value else None,
        "state": value if not is_reading and value else None,
        "zone": found["zone"] or "",
    }
    return event(found["device"], found["kind"] or "heartbeat", **{**values, **changes})


def _shown(fact: Fact, at_s: float) -> str:
    told_at_s = (fact.at - T0) / 1000
    when = "" if told_at_s == at_s else f" @{told_at_s:g}"
    return f"{fact.entity} {fact.transition} {fact.level or ''}".strip() + when


def _is_meant(told: str, want: str) -> bool:
    """The level need not be said."""
    return want in (told, re.sub(r" (red|orange|yellow|blue)\b", "", told))
