"""One way out as the outbox sees it: its channel, its limits, its own circuit, and the tries under way.

Nothing here is shared between ways: one that is stuck fills only its own places.
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Final

import structlog

from handlers.breaker import Breaker
from handlers.channels.port import Channel, Connected, Outcome, Owed, Result
from handlers.owed import OwedState, Tried
from handlers.routes import PEOPLE

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard to try. Back-off: ``wait_s`` doubled at each attempt up to ``wait_max_s``, of which a random half is taken off."""

    concurrency: int = 8
    timeout_s: float = 20.0
    attempts_max: int | None = 8  # None: as long as it takes
    give_up_s: float | None = 3600.0  # older than this and still not delivered: given up, also while the circuit is open
    wait_s: float = 1.0
    wait_max_s: float = 60.0


STATE_LIMITS = Limits(concurrency=64, timeout_s=10.0, attempts_max=None, give_up_s=None, wait_s=0.5, wait_max_s=10.0)
"""For states that must arrive whenever the other side returns: MQTT. Only a topic's last state is owed: this is bounded."""


@dataclass(slots=True)
class Way:
    """A channel with its limits and what it is doing."""

    channel: Channel
    limits: Limits = field(default_factory=Limits)
    breaker: Breaker = field(default_factory=Breaker)
    under_way: dict[str, asyncio.Task[Outcome]] = field(default_factory=dict)
    _connections_seen: int = 0
    _connected: Connected | None = field(init=False)

    def __post_init__(self) -> None:
        """People: each target has services of its own, so one circuit for all would let one wrong address silence the others."""
        if self.name == PEOPLE:
            self.breaker.fail_count_max = None
        self._connected = self.channel if isinstance(self.channel, Connected) else None

    def is_newly_connected(self) -> bool:
        """Whether the other side may have forgotten its states since this was last asked: the connection is a new one."""
        if self._connected is None:
            return False
        seen, self._connections_seen = self._connections_seen, self._connected.connection_count
        return self._connections_seen > seen

    @property
    def name(self) -> str:
        """The channel's name."""
        return self.channel.name

    def free_count(self) -> int:
        """Places left for further tries."""
        return self.limits.concurrency - len(self.under_way)

    def places(self, now: int) -> int:
        """How many tries may start now: none while the circuit is open, one probe after its rest, else all free."""
        open_until_at = self.breaker.open_until_at
        if open_until_at is None:
            return max(0, self.free_count())
        return 0 if self.under_way or now < open_until_at else 1

    def ready_at(self, due_at: int) -> int | None:
        """When a delivery that is due then can be tried; None: not before a try under way has ended."""
        open_until_at = self.breaker.open_until_at
        if self.free_count() <= 0 or (open_until_at is not None and self.under_way):
            return None
        return due_at if open_until_at is None else max(due_at, open_until_at)

    def oldest_at(self, now: int) -> int | None:
        """What was owed before this instant is given up; None: nothing ever is."""
        return None if self.limits.give_up_s is None else now - int(self.limits.give_up_s * 1000)

    async def attempt(self, owed: Owed) -> Outcome:
        """Try once, within the time that one try may take."""
        try:
            async with asyncio.timeout(self.limits.timeout_s):
                return await self.channel.deliver(owed)
        except TimeoutError:
            return Outcome(result=Result.RETRY, detail=f"no answer within {self.limits.timeout_s:g} s")

    def judge(self, owed: Owed, outcome: Outcome, now: int, chance: random.Random) -> Tried:
        """What follows from the outcome: over, or once more and when."""
        if outcome.result is Result.RETRY:
            self.breaker.fail(now)
            return self._again(owed, outcome, now, chance)
        self.breaker.succeed()  # a refusal too is an answer: the way works
        return Tried(owed=owed, state=_ENDS[outcome.result], detail=outcome.detail, at=now)

    def give_up(self, owed: Owed, detail: str, now: int) -> Tried:
        """Not delivered, and it will not be tried again."""
        return Tried(owed=owed, state=OwedState.FAILED, detail=detail, at=now)

    def _again(self, owed: Owed, outcome: Outcome, now: int, chance: random.Random) -> Tried:
        most = self.limits.attempts_max
        if most is not None and owed.attempt >= most:
            return self.give_up(owed, f"given up after {owed.attempt} tries: {outcome.detail}", now)
        oldest_at = self.oldest_at(now)
        if oldest_at is not None and owed.created_at <= oldest_at:
            return self.give_up(owed, f"given up, owed for over {self.limits.give_up_s:g} s: {outcome.detail}", now)
        wait_s = self.back_off_s(owed.attempt, chance)
        if outcome.retry_after_s is not None:
            wait_s = max(wait_s, min(outcome.retry_after_s, self.limits.wait_max_s * 5))
        next_at = now + int(wait_s * 1000)
        return Tried(owed=owed, state=OwedState.OWED, detail=outcome.detail, at=now, next_attempt_at=next_at)

    def back_off_s(self, attempt: int, chance: random.Random) -> float:
        """Seconds to wait after this attempt: doubled each time, capped, and scattered over its upper half."""
        longest = min(self.limits.wait_max_s, self.limits.wait_s * 2.0 ** min(attempt - 1, 30))
        return chance.uniform(longest / 2, longest)


_ENDS: Final = {Result.DELIVERED: OwedState.DELIVERED, Result.REFUSED: OwedState.FAILED, Result.SKIPPED: OwedState.SKIPPED}


def outcome_of(task: asyncio.Task[Outcome]) -> Outcome:
    """How the try ended. A channel that raised has a fault of its own: that harms this delivery, and nothing else."""
    if task.cancelled():
        return Outcome(result=Result.RETRY, detail="cut off when the service stopped")
    error = task.exception()
    if error is None:
        return task.result()
    _log.error("channel raised", task=task.get_name(), error=repr(error))
    return Outcome(result=Result.RETRY, detail=f"a fault in the channel itself: {error!r}")
