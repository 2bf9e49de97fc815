"""The whole service at a broker of its own, for tests that need nothing else of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.service import Service
from tests.servers import HOST, Mosquitto


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Service]:
    made = Service(tmp_path / "service", {"SHOUWANG_MQTT__HOST": HOST, "SHOUWANG_MQTT__PORT": str(mosquitto.port)})
    made.start()
    made.until_ready()
    yield made
    made.kill()
