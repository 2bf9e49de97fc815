"""Drills: every law holds on some seeds, the same seed is the same drill, and a failure says how to repeat it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.drill.fleet import Ground, ground
from simulator.drill.steps import STEPS, draw

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def here() -> Iterator[Ground]:
    with ground() as made:
        yield made


@pytest.mark.parametrize("seed", range(1, 13))
def test_every_law_holds(here: Ground, seed: int) -> None:
    outcome = here.play(seed)
    assert outcome.is_well, f"{outcome.law}: {outcome.detail} (shouwang drill {seed})"
    assert outcome.entry_count > 20


def test_the_same_seed_is_the_same_drill(here: Ground) -> None:
    assert here.play(22) == here.play(22)


def test_a_drill_can_be_stopped_at_a_step(here: Ground) -> None:
    outcome = here.play(22, until=5)
    assert outcome.step == 5
    assert outcome.is_well


def test_steps_are_drawn_from_the_seed_alone() -> None:
    assert draw(4711) == draw(4711)
    assert draw(4711) != draw(4712)
    assert all(STEPS[0] <= len(draw(seed)) <= STEPS[1] for seed in range(50))
    assert any(step.is_fault for seed in range(20) for step in draw(seed))


def test_another_hash_seed_gives_the_same_drill() -> None:
    script = "from simulator.drill.fleet import ground\nwith ground() as here: print(here.play(31))"
    said = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": salt}, capture_output=True, text=True, check=True
        ).stdout
        for salt in ("1", "2")
    ]
    assert said[0] == said[1]
    assert "Outcome(seed=31" in said[0]
