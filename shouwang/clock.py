"""The only clock of the house. Everybody else is given the time."""

import os
import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns the present instant as milliseconds since 1970-01-01T00:00:00Z."""

DEMO_VARIABLE = "SHOUWANG_CLOCK"
"""``WALL_MS:SHOWN_MS:SPEED``: a demonstration's clock, shared by its processes. At that instant of the wall it shows the other
one, and from there it runs so many times faster: a night scenario plays at night, whenever it is played."""


def shown_at(wall_at: int, setting: str) -> int:
    """What a clock with this setting shows at an instant of the wall clock; an empty setting shows the wall clock's own."""
    if not setting:
        return wall_at
    start_at, start_shown_at, speed = setting.split(":")
    return int(start_shown_at) + round((wall_at - int(start_at)) * float(speed))


_SETTING = os.environ.get(DEMO_VARIABLE, "")


def wall_now() -> int:
    """The computer's wall clock in milliseconds, never hurried."""
    return time.time_ns() // 1_000_000


def system_now() -> int:
    """The clock that the desk stamps with: the wall clock, or a demonstration's.

    It may step, so what needs order asks the journal instead.
    """
    return shown_at(wall_now(), _SETTING)


def monotonic_s() -> float:
    """Seconds that never go back, for measuring how long something took."""
    return time.monotonic()
