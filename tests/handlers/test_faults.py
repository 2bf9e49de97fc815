"""What a database error means for us."""

from pathlib import Path

import pytest

from handlers.faults import StoreUnavailable
from handlers.store import Store
from handlers.views import Views


def test_a_store_without_tables_is_one_that_is_not_ready_yet(store_url: str) -> None:
    """The web may start before the chain has made the tables."""
    early = Views(store_url)
    store = Store(store_url)
    try:
        with pytest.raises(StoreUnavailable):
            early.last_seq()
        with pytest.raises(StoreUnavailable, match="no tables yet"):
            store.take_lease("early", now=0, ttl_s=1.0)
        store.migrate()
        assert early.last_seq() == 0
    finally:
        early.close()
        store.close()


def test_an_sqlite_store_that_was_never_made_is_not_there_yet(tmp_path: Path) -> None:
    early = Views(f"sqlite:///{tmp_path / 'store.db'}")
    with pytest.raises(StoreUnavailable):
        early.last_seq()
    early.close()
