"""The truth must not come from the thing under test: the streams run without the chain ever being loaded."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
import simulator.stream, simulator.publish, simulator.replay, simulator.scenario_file, simulator.people, simulator.convert_fires
loaded = [name for name in sys.modules if name.split(".")[0] in ("rules", "ingest", "handlers", "dashboard", "shouwang")]
print(*sorted(name for name in loaded if name.startswith(("rules.engine", "rules.pack", "handlers", "dashboard", "shouwang"))))
"""


def test_streams_do_not_load_the_chain() -> None:
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
