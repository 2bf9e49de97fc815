"""The spine to test with (tests/shouwang/spine.py)."""

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
