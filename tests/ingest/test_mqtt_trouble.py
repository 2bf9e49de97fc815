"""Trouble at the broker: each kind gets a sentence that says what to do, and what must not fail ends the process loudly."""

import asyncio
import ssl
from pathlib import Path

import pytest

from ingest.mqtt import MqttVersion, NoticeKind
from ingest.port import Delivery
from ingest.topics import Lane
from tests.certificates import Authority
from tests.ingest.mqtt_stage import ObedientDesk, publish, reading, running, settings, smoke, until
from tests.servers import Mosquitto, Nats, free_port

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mosquitto")]


@pytest.fixture(params=list(MqttVersion), ids=lambda version: f"v{version}")
def version(request: pytest.FixtureRequest) -> MqttVersion:
    assert isinstance(request.param, MqttVersion)
    return request.param


async def test_a_wrong_password_says_what_to_check(tmp_path: Path, version: MqttVersion) -> None:
    with Mosquitto(tmp_path, users={"desk": "right"}) as broker:
        wrong = settings(broker.port, version, username="desk", password="wrong")
        async with running(wrong, is_ready=False) as stage:
            await until(lambda: stage.kinds().count(NoticeKind.REFUSED) >= 2)  # and it goes on trying
            notice = stage.notice(NoticeKind.REFUSED)
            assert "check both in the mqtt settings" in notice.sentence.en
            assert "用户名和密码" in notice.sentence.zh
            assert "user desk" in notice.detail
            assert "wrong" not in notice.detail
        right = settings(broker.port, version, username="desk", password="right")
        async with running(right) as stage:
            assert stage.kinds()[0] is NoticeKind.CONNECTED


async def test_a_broker_that_is_not_there_is_waited_for(tmp_path: Path, version: MqttVersion) -> None:
    port = free_port()
    async with running(settings(port, version), is_ready=False) as stage:
        await until(lambda: NoticeKind.UNREACHABLE in stage.kinds())
        assert f"127.0.0.1:{port}" in stage.notice(NoticeKind.UNREACHABLE).detail
        with Mosquitto(tmp_path, port=port):
            async with asyncio.timeout(20):
                await stage.source.ready()


async def test_a_broker_of_the_old_version_is_named_as_such(nats: Nats) -> None:
    async with running(settings(nats.mqtt_port, MqttVersion.V5), is_ready=False) as stage:
        await until(lambda: NoticeKind.REFUSED in stage.kinds())
        assert "version = 3.1.1" in stage.notice(NoticeKind.REFUSED).sentence.en


async def test_a_subscription_that_is_not_allowed_is_reported(tmp_path: Path) -> None:
    with Nats(tmp_path, user="desk", password="secret", denied_subjects=["shouwang.v1.*.*.alarm.*"]) as broker:
        which = settings(broker.mqtt_port, MqttVersion.V3_1_1, username="desk", password="secret")
        async with running(which, is_ready=False) as stage:
            await until(lambda: NoticeKind.SUBSCRIPTION_REFUSED in stage.kinds())
            notice = stage.notice(NoticeKind.SUBSCRIPTION_REFUSED)
            assert notice.detail == "shouwang/v1/+/+/alarm/+"
            assert "grant this user read access" in notice.sentence.en
            assert not stage.source.snapshot()[Lane.CRITICAL].is_ready


async def test_nats_is_a_broker_too(nats: Nats) -> None:
    which = settings(nats.mqtt_port, MqttVersion.V3_1_1)
    async with running(which) as stage:
        await publish(nats.mqtt_port, [smoke(n) for n in range(3)])
        await until(lambda: len(stage.desk.ids()) == 3)
    async with running(which, ObedientDesk(is_prompt=True)) as stage:
        await until(lambda: sorted(stage.desk.ids()) == ["a0", "a1", "a2"])


