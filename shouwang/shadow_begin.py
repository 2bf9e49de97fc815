"""Where the shadows begin: from their own last step, or some hours back in the journal with the pack that was in force then."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import structlog

from handlers.shadow_book import Gap, ShadowBook, Step
from ingest.journal_at import begin_at, last_before
from ingest.journal_read import backwards, find
from rules.canonical import RecordError
from rules.engine import Engine
from rules.model import Entity
from rules.pack import PackError
from shouwang.casebook import Casebook
from shouwang.hindsight import set_before
from shouwang.recovery import remembered
from shouwang.shadow_chain import ShadowChain, ShadowPacks

log = structlog.get_logger(__name__)

BACK_MS: Final = 24 * 3_600_000
"""How long before the present a first start begins: longer than any delay or silence of the bundled packs; ours."""
ENTRIES_MAX: Final = 500_000
"""Entries that a first start goes back at most. About twenty seconds of work; ours."""
GAPS_MAX: Final = 100
"""Gaps that are remembered; the latest so many. Ours."""
FOR_EVER: Final = 1 << 62


class Wants:
    """Whether the pack in force has a shadow rule. A pack is read once, however often it is asked."""

    def __init__(self) -> None:
        self._last: tuple[str, bool] = ("", False)

    def __call__(self, book: Casebook) -> bool:
        """Raises StoreUnavailable, StoreBroken, JournalDamaged and PackError."""
        activated = book.facts(Entity.PACK, "activated")
        if not activated:
            return False
        if self._last[0] != activated[-1].id:
            pack = book.pack_at(activated[-1].at, activated[-1].pack_version)
            self._last = activated[-1].id, pack is not None and any(rule.is_shadow for rule in pack.rules)
        return self._last[1]


def resume(kept: ShadowBook, journal: Path) -> ShadowChain | None:
    """The chain as its last step left it; None where there is none, or this version cannot read it."""
    rows, progress, packs = kept.state(), kept.progress(), ShadowPacks()
    if not rows or not progress.position:
        return None
    try:
        engine = Engine.restore(rows, read_pack=packs)
    except (PackError, RecordError) as fault:
        log.warning("shadows_begin_anew", detail=str(fault))
        return None
    for before in remembered(backwards(journal, progress.position)):
        engine.prime_identity(before.entry, before.received_at)
    for _, timer, deadline_at in kept.aside():
        if timer:
            engine.pass_over(timer, deadline_at)
    return ShadowChain(engine, packs, told=kept.open_cases(), watched=kept.watched())


def begin(kept: ShadowBook, book: Casebook) -> ShadowChain:
    """A chain that begins some hours back; what it missed since its last step is kept as a gap.

    Raises StoreUnavailable, StoreBroken, JournalDamaged and PackError.
    """
    journal, progress, packs = book.journal, kept.progress(), ShadowPacks()
    after, start_at = _start(journal)
    before = [fact for fact in book.facts(Entity.PACK, "activated") if fact.at < start_at]
    pack = book.pack_at(before[-1].at, before[-1].pack_version) if before else None
    engine = Engine(pack=None if pack is None else packs.at_work(pack), read_pack=packs)
    chain = ShadowChain(engine, packs, at=start_at, watched=kept.watched())
    for one in set_before(book, start_at):
        chain.set_before(one.entry, one.received_at)
    missed = (Gap(from_at=progress.at, until_at=start_at),) if 0 < progress.at < start_at else ()
    kept.begin_anew(start_at)
    gaps = (*progress.gaps, *missed)[-GAPS_MAX:]
    stands = replace(progress, position=after, at=max(progress.at, start_at), gaps=gaps)
    kept.commit(Step(progress=stands, changes=chain.changes(), watched=chain.watched()))
    return chain


def _start(journal: Path) -> tuple[int, int]:
    """After which position a chain begins, and at which instant."""
    last = last_before(journal, FOR_EVER)
    newest = find(journal, last)
    if newest is None:
        return last, 0
    oldest_at = begin_at(journal)
    start_at = max(newest.received_at - BACK_MS, 0 if oldest_at is None else oldest_at)
    after = last_before(journal, start_at)
    if last - ENTRIES_MAX > after and (first := find(journal, last - ENTRIES_MAX)) is not None:
        return first.position, first.received_at
    return after, start_at
