"""What the simulator's judges need: the default rule pack."""

from pathlib import Path

import pytest

from rules.definition import RulePack
from rules.pack import read_pack

PACK = Path(__file__).resolve().parents[2] / "rules" / "packs" / "community.yaml"


@pytest.fixture(scope="session")
def pack() -> RulePack:
    return read_pack(PACK.read_text(encoding="utf-8"), str(PACK))
