"""Fixtures that every folder of tests may use: real brokers and databases on loopback (see tests/servers.py)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Mosquitto, Nats, Postgres, Server, ServerMissingError


def _started(server: Server) -> Server:
    try:
        return server.start()
    except ServerMissingError as missing:
        pytest.skip(str(missing))


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A fresh Mosquitto of this test's own: no password, sessions kept over a polite restart."""
    broker = Mosquitto(tmp_path / "mosquitto", is_persistent=True)
    _started(broker)
    yield broker
    broker.stop()


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[Nats]:
    """A fresh nats-server of this test's own with JetStream and the MQTT listener."""
    server = Nats(tmp_path / "nats")
    _started(server)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL cluster for the whole run; take ``postgres_url`` for a database of your own.

    A test that kills or freezes the server makes its own ``Postgres()`` instead.
    """
    server = Postgres()
    try:
        _started(server)
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The SQLAlchemy URL of a fresh, empty PostgreSQL database."""
    return postgres.create_database()


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the service does."""
    return "asyncio"
