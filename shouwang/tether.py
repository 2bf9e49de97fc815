"""A role's tie to its supervisor: standard input ends when the supervisor does, however it ends, and then so does the role.

Without it a supervisor that is killed leaves two processes behind that nobody restarts, and that keep the next start out.
"""

import os
import signal
import sys
import threading

FLAG = "--tethered"


def tie() -> None:
    """Ask this process to end in order as soon as standard input does. For a role that a supervisor started."""
    threading.Thread(target=_wait, name="tether", daemon=True).start()


def _wait() -> None:
    descriptor = sys.stdin.fileno()
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
