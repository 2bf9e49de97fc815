"""The MQTT source as the process runs it: made from the settings, its happenings logged, its figures named."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict

import structlog

from ingest.mqtt import MqttSettings, MqttSource, MqttVersion, Notice, NoticeKind
from ingest.port import Desk
from shouwang.settings import Mqtt, Settings
from shouwang.tls import client_context

log = structlog.get_logger(__name__)

_STATES = {"unacknowledged", "generation", "is_connected", "is_ready", "is_paused"}
"""Figures that are no counters."""


class MqttLanes:
    """What health and metrics read of the source; empty where there is none."""

    def __init__(self, source: MqttSource | None) -> None:
        self._source = source

    def connected(self) -> dict[str, bool]:
        """Lane → whether it is subscribed now."""
        return {} if self._source is None else {lane.value: figures.is_ready for lane, figures in self._source.snapshot().items()}

    def counts(self) -> dict[str, int | float]:
        """``critical_received_count`` and so on: the counters of all lanes."""
        if self._source is None:
            return {}
        return {
            f"{lane.value}_{name}": value
            for lane, figures in self._source.snapshot().items()
            for name, value in asdict(figures).items()
            if name not in _STATES
        }


@asynccontextmanager
async def open_mqtt(
    settings: Settings, desk: Desk, on_fatal: Callable[[BaseException], None], rng: random.Random
) -> AsyncIterator[MqttLanes]:
    """Read from the broker until the block ends; then what the desk holds is journaled and acknowledged first."""
    if not settings.mqtt.is_enabled:
        yield MqttLanes(None)
        return
    source = MqttSource(mqtt_settings(settings.mqtt), desk, on_fatal=on_fatal, rng=rng, report=_tell)
    await source.start()
    try:
        yield MqttLanes(source)
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
        lane=notice.lane.value,
        broker=notice.address,
        zh=notice.sentence.zh,
        en=notice.sentence.en,
        detail=notice.detail,
        retry_in_s=notice.retry_in_s,
    )
