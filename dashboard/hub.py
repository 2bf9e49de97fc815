"""One poller of the store feeds every open stream; no client, however slow, holds up another or the alarm path.

Each listener has a queue with a bound. Who does not keep up is cut off with a word about it and, connecting again with the
last sequence number seen, is served every line in between from the store: nothing is lost, and memory stays bounded.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from anyio import to_thread
from pydantic import TypeAdapter

from dashboard.metrics import Metrics
from dashboard.models import Heartbeat, TimelineEntry
from dashboard.reads import StoreReads, TimelineRow
from handlers.faults import StoreUnavailable

log = structlog.get_logger(__name__)
POLL_S = 0.1
PAUSE_WHEN_UNREADABLE_S = 1.0
HEARTBEAT_S = 2.0
QUEUE_MAX = 256
PAGE_MAX = 128
_ENTRY: TypeAdapter[TimelineEntry] = TypeAdapter(TimelineEntry)


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of the stream, encoded once for all listeners. A heartbeat has no sequence number."""

    event: str
    data: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the desk said of itself when it was last asked; None where it does not answer."""

    is_ready: bool | None
    lag_ms: int | None


class Listener:
    """One client's place: its queue, and whether it was cut off for being too slow."""

    def __init__(self) -> None:
        self.is_cut = False
        self._frames: deque[Frame] = deque()
        self._news = asyncio.Event()

    def put(self, frame: Frame) -> bool:
        """Queue the frame; False when that would have passed the bound, and the listener is cut off from now on."""
        if self.is_cut:
            return True
        if len(self._frames) >= QUEUE_MAX:
            self.cut()
            return False
        self._frames.append(frame)
        self._news.set()
        return True

    def cut(self) -> None:
        """End it: what was queued is dropped, and ``take`` returns None."""
        self.is_cut = True
        self._frames.clear()
        self._news.set()

    @property
    def has_room(self) -> bool:
        """Whether a whole page would fit."""
        return len(self._frames) <= QUEUE_MAX - PAGE_MAX

    async def take(self) -> Frame | None:
        """Wait for the next frame; None when the listener was cut off."""
        while not self._frames:
            if self.is_cut:
                return None
            self._news.clear()
            await self._news.wait()
        return self._frames.popleft()


def frame_of(row: TimelineRow) -> Frame:
    """Encode one line of the timeline."""
    entry = TimelineEntry(seq=row.seq, fact=row.fact)
    return Frame("fact", _ENTRY.dump_json(entry).decode(), row.seq)


class Hub:
    """The poller, its listeners, and the heartbeat that tells them how old their picture is."""

    def __init__(
        self,
        reads: StoreReads,
        *,
        clock: Callable[[], int],
        pulse: Callable[[], Awaitable[Pulse]],
        metrics: Metrics,
        poll_s: float = POLL_S,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._reads = reads
        self._clock = clock
        self._pulse = pulse
        self._metrics = metrics
        self._poll_s = poll_s
        self._heartbeat_s = heartbeat_s
        self._listeners: list[Listener] = []
        self._someone = asyncio.Event()
        self._seq = 0
        self._is_store_readable = True
        self._last_pulse = Pulse(None, None)
        self.is_running = False
        self.is_closing = False
        self.has_died = False

    def set_pace(self, *, poll_s: float, heartbeat_s: float) -> None:
        """Look at the store, and beat, in other intervals from the next one on."""
        self._poll_s = poll_s
        self._heartbeat_s = heartbeat_s

    @property
    def seq(self) -> int:
        """The last sequence number that was given to the listeners."""
        return self._seq

    @property
    def listener_count(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    @contextmanager
    def joined(self, after: int) -> Iterator[Listener]:
        """Listen from now on, for a client that has everything up to ``after``; what lies between that and ``seq`` it reads."""
        if not self._listeners:
            self._seq = after
        listener = Listener()
        self._listeners.append(listener)
        self._someone.set()
        self._metrics.streams.set(len(self._listeners))
        try:
            yield listener
        finally:
            self._listeners.remove(listener)
            self._metrics.streams.set(len(self._listeners))
            if not self._listeners:
                self._someone.clear()

    async def run(self) -> None:
        """Feed the listeners until cancelled. A fault that is not the store's ends it: readiness turns red, the server stops."""
        self.is_running = True
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._follow(), name="stream: follow the timeline")
                tasks.create_task(self._beat(), name="stream: heartbeat")
        except ExceptionGroup:
            self.has_died = True
            log.exception("stream_died", todo="The web process ends now and has to be started again; report this.")
        finally:
            self.is_running = False
            self.close()

    def close(self) -> None:
        """End every stream, so that a server which is to stop need not wait for clients that never leave."""
        self.is_closing = True
        for listener in self._listeners:
            listener.cut()

    def heartbeat(self, seq: int) -> Frame:
        """How things stand now, as far as is known; ``seq`` is what the listener has, or is about to have."""
        beat = Heartbeat(
            at=self._clock(),
            seq=seq,
            is_store_readable=self._is_store_readable,
            is_chain_ready=self._last_pulse.is_ready,
            lag_ms=self._last_pulse.lag_ms,
        )
        return Frame("heartbeat", beat.model_dump_json())

    async def page_after(self, seq: int) -> list[Frame]:
        """Read the next lines of the timeline. Raises StoreUnavailable."""
        rows = await to_thread.run_sync(lambda: self._reads.facts_after(seq, limit=PAGE_MAX))
        return [frame_of(row) for row in rows]

    async def _follow(self) -> None:
        while True:
            await self._someone.wait()
            try:
                frames = await self.page_after(self._seq)
                self._is_store_readable = True
            except StoreUnavailable:
                self._is_store_readable = False
                await asyncio.sleep(PAUSE_WHEN_UNREADABLE_S)
                continue
            for frame in frames:
                self._publish(frame)
            if len(frames) < PAGE_MAX:
                await asyncio.sleep(self._poll_s)
            else:
                await self._wait_for_room()

    async def _wait_for_room(self) -> None:
        """After a full page: go on when the fastest listener has room for the next, at the latest after a second."""
        for _ in range(100):
            await asyncio.sleep(0.01)
            if any(listener.has_room for listener in self._listeners):
                return

    async def _beat(self) -> None:
        while True:
            await self._someone.wait()
            self._last_pulse = await self._pulse()
            self._publish(self.heartbeat(self._seq))
            await asyncio.sleep(self._heartbeat_s)

    def _publish(self, frame: Frame) -> None:
        for listener in self._listeners:
            if not listener.put(frame):
                self._metrics.stream_resets.inc()
        if frame.seq is not None:
            self._seq = max(self._seq, frame.seq)
