"""For the web's why: the pack that was in force when a case was opened, which may not be the one in force now."""

from functools import lru_cache
from typing import Final

import structlog

from dashboard.reads import StoreReads
from handlers.story import StoryViews
from ingest.journal import JournalDamaged
from rules.definition import RulePack
from rules.pack import PackError, read_pack
from shouwang.casebook import Casebook
from shouwang.settings import Settings

log = structlog.get_logger(__name__)

READ_MAX: Final = 4
"""Packs that are kept as they were read, because reading a large one takes most of a second; ours."""


class PastPacks:
    """Finds packs of the past. Thread-safe; it reads the store and, for what the chain no longer remembers, the journal."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read = lru_cache(maxsize=READ_MAX)(read_pack)

    def __call__(self, at: int, version: str) -> RulePack | None:
        """The pack of this version at this instant (ms); None where it cannot be had. Raises StoreUnavailable and StoreBroken."""
        reads, story = StoreReads(self._settings.database), StoryViews(self._settings.database)
        try:
            return Casebook(self._settings, reads, story, self._read).pack_at(at, version)
        except (JournalDamaged, PackError, OSError) as fault:
            log.warning("past_pack_not_read", version=version, detail=str(fault), todo="Why is told without its conditions.")
            return None
        finally:
            reads.close()
            story.close()
