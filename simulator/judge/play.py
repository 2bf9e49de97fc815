"""Plays one community's events through contract and chain in virtual time, with a desk that answers what it is told."""

from collections.abc import Iterable
from typing import Final

from ingest.wire import decode
from rules.definition import RulePack
from rules.effects import Effect, RecordFact
from rules.engine import Engine
from rules.model import Event, Fact, Input, Rejected
from simulator.judge.desk import Desk
from simulator.judge.reached import Played, Register
from simulator.recording import Recorded
from simulator.virtual import TAIL_S

SILENCE_MAX_MS: Final = 3_600_000
"""So much of a silence counts as time in which the community was heard; ours."""


class Player:
    """One community's chain, its people, and the register of what they were told."""

    def __init__(self, pack: RulePack) -> None:
        self._engine = Engine(pack=pack)
        self._desk = Desk()
        self._register = Register()
        self._position = 0
        self._now = 0
        self._from_at: int | None = None
        self._heard_ms = 0
        self._event_count = 0
        self._refused_count = 0

    def take(self, at: int, entries: Iterable[Event | Rejected]) -> None:
        """What came in at this instant (ms); if that is before the latest one, it is received together with that."""
        if self._from_at is None:
            self._from_at = self._now = at
        self._heard_ms += min(max(at - self._now, 0), SILENCE_MAX_MS)
        self._now = max(self._now, at)
        self._live_until(self._now)
        for entry in entries:
            self._event_count += 1
            self._refused_count += type(entry) is Rejected
            self._decide(entry, self._now)

    def played(self, community: str, *, tail_s: float = TAIL_S) -> Played:
        """Let the clock run on, and say what became of it all."""
        if self._from_at is not None:
            self._live_until(self._now + round(tail_s * 1000))
        return Played(
            community=community,
            from_at=self._from_at or 0,
            until_at=self._now,
            heard_ms=self._heard_ms,
            event_count=self._event_count,
            refused_count=self._refused_count,
            reached=tuple(self._register.reached),
            rang=tuple(self._register.rang),
            apart=dict(self._register.apart),
        )

    def _live_until(self, now: int) -> None:
        """What timers and people do up to this instant, each at its own."""
        while True:
            acts_at, fires_at = self._desk.next_deadline(), self._engine.next_deadline()
            if acts_at is not None and acts_at <= now and (fires_at is None or acts_at < fires_at):
                for action in self._desk.due(acts_at):
                    self._decide(action, acts_at)
            elif fires_at is not None and fires_at <= now:
                self._told(self._engine.advance(max(fires_at, self._engine.now)))
            else:
                return

    def _decide(self, entry: Input, at: int) -> None:
        self._position += 1
        self._told(self._engine.receive(entry, at, self._position))

    def _told(self, effects: Iterable[Effect]) -> None:
        facts: list[Fact] = [effect.fact for effect in effects if type(effect) is RecordFact]
        if facts:
            self._register.take_all(facts)
            for fact in facts:
                self._desk.notice(fact)


def play(lines: Iterable[Recorded], pack: RulePack, community: str, *, tail_s: float = TAIL_S) -> Played:
    """Play all lines of one community, in order."""
    player = Player(pack)
    for number, (at, topic, payload) in enumerate(lines, start=1):
        player.take(at, decode(topic, payload, arrival=str(number)))
    return player.played(community, tail_s=tail_s)
