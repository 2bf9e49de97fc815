"""The only clock of the house. Everybody else is given the time."""

import os
import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns the present instant as milliseconds since 1970-01-01T00:00:00Z."""

SPEED_VARIABLE = "SHOUWANG_CLOCK"
"""``START_MS:SPEED``: a demonstration's clock, shared by its processes: from that instant on time runs so many times faster."""


def _scale() -> tuple[int, float]:
    text = os.environ.get(SPEED_VARIABLE, "")
    if not text:
        return 0, 1.0
    start, _, speed = text.partition(":")
    return int(start), float(speed)


_START_AT, _SPEED = _scale()


def wall_now() -> int:
    """The computer's wall clock in milliseconds, never hurried."""
    return time.time_ns() // 1_000_000


def system_now() -> int:
    """The clock that the desk stamps with: the wall clock, or in a hurried demonstration that clock's faster sister.

    It may step, so what needs order asks the journal instead.
    """
    now = wall_now()
    return now if _SPEED == 1.0 else _START_AT + round((now - _START_AT) * _SPEED)


def monotonic_s() -> float:
    """Seconds that never go back, for measuring how long something took."""
    return time.monotonic()
