"""Beside the alarm path: once a day old rows leave the store and old days the journal; and small notes are written."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import select

from handlers.faults import StoreUnavailable
from handlers.receipts import Confirmed, Receipt, confirm
from handlers.retention import purge
from handlers.schema import progress
from handlers.store import Store, UnitOfWork
from ingest.journal import Journal
from shouwang.watched import end_all, watched

log = structlog.get_logger(__name__)

DAY_MS = 86_400_000
LOOK_EVERY_S = 60.0
"""How often it is asked whether a new day has begun, and how soon a store that was away is tried again."""


class Housekeeping:
    """Never hurried: its transactions are short and wait behind the desk's."""

    def __init__(self, store: Store, epoch: int, journal: Journal, *, clock: Callable[[], int], journal_keep_days: int) -> None:
        self._store, self._epoch, self._journal, self._clock = store, epoch, journal, clock
        self._keep = timedelta(days=journal_keep_days)
        self._done_day = 0

    @asynccontextmanager
    async def running(self, on_fatal: Callable[[BaseException], None]) -> AsyncIterator[None]:
        """Clean at the start and after each midnight (UTC), until the block ends."""
        task = watched(self._run(), on_fatal)
        try:
            yield
        finally:
            await end_all(task)

    async def _run(self) -> None:
        while True:
            await asyncio.to_thread(self.clean_when_due)
            await asyncio.sleep(LOOK_EVERY_S)

    def clean_when_due(self) -> bool:
        """Clean if that was not done today. Says whether it was done now; a store that is away is left for the next look."""
        now = self._clock()
        if now // DAY_MS == self._done_day:
            return False
        try:
            deleted = purge(self._store, self._epoch, now)
            kept_from = self._store.write(self._epoch, _snapshot_position)
        except StoreUnavailable as fault:
            log.warning("housekeeping_put_off", detail=str(fault))
            return False
        oldest = datetime.fromtimestamp(now / 1000, UTC).date() - self._keep
        # A restart begins at the snapshot: what came after it must be there, although it was applied.
        dropped = self._journal.drop_before(oldest, applied_position=kept_from)
        self._done_day = now // DAY_MS
        if dropped or any(deleted.values()):
            log.info("housekeeping_done", journal_days=dropped, **deleted)
        return True

    def note_redriven(self, position: int) -> None:
        """Say in the list of refused input that this one was driven in again. A store that is away costs only this note."""
        try:
            self._store.write(self._epoch, lambda unit: unit.mark_redriven(position, self._clock()))
        except StoreUnavailable as fault:
            log.warning("redrive_not_noted", position=position, detail=str(fault))

    def confirm(self, partner: str, position: int, incident_count: int) -> Confirmed | None:
        """Write down what a partner of the data exchange confirms; None: there is no such fact. Raises StoreUnavailable."""
        receipt = Receipt(partner=partner, position=position, incident_count=incident_count, at=self._clock())
        confirmed = self._store.write(self._epoch, lambda unit: confirm(unit, receipt))
        log.info("exchange_confirmed", partner=partner, position=position, is_new=confirmed is not None and confirmed.is_new)
        return confirmed


def _snapshot_position(unit: UnitOfWork) -> int:
    return int(unit.connection.execute(select(progress.c.snapshot_position)).scalar_one())
