"""The spine to test with (tests/shouwang/spine.py)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shouwang.spine import Spine


@pytest.fixture
def spine(tmp_path: Path) -> Iterator[Spine]:
    """An installation that is not started yet."""
    made = Spine(tmp_path)
    yield made
    if made.is_running:
        made.crash()


@pytest.fixture(autouse=True)
def _own_environment() -> Iterator[None]:
    """A command may name its settings' file to the processes that it starts: afterwards the environment is as before."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
