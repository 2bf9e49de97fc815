"""The spine: one thread that journals, lets the sources acknowledge, decides, and stores, in exactly that order (DESIGN 4).

Because the same thread stamps the journal and fires the timers, a tick can never overtake an event that was stamped before it,
and a replay of the journal decides the same.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

import structlog

from handlers.faults import StoreRefused
from handlers.routes import Routes
from handlers.store import Store
from ingest.journal import Appended, Journal, JournalWriteFailed
from ingest.port import Delivery
from rules.effects import AnswerAction, Effect
from rules.engine import Engine, TimerStoppedError
from rules.model import Input, Resumed
from shouwang.backlog import BATCH_MAX, Backlog
from shouwang.clerk import Clerk
from shouwang.lease import LeaseKeeper
from shouwang.progress import Progress
from shouwang.recovery import Recovered
from shouwang.stumbles import Stumbles

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")

IDLE_S = 1.0  # the longest sleep: lease, retries and snapshots are looked at this often
JOURNAL_RETRY_S = 0.5
CATCH_UP_S = 0.1  # how long deciding what is behind may keep new events from being journaled
COUNT_EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """What the desk rings. All are called in its thread and must return at once."""

    on_fatal: Callable[[BaseException], None]
    on_owed: Callable[[], None]
    on_critical_while_degraded: Callable[[Effect], None]


def _answer(future: "Future[Answer]", question: Callable[[Engine], Answer], engine: Engine) -> None:
    try:
        future.set_result(question(engine))
    except Exception as fault:  # noqa: BLE001 - whoever asked is told; the desk itself is well
        future.set_exception(fault)


class Desk:
    """Takes deliveries, and is the only writer of journal and store."""

    def __init__(
        self,
        *,
        journal: Journal,
        store: Store,
        lease: LeaseKeeper,
        recovered: Recovered,
        routes: Routes,
        stumbles: Stumbles,
        bells: Bells,
    ) -> None:
        self.backlog = Backlog()
        engine, applied_position = recovered.engine, recovered.applied_position
        self._timing, self._monotonic_s = lease.timing, lease.timing.monotonic_s
        self.progress = Progress(
            decided_position=applied_position,
            applied_position=applied_position,
            snapshot_position=recovered.snapshot_position,
            last_turn_s=self._monotonic_s(),
        )
        self._journal, self._engine, self._stumbles, self._bells = journal, engine, stumbles, bells
        self._clerk = Clerk(
            store=store,
            lease=lease,
            engine=engine,
            routes=routes,
            progress=self.progress,
            on_owed=bells.on_owed,
            on_critical_while_degraded=bells.on_critical_while_degraded,
        )
        self._chain_counts, self._counted_s = dict(engine.counts), self._monotonic_s()
        self._counted = (0, 0)  # entries and effects by then: where nothing was decided, the chain counts as before
        self.clock_off_ms = 0  # how far the sources say that our clock is ahead, as it was a moment ago
        self._is_stopping = False
        self._is_deaf = False
        self._asking = threading.Lock()
        self._questions: deque[Callable[[], None]] = deque()
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    # ------------------------------------------------------------------------------- what sources see (ingest.port)

    def offer(self, delivery: Delivery) -> bool:
        """See ingest.port.Desk."""
        return self.backlog.offer(delivery)

    def on_room(self, callback: Callable[[], None]) -> None:
        """See ingest.port.Desk."""
        self.backlog.on_room(callback)

    async def answer(self, action_id: str, timeout_s: float) -> AnswerAction | None:
        """See ingest.port.Desk."""
        return await self._clerk.answers.wait(action_id, timeout_s)

    # -------------------------------------------------------------------------------------------------- the thread

    def start(self) -> None:
        """Begin, with the journal's tail that the store has not seen."""
        self._thread.start()

    def stop(self, timeout_s: float = 20.0) -> None:
        """Finish what was taken, store a snapshot, and end."""
        self._is_stopping = True
        self.backlog.wake()
        self._thread.join(timeout_s)
        self._turn_away()

    @property
    def is_running(self) -> bool:
        """Whether the thread is alive."""
        return self._thread.is_alive()

    def ask(self, question: Callable[[Engine], Answer]) -> "Future[Answer]":
        """Have the chain asked in the desk's thread, between two steps. The question must change nothing and be brief."""
        future: Future[Answer] = Future()
        with self._asking:
            if self._is_deaf:
                future.cancel()
            else:
                self._questions.append(lambda: _answer(future, question, self._engine))
        self.backlog.wake()
        return future

    @property
    def engine_counts(self) -> dict[str, int]:
        """The chain's own counters, as they were a moment ago: only the desk's thread may ask the chain."""
        return self._chain_counts

    def _run(self) -> None:
        try:
            self.begin()
            while not self._is_stopping:
                self.turn(self.sleep_s())
            self.finish()
        except BaseException as fault:  # noqa: BLE001 - nothing may end this thread silently; the process stops on it
            self._bells.on_fatal(fault)
        finally:
            self._turn_away()

    def finish(self) -> None:
        """Store what was decided, with a snapshot, as far as the store lets us: last of all, in the thread that turns."""
        self._clerk.finish()

    def _turn_away(self) -> None:
        """Whoever waits for something to be journaled must not wait for a desk that has ended."""
        for delivery in self.backlog.close():
            delivery.done(None)
        with self._asking:
            self._is_deaf = True
        self._answer_questions()

    def _answer_questions(self) -> None:
        while self._questions:
            self._questions.popleft()()

    def begin(self) -> None:
        """Know where the journal ends: first of all, in the thread that turns."""
        self.progress.journaled_position = self._journal.last_position()

    def turn(self, sleep_s: float) -> None:
        """Wait for input so many seconds at the most, then journal, acknowledge, decide and store, once.

        For the desk's thread alone, and for a drill, which has none. Raises what must end the process.
        """
        self.progress.last_turn_s = self._monotonic_s()
        batch = self.backlog.take(sleep_s)
        try:
            self._clerk.be_sure_of_lease()
            appended = self._journal_batch(batch) if batch else None
        except BaseException:
            self.backlog.give_back(batch)  # to be told that nobody acknowledges it
            raise
        is_next = appended is not None and self.progress.decided_position == appended.first_position - 1
        if appended is not None and is_next and self._clerk.has_room:
            self._clerk.is_hasty = False
            entries = [entry for delivery in batch for entry in delivery.entries]
            self._decide(entries, appended.first_position, appended.received_at)
        if self._is_behind and self._clerk.has_room:
            self._catch_up()
        if not self._is_behind:
            self._tick(self._journal.now())
        self._store()
        self._answer_questions()
        self._count()

    @property
    def _is_behind(self) -> bool:
        return self.progress.decided_position < self.progress.journaled_position

    def sleep_s(self) -> float:
        """How long the desk may sleep if nothing comes in."""
        if self._is_behind:
            return 0.0 if self._clerk.has_room else self._clerk.wait_max_s
        deadline = self._engine.next_deadline()
        wait = IDLE_S if deadline is None else min(IDLE_S, (deadline - self._journal.now()) / 1000)
        return max(0.0, min(wait, self._clerk.wait_max_s))

    def _journal_batch(self, batch: list[Delivery]) -> Appended | None:
        """Make the batch durable, then tell its sources. Where that fails, nothing is acknowledged and the batch waits."""
        start = self._monotonic_s()
        entries = [entry for delivery in batch for entry in delivery.entries]
        try:
            appended = self._journal.append(entries)
        except JournalWriteFailed as fault:
            if not self.progress.journal_failure:
                log.error("journal_write_failed", detail=str(fault))  # noqa: TRY400 - the world's fault, not ours: no traceback
            self.progress.journal_failure = str(fault)
            self.backlog.give_back(batch)
            self._timing.sleep(JOURNAL_RETRY_S)
            return None
        self.progress.journal_failure = ""
        self.progress.journaled_position = appended.first_position + appended.count - 1
        self.progress.journal_s += self._monotonic_s() - start
        position = appended.first_position
        for delivery in batch:
            count = len(delivery.entries)
            delivery.done(Appended(first_position=position, count=count, received_at=appended.received_at))
            position += count
        return appended

    def _decide(self, entries: Sequence[Input], first_position: int, received_at: int) -> None:
        start = self._monotonic_s()
        effects: list[Effect] = []
        receive, position = self._engine.receive, first_position
        try:
            for entry in entries:
                if position not in self._stumbles.set_aside:
                    effects.extend(receive(entry, received_at, position))
                position += 1
        except TimerStoppedError as fault:
            self._stumble_over_timer(fault)
            raise
        except Exception:
            log.exception("chain_stopped", position=position, entry=entries[position - first_position])
            self._stumbles.record(position)
            raise
        self._take(effects, len(entries))
        self.progress.decided_position = position - 1
        self.progress.batch_count += 1
        self.progress.entry_count += len(entries)
        self.progress.chain_s += self._monotonic_s() - start

    def _tick(self, now: int) -> None:
        deadline = self._engine.next_deadline()
        if deadline is None or deadline > now:
            return
        try:
            effects = self._engine.advance(now)
        except TimerStoppedError as fault:
            self._stumble_over_timer(fault)
            raise
        self._take(effects, 0)

    def _stumble_over_timer(self, fault: TimerStoppedError) -> None:
        log.error("chain_stopped", timer=fault.name, deadline_at=fault.deadline_at)
        self._stumbles.record_timer(fault.name, fault.deadline_at)

    def _take(self, effects: Sequence[Effect], entry_count: int) -> None:
        self.progress.effect_count += len(effects)
        self._clerk.take(effects, entry_count)

    def _count(self) -> None:
        if (now_s := self._monotonic_s()) - self._counted_s >= COUNT_EVERY_S:
            if (decided := (self.progress.entry_count, self.progress.effect_count)) != self._counted:
                self._chain_counts, self._counted = dict(self._engine.counts), decided
            self._counted_s = now_s
            self._tell_clock(self._engine.clock_off_ms)

    def _tell_clock(self, off_ms: int) -> None:
        if off_ms and not self.clock_off_ms:
            log.error("our_clock_is_wrong", ahead_s=round(off_ms / 1000), todo="Set this computer's clock; alarms are raised.")
        self.clock_off_ms = off_ms

    def _catch_up(self) -> None:
        """Decide on from where we are: after a start, or after the store was away for long. What is new has its turn between."""
        until_s = self._monotonic_s() + CATCH_UP_S
        run: list[Input] = []
        first = received_at = 0
        for journaled in self._journal.read(after=self.progress.decided_position):
            most = 1 if first <= self._stumbles.suspect_until else BATCH_MAX
            if run and (journaled.received_at != received_at or len(run) >= most):
                self._decide_run(run, first, received_at)
                run = []
                if not self._clerk.has_room or self._is_stopping or self._monotonic_s() >= until_s:
                    return
            if not run:
                first, received_at = journaled.position, journaled.received_at
            run.append(journaled.entry)
        if run:
            self._decide_run(run, first, received_at)

    def _decide_run(self, run: Sequence[Input], first: int, received_at: int) -> None:
        self._clerk.is_hasty = first <= self._stumbles.suspect_until
        if self._clerk.is_hasty and not isinstance(run[0], Resumed):
            # What timers lead to is stored first, so that no entry is blamed for it. A Resumed itself says how far they may run.
            self._tick(received_at)
            self._store()
        self._decide(run, first, received_at)
        self._store()

    def _store(self) -> None:
        """See Clerk.keep_up. What the store will never take stops the process; the next one finds out what led to it."""
        try:
            self._clerk.keep_up()
        except StoreRefused:
            first, last = self.progress.applied_position + 1, self.progress.decided_position
            log.exception("store_refused", first_position=first, last_position=last)
            if self._clerk.is_hasty and first == last:
                self._stumbles.record(first)
            elif first <= last:
                self._stumbles.suspect(last)
            raise
