"""Killed anywhere, the journal holds all that it said it holds, in order and without a gap."""

import os
import random
import subprocess
import sys
from pathlib import Path

from ingest.journal import read_only
from rules.model import Event

ROOT = Path(__file__).resolve().parents[2]
KILLS = 30


def run_until_killed(folder: Path, life: int, lines_wanted: int, spin: int) -> int:
    """Start a writer, read what it says is durable, kill it somewhere after; the last position that it said."""
    writer = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("journal_writer.py")), str(folder), f"life{life}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    said = [writer.stdout.readline() for _ in range(lines_wanted)]
    for _ in range(spin):  # somewhere between two appends, inside one, or in its commit
        os.getppid()
    writer.kill()
    rest = writer.stdout.read().splitlines()
    fault = writer.stderr.read().decode()
    writer.wait()
    writer.stdout.close()
    writer.stderr.close()
    assert all(said), fault
    whole = [line for line in [*said, *rest] if line.strip().isdigit()]
    return int(whole[-1])


def test_killed_thirty_times_nothing_that_was_durable_is_lost(tmp_path: Path) -> None:
    rng = random.Random(4711)
    folder = tmp_path / "journal"
    kept = 0
    for life in range(KILLS):
        durable = run_until_killed(folder, life, rng.randint(1, 30), rng.randrange(40_000))
        for one in read_only(folder, after=kept):
            assert one.position == kept + 1, f"seed 4711, life {life}"
            assert isinstance(one.entry, Event)
            assert (one.entry.id, one.entry.value) == (f"life{life}-{one.position}", one.position)
            kept = one.position
        assert kept >= durable, f"seed 4711, life {life}"

    journaled = list(read_only(folder))
    assert [one.position for one in journaled] == list(range(1, kept + 1))
    instants = [one.received_at for one in journaled]
    assert instants == sorted(instants)
