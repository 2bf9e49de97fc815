"""Back-pressure of the MQTT source: a full desk stops the reading, loses nothing, and never stands in front of a fire."""

import asyncio

import pytest

from ingest.mqtt import MqttVersion, NoticeKind
from ingest.topics import Lane
from tests.ingest.mqtt_stage import ObedientDesk, Stage, names, publish, reading, running, settings, smoke, until
from tests.servers import Mosquitto

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mosquitto")]


@pytest.fixture(params=list(MqttVersion), ids=lambda version: f"v{version}")
def version(request: pytest.FixtureRequest) -> MqttVersion:
    assert isinstance(request.param, MqttVersion)
    return request.param


def bulk(stage: Stage) -> tuple[bool, int]:
    figures = stage.source.snapshot()[Lane.BULK]
    return figures.is_paused, figures.received_count


async def test_a_full_desk_pauses_reading_and_loses_nothing(mosquitto: Mosquitto, version: MqttVersion) -> None:
    desk = ObedientDesk(room=100, is_prompt=True)
    async with running(settings(mosquitto.port, version, burst_max=20), desk) as stage:
        await publish(mosquitto.port, [reading(n) for n in range(900)])
        await until(lambda: bulk(stage)[0])
        assert len(desk.ids()) <= 100
        assert bulk(stage)[1] <= 120  # what was taken, and the burst that found no room
        for _ in range(9):
            desk.make_room(Lane.BULK, 100)
        await until(lambda: len(desk.ids()) == 900)
        assert desk.ids() == names("r", 900)
        await until(lambda: stage.source.snapshot()[Lane.BULK].acknowledged_count == 900)


async def test_a_slow_journal_pauses_reading_at_our_own_bound(mosquitto: Mosquitto) -> None:
    """Mosquitto 2.0 sends more than the window once acknowledgements flow; what we hold is bounded by us."""
    which = settings(mosquitto.port, MqttVersion.V5, unacknowledged_max=50, burst_max=10)
    async with running(which) as stage:
        await publish(mosquitto.port, [reading(n) for n in range(1_000)])
        most = 0
        while len(stage.desk.ids()) < 1_000 or stage.desk.unfinished:
            most = max(most, stage.source.snapshot()[Lane.BULK].unacknowledged)
            stage.desk.finish()
            await asyncio.sleep(0)
        assert stage.desk.ids() == names("r", 1_000)
        assert most <= 60


async def test_an_alarm_passes_while_the_bulk_lane_stands_still(mosquitto: Mosquitto, version: MqttVersion) -> None:
    desk = ObedientDesk(room=50, is_prompt=True)
    async with running(settings(mosquitto.port, version), desk) as stage:
        await publish(mosquitto.port, [reading(n) for n in range(500)])
        await until(lambda: bulk(stage)[0])
        await publish(mosquitto.port, [smoke(1)])
        await until(lambda: desk.ids(Lane.CRITICAL) == ["a1"])
        assert bulk(stage)[0]


async def test_a_paused_connection_outlives_its_keepalive(mosquitto: Mosquitto, version: MqttVersion) -> None:
    desk = ObedientDesk(room=10, is_prompt=True)
    which = settings(mosquitto.port, version, keepalive_s=1)
    async with running(which, desk) as stage:
        await publish(mosquitto.port, [reading(n) for n in range(300)])
        await until(lambda: bulk(stage)[0])
        heard = mosquitto.log_file.read_text().count("PINGREQ from test-bulk")
        await until(lambda: mosquitto.log_file.read_text().count("PINGREQ from test-bulk") >= heard + 4)
        desk.make_room(Lane.BULK, 1_000)
        await until(lambda: desk.ids() == names("r", 300))
        answered = mosquitto.log_file.read_text().count("PINGREQ from test-bulk")
        await until(lambda: mosquitto.log_file.read_text().count("PINGREQ from test-bulk") >= answered + 2)
        assert NoticeKind.CLOSED not in stage.kinds(Lane.BULK)


async def test_a_broker_that_answers_no_more_is_given_up_and_found_again(mosquitto: Mosquitto, version: MqttVersion) -> None:
    async with running(settings(mosquitto.port, version, keepalive_s=1)) as stage:
        mosquitto.freeze()
        await until(lambda: NoticeKind.CLOSED in stage.kinds())
        assert not stage.source.snapshot()[Lane.CRITICAL].is_ready
        mosquitto.thaw()
        await until(lambda: stage.source.snapshot()[Lane.CRITICAL].is_ready)
        await publish(mosquitto.port, [smoke(1)])
        await until(lambda: "a1" in stage.desk.ids())


async def test_what_found_no_room_survives_the_loss_of_its_connection(mosquitto: Mosquitto, version: MqttVersion) -> None:
    mosquitto.is_persistent = False
    mosquitto.restart()
    desk = ObedientDesk(room=5, is_prompt=True)
    async with running(settings(mosquitto.port, version, burst_max=10), desk) as stage:
        await publish(mosquitto.port, [reading(n) for n in range(10)])
        await until(lambda: bulk(stage)[0])
        mosquitto.kill()
        mosquitto.start()
        await until(lambda: stage.kinds(Lane.BULK).count(NoticeKind.CONNECTED) >= 2)
        assert bulk(stage)[0]
        received = bulk(stage)[1]
        desk.make_room(Lane.BULK, 100)
        await until(lambda: len(desk.ids()) == received)
        assert desk.ids() == names("r", received)
