"""Follows the journal with the shadows' chain: never in the way of the live one, and behind rather than greedy.

It reads the journal's files beside their writer, in a process of its own at the lowest priority, and takes at most a share of one
core. Who is too far behind leaves out what it cannot hear in time, and says so.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from math import inf
from typing import Final

import structlog

from handlers.faults import StoreBroken, StoreUnavailable
from handlers.shadow_book import FILE, ShadowBook, Step
from ingest.journal import JournalDamaged
from ingest.journal_at import last_before
from ingest.journal_read import read_only
from rules.engine import TimerStoppedError
from rules.pack import PackError
from shouwang.casebook import Casebook
from shouwang.clock import monotonic_s
from shouwang.settings import Settings
from shouwang.shadow_begin import FOR_EVER, Wants, begin, resume
from shouwang.shadow_chain import ShadowChain

log = structlog.get_logger(__name__)

SHARE: Final = 0.5
"""Of one core, at most; ours. A backtest is a thousand times faster than life, so a day behind is caught up within minutes."""
CHUNK: Final = 1_000
"""Entries between two rests; some 30 ms of work."""
COMMIT_ENTRIES: Final = 20_000
"""Entries after which a step is committed while catching up."""
COMMIT_S: Final = 10.0
"""How often what was taken is committed at the journal's end: each step of a large community writes megabytes. Ours."""
BEHIND_MAX: Final = 5_000_000
"""Entries behind from which on it begins anew near the present; about a week of 2,000 devices. Ours."""
POLL_S: Final = 1.0
DAMAGED_S: Final = 60.0
"""How long a journal that cannot be read is left alone."""
IDLE_S: Final = 10.0
"""How often it is looked whether a pack with shadows is in force, and after a fault of the world."""


class Follower:
    """One life of the shadows. ``kept`` is their file, ``book`` what there is of store and journal."""

    def __init__(self, kept: ShadowBook, book: Casebook) -> None:
        self._kept, self._book = kept, book
        self._journal = book.journal
        self._wants = Wants()
        self._chain: ShadowChain | None = None
        self._progress = kept.progress()
        self._uncommitted_count, self._committed_s = 0, -inf
        self._aside = {position for position, timer, _ in kept.aside() if not timer}

    @property
    def position(self) -> int:
        """How far it is in the journal; it may not be kept yet."""
        return self._progress.position

    @property
    def is_busy(self) -> bool:
        """Whether there are shadows to follow."""
        return self._chain is not None

    def turn(self) -> float:
        """Do a little. Returns how many seconds to rest.

        Raises what stopped the chain, after it was noted: the next life passes it over.
        """
        chain = self._chain or self._begun()
        if chain is None:
            return IDLE_S
        began_s = time.process_time()
        try:
            taken_count = self._take_some(chain)
        except JournalDamaged as fault:
            log.warning("shadows_begin_anew", detail=str(fault))
            self._kept.begin_anew(FOR_EVER)
            self._chain = None
            return DAMAGED_S
        used_s = time.process_time() - began_s
        progress = self._progress
        self._progress = replace(
            progress, cpu_s=round(progress.cpu_s + used_s, 6), entry_count=progress.entry_count + taken_count
        )
        is_due = taken_count < CHUNK and (monotonic_s() - self._committed_s >= COMMIT_S or not chain.has_shadows)
        if is_due or self._uncommitted_count >= COMMIT_ENTRIES:
            self.commit()
        return POLL_S if taken_count < CHUNK else used_s * (1 - SHARE) / SHARE

    def commit(self) -> None:
        """Keep all that was taken so far."""
        chain = self._chain
        if chain is None or not self._uncommitted_count:
            return
        self._kept.commit(Step(progress=self._progress, changes=chain.changes(), facts=chain.facts(), watched=chain.watched()))
        self._uncommitted_count, self._committed_s = 0, monotonic_s()
        if not chain.has_shadows:
            log.info("shadows_over", position=self._progress.position)
            self._kept.end()
            self._chain = None

    def _begun(self) -> ShadowChain | None:
        """Take up the chain; None where no shadow rule is in force, or the store cannot say."""
        try:
            if not self._wants(self._book):
                return None
            self._chain = self._resumed() or begin(self._kept, self._book)
        except (StoreUnavailable, StoreBroken, JournalDamaged, PackError) as fault:
            log.info("shadows_wait", detail=str(fault))
            return None
        self._restart()
        log.info("shadows_follow", position=self._progress.position)
        return self._chain

    def _resumed(self) -> ShadowChain | None:
        behind_count = last_before(self._journal, FOR_EVER) - self._kept.progress().position
        return resume(self._kept, self._journal) if 0 <= behind_count <= BEHIND_MAX else None

    def _restart(self) -> None:
        self._progress = self._kept.progress()
        self._uncommitted_count = 0

    def _take_some(self, chain: ShadowChain) -> int:
        count = 0
        for journaled in islice(read_only(self._journal, self._progress.position), CHUNK):
            if journaled.position not in self._aside:
                with self._noted(journaled.position):
                    chain.take(journaled)
            count += 1
            self._uncommitted_count += 1
            at = max(self._progress.at, journaled.received_at)
            self._progress = replace(self._progress, position=journaled.position, at=at)
        return count

    @contextmanager
    def _noted(self, position: int) -> Iterator[None]:
        """What stops the chain here is passed over in the next life; the live chain has its own opinion of it."""
        try:
            yield
        except TimerStoppedError as fault:
            self._kept.pass_over(0, fault.name, fault.deadline_at)
            raise
        except Exception:
            self._kept.pass_over(position)
            raise


def follow(
    settings: Settings, book: Casebook, rest: Callable[[float], bool], is_wanted: Callable[[], bool] = lambda: True
) -> None:
    """Follow until ``rest``, which waits so many seconds, says that it is time to end; or nothing is left to do, and wanted."""
    kept = ShadowBook(settings.data / FILE)
    try:
        follower = Follower(kept, book)
        while not rest(follower.turn()) and (follower.is_busy or is_wanted()):
            pass
        follower.commit()
    finally:
        kept.close()
