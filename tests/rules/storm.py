"""A storm of happenings over a bundled pack: all kinds that its rules look at, people who act, hours that pass; from one seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from rules.canonical import to_json
from rules.definition import Rule, RulePack
from rules.effects import Effect, SaveAlarm, SaveDispatch, SaveIncident, SaveWarning
from rules.engine import Engine
from rules.kinds import KINDS
from rules.model import (
    Attribute,
    Entity,
    Event,
    EventClass,
    Input,
    Network,
    OperatorAction,
    PackActivation,
    Resumed,
    Status,
    Verb,
)
from rules.pack import read_pack
from tests.rules.score import T0

PACKS = Path(__file__).parents[2] / "rules" / "packs"
GAPS_MS = (0, 1, 200, 1000, 1000, 4000, 15_000, 61_000, 300_000)
ZONES = ("b01/u1/0101", "b01/u1/0502", "b02/u2/0303", "gate", "")
ATTRIBUTES = (
    "away",
    "preheat",
    "persons",
    "is_level",
    "gateway",
    "type",
    "level",
    "people",
    "score",
    "expires_at",
    "track",
    "actor",
)
ENTITIES = {SaveWarning: "warning", SaveAlarm: "alarm", SaveIncident: "incident", SaveDispatch: "dispatch"}


@lru_cache(maxsize=8)
def known_pack(text: str) -> RulePack:
    """The pack of this text, read once."""
    return read_pack(text)


def bundled() -> list[str]:
    """The names of the packs that come with the house."""
    return sorted(path.stem for path in PACKS.glob("*.yaml") if not path.stem.endswith("_test"))


def play(text: str, seed: int, count: int, change: Callable[[Engine], Engine] = lambda engine: engine) -> bytes:
    """Every effect of this many happenings, one a line. ``change`` may put another engine in place after each."""
    chance = random.Random(seed)
    engine = Engine(read_pack=known_pack)
    now = T0
    known: dict[str, list[str]] = {name: ["i-unknown"] for name in ENTITIES.values()}
    lines: list[bytes] = []
    heard: list[tuple[Input, int]] = []
    first = PackActivation(id="start", pack="p", version="1", digest="", text=text)
    for number, entry in enumerate(_entries(chance, known_pack(text), known, first, count)):
        before = now
        now += chance.choice(GAPS_MS)
        done = replace(entry, deaf_since_at=before) if isinstance(entry, Resumed) else entry
        effects = engine.advance(now) if done is None else engine.receive(done, now, number + 1)
        for effect in effects:
            _learn(effect, known)
            lines.append(type(effect).__name__.encode() + b" " + to_json(effect))
        if done is not None:
            heard.append((done, now))
        before_change, engine = engine, change(engine)
        if engine._intake.recent is not before_change._intake.recent:
            for one, at in heard:  # as the real start does, from the journal
                engine.prime_identity(one, at)
    return b"\n".join(lines)


def told(run: bytes) -> dict[str, int]:
    """How often each sort of effect came in a run."""
    words = [line.partition(b" ")[0].decode() for line in run.splitlines()]
    return {word: words.count(word) for word in sorted(dict.fromkeys(words))}


def _learn(effect: Effect, known: dict[str, list[str]]) -> None:
    """Whom people could act upon from now on: the last few."""
    if isinstance(effect, SaveWarning | SaveAlarm | SaveIncident | SaveDispatch):
        sort = ENTITIES[type(effect)]
        record = getattr(effect, sort)
        if record.id not in known[sort]:
            known[sort] = [*known[sort], record.id][-6:]


def _entries(
    chance: random.Random, pack: RulePack, known: dict[str, list[str]], first: PackActivation, count: int
) -> Iterator[Input | None]:
    yield first
    for number in range(count):
        sort = chance.choices(("event", "action", "tick", "resumed", "pack"), (80, 14, 3, 2, 1))[0]
        match sort:
            case "event":
                yield _event(chance, pack, number)
            case "action":
                yield _action(chance, pack, known, number)
            case "resumed":
                yield Resumed(id=f"r{number}", deaf_since_at=0)
            case "pack":
                yield PackActivation(id=f"p{number}", pack="p", version=str(number), digest="", text=first.text)
            case _:
                yield None


def _event(chance: random.Random, pack: RulePack, number: int) -> Event:
    rule: Rule = chance.choice(pack.rules)
    name = chance.choice(rule.match.kinds or ("temperature",))
    kinds = [kind for kind in (*pack.kinds.values(), *KINDS.values()) if kind.name == name]
    kind = chance.choice(kinds) if kinds else KINDS[EventClass.READING, "temperature"]
    is_reading = kind.event_class is EventClass.READING
    low, high = kind.low or 0.0, min(kind.high or 2000.0, 2000.0)
    attributes = {word: chance.choice((True, 1.0, "rainstorm", "orange")) for word in ATTRIBUTES if chance.random() < 0.2}
    return Event(
        id=f"e{chance.randrange(number + 1) if chance.random() < 0.05 else number}",
        community="c1",
        network=chance.choice(list(Network)),
        event_class=kind.event_class if chance.random() < 0.95 else EventClass.HEARTBEAT,
        device=f"d{chance.randrange(4)}",
        kind=kind.name,
        value=round(chance.choice((low, high, chance.uniform(low, high), chance.gauss(40, 30))), 2) if is_reading else None,
        state=None if is_reading else chance.choice((*kind.states, kind.states[0])),
        unit=kind.unit,
        zone=chance.choice(ZONES),
        confidence=round(chance.random(), 2),
        status=chance.choice([Status.ACTUAL] * 8 + [Status.EXERCISE, Status.TEST]),
        seq=number if chance.random() < 0.5 else None,
        is_retained=chance.random() < 0.02,
        wants_receipt=chance.random() < 0.1,
        attributes=attributes,
    )


def _action(chance: random.Random, pack: RulePack, known: dict[str, list[str]], number: int) -> OperatorAction:
    entity = chance.choice(list(known))
    arguments: dict[str, Attribute] = {
        "reason": "seen",
        "for_s": chance.choice((1.0, 60.0, 1800.0, 1e9)),
        "verdict": chance.choice(("real", "false", "benign", "drill")),
        "responder": chance.choice([one.id for one in pack.responders] or ["nobody"]),
        "text": "a note",
        "into": chance.choice(known["incident"]),
        "alarm": chance.choice(known["alarm"]),
        "cause": chance.choice(known["alarm"]),
    }
    return OperatorAction(
        id=f"a{number}",
        community="c1",
        actor=chance.choice(("li", "zhang")),
        verb=chance.choice(list(Verb)),
        entity=Entity(entity),
        entity_id=chance.choice(known[entity]),
        arguments=arguments,
    )
