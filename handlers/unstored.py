"""Critical notifications that leave while the store is down: past the outbox, remembered in memory, marked 降级.

The store's row is the truth again as soon as it can be written: what was told by then is recorded as delivered, not sent twice.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.channels.port import Outcome, Owed, Result
from handlers.routes import PEOPLE
from handlers.way import Way, outcome_of
from rules.canonical import to_json
from rules.effects import Effect, Notify

_REMEMBERED_MAX: Final = 10_000


class Unstored:
    """Belongs to the outbox's event loop."""

    def __init__(self, way: Way | None, chance: random.Random) -> None:
        self._way = way
        self._chance = chance
        self._known: dict[str, None] = {}
        self.told: dict[str, Outcome] = {}  # by key: delivered without the store knowing yet

    def send(self, effects: Sequence[Effect]) -> None:
        """Try every critical notification among these that was not tried before."""
        if self._way is None:
            return
        for effect in effects:
            if isinstance(effect, Notify) and effect.is_critical and effect.key not in self._known:
                self._known[effect.key] = None
                if len(self._known) > _REMEMBERED_MAX:
                    self._known.pop(next(iter(self._known)))
                self._start(self._way, _owed(effect))

    def _start(self, way: Way, owed: Owed) -> None:
        if owed.key in way.under_way or owed.key in self.told:
            return
        task = asyncio.create_task(way.attempt(owed), name=f"deliver unstored {owed.key}")
        way.under_way[owed.key] = task
        task.add_done_callback(lambda done: self._end(way, owed, done))

    def _end(self, way: Way, owed: Owed, task: asyncio.Task[Outcome]) -> None:
        way.under_way.pop(owed.key, None)
        outcome = outcome_of(task)
        if outcome.result is Result.DELIVERED:
            self.told[owed.key] = replace(outcome, detail=f"{outcome.detail} (sent while the store was down)".strip())
        elif outcome.result is Result.RETRY and not task.cancelled() and owed.attempt < (way.limits.attempts_max or 1):
            wait_s = way.back_off_s(owed.attempt, self._chance)
            asyncio.get_running_loop().call_later(wait_s, self._start, way, replace(owed, attempt=owed.attempt + 1))


def _owed(notify: Notify) -> Owed:
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
