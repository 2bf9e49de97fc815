"""How much work one message may ask of a mapping: counted and not timed, so that the same message ends the same everywhere.

One unit is about a microsecond: what it takes to hand one value to a condition, or to find a value by a plain path.
"""

from typing import Any, Final

WORK_MAX: Final = 50_000
"""Of one message: about 50 ms (ours); 200 records of 20 fields with one condition take 4,000, and finding them 12,000."""
SEARCH_COST: Final = 3
"""Of each value that a path with ``..`` or ``*`` looks at; measured: 0.5 to 3 µs."""
FILTER_COST: Final = 8
"""The same of a path with a filter; measured: 6 µs."""
ITERATIONS_MAX: Final = 10_000
"""Steps after which the CEL engine stops the macros of a condition by itself."""
_LETTERS_PER_UNIT: Final = 64


class Exhausted(Exception):  # noqa: N818 - a bound that was reached, not a mistake
    """The message has had its share of work."""


class Work:
    """What is left of one message's share."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = WORK_MAX

    def spend(self, units: int) -> None:
        """Take so many units, before the work is done. Raises Exhausted where that is more than is left."""
        self.left -= units
        if self.left < 0:
            raise Exhausted


def size_of(value: Any) -> int:
    """How many values are in this one, itself included; a long text counts as several."""
    count = 0
    waiting = [value]
    while waiting:
        each = waiting.pop()
        count += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            count += len(each) // _LETTERS_PER_UNIT
    return count
