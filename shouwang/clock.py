"""The only clock of the house. Everybody else is given the time."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns the present instant as milliseconds since 1970-01-01T00:00:00Z."""


def system_now() -> int:
    """The computer's wall clock in milliseconds; it may step, so what needs order asks the journal instead."""
    return time.time_ns() // 1_000_000


def monotonic_s() -> float:
    """Seconds that never go back, for measuring how long something took."""
    return time.monotonic()
