"""Every bundled pack in a storm of happenings: another process, hash seed or a restart after each step decides the same."""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest

from rules.engine import Engine
from shouwang.pack_files import load_pack
from tests.rules import storm

ROOT = Path(__file__).parents[2]
SORTS = ("SaveWarning", "SaveAlarm", "SaveIncident", "SaveDispatch", "RecordFact", "Notify", "AnswerAction", "IssueReceipt")


def text_of(name: str) -> str:
    return load_pack(storm.PACKS / f"{name}.yaml").text


def digest_of(name: str, seed: int, count: int) -> str:
    return blake2b(storm.play(text_of(name), seed, count)).hexdigest()


@pytest.mark.parametrize("name", storm.bundled())
def test_the_storm_has_everything_in_it(name: str) -> None:
    told = storm.told(storm.play(text_of(name), 1, 600))
    for word in SORTS:
        assert told.get(word, 0) >= 10, told


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
@pytest.mark.parametrize("name", storm.bundled())
def test_another_process_with_another_hash_seed_decides_the_same(name: str, hash_seed: str) -> None:
    program = f"from tests.rules.test_determinism import digest_of; print(digest_of({name!r}, 2, 600))"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=120, text=True
    )
    assert done.stdout.strip() == digest_of(name, 2, 600)


def restarting() -> Callable[[Engine], Engine]:
    """After each step, the engine that is made from all that was saved so far."""
    saved: dict[str, bytes] = {}

    def change(engine: Engine) -> Engine:
        for key, row in engine.take_changes().items():
            if row is None:
                saved.pop(key, None)
            else:
                saved[key] = row
        return Engine.restore(saved.items(), read_pack=storm.known_pack)

    return change


@pytest.mark.parametrize("seed", [3, 4])
@pytest.mark.parametrize("name", storm.bundled())
def test_restored_after_every_step_it_decides_the_same(name: str, seed: int) -> None:
    text = text_of(name)
    assert storm.play(text, seed, 300, restarting()) == storm.play(text, seed, 300)
