"""The live MQTT source: three lane sessions on one broker, read by paho-mqtt, acknowledged after the journal's commit.

source = MqttSource(settings, desk, report=…, on_fatal=…, rng=random.Random())
await source.start()
…
await source.stop()
"""

import asyncio
import random
from collections.abc import Callable, Mapping

from ingest.mqtt_figures import LaneFigures
from ingest.mqtt_link import Link
from ingest.mqtt_notice import Notice, NoticeKind
from ingest.mqtt_paho import PahoLink
from ingest.mqtt_session import LaneSession, Surroundings
from ingest.mqtt_settings import MqttSettings, MqttVersion
from ingest.port import Desk
from ingest.topics import Lane

__all__ = ["LaneFigures", "MqttSettings", "MqttSource", "MqttVersion", "Notice", "NoticeKind"]

OpenLink = Callable[[MqttSettings, str, LaneSession], Link]


class MqttSource:
    """Everything that comes in by MQTT. All methods are called in the event loop in which ``start`` was awaited.

    ``report`` is told what happens to the sessions. ``on_fatal`` is called once, when reading can not go on: end the process,
    because a source that stands still silently is worse than a restart.
    """

    def __init__(
        self,
        settings: MqttSettings,
        desk: Desk,
        *,
        on_fatal: Callable[[Exception], None],
        rng: random.Random,
        report: Callable[[Notice], None] = lambda _: None,
        open_link: OpenLink = PahoLink,
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._on_fatal = on_fatal
        self._rng = rng
        self._report = report
        self._open_link = open_link
        self._sessions: dict[Lane, LaneSession] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._has_failed = False

    async def start(self) -> None:
        """Begin to connect, and return at once: a broker that is away now is tried until it is there."""
        around = Surroundings(
            desk=self._desk,
            open_link=lambda client_id, ear: self._open_link(self._settings, client_id, ear),
            report=self._report,
            on_fatal=self._fail,
            rng=self._rng,
        )
        for lane in Lane:  # critical first
            session = self._sessions[lane] = LaneSession(lane, self._settings, around)
            task = asyncio.create_task(session.run(), name=f"mqtt-{lane}")
            task.add_done_callback(self._on_task_end)
            self._tasks.append(task)

    async def ready(self) -> None:
        """Wait until all lanes are subscribed."""
        for session in self._sessions.values():
            await session.ready.wait()

    async def stop(self, drain_s: float = 5.0) -> None:
        """Stop reading, let the desk finish what it holds for at most ``drain_s`` seconds, acknowledge it, and disconnect.

        Stop the source before the desk: what the desk has not journaled by then is not acknowledged, and comes again.
        """
        await asyncio.gather(*(session.stop(drain_s) for session in self._sessions.values()))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def snapshot(self) -> Mapping[Lane, LaneFigures]:
        """The figures of each lane as they are now."""
        return {lane: session.snapshot() for lane, session in self._sessions.items()}

    def _on_task_end(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if self._has_failed:
            return
        self._has_failed = True
        for session in self._sessions.values():
            session.halt()
        self._on_fatal(error)
