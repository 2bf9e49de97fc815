"""What cannot wait leaves while the store is down: past the outbox, remembered in memory, marked 降级.

The store's row is the truth again as soon as it can be written: what was told by then is recorded as delivered, not sent twice.
"""

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.channels.port import Outcome, Owed, Result
from handlers.routes import PEOPLE, Hook, hook_channel
from handlers.way import Way, outcome_of
from rules.annunciation import WAITING, is_annunciated
from rules.canonical import to_json
from rules.effects import Effect, Notify, RecordFact
from rules.model import Entity, Fact, Level

_REMEMBERED_MAX: Final = 10_000
_FULL_S: Final = 1.0  # how soon it is tried again where a way has no place free
_GRAVE: Final = frozenset({Level.RED, Level.ORANGE})


def cannot_wait(effect: Effect) -> bool:
    """A critical word to people, and to other systems that a grave alarm asks for a person (anew).

    What is kept quietly (suppressed, shelved, out of service) rings nowhere, with the store away as with the store there.
    """
    if isinstance(effect, Notify):
        return effect.is_critical
    return isinstance(effect, RecordFact) and _is_grave(effect.fact)


def _is_grave(fact: Fact) -> bool:
    is_drilled = fact.entity is Entity.ALARM and fact.transition == "opened" and fact.to_state == WAITING  # also of an exercise
    return fact.level in _GRAVE and (is_drilled or is_annunciated(fact))


class Unstored:
    """Belongs to the outbox's event loop."""

    def __init__(self, ways: Mapping[str, Way], hooks: Sequence[Hook], chance: random.Random) -> None:
        self._ways = ways
        self._hooks = hooks
        self._chance = chance
        self._known: dict[str, None] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self.told: dict[str, Outcome] = {}  # by key: delivered without the store knowing yet

    def send(self, effects: Sequence[Effect]) -> None:
        """Try everything among these that cannot wait and was not tried before."""
        for effect in effects:
            for owed in self._owed_by(effect):
                if owed.key in self._known:
                    continue
                self._known[owed.key] = None
                if len(self._known) > _REMEMBERED_MAX:
                    self._known.pop(next(iter(self._known)))
                self._start(self._ways[owed.channel], owed)

    def leave(self, key: str) -> Outcome | None:
        """The store has it now, and the outbox cares for it: try it no more. How it ended, if it was delivered already."""
        waiting = self._waiting.pop(key, None)
        if waiting is not None:
            waiting.cancel()
        return self.told.pop(key, None)

    def _owed_by(self, effect: Effect) -> Iterator[Owed]:
        """What the store's rows for this effect will say, with the same keys."""
        if not cannot_wait(effect):
            return
        if isinstance(effect, Notify) and PEOPLE in self._ways:
            yield _to_people(effect)
        elif isinstance(effect, RecordFact):
            for hook in self._hooks:
                if hook_channel(hook.name) in self._ways and hook.wants(effect.fact):
                    yield _to_hook(hook, effect.fact)

    def _start(self, way: Way, owed: Owed) -> None:
        self._waiting.pop(owed.key, None)
        if owed.key in way.under_way or owed.key in self.told:
            return
        if way.free_count() <= 0:
            self._start_later(_FULL_S, way, owed)
            return
        task = asyncio.create_task(way.attempt(owed), name=f"deliver unstored {owed.key}")
        way.under_way[owed.key] = task
        task.add_done_callback(lambda done: self._end(way, owed, done))

    def _start_later(self, wait_s: float, way: Way, owed: Owed) -> None:
        self._waiting[owed.key] = asyncio.get_running_loop().call_later(wait_s, self._start, way, owed)

    def _end(self, way: Way, owed: Owed, task: asyncio.Task[Outcome]) -> None:
        way.under_way.pop(owed.key, None)
        outcome = outcome_of(task)
        if outcome.result is Result.DELIVERED:
            self.told[owed.key] = replace(outcome, detail=f"{outcome.detail} (sent while the store was down)".strip())
        elif outcome.result is Result.RETRY and not task.cancelled() and owed.attempt < (way.limits.attempts_max or 1):
            wait_s = way.back_off_s(owed.attempt, self._chance)
            self._start_later(wait_s, way, replace(owed, attempt=owed.attempt + 1))


def _to_people(notify: Notify) -> Owed:
    return Owed(
        key=notify.key,
        channel=PEOPLE,
        target=notify.target,
        community=notify.community,
        incident_id=notify.incident_id,
        payload=to_json(notify),
        is_retained=False,
        is_critical=True,
        revision=1,
        attempt=1,
        created_at=notify.at,
        is_degraded=True,
    )


def _to_hook(hook: Hook, fact: Fact) -> Owed:
    channel = hook_channel(hook.name)
    return Owed(
        key=f"{channel}:{fact.id}",
        channel=channel,
        target=hook.name,
        community=fact.community,
        incident_id=fact.incident_id,
        payload=to_json(fact),
        is_retained=False,
        is_critical=True,
        revision=1,
        attempt=1,
        created_at=fact.at,
        is_degraded=True,
    )
