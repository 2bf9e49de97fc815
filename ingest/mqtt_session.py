"""One session (ingest.mqtt_line): stay connected, hand bursts to the desk, acknowledge when durable, stop reading when full."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest.committing import call_in
from ingest.mqtt_bundles import Bundle
from ingest.mqtt_figures import LaneFigures
from ingest.mqtt_line import Line
from ingest.mqtt_link import Arrival, Link, Loudly
from ingest.mqtt_names import OWED_S
from ingest.mqtt_notice import Notice, NoticeKind, sentence_for
from ingest.mqtt_settings import MqttSettings
from ingest.mqtt_window import AckWindow, Burst
from ingest.port import Delivery, Desk

STEADY_S: Final = 10.0
"""A connection that lived this long starts the next row of retries at the shortest wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a session needs of the outside."""

    desk: Desk
    open_link: Callable[[MqttSettings, str, "LaneSession"], Link]  # settings, client id, ear → a link that is not open yet
    report: Callable[[Notice], None]
    on_fatal: Callable[[Exception], None]
    rng: random.Random


class LaneSession:
    """Listens to its links (ingest.mqtt_link.Ear), one after the other. All runs in the event loop."""

    def __init__(self, line: Line, settings: MqttSettings, around: Surroundings) -> None:
        self.figures = LaneFigures()
        self.ready = asyncio.Event()  # subscribed at least once
        self._line = line
        self._settings = settings
        self._around = around
        self._loop = asyncio.get_running_loop()
        self._loudly = Loudly(self.broke)
        self._bundler = line.bundler
        self._link: Link | None = None
        self._window = AckWindow(0)
        self._waiting: deque[Delivery] = deque()  # decoded, and the desk had no room
        self._handed_count = 0  # entries that the desk has, on whichever connection they came
        self._paused_since_s: float | None = None
        self._ended = asyncio.Event()
        self._idle = asyncio.Event()
        self._is_stopping = asyncio.Event()
        self._had_session = False
        self._is_subscribed = False

    # ----------------------------------------------------------------------------------------------------- the life

    async def run(self) -> None:
        """Stay connected until ``stop``. Ends by exception only for what must end the process."""
        self._around.desk.on_room(lambda: call_in(self._loop, self._on_room))
        attempt = 0
        while not self._is_stopping.is_set():
            began_s = self._loop.time()
            await self._live_once()
            attempt = 0 if self._loop.time() - began_s >= STEADY_S else attempt + 1
            await self._wait_before(attempt)

    async def stop(self, drain_s: float) -> None:
        """Read nothing more, wait up to ``drain_s`` for what the desk still holds, acknowledge it, and say good-bye."""
        self._is_stopping.set()
        if self._link is not None:
            self._link.pause()
            self._settle_flow()
            try:
                async with asyncio.timeout(drain_s):
                    await self._idle.wait()
            except TimeoutError:
                pass  # unacknowledged: the broker sends it again next time
            link, self._link = self._link, None
            if link is not None:
                await link.close()
        self.halt()

    def halt(self) -> None:
        """Stop at once, after a failure: nothing more is read or acknowledged."""
        self._is_stopping.set()
        link, self._link = self._link, None
        if link is not None:
            link.drop()
        self._end_connection()

    async def _live_once(self) -> None:
        self._ended.clear()
        self._link = link = self._around.open_link(self._settings, self._line.client_id, self)
        self._window = AckWindow(self._window.generation + 1)
        try:
            await link.open()
        except OSError as error:
            self._link = None
            self._tell(NoticeKind.UNREACHABLE, f"{self._settings.address}: {error}")
            return
        opened_s = self._loop.time()
        while not self._ended.is_set():
            try:
                async with asyncio.timeout(link.tick_s):
                    await self._ended.wait()
            except TimeoutError:
                if self._link is not None:
                    self._link.tick()
                if self._loop.time() - opened_s > OWED_S:
                    self._bundler.settle()

    async def _wait_before(self, attempt: int) -> None:
        """Full jitter: anything between nothing and the limit, which doubles with each failure in a row."""
        limit_s = min(self._settings.retry_max_s, self._settings.retry_first_s * 2.0 ** min(max(attempt - 1, 0), 20))
        if self._is_stopping.is_set():
            return
        self.figures.retry_count += 1
        try:
            async with asyncio.timeout(self._around.rng.uniform(0.0, limit_s)):
                await self._is_stopping.wait()
        except TimeoutError:
            return

    # ------------------------------------------------------------------------------------- ear: what the link tells

    def connected(self, *, has_session: bool) -> None:
        """Subscribe where the broker does not remember us, or where our filters may have changed since."""
        self.figures.is_connected = True
        self.figures.generation = self._window.generation
        self.figures.connect_count += 1
        self._settle_flow()
        self._tell(NoticeKind.CONNECTED, self._settings.address)
        if not has_session:
            self._bundler.forget()
            self.figures.session_lost_count += self._had_session
            self._tell(NoticeKind.SESSION_LOST if self._had_session else NoticeKind.SESSION_NEW, self._settings.address)
        self._had_session = True
        if has_session and self._is_subscribed:
            self.figures.is_ready = True
        elif self._link is not None:
            self._is_subscribed = False
            self._link.subscribe(self._line.filters, with_retained=self._line.wants_retained)
            if self._line.watched:
                self._link.watch(self._line.watched)

    def subscribed(self, refused: Sequence[str]) -> None:
        """Ready when all filters were granted."""
        if refused:
            self.figures.refused_count += 1
            self._tell(NoticeKind.SUBSCRIPTION_REFUSED, ", ".join(refused))
        else:
            self._is_subscribed = self.figures.is_ready = True
            self.ready.set()

    def refused(self, code: int, text: str) -> None:
        """Say why; the link closes, and it is tried again: the broker's users may be mended while we run."""
        self.figures.refused_count += 1
        user = self._settings.username or "-"
        self._tell(NoticeKind.REFUSED, f"{self._settings.address}, user {user}: {text}", code)

    def closed(self, code: int, text: str) -> None:
        """Forget the connection and try again."""
        if self.figures.is_connected:
            self._tell(NoticeKind.CLOSED, text, code)
        self._end_connection()

    def arrived(self, arrivals: list[Arrival]) -> None:
        """Decode a burst, offer it to the desk, and stop reading when that was the last that fits."""
        if self._line.watched:
            arrivals = [arrival for arrival in arrivals if not self._is_watched(arrival)]
        figures = self.figures
        figures.received_count += len(arrivals)
        figures.burst_count += 1
        figures.received_bytes += sum(len(arrival.payload) for arrival in arrivals)
        window = self._window
        for bundle in self._bundler.bundles(arrivals, window.generation, window.next_number):
            burst = window.add(bundle.packet_ids)
            figures.entry_count += len(bundle.entries)
            if not bundle.entries:
                self._on_done(burst, is_durable=True)
                continue
            self._idle.clear()
            self._waiting.append(self._delivery(burst, bundle))
        if self._link is not None:
            for ask in self._bundler.asks():
                self._link.ask(ask.topic, ask.payload)
        self._hand_on()
        self._settle_flow()

    def _is_watched(self, arrival: Arrival) -> bool:
        """Take the broker's own count of what it threw away."""
        if arrival.topic != self._line.watched:
            return False
        count = int(arrival.payload) if arrival.payload.isdigit() else 0
        if count > self.figures.broker_dropped_count:
            self._tell(NoticeKind.BROKER_DROPS, f"{count} messages since the broker started")
        self.figures.broker_dropped_count = count
        return True

    def broke(self, error: Exception) -> None:
        """Something failed that must not fail: end the process."""
        self._around.on_fatal(error)

    # ------------------------------------------------------------------------------------------------- the deliveries

    def _delivery(self, burst: Burst, bundle: Bundle) -> Delivery:
        count = len(bundle.entries)
        return Delivery(
            entries=bundle.entries,
            done=lambda appended: call_in(self._loop, self._on_journaled, burst, count, appended is not None),
            lane=bundle.lane,
        )

    def _hand_on(self) -> None:
        """Offer the desk what waits, in order, as far as it has room and our own share of it goes."""
        while self._waiting and self._handed_count < self._line.entries_max:
            delivery = self._waiting[0]
            self._handed_count += len(delivery.entries)  # before it is offered: it may be done at once
            if not self._around.desk.offer(delivery):
                self._handed_count -= len(delivery.entries)
                return
            self._waiting.popleft()

    def _on_journaled(self, burst: Burst, count: int, is_durable: bool) -> None:
        self._handed_count -= count
        self._on_done(burst, is_durable)
        with self._loudly:
            if is_durable:
                self._hand_on()

    def _on_done(self, burst: Burst, is_durable: bool) -> None:
        with self._loudly:
            if not burst.window.is_open:
                self.figures.stale_count += sum(1 for packet_id in burst.packet_ids if packet_id)
            elif is_durable:
                packet_ids = burst.window.finish(burst)
                if self._link is not None:
                    self._link.acknowledge(packet_ids)
                self.figures.acknowledged_count += len(packet_ids)
            else:
                self._idle.set()  # the desk stops: nothing more will be finished
            self._settle_flow()

    def _on_room(self) -> None:
        with self._loudly:
            self._hand_on()
            self._settle_flow()

    def _settle_flow(self) -> None:
        """Pause or resume as the desk's room and our own bound ask for; between half the bound and the bound, stay."""
        held = self._window.held_count
        self.figures.unacknowledged = held
        if not held:
            self._idle.set()
        if self._link is None or self._is_stopping.is_set():
            return
        if self._waiting or held >= self._settings.unacknowledged_max:
            if self._paused_since_s is None:
                self._paused_since_s = self._loop.time()
                self.figures.pause_count += 1
                self.figures.is_paused = True
                self._link.pause()
        elif self._paused_since_s is not None and held <= self._settings.unacknowledged_max // 2:
            self._count_pause()
            self._link.resume()

    def snapshot(self) -> LaneFigures:
        """The figures as they are now, the current pause included."""
        return replace(self.figures, paused_s=self._paused_s(), passed_count=self._bundler.passed_count)

    def _paused_s(self) -> float:
        since_s = self._paused_since_s
        return self.figures.paused_s + (self._loop.time() - since_s if since_s is not None else 0.0)

    def _count_pause(self) -> None:
        self.figures.paused_s = self._paused_s()
        self.figures.is_paused = False
        self._paused_since_s = None

    def _end_connection(self) -> None:
        """Nothing that was received on this connection can be acknowledged any more; the broker will send it again."""
        self._bundler.remember(self._window.close())
        self._link = None
        self._count_pause()
        self.figures.is_connected = self.figures.is_ready = False
        self.figures.unacknowledged = 0
        self._idle.set()
        self._ended.set()

    def _tell(self, kind: NoticeKind, detail: str, code: int = 0) -> None:
        self._around.report(
            Notice(
                kind=kind, line=self._line.name, address=self._settings.address, sentence=sentence_for(kind, code), detail=detail
            )
        )
