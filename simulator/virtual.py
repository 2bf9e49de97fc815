"""Runs recorded or simulated messages through contract and chain in virtual time, and tells each decision as it falls."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from ingest.wire import decode
from rules.definition import RulePack
from rules.effects import Effect, RecordFact
from rules.engine import Engine
from rules.model import Entity, Fact
from simulator.message import Message
from simulator.recording import Recorded, iso

TAIL_S: Final = 120.0
"""How long the clock runs on after the last line: delays of up to two minutes still end, and a recording that is over is not
taken for devices that fell silent (docs/simulator.md)."""

_TOLD: Final = {Entity.WARNING, Entity.ALARM, Entity.INCIDENT, Entity.DISPATCH}


def decisions(lines: Iterable[Recorded], pack: RulePack, *, tail_s: float = TAIL_S) -> Iterator[dict[str, Any]]:
    """Every decision about a warning, an alarm, an incident or a dispatch, in the order in which they fall.

    ``received_at`` is the line's ``at``; a line that is older than the one before it counts as received together with that one,
    as it would have been by the journal.
    """
    for fact in facts(lines, pack, tail_s=tail_s):
        if fact.entity in _TOLD:
            yield decision_of(fact)


def facts(lines: Iterable[Recorded], pack: RulePack, *, tail_s: float = TAIL_S) -> Iterator[Fact]:
    """The whole timeline of these lines."""
    engine = Engine(pack=pack)
    position, now = 0, 0
    for at, topic, payload in lines:
        now = max(now, at)
        for entry in decode(topic, payload, arrival=str(position)):
            position += 1
            yield from _facts_of(engine.receive(entry, now, position))
    if position:
        yield from _facts_of(engine.advance(now + round(tail_s * 1000)))


def recorded(messages: Iterable[Message], start_at: int) -> Iterator[Recorded]:
    """A simulated stream as if it had been received the moment that each message was due."""
    for offset_ms, topic, payload in messages:
        yield Recorded(start_at + offset_ms, topic, payload)


def decision_of(fact: Fact) -> dict[str, Any]:
    """A fact in the form that other tools read (docs/simulator.md). This is a contract: fields are added, never changed."""
    return {
        "at": iso(fact.at),
        "entity": fact.entity.value,
        "id": fact.entity_id,
        "transition": fact.transition,
        "hazard": fact.hazard,
        "level": fact.level.value if fact.level else None,
        "community": fact.community,
        "zone": fact.zone,
        "device": fact.device,
        "rule": fact.rule,
        "value": fact.value,
        "status": fact.status.value,
        "sentence": {"zh": fact.sentence.zh, "en": fact.sentence.en},
    }


def _facts_of(effects: Iterable[Effect]) -> Iterator[Fact]:
    for effect in effects:
        if type(effect) is RecordFact:
            yield effect.fact
