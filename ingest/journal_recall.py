"""What the journal still knows of some devices: read backwards, bounded, and only where a batch names one of them at all."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ingest.journal_days import Row, list_days, read_row
from ingest.journal_read import rows_before
from rules.model import Event

DAYS_MAX: Final = 31
"""Days of journal that are looked through, the newest first; ours: a work order is over within a month."""


def recalled(folder: Path, until: int, prefix: str, count_max: int, is_ended: Callable[[], bool] = lambda: False) -> list[Event]:
    """The events of devices whose names begin so, oldest first, up to this position; of the newest ``count_max`` devices.

    ``prefix`` is plain ASCII. May block for as long as it takes to read the days, or until ``is_ended``, which is asked every few
    batches: then nothing is told. Raises JournalDamaged.
    """
    mark = prefix.encode("ascii")
    found: list[Event] = []
    devices: set[str] = set()
    for path in list(reversed(list_days(folder)))[:DAYS_MAX]:
        before = until + 1
        while rows := rows_before(path, before):
            if is_ended():
                return []
            for row in rows:
                if not _names(row, mark):
                    continue
                for journaled in reversed(read_row(row, path)):
                    event = journaled.entry
                    if journaled.position > until or not isinstance(event, Event) or not event.device.startswith(prefix):
                        continue
                    if event.device not in devices and len(devices) >= count_max:
                        return found[::-1]
                    devices.add(event.device)
                    found.append(event)
            before = rows[-1][0]
    return found[::-1]


def _names(row: Row, mark: bytes) -> bool:
    """Whether a batch may name such a device; one that cannot be unpacked is left to the careful reading."""
    try:
        return mark in zlib.decompress(row[4])
    except zlib.error:
        return True
