"""Single keys from a terminal, without Enter, while something runs."""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def keys_to(obey: Callable[[str], None]) -> Iterator[bool]:
    """Hand each key that is pressed to ``obey``, as long as this lasts; yields whether there is a terminal to press keys on."""
    if not sys.stdin.isatty():
        yield False
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    loop = asyncio.get_running_loop()

    def read() -> None:
        for key in os.read(terminal, 64).decode(errors="ignore"):
            obey(key)

    tty.setcbreak(terminal)  # Ctrl-C still interrupts
    loop.add_reader(terminal, read)
    try:
        yield True
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
