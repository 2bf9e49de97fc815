"""The spine: one thread that journals, lets the sources acknowledge, decides, and stores, in exactly that order (DESIGN 4).

Because the same thread stamps the journal and fires the timers, a tick can never overtake an event that was stamped before it,
and a replay of the journal decides the same.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from handlers.apply import apply
from handlers.faults import StoreUnavailable
from handlers.routes import Routes
from handlers.store import Store
from ingest.journal import Appended, Journal, JournalWriteFailed
from ingest.port import Delivery
from rules.effects import AnswerAction, Effect, Notify
from rules.engine import Engine
from rules.model import Input
from shouwang.answers import Answers
from shouwang.backlog import Backlog
from shouwang.clock import monotonic_s
from shouwang.stumbles import Stumbles

log = structlog.get_logger(__name__)

SNAPSHOT_AFTER = 20_000  # entries: bounds the tail that a restart decides again to well under two seconds
SNAPSHOT_EVERY_S = 30.0
IDLE_S = 1.0  # the longest sleep: lease, retries and snapshots are looked at this often
RETRY_S = 0.5
QUIET_S = 0.25  # a batch that decided nothing needs no commit of its own: its position may be this much behind
PENDING_MAX = 100_000  # effects held in memory while the store is away; beyond, only the journal goes on


@dataclass(slots=True)
class Progress:
    """Figures of the desk, for health and metrics. Written by the desk's thread alone."""

    journaled_position: int = 0
    decided_position: int = 0
    applied_position: int = 0
    batch_count: int = 0
    entry_count: int = 0
    effect_count: int = 0
    journal_failure: str = ""
    store_failure: str = ""
    journal_s: float = 0.0
    chain_s: float = 0.0
    store_s: float = 0.0
    last_turn_s: float = field(default_factory=monotonic_s)


@dataclass(slots=True)
class _Pending:
    """Decided, and not yet in the store."""

    effects: list[Effect] = field(default_factory=list)
    changes: dict[str, bytes | None] = field(default_factory=dict)
    wants_snapshot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bells:
    """What the desk rings. All are called in its thread and must return at once."""

    renew_lease: Callable[[], None]  # raises when the lease is lost
    on_fatal: Callable[[BaseException], None]
    on_owed: Callable[[], None]
    on_critical_while_degraded: Callable[[Notify], None]


