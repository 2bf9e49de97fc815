"""The outbox: claim what is owed, try it, record how it went, try again later, and give up loudly. At least once, in any order.

A crash between sending and recording sends again under the same key. Each channel has its own places, time limit and circuit, so
one that hangs harms no other. Store transactions are short, batched, and stand behind the desk's.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import stamina
import structlog

from handlers.channels.port import Outcome, Owed
from handlers.faults import StoreUnavailable
from handlers.owed import OwedState, Tried, claim, next_due, owe_states_again, record, release_claims, skip_unknown
from handlers.routes import Hook
from handlers.store import Store, UnitOfWork
from handlers.unstored import Unstored
from handlers.way import Way, outcome_of
from rules.effects import Effect
from rules.model import DeliveryReport

_log = structlog.get_logger(__name__)
_Result = TypeVar("_Result")

Report = Callable[[DeliveryReport, Callable[[bool], None]], None]
"""Hands a report to the front door, and is told, from any thread, whether it is in the journal."""

CLAIM_MAX: Final = 100
_CLAIM_SLACK_S: Final = 30.0  # longer than a try can take, so that no claim runs out under a living try
_IDLE_S: Final = 5.0
_GATHER_S: Final = 0.05
_GRACE_S: Final = 5.0
_REPORT_AGAIN_S: Final = 1.0
_REPORTING_MAX: Final = 1_000  # given up and not yet heard of: beyond, no more is given up


@dataclass(frozen=True, slots=True)
class WayHealth:
    """How one way out does: for health pages and metrics."""

    name: str
    is_open: bool  # the circuit: left alone because it keeps failing
    under_way_count: int


class Outbox:
    """Delivers what the store owes. ``clock`` gives epoch ms; ``report`` takes what the front door must hear of.

    What was given up is recorded only when the report of it is in the journal: until then its row is owed, also over a restart.
    """

    def __init__(
        self,
        store: Store,
        epoch: int,
        ways: Sequence[Way],
        *,
        clock: Callable[[], int],
        report: Report,
        chance: random.Random,
        hooks: Sequence[Hook] = (),
    ) -> None:
        self._store = store
        self._epoch = epoch
        self._ways = {way.name: way for way in ways}
        self._clock = clock
        self._report = report
        self._chance = chance
        self._finished: list[tuple[Way, Owed, Outcome]] = []
        self._is_gathering = False
        self._given_up: list[Tried] = []
        self._reporting: dict[str, Tried] = {}  # by key: given up, and the journal has not heard of it yet
        self._reported: list[Tried] = []
        self._unstored = Unstored(self._ways, hooks, chance)
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: list[Sequence[Effect]] = []  # to send unstored, handed over before ``run`` began
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._is_over = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox")
        # Waits for a store that is down, with growing pauses, for as long as it takes. Not scattered: nobody else writes there.
        caller = stamina.AsyncRetryingCaller(attempts=None, timeout=None, wait_initial=0.1, wait_max=5.0, wait_jitter=0.0)
        self._patiently = caller.on(StoreUnavailable)
        self.counts: dict[tuple[str, str], int] = {}  # (channel, state) -> tries that ended so

    def wake(self) -> None:
        """Look now: something new is owed. Callable from any thread, before and after ``run`` too."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake.set)

    def send_unstored(self, effects: Sequence[Effect]) -> None:
        """While the store is down: send what cannot wait among these now. Callable from any thread, also repeatedly.

        The desk still writes the same effects when the store is back; what was sent by then is only recorded.
        """
        loop = self._loop
        if loop is None:
            self._early.append(tuple(effects))
        elif not loop.is_closed():
            loop.call_soon_threadsafe(self._unstored.send, tuple(effects))

    def health(self) -> tuple[WayHealth, ...]:
        """How each way out does now."""
        ways = self._ways.values()
        return tuple(WayHealth(way.name, way.breaker.open_until_at is not None, len(way.under_way)) for way in ways)

    async def run(self) -> None:
        """Work until ``stop``. Raises LeaseLost when another process writes now: then this one must end."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        while self._early:
            self._unstored.send(self._early.pop(0))
        try:
            await self._in_store(self._begin)
            while not self._is_stopping:
                await self._turn()
            await self._finish()
        finally:
            self._is_over.set()
            self._thread.shutdown(wait=False)

    def _begin(self, unit: UnitOfWork) -> None:
        release_claims(unit)
        skip_unknown(unit, tuple(self._ways), self._clock())

    async def stop(self) -> None:
        """Start nothing more, give the tries under way a little time to end, record them, and return when ``run`` has ended.

        Where the store is down it is not waited for: what was not recorded is sent again after the next start.
        """
        self._is_stopping = True
        self._wake.set()
        if self._task is None:
            return
        try:
            async with asyncio.timeout(_GRACE_S * 2):
                await self._is_over.wait()
        except TimeoutError:
            self._task.cancel()
            await self._is_over.wait()

    async def _turn(self) -> None:
        """Record what ended, claim what is due, start it, and rest until there is more to do."""
        self._wake.clear()
        tried = self._settle()
        now = self._clock()
        is_heard = len(self._reporting) < _REPORTING_MAX
        plans = [_plan(way, now, tuple(self._reporting), is_heard=is_heard) for way in self._ways.values()]
        claimed, due = await self._in_store(_Turn(tried, plans, now))
        for plan, owed in claimed:
            if plan.is_to_give_up:
                detail = f"given up, owed for over {plan.way.limits.give_up_s:g} s while the way out was down or full"
                self._given_up.append(plan.way.give_up(owed, detail, now))
            elif (told := self._unstored.leave(owed.key)) is not None:
                self._finished.append((plan.way, owed, told))
            elif (unstored := plan.way.under_way.get(owed.key)) is not None:  # the plan is older than that try
                unstored.add_done_callback(partial(self._follow, plan.way, owed))
            else:
                self._start(plan.way, owed)
        if not (self._given_up or self._finished or self._reported):
            await self._rest(due, now)

    async def _finish(self) -> None:
        tasks = [task for way in self._ways.values() for task in way.under_way.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_GRACE_S)
            for task in late:
                task.cancel()
            await asyncio.wait(tasks)
        tried = self._settle()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_S):
                while self._reporting:
                    self._wake.clear()
                    await self._wake.wait()
        tried += self._settle()
        if tried:
            await self._in_store(lambda unit: record(unit, tried))

    async def _rest(self, due: dict[str, int], now: int) -> None:
        """Sleep until a wake, or until the next delivery can be tried."""
        times = [self._ways[name].ready_at(at) for name, at in due.items() if name in self._ways]
        next_at = min((at for at in times if at is not None), default=None)
        rest_s = _IDLE_S if next_at is None else min(_IDLE_S, max(0.0, (next_at - now) / 1000))
        alarm = asyncio.get_running_loop().call_later(rest_s, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            alarm.cancel()

    def _follow(self, way: Way, owed: Owed, _: asyncio.Task[Outcome]) -> None:
        """The try past the store has ended: record it, or try it as everything else is tried."""
        told = self._unstored.leave(owed.key)
        if told is not None:
            self._finished.append((way, owed, told))
            self._wake.set()
        elif not self._is_stopping:
            self._start(way, owed)

    def _start(self, way: Way, owed: Owed) -> None:
        task = asyncio.create_task(way.attempt(owed), name=f"deliver {owed.key}")
        way.under_way[owed.key] = task
        task.add_done_callback(lambda done: self._end(way, owed, done))

    def _end(self, way: Way, owed: Owed, task: asyncio.Task[Outcome]) -> None:
        self._finished.append((way, owed, outcome_of(task)))
        if self._is_stopping:
            return
        # Results wait a moment for others to be recorded with; a full way must get its place back at once.
        if way.free_count() <= 0:
            self._wake.set()
        elif not self._is_gathering:
            self._is_gathering = True
            asyncio.get_running_loop().call_later(_GATHER_S, self._gathered)

    def _gathered(self) -> None:
        self._is_gathering = False
        self._wake.set()

    def _settle(self) -> list[Tried]:
        """Judge what ended since the last time, tell the front door what was given up, and say what is to be recorded."""
        tried, self._given_up = self._given_up, []
        reported, self._reported = self._reported, []
        finished, self._finished = self._finished, []
        now = self._clock()
        for way, owed, outcome in finished:
            way.under_way.pop(owed.key, None)
            tried.append(way.judge(owed, outcome, now, self._chance))
        for one in tried:
            state = (one.owed.channel, one.state.value)
            self.counts[state] = self.counts.get(state, 0) + 1
            if one.state is OwedState.FAILED:
                _log.error("delivery given up", key=one.owed.key, channel=one.owed.channel, detail=one.detail)
                self._reporting[one.owed.key] = one
                self._tell(one)
        return reported + [one for one in tried if one.state is not OwedState.FAILED]

    def _tell(self, tried: Tried) -> None:
        loop = asyncio.get_running_loop()

        def hear(is_journaled: bool) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._heard, tried, is_journaled)

        self._report(report_of(tried), hear)

    def _heard(self, tried: Tried, is_journaled: bool) -> None:
        """The report is in the journal, or could not be taken: then it is told again, by the next process if this one stops."""
        if not is_journaled and not self._is_stopping:
            asyncio.get_running_loop().call_later(_REPORT_AGAIN_S, self._tell, tried)
            return
        self._reporting.pop(tried.owed.key, None)
        if is_journaled:
            self._reported.append(tried)
        self._wake.set()

    async def _in_store(self, work: Callable[[UnitOfWork], _Result]) -> _Result:
        def attempt() -> asyncio.Future[_Result]:
            return asyncio.get_running_loop().run_in_executor(self._thread, self._store.write, self._epoch, work)

        try:
            return await attempt()
        except StoreUnavailable:  # what needs patience is rare, and its machinery takes as long as the transaction
            return await self._patiently(attempt)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to claim for one way in this turn."""

    way: Way
    limit: int
    passed_over: tuple[str, ...]
    until_at: int
    created_before: int | None
    is_newly_connected: bool

    @property
    def is_to_give_up(self) -> bool:
        """There is no place to try anything: what has waited too long is claimed only to be given up."""
        return self.created_before is not None


