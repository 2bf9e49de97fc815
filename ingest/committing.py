"""How whoever lives in an event loop waits for the journal's commit, which is told in the desk's thread."""

import asyncio
from collections.abc import Callable

from ingest.entries import Appended
from ingest.port import Delivery
from ingest.topics import Lane
from rules.model import Input


def call_in(loop: asyncio.AbstractEventLoop, what: Callable[..., None], *arguments: object) -> None:
    """Call this in the loop, from any thread. After the loop's end nobody is there to be answered: senders send again."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(what, *arguments)


def waited_for(entries: list[Input], lane: Lane) -> tuple[Delivery, asyncio.Future[Appended | None]]:
    """A delivery to offer, and what is known of it later: what the commit appended, or None where the desk stops.

    Called in the event loop. Whoever gives the future up does no harm: what was offered is journaled all the same.
    """
    loop = asyncio.get_running_loop()
    committed: asyncio.Future[Appended | None] = loop.create_future()

    def settle(appended: Appended | None) -> None:
        if not committed.done():
            committed.set_result(appended)

    return Delivery(entries, lambda appended: call_in(loop, settle, appended), lane), committed
