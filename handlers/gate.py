"""Who may write next: the desk before the outbox, one at a time, because the store has one writer connection."""

import threading
from contextlib import AbstractContextManager
from types import TracebackType


class Gate:
    """A lock with two doors. Nobody passes the patient door while somebody waits at the urgent one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._condition = threading.Condition(self._lock)
        self._is_taken = False
        self._urgent_count = 0  # of those that wait
        self._patient_count = 0
        self._urgent, self._patient = _Door(self, is_urgent=True), _Door(self, is_urgent=False)

    def pass_one(self, *, is_urgent: bool) -> AbstractContextManager[None]:
        """Wait for the turn, hold it for the block, and let the next one in."""
        return self._urgent if is_urgent else self._patient

    def enter(self, *, is_urgent: bool) -> None:
        """Wait for the turn."""
        with self._lock:
            if is_urgent:
                self._urgent_count += 1
                while self._is_taken:
                    self._condition.wait()
                self._urgent_count -= 1
            else:
                self._patient_count += 1
                while self._is_taken or self._urgent_count:
                    self._condition.wait()
                self._patient_count -= 1
            self._is_taken = True

    def leave(self) -> None:
        """Let the next one in."""
        with self._lock:
            self._is_taken = False
            if self._urgent_count or self._patient_count:
                self._condition.notify_all()


class _Door:
    """One of the two, kept: a transaction passes through it in a third of the time that a generator takes."""

    def __init__(self, gate: Gate, *, is_urgent: bool) -> None:
        self._gate, self._is_urgent = gate, is_urgent

    def __enter__(self) -> None:
        self._gate.enter(is_urgent=self._is_urgent)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._gate.leave()
