"""``python -m shouwang.role_shadow``: the shadow rules' process alone. Nothing that happens to it can hold up an alarm."""

import os
import signal
import sys
import threading
from contextlib import suppress

from shouwang import tether
from shouwang.casebook import opened_casebook
from shouwang.entry import enter
from shouwang.exits import Exit
from shouwang.settings import Settings, prepare_folder
from shouwang.shadow_follow import follow
from shouwang.shadow_wanted import WANTED

NICE = 19
"""The lowest priority: whatever else wants to run goes first."""


def run_shadow(settings: Settings) -> int:
    """Follow the journal until SIGTERM or SIGINT."""
    prepare_folder(settings)
    ending = threading.Event()
    is_spare = tether.FLAG in sys.argv  # who started us starts us again when we are wanted

    def is_wanted() -> bool:
        return not is_spare or (settings.data / WANTED).exists()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda _number, _frame: ending.set())
    with suppress(OSError):  # a container may forbid it
        os.nice(NICE)
    with opened_casebook(settings) as book:
        follow(settings, book, ending.wait, is_wanted)
    return Exit.OK


if __name__ == "__main__":
    enter("shadow", run_shadow)
