"""Looks back at a place and a time: replays the journal through an observed chain, beside the running service and without it.

The replay begins some hours before the time asked about, with the pack that was in force then, and with what had set modes and
outages of places until then. Nothing of it is stored.
"""

from pathlib import Path
from typing import Final

from dashboard.reads import StoreReads
from dashboard.web import JournalUnreadable
from handlers.story import StoryViews
from ingest.entries import Journaled
from ingest.journal import JournalDamaged
from ingest.journal_at import begin_at, last_before, received_at
from ingest.journal_read import find, read_only
from rules.model import Entity
from rules.pack import PackError
from rules.why_not import ObservedEngine
from rules.why_not_shape import Asked, WhyNot
from shouwang.casebook import Casebook
from shouwang.settings import Settings

BACK_MS: Final = 24 * 3_600_000
"""How long before the time asked about a replay begins: longer than any delay or silence of the bundled packs; ours."""
ENTRIES_MAX: Final = 2_000_000
"""Entries that one look back reads at most: of more, the last so many. About a minute of work; ours."""
WEB_BACK_MS: Final = 12 * 3_600_000
WEB_ENTRIES_MAX: Final = 200_000
"""The web answers within seconds, because viewers share its process; the command line has more patience. Ours."""
_PLACES: Final = ((Entity.ZONE, ""), (Entity.DEVICE, "maintenance_planned"), (Entity.DEVICE, "maintenance_began"))


def looking_back(settings: Settings, asked: Asked) -> WhyNot:
    """The same for the web process, with less patience. Raises JournalUnreadable, StoreUnavailable and StoreBroken."""
    reads, story = StoreReads(settings.database), StoryViews(settings.database)
    try:
        return look_back(Casebook(settings, reads, story), asked, back_ms=WEB_BACK_MS, entries_max=WEB_ENTRIES_MAX)
    except (JournalDamaged, PackError, OSError) as fault:
        raise JournalUnreadable(str(fault)) from fault
    finally:
        reads.close()
        story.close()


def look_back(book: Casebook, asked: Asked, *, back_ms: int = BACK_MS, entries_max: int = ENTRIES_MAX) -> WhyNot:
    """Which rules looked at this place at this time, how near they came, and what held them back.

    Raises JournalDamaged, PackError, StoreUnavailable and StoreBroken.
    """
    journal = book.journal
    after, start_at = _start(journal, asked, back_ms, entries_max)
    engine = _engine(book, asked, start_at)
    for before in set_before(book, start_at):
        engine.receive(before.entry, max(engine.now, before.received_at))
    aside = {fact.entity_id for fact in book.facts(Entity.JOURNAL, "set_aside")}
    for journaled in read_only(journal, after):
        if journaled.received_at > asked.until_at:
            break
        if str(journaled.position) not in aside and engine.is_near(journaled.entry):
            engine.receive(journaled.entry, max(engine.now, journaled.received_at), journaled.position)
    engine.advance(max(engine.now, asked.until_at))
    return engine.answer(start_at)


def _start(journal: Path, asked: Asked, back_ms: int, entries_max: int) -> tuple[int, int]:
    """After which position the replay begins, and at which instant."""
    oldest_at = begin_at(journal)
    start_at = max(asked.from_at - back_ms, 0 if oldest_at is None else oldest_at)
    after = last_before(journal, start_at)
    beyond = last_before(journal, asked.until_at + 1) - entries_max
    if beyond > after and (first := find(journal, beyond)) is not None:
        return beyond, first.received_at
    return after, start_at


def _engine(book: Casebook, asked: Asked, start_at: int) -> ObservedEngine:
    """A chain with the pack of that instant; without one where the journal itself says with which one it began."""
    activated = book.facts(Entity.PACK, "activated", asked.until_at)
    before = [fact for fact in activated if fact.at < start_at]
    if before:
        return ObservedEngine(asked, pack=book.pack_at(start_at, before[-1].pack_version))
    return ObservedEngine(asked, pack=None if activated else book.configured_pack())


def set_before(book: Casebook, start_at: int) -> list[Journaled]:
    """What had set modes and outages before the replay begins, in order."""
    facts = [fact for entity, word in _PLACES for fact in book.facts(entity, word, start_at - 1)]
    causes = {fact.cause_id for fact in facts}
    found = received_at(book.journal, [fact.at for fact in facts])
    return [one for one in found if getattr(one.entry, "id", "") in causes]
