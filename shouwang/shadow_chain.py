"""The second chain: the pack in force with its shadow rules at work, fed by the same journal, and nobody hears of it.

It is what a backtest plays (docs/judge.md), entry by entry as they are journaled. Real people's actions reach it by the journal;
what only the shadows opened is answered by the people of the judge, so that nothing stays open for ever and hides what comes
later. It has no clock: time is that of the last entry, so its facts follow from the journal alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handlers.shadow_book import Watched
from ingest.entries import Journaled
from rules.definition import Rule, RulePack
from rules.effects import Effect, RecordFact
from rules.engine import Engine
from rules.lifecycle import DISPATCH
from rules.model import Entity, Fact, Input, PackActivation, Resumed
from rules.pack import read_pack
from rules.shadow import in_earnest
from simulator.judge.desk import Desk


class ShadowPacks:
    """Reads packs with their shadow rules at work, and knows which those were."""

    def __init__(self) -> None:
        self._packs: dict[str, RulePack] = {}
        self._shadows: dict[str, tuple[Rule, ...]] = {}

    def __call__(self, text: str) -> RulePack:
        """The pack of this text, each text once. Raises rules.pack.PackError."""
        if text not in self._packs:
            self._packs = {text: self.at_work(read_pack(text))}  # one is in force: older ones are read again where they come back
        return self._packs[text]

    def at_work(self, pack: RulePack) -> RulePack:
        """The same pack with its shadow rules at work."""
        self._shadows[pack.digest] = tuple([rule for rule in pack.rules if rule.is_shadow])
        return in_earnest(pack)

    def shadows(self, pack: RulePack | None) -> tuple[Rule, ...]:
        """The shadow rules of a pack that was read here."""
        return () if pack is None else self._shadows.get(pack.digest, ())


class ShadowChain:
    """One engine with its people.

    ``told`` is what it told of cases that are open still, ``watched`` the rules that were heard before; ``at`` is the instant
    (ms) from which on it hears.
    """

    def __init__(
        self, engine: Engine, packs: ShadowPacks, *, at: int = 0, told: Iterable[Fact] = (), watched: Sequence[Watched] = ()
    ) -> None:
        self._engine, self._packs = engine, packs
        self._desk = Desk()
        self._ours: dict[str, None] = {}  # open cases that a shadow rule has a part in
        self._orders: dict[str, None] = {}  # given in those
        self._facts: list[Fact] = []
        self._watched = {one.id: one for one in watched}
        self._fresh: dict[str, None] = {}  # rules of which something changed since the last step
        self._shadows: dict[str, None] = {}
        self._renew(max(at, engine.now))
        for fact in told:
            self._desk.due(fact.at - 1)
            self._notice(fact)
        self._desk.due(engine.now)  # what was done already

    @property
    def now(self) -> int:
        """The instant (ms) of the last entry."""
        return self._engine.now

    @property
    def has_shadows(self) -> bool:
        """Whether the pack in force has a shadow rule; without one there is nothing to do."""
        return bool(self._shadows)

    def set_before(self, entry: Input, at: int) -> None:
        """Take in what had set a place's mode before the beginning; nothing is told of it."""
        self._engine.receive(entry, max(self._engine.now, at))

    def take(self, journaled: Journaled) -> None:
        """Decide on one entry, and before it on all that timers and people do until then."""
        entry, at = journaled.entry, max(self._engine.now, journaled.received_at)
        self._live_until(min(at, entry.deaf_since_at) if isinstance(entry, Resumed) else at)
        before = dict(self._shadows)
        effects = self._engine.receive(entry, at, journaled.position)
        if isinstance(entry, PackActivation):
            self._renew(at)
            self._shadows = before | self._shadows  # what a shadow held up ends with it, and is still its own
        self._take(effects)
        if isinstance(entry, PackActivation):
            self._renew(at)

    def changes(self) -> dict[str, bytes | None]:
        """What changed of the state since the last call."""
        return self._engine.take_changes()

    def facts(self) -> list[Fact]:
        """What was told since the last call."""
        facts, self._facts = self._facts, []
        return facts

    def watched(self) -> list[Watched]:
        """The shadow rules of which something changed since the last call."""
        fresh, self._fresh = [self._watched[name] for name in self._fresh], {}
        return fresh

    def _live_until(self, now: int) -> None:
        """What timers and people do up to this instant, each at its own."""
        while True:
            acts_at, fires_at = self._desk.next_deadline(), self._engine.next_deadline()
            if acts_at is not None and acts_at <= now and (fires_at is None or acts_at < fires_at):
                for action in self._desk.due(acts_at):
                    self._take(self._engine.receive(action, max(acts_at, self._engine.now)))
            elif fires_at is not None and fires_at <= now:
                self._take(self._engine.advance(max(fires_at, self._engine.now)))
            else:
                return

    def _take(self, effects: Iterable[Effect]) -> None:
        facts = [effect.fact for effect in effects if type(effect) is RecordFact]
        for fact in facts:
            if fact.rule in self._shadows and fact.incident_id:
                self._ours[fact.incident_id] = None
        for fact in facts:
            if fact.rule in self._shadows or fact.incident_id in self._ours:
                self._facts.append(fact)
                self._notice(fact)

    def _notice(self, fact: Fact) -> None:
        """Let the people know. An order given before a shadow had a part in the case is for the real people to see through."""
        if fact.entity is Entity.DISPATCH and fact.transition == "ordered":
            self._orders[fact.entity_id] = None
        if fact.entity is not Entity.DISPATCH or fact.entity_id in self._orders:
            self._desk.notice(fact)
        if fact.entity is Entity.DISPATCH and DISPATCH.is_final(fact.to_state):
            self._orders.pop(fact.entity_id, None)
        if fact.incident_id:
            self._ours[fact.incident_id] = None
        if fact.entity is Entity.INCIDENT and fact.to_state == "closed":
            self._ours.pop(fact.incident_id, None)

    def _renew(self, at: int) -> None:
        """Which rules are shadows now, and since when each is heard as it is."""
        rules = self._packs.shadows(self._engine.pack)
        self._shadows = {rule.id: None for rule in rules}
        for rule in rules:
            known = self._watched.get(rule.id)
            if known is None or known.digest != rule.digest or known.until_at is not None:
                self._watched[rule.id] = Watched(id=rule.id, hazard=rule.hazard, digest=rule.digest, since_at=at)
                self._fresh[rule.id] = None
        for name, one in self._watched.items():
            if name not in self._shadows and one.until_at is None:
                self._watched[name] = replace(one, until_at=at)
                self._fresh[name] = None
