"""A role ends when its supervisor does, however that ends."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

ROLE = """
import signal, sys
from shouwang import tether
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
tether.tie()
print("tied", flush=True)
while True:
    signal.pause()
"""


def test_a_role_ends_in_order_when_the_line_to_its_supervisor_is_cut() -> None:
    role = subprocess.Popen([sys.executable, "-c", ROLE], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert role.stdin is not None
    assert role.stdout is not None
    with role.stdout as said:
        assert said.readline() == b"tied\n"
        role.stdin.close()
        assert role.wait(20) == 7
