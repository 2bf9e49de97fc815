"""Fixtures for the journal's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.journal import Journal
from tests.ingest.journal_kit import Hands


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def opened(folder: Path, hands: Hands) -> Iterator[Callable[[], Journal]]:
    """Open the journal, closing the one opened before: a restart."""
    held: list[Journal] = []

    def open_again() -> Journal:
        while held:
            held.pop().close()
        held.append(Journal(folder, clock=hands))
        return held[-1]

    yield open_again
    while held:
        held.pop().close()
