"""What the front door's routes share: how entries are handed to the desk, and when a sender is told that they are safe."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from fastapi import Response

from ingest.committing import waited_for
from ingest.entries import Appended, Journaled
from ingest.http_answers import FULL, SLOW, STOPPING, Refusing, answer_events
from ingest.port import Desk, Meter
from ingest.route import RouteReader
from ingest.topics import Lane
from ingest.urgency import lane_for
from rules.model import Event, Input, Rejected

JOURNAL_WAIT_S: Final = 30.0
"""After this long without the journal's commit the sender is asked to try again."""
IN_THREAD_FROM_BYTES: Final = 65_536
"""Bodies from here on are read in a thread, so that a large one does not hold up an alarm."""
RETRY_S: Final = 1


class FrontDoor:
    """What the routes share."""

    def __init__(
        self,
        desk: Desk,
        find_rejected: Callable[[int], Journaled | None],
        note_redriven: Callable[[int], None],
        meter: Meter,
        prefix: str,
        readers: Sequence[RouteReader] = (),
    ) -> None:
        self.desk = desk
        self.find_rejected = find_rejected
        self.note_redriven = note_redriven
        self.meter = meter
        self.prefix = prefix
        self.readers = readers

    async def journal(self, entries: list[Input], lane: Lane) -> Appended:
        """Offer these entries and wait for the journal's commit; 503 where that cannot be had."""
        delivery, committed = waited_for(entries, lane)
        if not self.desk.offer(delivery):
            self.meter.count("full")
            raise Refusing(503, "full", FULL, retry_s=RETRY_S)
        try:
            async with asyncio.timeout(JOURNAL_WAIT_S):
                appended = await committed
        except TimeoutError:
            raise Refusing(503, "journal_slow", SLOW, retry_s=RETRY_S) from None
        if appended is None:
            raise Refusing(503, "stopping", STOPPING, retry_s=RETRY_S)
        self.meter.count("entries", appended.count)
        return appended

    async def take(self, entries: list[Event | Rejected]) -> Response:
        """Journal what a request held, and answer for each event."""
        self.meter.count("rejected", sum(isinstance(entry, Rejected) for entry in entries))
        return answer_events(entries, await self.journal(list(entries), lane_for(entries)))