async def test_a_broker_that_throws_messages_away_is_reported(tmp_path: Path, version: MqttVersion) -> None:
    with Mosquitto(tmp_path, lines=["max_queued_messages 10", "max_inflight_messages 1", "sys_interval 1"]) as broker:
        which = settings(broker.port, version)
        async with running(which):
            pass
        await publish(broker.port, [reading(n) for n in range(100)])
        async with running(which) as stage:
            await until(lambda: NoticeKind.BROKER_DROPS in stage.kinds())
            assert stage.source.snapshot()[Lane.CRITICAL].broker_dropped_count >= 80
            assert "max_queued_messages" in stage.notice(NoticeKind.BROKER_DROPS).sentence.en
            assert stage.desk.ids(Lane.CRITICAL) == []


class FailingDesk(ObedientDesk):
    def offer(self, delivery: Delivery) -> bool:
        raise ValueError("the desk is broken")


async def test_what_raises_while_reading_ends_the_process(mosquitto: Mosquitto, version: MqttVersion) -> None:
    async with running(settings(mosquitto.port, version), FailingDesk(), may_fail=True) as stage:
        await publish(mosquitto.port, [smoke(1), reading(1)])
        await until(lambda: stage.fatal)
        assert [str(error) for error in stage.fatal] == ["the desk is broken"]
        assert not any(figures.is_connected for figures in stage.source.snapshot().values())


async def test_what_raises_while_making_room_ends_the_process(mosquitto: Mosquitto, version: MqttVersion) -> None:
    desk = ObedientDesk(room=0)
    async with running(settings(mosquitto.port, version), desk, may_fail=True) as stage:
        await publish(mosquitto.port, [smoke(1)])
        await until(lambda: stage.source.snapshot()[Lane.CRITICAL].is_paused)
        desk.offer = FailingDesk().offer  # type: ignore[method-assign]
        desk.make_room(Lane.CRITICAL, 1)
        await until(lambda: stage.fatal)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def client_context(authority: Authority, own: tuple[Path, Path] | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(authority.certificate))
    if own is not None:
        context.load_cert_chain(*own)
    return context


def tls_broker(folder: Path, authority: Authority) -> Mosquitto:
    certificate, key = authority.sign("broker")
    lines = [f"cafile {authority.certificate}", f"certfile {certificate}", f"keyfile {key}", "require_certificate true"]
    return Mosquitto(folder, listener_lines=lines, is_persistent=True)


async def test_tls_with_a_client_certificate(tmp_path: Path, authority: Authority, version: MqttVersion) -> None:
    with tls_broker(tmp_path / "broker", authority) as broker:
        ours = authority.sign("desk")
        which = settings(broker.port, version, tls=lambda: client_context(authority, ours))
        async with running(which, ObedientDesk(room=100, is_prompt=True)) as stage:
            files = {"ca_certs": str(authority.certificate)}
            files["certfile"], files["keyfile"] = map(str, authority.sign("device"))
            await publish(broker.port, [reading(n) for n in range(600)], tls=files)
            await until(lambda: stage.source.snapshot()[Lane.BULK].is_paused)
            stage.desk.make_room(Lane.BULK, 1_000)
            await until(lambda: len(stage.desk.ids()) == 600)
            broker.restart()
            await until(lambda: stage.kinds().count(NoticeKind.CONNECTED) >= 2)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho leaves the failed socket to the collector
async def test_a_broker_with_a_foreign_certificate_is_not_trusted(
    tmp_path: Path, authority: Authority, version: MqttVersion
) -> None:
    foreign = Authority(tmp_path / "foreign")
    with tls_broker(tmp_path / "broker", authority) as broker:
        which = settings(broker.port, version, tls=lambda: client_context(foreign))
        async with running(which, is_ready=False) as stage:
            await until(lambda: NoticeKind.UNREACHABLE in stage.kinds())
            notice = stage.notice(NoticeKind.UNREACHABLE)
            assert "CERTIFICATE_VERIFY_FAILED" in notice.detail
            assert "certificates" in notice.sentence.en


async def test_a_certificate_file_that_is_missing_is_named(mosquitto: Mosquitto, version: MqttVersion) -> None:
    missing = settings(mosquitto.port, version, tls=lambda: ssl.create_default_context(cafile="/nowhere/ca.pem"))
    async with running(missing, is_ready=False) as stage:
        await until(lambda: NoticeKind.UNREACHABLE in stage.kinds())
        assert "No such file" in stage.notice(NoticeKind.UNREACHABLE).detail
