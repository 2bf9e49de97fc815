"""What a format must know of the time before a start: read from the journal beside the alarm path, while messages come."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import structlog

from ingest.journal_days import JournalDamaged
from ingest.journal_recall import recalled
from ingest.route import RouteReader
from shouwang.watched import end_all, watched

log = structlog.get_logger(__name__)

DEVICES_MAX = 5_000
"""Devices that a route's format is told of, as many as the only one that asks remembers (``ingest.data.work_order``)."""


@asynccontextmanager
async def open_recalls(
    readers: Sequence[RouteReader], journal: Path, until: int, on_fatal: Callable[[BaseException], None]
) -> AsyncIterator[None]:
    """Tell the formats that want to know, until the block ends; ``until`` is the last position before this start."""
    ending = Event()
    wanting = [reader for reader in readers if reader.recalls]
    tasks = [watched(asyncio.to_thread(recall, reader, journal, until, ending.is_set), on_fatal) for reader in wanting]
    try:
        yield
    finally:
        ending.set()
        await end_all(*tasks)


def recall(reader: RouteReader, journal: Path, until: int, is_ended: Callable[[], bool] = lambda: False) -> None:
    """Tell one route's format what the journal knows. A journal that cannot be read costs only this."""
    try:
        events = recalled(journal, until, reader.recalls, DEVICES_MAX, is_ended)
    except JournalDamaged as fault:
        log.warning("route_not_recalled", route=reader.route.name, detail=str(fault))
        return
    reader.recall(events)
    log.info("route_recalled", route=reader.route.name, events=len(events))
