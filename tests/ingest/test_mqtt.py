"""The MQTT source against a real Mosquitto: what is not acknowledged comes again, what is comes no more, and order is kept."""

import pytest

from ingest.mqtt import MqttVersion, NoticeKind
from ingest.topics import Lane
from rules.model import Event, Rejected
from tests.ingest.mqtt_stage import ObedientDesk, names, publish, reading, running, settings, smoke, until
from tests.servers import Mosquitto

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mosquitto")]


@pytest.fixture(params=list(MqttVersion), ids=lambda version: f"v{version}")
def version(request: pytest.FixtureRequest) -> MqttVersion:
    assert isinstance(request.param, MqttVersion)
    return request.param


async def test_what_was_not_acknowledged_comes_again(mosquitto: Mosquitto, version: MqttVersion) -> None:
    which = settings(mosquitto.port, version)
    async with running(which) as stage:
        await publish(mosquitto.port, [smoke(n) for n in range(5)])
        await until(lambda: len(stage.desk.ids()) == 5)
    async with running(which) as stage:
        await until(lambda: stage.desk.ids() == names("a", 5))


async def test_what_was_acknowledged_comes_no_more(mosquitto: Mosquitto, version: MqttVersion) -> None:
    which = settings(mosquitto.port, version)
    async with running(which) as stage:
        await publish(mosquitto.port, [smoke(n) for n in range(5)])
        await until(lambda: len(stage.desk.ids()) == 5)
        stage.desk.finish()
        await until(lambda: stage.source.snapshot()[Lane.CRITICAL].acknowledged_count == 5)
    async with running(which) as stage:
        await publish(mosquitto.port, [smoke(5)])
        await until(lambda: stage.desk.ids() == ["a5"])


async def test_messages_sent_while_we_were_away_wait_for_us(mosquitto: Mosquitto, version: MqttVersion) -> None:
    which = settings(mosquitto.port, version)
    async with running(which):
        pass
    await publish(mosquitto.port, [smoke(n) for n in range(50)])
    async with running(which, ObedientDesk(is_prompt=True)) as stage:
        await until(lambda: stage.desk.ids() == names("a", 50))
        assert NoticeKind.SESSION_NEW not in stage.kinds()


async def test_order_survives_a_desk_that_finishes_in_any_order(mosquitto: Mosquitto, version: MqttVersion) -> None:
    which = settings(mosquitto.port, version, burst_max=3)
    async with running(which) as stage:
        await publish(mosquitto.port, [reading(n) for n in range(300)])
        while len(stage.desk.ids()) < 300:
            stage.desk.finish(newest_first=True)
            before = len(stage.desk.ids())
            await until(lambda before=before: len(stage.desk.ids()) > before or before == 300)  # type: ignore[misc]
        stage.desk.finish(newest_first=True)
        assert stage.desk.ids() == names("r", 300)
        await until(lambda: stage.source.snapshot()[Lane.BULK].acknowledged_count == 300)


async def test_an_acknowledgement_never_reaches_the_next_connection(mosquitto: Mosquitto, version: MqttVersion) -> None:
    mosquitto.is_persistent = False
    mosquitto.restart()
    which = settings(mosquitto.port, version)
    async with running(which) as stage:
        await publish(mosquitto.port, [smoke(n) for n in range(5)])
        await until(lambda: len(stage.desk.ids()) == 5)
        mosquitto.kill()
        mosquitto.start()
        await until(lambda: stage.kinds().count(NoticeKind.CONNECTED) >= 2)
        old, stage.desk.unfinished = stage.desk.unfinished, []
        await until(lambda: stage.source.snapshot()[Lane.CRITICAL].session_lost_count == 1)
        assert NoticeKind.SESSION_LOST in stage.kinds()
        await publish_when_subscribed(mosquitto, which.version, stage.desk)
        stage.desk.unfinished, new = old, stage.desk.unfinished
        stage.desk.finish()  # packet ids 1 to 5, which now name the new messages
        await until(lambda: stage.source.snapshot()[Lane.CRITICAL].stale_count == 5)
        assert new
    async with running(which) as stage:
        await until(lambda: stage.desk.ids() == names("a", 5, 10))


async def publish_when_subscribed(broker: Mosquitto, version: MqttVersion, desk: ObedientDesk) -> None:
    await until(lambda: broker.log_tail(200).count("SUBACK") >= 3)
    await publish(broker.port, [smoke(n) for n in range(10, 15)])
    await until(lambda: desk.ids()[-5:] == names("a", 5, 10))


async def test_the_same_message_told_again_keeps_its_identity(mosquitto: Mosquitto, version: MqttVersion) -> None:
    """An alarm without id, seq or time has only its arrival to be known by: a lost connection must not make two of it."""
    plain = ("shouwang/v1/garden/iot/alarm/smoke-1", '{"kind": "smoke", "state": "on"}')
    async with running(settings(mosquitto.port, version)) as stage:
        await publish(mosquitto.port, [plain, plain])
        await until(lambda: len(stage.desk.ids()) == 2)
        mosquitto.restart()
        await until(lambda: len(stage.desk.ids()) == 4)
        first, second, first_again, second_again = stage.desk.ids()
        assert first != second
        assert (first_again, second_again) == (first, second)