def _plan(way: Way, now: int, reporting: tuple[str, ...], *, is_heard: bool) -> _Plan:
    slots = min(CLAIM_MAX, way.places(now))
    oldest_at = way.oldest_at(now) if slots == 0 and is_heard else None
    limit = CLAIM_MAX if oldest_at is not None else slots
    until_at = now + int((way.limits.timeout_s + _CLAIM_SLACK_S) * 1000)
    return _Plan(way, limit, (*way.under_way, *reporting), until_at, oldest_at, way.is_newly_connected())


class _Turn:
    """One transaction of the outbox. Runs in its thread and touches nothing of the loop's."""

    def __init__(self, tried: Sequence[Tried], plans: Sequence[_Plan], now: int) -> None:
        self._tried = tried
        self._plans = plans
        self._now = now
        self._is_repeated = False

    def __call__(self, unit: UnitOfWork) -> tuple[list[tuple[_Plan, Owed]], dict[str, int]]:
        """Record, claim, and say when each channel's next is due."""
        under_way = [key for plan in self._plans for key in plan.passed_over]
        record(unit, self._tried)
        for plan in self._plans:
            if plan.is_newly_connected:
                owe_states_again(unit, plan.way.name, self._now)
        if self._is_repeated:  # the first time may have been committed although it raised: its claims are nobody's
            release_claims(unit, under_way)
        self._is_repeated = True
        due = next_due(unit, under_way)
        claimed: list[tuple[_Plan, Owed]] = []
        for plan in self._plans:
            if plan.limit > 0 and due.get(plan.way.name, self._now + 1) <= self._now:
                found = claim(
                    unit,
                    plan.way.name,
                    now=self._now,
                    until_at=plan.until_at,
                    limit=plan.limit,
                    passed_over=plan.passed_over,
                    created_before=plan.created_before,
                )
                claimed.extend((plan, owed) for owed in found)
        if claimed:
            due = next_due(unit, under_way + [owed.key for _, owed in claimed])
        return claimed, due


def report_of(tried: Tried) -> DeliveryReport:
    """What the chain must hear of a delivery that was given up. The same end has the same id, so told twice it counts once."""
    return DeliveryReport(
        id=f"{tried.owed.key}#{tried.owed.revision}:{tried.state.value}",
        community=tried.owed.community,
        incident_id=tried.owed.incident_id,
        key=tried.owed.key,
        channel=tried.owed.channel,
        target=tried.owed.target,
        is_delivered=False,
        detail=tried.detail,
    )
