"""The disk of a drill, in memory: the real journal and the real store on files that no power cut can reach, with faults to order.

A crash is an exception that nothing catches (as asyncio treats SystemExit), thrown between two steps of the real code. What was
committed by then is on the disk, what was not is gone: the same as after kill -9.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from handlers.connections import open_reader, open_writer, read_url
from handlers.faults import StoreUnavailable
from handlers.store import Store
from ingest.entries import Appended, Journaled
from ingest.journal import Journal, JournalWriteFailed
from rules.model import Event, EventClass, Input, OperatorAction
from simulator.drill.hours import Hours
from simulator.drill.law import Broken, Law

POINTS: Final = (
    "journal_before",  # nothing journaled
    "journal_after",  # journaled, and nobody acknowledged
    "store_before",  # decided, and nothing of it stored
    "store_inside",  # half of a transaction
    "store_after",  # stored, and nobody knows
    "sent",  # told to the outside, and not recorded
    "recovered",  # between the start's own steps
)
"""Where a crash can be ordered, besides between two steps."""

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - Linux's file system in memory; elsewhere the folder for temporary files

HOUSE: Final = "house"
"""Who holds the connections of the drilled house; another writer has its own."""


class Crash(SystemExit):
    """kill -9 at this point."""


class Disk:
    """One installation's files, and what is wrong with them now. Instants are the drill's, in ms since it began."""

    def __init__(self, folder: Path, hours: Hours) -> None:
        self.folder = folder
        self.hours = hours
        self.full_until_ms = 0  # the journal cannot be written
        self.away_until_ms = 0  # the store refuses to connect
        self.deaf_until_ms = 0  # the store commits, and its answer is lost
        self.is_deaf_to_all = True  # the outbox's answers are lost too, not the desk's alone
        self.hangs_until_ms = 0  # the store takes the call, and does not answer
        self.crash_at: dict[str, int] = {}  # point → crash at its so-manieth passing from now
        self.crash_count = 0
        self.lost_answer_count = 0
        self.written: list[Journaled] = []  # what the disk said was durable
        self.ids: set[tuple[str, str, str]] = set()
        self.names: set[str] = set()  # of events and actions
        self.abroad: set[tuple[str, str]] = (
            set()
        )  # devices behind foreign routes: each message of theirs has an instant of its own
        self._known_as: dict[tuple[str, str, str, int | None], str] = {}
        self.refused: set[tuple[str, bytes]] = set()

    def pass_point(self, point: str) -> None:
        """Crash here, if that was ordered."""
        left = self.crash_at.get(point)
        if left is None:
            return
        self.crash_at[point] = left - 1
        if left <= 1:
            del self.crash_at[point]
            self.crash_count += 1
            raise Crash(point)

    @property
    def is_hanging(self) -> bool:
        """Whether the store keeps its callers waiting."""
        return self.hours.passed_ms < self.hangs_until_ms

    @property
    def is_store_well(self) -> bool:
        """Whether what is written now is written, and known to be."""
        return self.hours.passed_ms >= self.store_well_at_ms

    @property
    def store_well_at_ms(self) -> int:
        """From when on the store is well."""
        return max(self.away_until_ms, self.deaf_until_ms, self.hangs_until_ms)

    def heal(self) -> None:
        """No faults from here on."""
        self.full_until_ms = self.away_until_ms = self.deaf_until_ms = self.hangs_until_ms = 0
        self.crash_at.clear()

    def let_go(self) -> None:
        """Close what was kept from one start to the next."""
        for engine in engines(f"sqlite:///{self.folder / 'store.db'}", HOUSE):
            engine.dispose()

    def note(self, appended: Appended, entries: Sequence[Input]) -> None:
        """Remember what the journal has taken, to hold the journal to it; alarms stand first in it.

        A foreign message is journaled whole, in its own order: what stands beside an alarm in it goes by the alarm's lane.
        """
        classes = [each.event_class for each in entries if isinstance(each, Event) and not self._is_foreign(each)]
        if EventClass.ALARM in classes[classes.count(EventClass.ALARM) :]:
            raise Broken(Law.CRITICAL_FIRST, f"alarms were journaled behind others of their batch: {classes[:12]}")
        for position, entry in enumerate(entries, appended.first_position):
            self.written.append(Journaled(position=position, received_at=appended.received_at, entry=entry))
            self.ids.add((entry.community, getattr(entry, "device", ""), entry.id))
            if isinstance(entry, Event) and self._is_foreign(entry):
                self._note_foreign(entry)
            if isinstance(entry, (Event, OperatorAction)):
                self.names.add(entry.id)
            if (excerpt := getattr(entry, "excerpt", None)) is not None:
                self.refused.add((getattr(entry, "source", ""), excerpt))

    def _is_foreign(self, event: Event) -> bool:
        return (event.community, event.device.partition(".")[0]) in self.abroad

    def _note_foreign(self, event: Event) -> None:
        """Said once is one event, by whatever name, however often it was brought."""
        self.ids.add((event.community, event.device, f"@{event.occurred_at}"))
        said = (event.community, event.device, event.kind, event.occurred_at)
        if self._known_as.setdefault(said, event.id) != event.id:
            raise Broken(Law.NO_LOSS, f"{said} came again, and is journaled as another event: {event.id}")


class DrillJournal(Journal):
    """The journal on this disk."""

    disk: Disk

    def append(self, entries: Sequence[Input]) -> Appended:
        """As the journal does, with what the disk has in store."""
        disk = self.disk
        disk.pass_point("journal_before")
        if disk.hours.passed_ms < disk.full_until_ms:
            raise JournalWriteFailed("the disk is full (a drill)")
        appended = super().append(entries)
        disk.note(appended, entries)
        disk.pass_point("journal_after")
        return appended


class DrillStore(Store):
    """The store on this disk."""

    def __init__(self, disk: Disk, url: str, holder: str = HOUSE) -> None:
        self._disk = disk
        self._holder = holder
        super().__init__(url)

    def _open(self) -> tuple[Engine, Engine]:
        return engines(self.url.render_as_string(), self._holder)

    def _close(self) -> None:
        """A killed process's connections go back to where its next start takes them from: what was open is rolled back."""
        if self._holder != HOUSE:
            super()._close()

    @contextmanager
    def _begin(self, *, is_urgent: bool) -> Iterator[Connection]:
        disk = self._disk
        disk.pass_point("store_before")
        self._be_there()
        with super()._begin(is_urgent=is_urgent) as connection:
            yield connection
            disk.pass_point("store_inside")
        disk.pass_point("store_after")
        if disk.hours.passed_ms < disk.deaf_until_ms and (is_urgent or disk.is_deaf_to_all):
            disk.lost_answer_count += 1
            raise StoreUnavailable("the answer was lost (a drill)")

    def _be_there(self) -> None:
        if self._disk.hours.passed_ms < self._disk.away_until_ms:
            raise StoreUnavailable("away (a drill)")

    def applied_position(self) -> int:
        """See Store."""
        self._be_there()
        return super().applied_position()

    def load_snapshot(self) -> tuple[int, list[tuple[str, bytes]]]:
        """See Store."""
        self._be_there()
        return super().load_snapshot()


@cache
def engines(url: str, holder: str) -> tuple[Engine, Engine]:
    """A holder's engines of this file, made once in a process: what a start would spend its time on is compiling statements."""
    del holder  # each has its own: a writer keeps its only connection
    return open_writer(read_url(url)), open_reader(read_url(url), pool_size=1)


@cache
def _empty_store(room: Path) -> bytes:
    """The file of a store that was just migrated."""
    path = room / f"empty-{os.getpid()}.db"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path.read_bytes()


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder for the disks of any number of drills and processes; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="shouwang-drill-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as name:
        yield Path(name)


@contextmanager
def fresh_disk(hours: Hours, room: Path) -> Iterator[Disk]:
    """A disk with an empty store and no journal, in this process's corner of the room; gone afterwards."""
    folder = room / f"house-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "store.db").write_bytes(_empty_store(room))
    try:
        yield Disk(folder, hours)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
