"""Stores to test with: each test that takes ``store_url`` runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.store import Store
from handlers.views import Views


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests of this folder run on asyncio."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store with its tables."""
    made = Store(store_url)
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def epoch(store: Store) -> int:
    """We are the writer, from instant 0 for an hour."""
    return store.take_lease("test", now=0, ttl_s=3600)


@pytest.fixture
def views(store: Store, store_url: str) -> Iterator[Views]:
    """The read side of the same store."""
    made = Views(store_url)
    yield made
    made.close()
