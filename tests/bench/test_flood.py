"""The load tool says what really happened, in C and in plain Python: no rate is judged here."""

from pathlib import Path

import pytest

from bench.flood import Flood, Target, c_compiler, readings, write_messages
from ingest.wire import decode
from rules.model import Event
from tests.servers import HOST, Mosquitto

pytestmark = pytest.mark.needs("mosquitto")


@pytest.fixture(params=["C", "Python"] if c_compiler() else ["Python"])
def tool(request: pytest.FixtureRequest, tmp_path: Path) -> Flood:
    made = Flood(tmp_path, c_compiler() if request.param == "C" else None)
    assert made.language == request.param
    return made


def test_the_ceiling_counts_every_message(tool: Flood, mosquitto: Mosquitto, tmp_path: Path) -> None:
    messages = write_messages(tmp_path / "m", readings(50))
    done = tool.ceiling(Target(host=HOST, port=mosquitto.port), messages, 2_000, window=100)
    assert (done.published, done.received) == (2_000, 2_000)
    assert done.received_per_s > 0


def test_a_wrong_password_is_said(tool: Flood, tmp_path: Path) -> None:
    messages = write_messages(tmp_path / "m", readings(1))
    with Mosquitto(tmp_path / "b", users={"a": "right"}) as broker:
        running = tool.publish(Target(host=HOST, port=broker.port, user="a", password="wrong"), messages, 1)
        with pytest.raises(RuntimeError, match="refused us"):
            tool.wait(running)


@pytest.mark.parametrize("array_size", [1, 50])
def test_the_readings_are_good_events_once_numbered(array_size: int) -> None:
    for topic, payload in readings(40, array_size):
        events = decode(topic, payload.replace("########", "00000001").encode())
        assert len(events) == array_size
        assert all(isinstance(event, Event) for event in events)