class Desk:
    """Takes deliveries, and is the only writer of journal and store."""

    def __init__(
        self,
        *,
        journal: Journal,
        store: Store,
        epoch: int,
        engine: Engine,
        applied_position: int,
        routes: Routes,
        stumbles: Stumbles,
        bells: Bells,
    ) -> None:
        self.backlog = Backlog()
        self.answers = Answers()
        self.progress = Progress(applied_position=applied_position, decided_position=applied_position)
        self._journal, self._store, self._epoch, self._engine = journal, store, epoch, engine
        self._stumbles, self._bells, self._routes = stumbles, bells, routes
        self._pending = _Pending()
        self._since_snapshot, self._snapshot_s, self._retry_s, self._stored_s = 0, monotonic_s(), 0.0, 0.0
        self._is_stopping = False
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
        return await self.answers.wait(action_id, timeout_s)

    # -------------------------------------------------------------------------------------------------- the thread

    def start(self) -> None:
        """Begin; first the journal's tail that the store has not seen is decided."""
        self._thread.start()

    def stop(self, timeout_s: float = 20.0) -> None:
        """Finish what was taken, store a snapshot, and end."""
        self._is_stopping = True
        self.backlog.wake()
        self._thread.join(timeout_s)
        for delivery in self.backlog.close():
            delivery.done(None)

    @property
    def is_running(self) -> bool:
        """Whether the thread is alive."""
        return self._thread.is_alive()

    @property
    def engine_counts(self) -> dict[str, int]:
        """The chain's own counters."""
        return dict(self._engine.counts)

    def _run(self) -> None:
        try:
            self.progress.journaled_position = self._journal.last_position()
            self._catch_up()
            while not self._is_stopping:
                self._turn()
            self._pending.wants_snapshot = True
            self._store_pending()
        except BaseException as fault:  # noqa: BLE001 - nothing may end this thread silently; the process stops on it
            self._bells.on_fatal(fault)

    def _turn(self) -> None:
        self.progress.last_turn_s = monotonic_s()
        batch = self.backlog.take(self._sleep_s())
        appended = self._journal_batch(batch) if batch else None
        is_next = appended is not None and self.progress.decided_position == appended.first_position - 1
        if appended is not None and is_next and self._has_room:
            entries = [entry for delivery in batch for entry in delivery.entries]
            self._decide(entries, appended.first_position, appended.received_at)
        if self.progress.decided_position < self.progress.journaled_position and self._has_room:
            self._catch_up()
        if self.progress.decided_position == self.progress.journaled_position:
            self._tick()
        self._store_pending()
        self._bells.renew_lease()

    @property
    def _has_room(self) -> bool:
        """Whether more may be decided: effects that the store cannot take yet are held in memory, and memory is bounded."""
        return len(self._pending.effects) < PENDING_MAX

    def _sleep_s(self) -> float:
        deadline = self._engine.next_deadline()
        wait = IDLE_S if deadline is None else min(IDLE_S, (deadline - self._journal.now()) / 1000)
        if self.progress.applied_position != self.progress.decided_position:
            wait = min(wait, QUIET_S)
        return max(0.0, wait)

    def _journal_batch(self, batch: list[Delivery]) -> Appended | None:
        """Make the batch durable, then tell its sources. Where that fails, nothing is acknowledged and the batch waits."""
        start = monotonic_s()
        entries = [entry for delivery in batch for entry in delivery.entries]
        try:
            appended = self._journal.append(entries)
        except JournalWriteFailed as fault:
            if not self.progress.journal_failure:
                log.error("journal_write_failed", detail=str(fault))  # noqa: TRY400 - the world's fault, not ours: no traceback
            self.progress.journal_failure = str(fault)
            self.backlog.give_back(batch)
            threading.Event().wait(RETRY_S)
            return None
        self.progress.journal_failure = ""
        self.progress.journaled_position = appended.first_position + appended.count - 1
        self.progress.journal_s += monotonic_s() - start
        for delivery in batch:
            delivery.done(appended)
        return appended

    def _decide(self, entries: Sequence[Input], first_position: int, received_at: int) -> None:
        start = monotonic_s()
        effects, receive, position = self._pending.effects, self._engine.receive, first_position
        before = len(effects)
        try:
            for entry in entries:
                if position not in self._stumbles.set_aside:
                    effects.extend(receive(entry, received_at, position))
                position += 1
        except Exception:
            self._stumbles.record(position)
            log.exception("chain_stopped", position=position, entry=entries[position - first_position])
            raise
        self._note_effects(before)
        self.progress.decided_position = position - 1
        self.progress.batch_count += 1
        self.progress.entry_count += len(entries)
        self._since_snapshot += len(entries)
        self.progress.chain_s += monotonic_s() - start

    def _tick(self) -> None:
        deadline = self._engine.next_deadline()
        if deadline is None or deadline > (now := self._journal.now()):
            return
        before = len(self._pending.effects)
        self._pending.effects.extend(self._engine.advance(now))
        self._note_effects(before)

    def _note_effects(self, before: int) -> None:
        """While the store is away, what cannot wait leaves at once; the outbox row follows with the same key."""
        self.progress.effect_count += len(self._pending.effects) - before
        if self.progress.store_failure:
            for effect in self._pending.effects[before:]:
                if isinstance(effect, Notify) and effect.is_critical:
                    self._bells.on_critical_while_degraded(effect)

    def _catch_up(self) -> None:
        """Decide what is journaled and was not decided yet: after a start, or after the store was away for long."""
        run: list[Input] = []
        first = received_at = 0
        for journaled in self._journal.read(after=self.progress.decided_position):
            if run and (journaled.received_at != received_at or len(run) >= 500):
                self._decide(run, first, received_at)
                self._store_pending()
                run = []
                if not self._has_room or self._is_stopping:
                    return
            if not run:
                first, received_at = journaled.position, journaled.received_at
            run.append(journaled.entry)
        if run:
            self._decide(run, first, received_at)
            self._store_pending()

    # --------------------------------------------------------------------------------------------------- the store

    def _store_pending(self) -> None:
        """One transaction for effects, outbox, snapshot and position. The store being away is waited out; all else stops us."""
        pending, progress = self._pending, self.progress
        self._consider_snapshot()
        start = monotonic_s()
        if start < self._retry_s or not self._must_store(start):
            return
        try:
            with self._store.transaction(self._epoch) as unit:
                applied = apply(unit, pending.effects, self._routes)
                unit.set_applied(progress.decided_position, self._engine.now)
                if pending.wants_snapshot:
                    unit.save_snapshot(pending.changes, progress.decided_position)
        except StoreUnavailable as fault:
            self._note_unavailable(fault)
            return
        if progress.store_failure:
            log.warning("store_is_back", effects=len(pending.effects))
        progress.store_failure = ""
        progress.applied_position = progress.decided_position
        self._stored_s = monotonic_s()
        progress.store_s += self._stored_s - start
        self._pending = _Pending()
        if pending.wants_snapshot:
            self._since_snapshot, self._snapshot_s = 0, monotonic_s()
        for effect in pending.effects:
            if isinstance(effect, AnswerAction):
                self.answers.give(effect)
        if applied.owed:
            self._bells.on_owed()

    def _must_store(self, now_s: float) -> bool:
        """Effects are stored at once. A position alone waits: decided again, its events give nothing."""
        if self._pending.effects or self._pending.wants_snapshot:
            return True
        is_behind = self.progress.applied_position != self.progress.decided_position
        return is_behind and (self._is_stopping or now_s - self._stored_s >= QUIET_S)

    def _consider_snapshot(self) -> None:
        is_due = self._since_snapshot >= SNAPSHOT_AFTER or monotonic_s() - self._snapshot_s >= SNAPSHOT_EVERY_S
        if not (is_due or self._pending.wants_snapshot):
            return
        self._pending.wants_snapshot = True
        self._pending.changes.update(self._engine.take_changes())

    def _note_unavailable(self, fault: StoreUnavailable) -> None:
        self._retry_s = monotonic_s() + RETRY_S
        if self.progress.store_failure:
            return
        log.error(
            "store_unavailable", detail=str(fault), todo="The journal goes on; decisions are stored when the store is back."
        )
        self.progress.store_failure = str(fault)
        for effect in self._pending.effects:
            if isinstance(effect, Notify) and effect.is_critical:
                self._bells.on_critical_while_degraded(effect)
