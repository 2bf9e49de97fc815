"""An hour off: no device is reported lost for it, and one that then stays silent is, at the instant that was left to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.model import Event, Resumed
from shouwang.clock import wall_now
from tests.acceptance.outside import Gateway, facts, reading, topic_of
from tests.acceptance.service import Service

HOUR_MS = 3_600_000
SPEED = 100
LOST_AFTER_MS = 210_000  # device_lost_seconds of the community's pack


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path / "service", {"SHOUWANG_MQTT__IS_ENABLED": "false"})
    yield made
    made.kill()


@pytest.mark.acceptance
def test_an_hour_off_loses_no_device_and_real_silence_does(service: Service) -> None:
    service.start()
    service.until_ready()
    with Gateway(service) as gateway:
        body = {"id": "h1", "kind": "heartbeat", "zone": "b03/u1/0502", "attributes": {"interval_s": 60.0}}
        assert gateway.post(body, topic=topic_of("cam-1", "heartbeat", network="video")).status_code == 200
    service.kill()

    wall_at = wall_now()
    service.settings["SHOUWANG_CLOCK"] = f"{wall_at}:{wall_at + HOUR_MS}:{SPEED}"
    service.start()
    service.until_ready()
    service.until("it is lost", lambda: lost(service))

    (heard,) = [each for each in service.journal() if isinstance(each.entry, Event)]
    (back,) = [each for each in service.journal() if isinstance(each.entry, Resumed)]
    assert isinstance(back.entry, Resumed)
    deaf_ms = back.received_at - back.entry.deaf_since_at
    assert deaf_ms > LOST_AFTER_MS
    assert lost(service) == [heard.received_at + LOST_AFTER_MS + deaf_ms]
    assert service.stop() == 0


def lost(service: Service) -> list[int]:
    """When a device was found lost."""
    with reading(service) as views:
        return [fact["at"] for fact in facts(views) if (fact["entity"], fact["reason"]) == ("alarm", "went_silent")]
