"""The desk's clerk: keeps what was decided and not yet stored, and commits it in a thread of its own.

The desk waits for each commit. Only a store that does not answer is not waited for longer than PATIENCE_S: then the desk goes on
journaling, acknowledging and deciding, what cannot wait leaves without the store, and the commit is asked after at each turn.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog

from handlers.apply import apply
from handlers.faults import StoreUnavailable
from handlers.routes import Routes
from handlers.store import Store
from handlers.unstored import cannot_wait
from rules.effects import AnswerAction, Effect, IssueReceipt
from rules.engine import Engine
from shouwang.answers import Answers
from shouwang.lease import LeaseKeeper
from shouwang.progress import Progress

log = structlog.get_logger(__name__)

PATIENCE_S = 1.0  # how long the desk waits for one commit; an alarm must not stand behind a database that hangs
LAST_PATIENCE_S = 15.0  # and for the last one, when the process ends
RETRY_S = 0.5
QUIET_S = 0.25  # a batch that decided nothing needs no commit of its own: its position may be this much behind
SNAPSHOT_AFTER = 20_000  # entries: bounds the tail that a restart decides again to well under two seconds
SNAPSHOT_EVERY_S = 30.0
PENDING_MAX = 100_000  # effects held in memory while the store is away; beyond, only the journal goes on


@dataclass(slots=True)
class _Sheet:
    """Decided, and not yet in the store."""

    effects: list[Effect] = field(default_factory=list)
    changes: dict[str, bytes | None] = field(default_factory=dict)
    wants_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class _Commit:
    """A sheet that is being committed."""

    sheet: _Sheet
    position: int
    began_s: float
    owed: Future[bool]


class Clerk:
    """Belongs to the desk's thread. Rings ``on_owed`` after a commit that owes deliveries."""

    def __init__(
        self,
        *,
        store: Store,
        lease: LeaseKeeper,
        engine: Engine,
        routes: Routes,
        progress: Progress,
        on_owed: Callable[[], None],
        on_critical_while_degraded: Callable[[Effect], None],
    ) -> None:
        self.answers = Answers()
        self.is_hasty = False  # every position is committed by itself: somebody looks for the one that the store refuses
        self._store, self._lease, self._engine, self._routes, self._progress = store, lease, engine, routes, progress
        self._monotonic_s = lease.timing.monotonic_s
        self._on_owed, self._on_critical_while_degraded = on_owed, on_critical_while_degraded
        self._sheet = _Sheet()
        self._commit: _Commit | None = None
        self._renewal: Future[None] | None = None
        self._looked_s = self._monotonic_s()
        # A restart decides again what came after the snapshot: counted from there, or quick restarts would make it ever longer.
        self._since_snapshot = progress.applied_position - progress.snapshot_position
        self._snapshot_s, self._retry_s, self._stored_s = self._monotonic_s(), 0.0, 0.0
        self._thread = lease.timing.begin_thread("clerk")

    @property
    def has_room(self) -> bool:
        """Whether more may be decided: effects that the store cannot take yet are held in memory, and memory is bounded."""
        under_way = 0 if self._commit is None else len(self._commit.sheet.effects)
        return len(self._sheet.effects) + under_way < PENDING_MAX

    @property
    def wait_max_s(self) -> float:
        """How long the desk may sleep while there is something to store."""
        is_behind = self._progress.applied_position != self._progress.decided_position
        return QUIET_S if is_behind or self._sheet.effects or self._commit else float("inf")

    def take(self, effects: Sequence[Effect], entry_count: int) -> None:
        """Keep what was decided on so many entries. While the store is away, what cannot wait leaves at once.

        Then receipts may fill half of the memory: who gets none sends again, and gets it when the store is back. The other half
        is for what nobody would send again.
        """
        self._since_snapshot += entry_count
        if self._progress.store_failure:
            self._send_critical(effects)
            if len(self._sheet.effects) >= PENDING_MAX // 2:
                effects = [effect for effect in effects if not isinstance(effect, IssueReceipt)]
        self._sheet.effects.extend(effects)

    def keep_up(self) -> None:
        """Store what there is to store, and keep the lease. Raises LeaseLost and whatever else must end the process."""
        if self._commit is None:
            self._begin_commit()
        if self._commit is not None:
            self._await_commit(self._commit, 0.0 if self._progress.store_failure else PATIENCE_S)
        if self._renewal is not None and self._renewal.done():
            self._end_renewal(self._renewal)
        elif self._renewal is None and self._lease.is_due():
            self._renewal = self._thread.submit(self._lease.renew)

    def be_sure_of_lease(self) -> None:
        """Ask, if the lease may have run out, before anything more is acknowledged. Raises LeaseLost: another one writes now.

        A store that is away is no reason to stop taking events; but after a pause of this process it is asked all the same.
        """
        now_s = self._monotonic_s()
        was_paused, self._looked_s = now_s - self._looked_s > self._lease.pause_max_s, now_s
        if self._lease.is_sure() or (self._progress.store_failure and not was_paused):
            return
        for _ in range(3 if was_paused else 1):  # what was under way in the pause may fail for that alone
            self._renewal = self._renewal or self._thread.submit(self._lease.renew)
            try:
                self._renewal.exception(PATIENCE_S)
            except TimeoutError:
                self._note_away(f"no answer for {PATIENCE_S:g} s")
            else:
                self._end_renewal(self._renewal)
            if self._lease.is_sure():
                return

    def finish(self) -> None:
        """Store what is left, with a snapshot, as far as the store lets us."""
        patience_s = LAST_PATIENCE_S if not self._progress.store_failure else PATIENCE_S
        if self._commit is not None:
            self._await_commit(self._commit, patience_s)
        if self._commit is None:
            self._sheet.wants_snapshot = True
            self._retry_s = 0.0
            self._begin_commit()
        if self._commit is not None:
            self._await_commit(self._commit, patience_s)
        self._thread.shutdown(wait=False, cancel_futures=True)

    # -------------------------------------------------------------------------------------------------- one commit

    def _begin_commit(self) -> None:
        now_s = self._monotonic_s()
        if now_s < self._retry_s:
            return
        self._consider_snapshot(now_s)
        if not self._must_store(now_s):
            return
        sheet, self._sheet = self._sheet, _Sheet()
        position = self._progress.decided_position
        owed = self._thread.submit(self._write, sheet, position, self._engine.now)
        self._commit = _Commit(sheet, position, now_s, owed)

    def _write(self, sheet: _Sheet, position: int, now: int) -> bool:
        """One transaction for effects, outbox, snapshot and position, in the clerk's thread. Says whether anything is owed."""
        with self._store.transaction(self._lease.epoch) as unit:
            applied = apply(unit, sheet.effects, self._routes)
            unit.set_applied(position, now)
            if sheet.wants_snapshot:
                unit.save_snapshot(sheet.changes, position)
        return applied.owed

    def _await_commit(self, commit: _Commit, patience_s: float) -> None:
        try:
            fault = commit.owed.exception(patience_s)
        except TimeoutError:
            self._note_away(f"no answer for {patience_s:g} s")
            return
        self._commit = None
        if isinstance(fault, StoreUnavailable):
            self._take_back(commit.sheet)
            self._note_away(str(fault))
        elif fault is not None:
            raise fault
        else:
            self._end_commit(commit)

    def _end_commit(self, commit: _Commit) -> None:
        self._note_back()
        self._progress.applied_position = commit.position
        if commit.sheet.wants_snapshot:
            self._progress.snapshot_position = commit.position
        self._stored_s = self._monotonic_s()
        self._progress.store_s += self._stored_s - commit.began_s
        for effect in commit.sheet.effects:
            if isinstance(effect, AnswerAction):
                self.answers.give(effect)
        if commit.owed.result():
            self._on_owed()

    def _take_back(self, sheet: _Sheet) -> None:
        """Not stored, or not known to be: the same again, in front of what was decided since."""
        later, self._sheet = self._sheet, sheet
        sheet.effects.extend(later.effects)
        sheet.changes.update(later.changes)
        sheet.wants_snapshot = sheet.wants_snapshot or later.wants_snapshot

    def _must_store(self, now_s: float) -> bool:
        """Effects are stored at once. A position alone waits: decided again, its events give nothing."""
        if self._sheet.effects or self._sheet.wants_snapshot:
            return True
        is_behind = self._progress.applied_position != self._progress.decided_position
        return is_behind and (self.is_hasty or now_s - self._stored_s >= QUIET_S)

    def _consider_snapshot(self, now_s: float) -> None:
        is_due = self._since_snapshot >= SNAPSHOT_AFTER or now_s - self._snapshot_s >= SNAPSHOT_EVERY_S
        if is_due or self._sheet.wants_snapshot:
            changes = self._engine.take_changes()
            is_same = self._since_snapshot == 0 and len(changes) == 1  # only the instant is another
            self._sheet.wants_snapshot = self._sheet.wants_snapshot or not is_same
            if self._sheet.wants_snapshot:
                self._sheet.changes.update(changes)
            self._since_snapshot, self._snapshot_s = 0, now_s

    # ----------------------------------------------------------------------------------------- the store being away

    def _note_away(self, detail: str) -> None:
        self._retry_s = self._monotonic_s() + RETRY_S
        if self._progress.store_failure:
            return
        log.error("store_unavailable", detail=detail, todo="The journal goes on; decisions are stored when the store is back.")
        self._progress.store_failure = detail
        if self._commit is not None:
            self._send_critical(self._commit.sheet.effects)
        self._send_critical(self._sheet.effects)

    def _note_back(self) -> None:
        if self._progress.store_failure:
            log.warning("store_is_back", effects_waiting=len(self._sheet.effects))
        self._progress.store_failure = ""

    def _send_critical(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if cannot_wait(effect):
                self._on_critical_while_degraded(effect)

    def _end_renewal(self, renewal: Future[None]) -> None:
        self._renewal = None
        fault = renewal.exception()
        if isinstance(fault, StoreUnavailable):
            self._note_away(str(fault))
        elif fault is not None:
            raise fault
        elif self._commit is None and not self._sheet.effects:  # where there is something to store, its commit says so
            self._note_back()
