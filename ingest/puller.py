"""A route that asks by itself, at work: fetch, journal, then keep the cursor; after a failure wait longer each time."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.adapter import OF_THE_CONTENT, Ignored
from ingest.committing import call_in, waited_for
from ingest.port import Desk
from ingest.pull import WAIT_MAX_S, Cursor, Fetch, Fetched, Mark, MarkFile, Pull, PullFailed
from ingest.pull_rows import digest_of
from ingest.route import RouteReader
from ingest.urgency import lane_for
from rules.model import Input

AT_ONCE: Final = 200
"""Rows that the desk is given at a time."""
GO_ON_S: Final = 1.0
"""The pause before asking on, while the cursor moves: whoever was away for long catches up without a flood."""


class DeskStops(Exception):  # noqa: N818 - a state of the process
    """The desk takes nothing more: nothing is kept, the same is asked for after the next start."""


@dataclass(slots=True)
class PullFigures:
    """What a pull counted since the start."""

    asked_count: int = 0
    failed_ask_count: int = 0
    unchanged_count: int = 0
    row_count: int = 0


class Puller:
    """One route's pull. ``report`` is told of each failure: why, and in how many seconds it is tried again."""

    def __init__(
        self,
        reader: RouteReader,
        pull: Pull,
        fetch: Fetch,
        marks: MarkFile,
        desk: Desk,
        *,
        chance: random.Random,
        report: Callable[[str, float], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.figures = PullFigures()
        reader.beside.append(self.figures)
        self._reader, self._pull, self._fetch, self._marks, self._desk = reader, pull, fetch, marks, desk
        self._chance, self._report, self._sleep = chance, report, sleep
        self._room = asyncio.Event()

    async def run(self) -> None:
        """Ask until the desk stops, or this is cancelled."""
        loop = asyncio.get_running_loop()
        self._desk.on_room(lambda: call_in(loop, self._room.set))
        failures = 0
        while True:
            try:
                wait_s = GO_ON_S if await self.once() else self._pull.every_s
                failures = 0
            except PullFailed as fault:
                failures += 1
                self.figures.failed_ask_count += 1
                wait_s = self._wait_s(failures)
                self._report(str(fault), wait_s)
            except DeskStops:
                return
            await self._sleep(wait_s)

    async def once(self) -> bool:
        """Ask once; whether there may be more at once. Raises PullFailed, DeskStops."""
        mark = await asyncio.to_thread(self._marks.read)
        self.figures.asked_count += 1
        fetched = await self._fetched(mark.cursor)
        cursor = mark.cursor if fetched.cursor is None else fetched.cursor
        if fetched.digest == mark.digest and cursor == mark.cursor:
            self.figures.unchanged_count += 1
            return False
        for begin in range(0, len(fetched.rows), AT_ONCE):
            rows = fetched.rows[begin : begin + AT_ONCE]
            await self._journal(await asyncio.to_thread(self._read, rows, mark))
            self.figures.row_count += len(rows)
        await asyncio.to_thread(self._marks.write, Mark(cursor, fetched.digest))
        return _may_go_on(fetched, mark)

    async def _fetched(self, cursor: Cursor) -> Fetched:
        """What a partner answers may be mended there; it must not end the desk, which would ask the same after its restart."""
        try:
            return await self._fetch(cursor)
        except OF_THE_CONTENT as fault:
            raise PullFailed(
                f"our reading stumbled over the answer ({type(fault).__name__}: {fault}); please report it"
            ) from fault

    def _read(self, rows: Sequence[bytes], mark: Mark) -> list[Input]:
        """What these rows say. The same row behind the same mark is the same message, however often it is asked for."""
        entries: list[Input] = []
        for row in rows:
            arrival = digest_of(f"{mark.cursor}\n{mark.digest}\n".encode("utf-8", "surrogatepass") + row)
            told = self._reader.read(f"pull/{self._reader.route.name}", row, arrival=arrival)
            entries += [] if isinstance(told, Ignored) else told
        return entries

    async def _journal(self, entries: list[Input]) -> None:
        if not entries:
            return
        delivery, committed = waited_for(entries, lane_for(entries))
        self._room.clear()
        while not self._desk.offer(delivery):
            await self._room.wait()
            self._room.clear()
        if await committed is None:
            raise DeskStops

    def _wait_s(self, failures: int) -> float:
        """Twice as long after each failure in a row, up to a quarter of an hour; scattered, so that not all ask at once."""
        longest = max(WAIT_MAX_S, self._pull.every_s)
        return min(self._pull.every_s * 2.0 ** min(failures - 1, 20), longest) * self._chance.uniform(0.5, 1.0)


def _may_go_on(fetched: Fetched, mark: Mark) -> bool:
    return bool(fetched.rows) and fetched.cursor is not None and fetched.cursor != mark.cursor
