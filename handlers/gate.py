"""Who may write next: the desk before the outbox, one at a time, because the store has one writer connection."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """A lock with two doors. Nobody passes the patient door while somebody waits at the urgent one."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._is_taken = False
        self._urgent_count = 0

    @contextmanager
    def pass_one(self, *, is_urgent: bool) -> Iterator[None]:
        """Wait for the turn, hold it for the block, and let the next one in."""
        with self._condition:
            if is_urgent:
                self._urgent_count += 1
                self._condition.wait_for(lambda: not self._is_taken)
                self._urgent_count -= 1
            else:
                self._condition.wait_for(lambda: not self._is_taken and self._urgent_count == 0)
            self._is_taken = True
        try:
            yield
        finally:
            with self._condition:
                self._is_taken = False
                self._condition.notify_all()
