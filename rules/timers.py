"""What is due and when: one heap, fired in the order (deadline, id). Pure: nobody here knows a clock."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Final

Fire = Callable[[int], None]
"""Called with the timer's own deadline, never with the instant at which somebody got round to it."""

_STALE_MAX: Final = 1024
"""Entries of the heap that no longer count, beyond as many as do; past this the heap is rebuilt."""


class Timers:
    """Named deadlines. Arming a name again replaces its deadline; stale heap entries are skipped when they surface."""

    __slots__ = ("_live", "heap", "passed_over")

    def __init__(self) -> None:
        self.passed_over: dict[tuple[str, int], None] = {}  # name and deadline: these stopped the chain, and never fire
        self.heap: list[tuple[int, str]] = []  # read by the engine, which looks at its head before every event
        self._live: dict[str, tuple[int, Fire]] = {}

    def arm(self, name: str, deadline: int, fire: Fire) -> None:
        """Have ``fire`` called at this deadline, in place of any earlier arrangement under this name."""
        self._live[name] = (deadline, fire)
        heappush(self.heap, (deadline, name))
        if len(self.heap) > 2 * len(self._live) + _STALE_MAX:
            self.heap = [(entry[0], key) for key, entry in self._live.items()]
            heapify(self.heap)

    def disarm(self, name: str) -> None:
        """Forget this name, if it is known."""
        self._live.pop(name, None)

    def next_deadline(self) -> int | None:
        """The earliest deadline, or None."""
        heap, live = self.heap, self._live
        while heap:
            deadline, name = heap[0]
            if live.get(name, (None,))[0] == deadline:
                return deadline
            heappop(heap)
        return None

    def take_due(self, now: int) -> tuple[int, str, Fire] | None:
        """Remove and return the first timer that is due at ``now``: deadline, name, and what to call."""
        while True:
            deadline = self.next_deadline()
            if deadline is None or deadline > now:
                return None
            _, name = heappop(self.heap)
            _, fire = self._live.pop(name)
            if not self.passed_over or (name, deadline) not in self.passed_over:
                return deadline, name, fire
