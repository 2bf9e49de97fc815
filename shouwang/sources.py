"""The MQTT source as the process runs it: made from settings and routes, its happenings logged, its figures named."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import structlog

from ingest.mqtt import MqttSettings, MqttSource, MqttVersion, Notice, NoticeKind
from ingest.port import Desk
from ingest.route import Route, RouteReader
from shouwang.clock import system_now
from shouwang.route_file import RouteFileError, read_routes
from shouwang.settings import Mqtt, Settings, SettingsError
from shouwang.tls import client_context

log = structlog.get_logger(__name__)

_STATES = {"unacknowledged", "generation", "is_connected", "is_ready", "is_paused"}
"""Figures that are no counters."""


class MqttLanes:
    """What health and metrics read of the source, empty where there is none; and the routes, by whatever way they come."""

    def __init__(self, source: MqttSource | None, readers: Sequence[RouteReader] = ()) -> None:
        self._source = source
        self.readers = readers

    def connected(self) -> dict[str, bool]:
        """Lane, or ``route-NAME`` → whether it is subscribed now."""
        return {} if self._source is None else {name: figures.is_ready for name, figures in self._source.snapshot().items()}

    def counts(self) -> dict[str, int | float]:
        """``critical_received_count`` and so on: the counters of all sessions."""
        if self._source is None:
            return {}
        return {
            f"{line}_{name}": value
            for line, figures in self._source.snapshot().items()
            for name, value in asdict(figures).items()
            if name not in _STATES
        }


def open_routes(settings: Settings) -> tuple[RouteReader, ...]:
    """The routes that the settings name, each ready to read. Raises SettingsError with every fault of their file."""
    return tuple(RouteReader(route, system_now) for route in configured_routes(settings))


def configured_routes(settings: Settings) -> tuple[Route, ...]:
    """The routes that the settings name. Raises SettingsError with every fault of their file."""
    if settings.routes is None or settings.routes == Path():
        return ()
    try:
        return read_routes(settings.routes)
    except RouteFileError as fault:
        raise SettingsError(str(fault)) from None


@asynccontextmanager
async def open_mqtt(
    settings: Settings,
    desk: Desk,
    on_fatal: Callable[[BaseException], None],
    rng: random.Random,
    readers: Sequence[RouteReader] = (),
) -> AsyncIterator[MqttLanes]:
    """Read from the broker until the block ends; then what the desk holds is journaled and acknowledged first."""
    if not settings.mqtt.is_enabled:
        yield MqttLanes(None, readers)
        return
    heard = [reader for reader in readers if reader.route.topics]
    source = MqttSource(mqtt_settings(settings.mqtt), desk, on_fatal=on_fatal, rng=rng, report=_tell, routes=heard)
    await source.start()
    try:
        yield MqttLanes(source, readers)
    finally:
        await source.stop()


def mqtt_settings(mqtt: Mqtt) -> MqttSettings:
    """The source's own settings."""
    return MqttSettings(
        host=mqtt.host,
        port=mqtt.port,
        version=MqttVersion(mqtt.version),
        username=mqtt.username,
        password=mqtt.password,
        client_id=mqtt.client_id,
        tls=(lambda: client_context(mqtt)) if mqtt.is_tls else None,
        keepalive_s=mqtt.keepalive_s,
        unacknowledged_max=mqtt.receive_max,
    )


def _tell(notice: Notice) -> None:
    is_good = notice.kind in {NoticeKind.CONNECTED, NoticeKind.SESSION_NEW}
    (log.info if is_good else log.warning)(
        f"mqtt_{notice.kind.value}",
        line=notice.line,
        broker=notice.address,
        zh=notice.sentence.zh,
        en=notice.sentence.en,
        detail=notice.detail,
        retry_in_s=notice.retry_in_s,
    )
