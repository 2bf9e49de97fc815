"""The port of the desk: what a source of input needs, and nothing more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ingest.entries import Appended
from ingest.topics import Lane
from rules.effects import AnswerAction
from rules.model import Input

Done = Callable[[Appended | None], None]
"""Called once in the desk's thread: after the journal's commit (now acknowledge), or with None (the desk stops: do not)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one packet or one request brought. Its entries are journaled together and in order, or not at all."""

    entries: list[Input]
    done: Done
    lane: Lane


class Desk(Protocol):
    """Where deliveries go. All methods may be called from any thread, and none of them blocks."""

    def offer(self, delivery: Delivery) -> bool:
        """Take the delivery. False when the lane is full: nothing was taken; stop reading until room is announced."""
        ...

    def on_room(self, callback: Callable[[], None]) -> None:
        """Call this back, in the desk's thread, each time a lane that was full has room again."""
        ...

    async def answer(self, action_id: str, timeout_s: float) -> AnswerAction | None:
        """Wait until the action was decided and stored; at once when it already was. None when that took too long."""
        ...


class Meter(Protocol):
    """Where a source counts what it does. Names are listed in the module that counts."""

    def count(self, name: str, amount: int = 1) -> None:
        """Add to a counter that only grows."""
        ...


class Unmetered:
    """A meter for places where nobody looks: counts nothing."""

    def count(self, name: str, amount: int = 1) -> None:
        """Forget it."""
