"""Where the spine's time comes from, and how it waits: the process's clock and threads, or a drill's, in which nobody sleeps."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from shouwang.clock import monotonic_s, wall_now


def _sleep(seconds: float) -> None:
    threading.Event().wait(seconds)


def _thread(name: str) -> Executor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What desk, clerk and lease take time from. ``monotonic_s`` never goes back; ``wall_now`` (ms since 1970) may step.

    ``sleep`` holds the caller for so many seconds; ``begin_thread`` gives, by name, something that does one call after another.
    """

    monotonic_s: Callable[[], float] = monotonic_s
    wall_now: Callable[[], int] = wall_now
    sleep: Callable[[float], None] = _sleep
    begin_thread: Callable[[str], Executor] = _thread


LIFE: Final = Timing()
"""The computer's clock, and threads."""
