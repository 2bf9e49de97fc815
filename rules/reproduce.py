"""Replaying only the cited events: whether they alone lead the same rules to the same decision at the same instant.

What a decision cites is enough when a fresh chain, given nothing but those events at the instants at which they were received,
speaks by the same rule of the same thing at the same level at the same instant. Two things are no readings, and are replayed
beside them: what the service says of itself (it was deaf for so long), and what has set or ended a mode of a place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.decision import SPEAKING, is_decision
from rules.definition import RulePack
from rules.effects import Effect, RecordFact
from rules.engine import Engine
from rules.model import Entity, Event, Evidence, Fact, Input, Resumed, Sentence

__all__ = ["Cited", "Reproduction", "beside_of", "by_name", "is_decision", "names_of", "replay", "reproduce"]


@dataclass(frozen=True, slots=True)
class Cited:
    """One event as it was received: what the journal keeps of it."""

    received_at: int
    entry: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """How a replay of the cited events went. ``missing`` are cited ids that nobody could produce."""

    fact: Fact
    is_same: bool
    event_count: int
    missing: tuple[str, ...]
    sentence: Sentence


def names_of(evidence: Iterable[Evidence]) -> tuple[tuple[str, str], ...]:
    """Device and event id of every reading that is cited, each once, in their order."""
    return tuple(dict.fromkeys([(item.device, item.event_id) for item in evidence]))


def reproduce(pack: RulePack, fact: Fact, known: Mapping[tuple[str, str], Cited], beside: Sequence[Cited] = ()) -> Reproduction:
    """Replay what ``fact`` cites through a fresh chain. ``known`` has the events by device and id; ``beside`` goes with them."""
    names = names_of(fact.evidence)
    missing = tuple([event_id for device, event_id in names if (device, event_id) not in known])
    events = [known[name] for name in names if name in known]
    told = replay(pack, [*events, *beside], fact.at)
    is_same = not missing and any(_is_as(fact, one) for one in told)
    return Reproduction(
        fact=fact, is_same=is_same, event_count=len(events), missing=missing, sentence=_said(fact, len(events), missing, is_same)
    )


def replay(pack: RulePack, entries: Iterable[Cited], until_at: int) -> list[Fact]:
    """What a fresh chain with this pack tells of these entries, up to and with this instant."""
    engine = Engine(pack=pack)
    effects: list[Effect] = []
    for entry in sorted(entries, key=lambda one: one.received_at):  # stable: what came together stays in its order
        if entry.received_at <= until_at:
            effects += engine.receive(entry.entry, entry.received_at)
    effects += engine.advance(until_at)
    return [effect.fact for effect in effects if isinstance(effect, RecordFact)]


def _is_as(fact: Fact, other: Fact) -> bool:
    """Whether the other fact speaks by the same rule of the same, at the same level from the same instant on."""
    is_word = other.entity is fact.entity and other.transition in SPEAKING
    is_there = other.zone == fact.zone or other.device == fact.device  # of a place, another device may have spoken first
    mine = (fact.rule, fact.level, fact.at, fact.community, fact.status)
    return is_word and is_there and (other.rule, other.level, other.at, other.community, other.status) == mine


def _said(fact: Fact, count: int, missing: tuple[str, ...], is_same: bool) -> Sentence:
    if is_same:
        return Sentence(
            f"仅凭所引 {count} 条事件重放，得到同一规则、同一级别、同一时刻的判定",
            f"replaying the {count} cited events alone gives the same rule, level and instant",
        )
    if missing:
        return Sentence(
            f"流水中已没有所引事件 {'、'.join(missing)}，无法重放",
            f"the journal no longer has the cited events {', '.join(missing)}: this cannot be replayed",
        )
    return Sentence(
        f"仅凭所引 {count} 条事件重放，没有得到规则 {fact.rule} 的同一判定：它还依赖更早的历史",
        f"replaying the {count} cited events alone does not give the same decision of rule {fact.rule}: it rests on more history",
    )


def beside_of(entries: Iterable[Cited], facts: Iterable[Fact]) -> tuple[Cited, ...]:
    """Of these entries those that say how the world was: our own deafness, and the causes of the facts that tell of places."""
    causes = {fact.cause_id for fact in facts if fact.entity is Entity.ZONE}
    return tuple([entry for entry in entries if isinstance(entry.entry, Resumed) or entry.entry.id in causes])


def by_name(entries: Iterable[Cited]) -> dict[tuple[str, str], Cited]:
    """The events among these by device and id. Of those with one name the first counts: the chain knew the others as repeats."""
    found: dict[tuple[str, str], Cited] = {}
    for entry in entries:
        if isinstance(entry.entry, Event) and not entry.entry.is_retained:
            found.setdefault((entry.entry.device, entry.entry.id), entry)
    return found
