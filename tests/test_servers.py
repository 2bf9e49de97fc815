"""The test servers do what the other tests rely on: same port and data after a restart, and nothing left behind."""

import os
from pathlib import Path

import psycopg
import pytest

from tests.servers import Mosquitto, Nats, Postgres, Server, ServerError, listens


def dsn(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def test_a_broker_comes_back_on_its_port(mosquitto: Mosquitto) -> None:
    port = mosquitto.port
    mosquitto.kill()
    assert not listens(port)
    mosquitto.start()
    assert (mosquitto.port, listens(port)) == (port, True)


def test_a_server_that_cannot_start_shows_its_log(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="no_such_setting"):
        Mosquitto(tmp_path, lines=["no_such_setting 1"]).start()


def test_nats_listens_for_both_protocols(nats: Nats) -> None:
    assert listens(nats.port)
    assert listens(nats.mqtt_port)


def test_leaving_the_block_ends_the_process(tmp_path: Path) -> None:
    with Nats(tmp_path) as nats:
        pid = nats.pid
    assert not nats.is_running
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_each_database_is_empty(postgres: Postgres) -> None:
    first, second = postgres.create_database(), postgres.create_database()
    assert first != second
    with psycopg.connect(dsn(first)) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize("end", [Server.stop, Server.kill])
def test_a_database_keeps_its_rows(end: object) -> None:
    server = Postgres()
    try:
        url = dsn(server.start().create_database())
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        assert callable(end)
        end(server)
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    finally:
        server.remove()
    assert not server.folder.exists()
