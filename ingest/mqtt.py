"""The live MQTT source: three lane sessions on one broker and one for each foreign route, acknowledged once journaled.

source = MqttSource(settings, desk, report=…, on_fatal=…, rng=random.Random())
await source.start()
…
await source.stop()
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence

from ingest.mqtt_figures import LaneFigures
from ingest.mqtt_line import Line, lane_line, route_line, route_settings
from ingest.mqtt_link import Link
from ingest.mqtt_notice import Notice, NoticeKind
from ingest.mqtt_paho import PahoLink
from ingest.mqtt_session import LaneSession, Surroundings
from ingest.mqtt_settings import MqttSettings, MqttVersion
from ingest.port import Desk
from ingest.route import RouteReader
from ingest.topics import Lane

__all__ = ["LaneFigures", "MqttSettings", "MqttSource", "MqttVersion", "Notice", "NoticeKind"]

OpenLink = Callable[[MqttSettings, str, LaneSession], Link]


class MqttSource:
    """Everything that comes in by MQTT. All methods are called in the event loop in which ``start`` was awaited.

    ``report`` is told what happens to the sessions. ``on_fatal`` is called once, when reading can not go on: end the process,
    because a source that stands still silently is worse than a restart. ``routes``: those with topics; a session of its own, with
    a narrow window, keeps each from standing in front of our own alarms.
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
        routes: Sequence[RouteReader] = (),
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._on_fatal = on_fatal
        self._rng = rng
        self._report = report
        self._open_link = open_link
        self._routes = routes
        self._sessions: dict[str, LaneSession] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._has_failed = False

    async def start(self) -> None:
        """Begin to connect, and return at once: a broker that is away now is tried until it is there."""
        around = Surroundings(
            desk=self._desk,
            open_link=self._open_link,
            report=self._report,
            on_fatal=self._fail,
            rng=self._rng,
        )
        for lane in Lane:  # critical first
            self._begin(lane_line(lane, self._settings, self._token()), self._settings, around)
        for reader in self._routes:
            narrow = route_settings(self._settings)
            self._begin(route_line(reader, narrow, self._token()), narrow, around)

    def _token(self) -> str:
        return f"{self._rng.getrandbits(64):016x}"

    def _begin(self, line: Line, settings: MqttSettings, around: Surroundings) -> None:
        session = self._sessions[line.name] = LaneSession(line, settings, around)
        task = asyncio.create_task(session.run(), name=f"mqtt-{line.name}")
        task.add_done_callback(self._on_task_end)
        self._tasks.append(task)

    async def ready(self) -> None:
        """Wait until all lanes and routes are subscribed."""
        for session in self._sessions.values():
            await session.ready.wait()

    async def stop(self, drain_s: float = 5.0) -> None:
        """Stop reading, let the desk finish what it holds for at most ``drain_s`` seconds, acknowledge it, and disconnect.

        Stop the source before the desk: what the desk has not journaled by then is not acknowledged, and comes again.
        """
        await asyncio.gather(*(session.stop(drain_s) for session in self._sessions.values()))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def snapshot(self) -> Mapping[str, LaneFigures]:
        """The figures of each lane, and of each ``route-NAME``, as they are now."""
        return {name: session.snapshot() for name, session in self._sessions.items()}

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