async def test_poison_is_refused_handed_on_and_acknowledged(mosquitto: Mosquitto, version: MqttVersion) -> None:
    topic = "shouwang/v1/garden/iot/reading/t-1"
    async with running(settings(mosquitto.port, version), ObedientDesk(is_prompt=True)) as stage:
        await publish(mosquitto.port, [(topic, b"\xff{{{"), (topic, b""), reading(1)])
        await until(lambda: len(stage.desk.entries()) == 3)
        assert [type(entry) for entry in stage.desk.entries()] == [Rejected, Rejected, Event]
        await until(lambda: stage.source.snapshot()[Lane.BULK].acknowledged_count == 3)


@pytest.mark.parametrize("topic", ["garden/iot/alarms/s-1", "garden/iot/alarm", "garden/iot/alarm/s-1/battery"])
async def test_a_topic_that_follows_no_form_is_refused_and_kept(mosquitto: Mosquitto, version: MqttVersion, topic: str) -> None:
    """A device that is set up wrongly must not be silent for ever: the desk sees what it sends, and why it is refused."""
    async with running(settings(mosquitto.port, version), ObedientDesk(is_prompt=True)) as stage:
        await publish(mosquitto.port, [(f"shouwang/v1/{topic}", '{"kind": "smoke"}'), smoke(1)])
        await until(lambda: len(stage.desk.entries()) == 2)
        refused, event = sorted(stage.desk.entries(), key=lambda entry: isinstance(entry, Event))
        assert isinstance(refused, Rejected)
        assert (refused.reason, refused.source, refused.community) == ("bad_topic", f"shouwang/v1/{topic}", "garden")
        assert event.id == "a1"


async def test_qos_0_is_read_too(mosquitto: Mosquitto, version: MqttVersion) -> None:
    async with running(settings(mosquitto.port, version), ObedientDesk(is_prompt=True)) as stage:
        await publish(mosquitto.port, [smoke(1)], qos=0)
        await publish(mosquitto.port, [smoke(2)], qos=1)
        await until(lambda: stage.desk.ids() == ["a1", "a2"])
        await until(lambda: stage.source.snapshot()[Lane.CRITICAL].unacknowledged == 0)
        assert stage.source.snapshot()[Lane.CRITICAL].acknowledged_count == 1


async def test_an_old_retained_alarm_is_flagged_or_not_even_sent(mosquitto: Mosquitto, version: MqttVersion) -> None:
    await publish(mosquitto.port, [smoke(1)], retain=True)
    async with running(settings(mosquitto.port, version)) as stage:
        await publish(mosquitto.port, [smoke(2)])
        await until(lambda: "a2" in stage.desk.ids())
        told = {event.id: event.is_retained for event in stage.desk.events()}
    assert told == ({"a2": False} if version is MqttVersion.V5 else {"a1": True, "a2": False})


async def test_stopping_acknowledges_what_the_desk_still_finishes(mosquitto: Mosquitto, version: MqttVersion) -> None:
    which = settings(mosquitto.port, version)
    async with running(which, drain_s=10.0) as stage:
        await publish(mosquitto.port, [smoke(1)])
        await until(lambda: stage.desk.ids() == ["a1"])
        stage.desk.finish()
    assert stage.source.snapshot()[Lane.CRITICAL].acknowledged_count == 1


async def test_a_desk_that_stops_does_not_keep_the_source_waiting(mosquitto: Mosquitto, version: MqttVersion) -> None:
    which = settings(mosquitto.port, version)
    async with running(which, drain_s=60.0) as stage:
        await publish(mosquitto.port, [smoke(1)])
        await until(lambda: stage.desk.ids() == ["a1"])
        for delivery in stage.desk.unfinished:
            delivery.done(None)
    async with running(which) as stage:
        await until(lambda: stage.desk.ids() == ["a1"])


async def test_what_the_service_publishes_itself_is_passed_over(mosquitto: Mosquitto, version: MqttVersion) -> None:
    """``…/garden/out/alarm/a-1`` has the form of our filters; a community that is called "out" has not its meaning."""
    ours = ("shouwang/v1/garden/out/alarm/a-1", '{"state": "unacknowledged"}')
    theirs = ("shouwang/v1/out/iot/alarm/smoke-1", '{"id": "theirs", "kind": "smoke", "state": "on"}')
    async with running(settings(mosquitto.port, version), ObedientDesk(is_prompt=True)) as stage:
        await publish(mosquitto.port, [ours, theirs, ours])
        await until(lambda: [stage.source.snapshot()[lane].acknowledged_count for lane in (Lane.CRITICAL, Lane.BULK)] == [3, 3])
        assert stage.desk.ids() == ["theirs"]
        passed = {lane: figures.passed_count for lane, figures in stage.source.snapshot().items()}
        assert passed == {Lane.CRITICAL: 2, Lane.NORMAL: 0, Lane.BULK: 3}
