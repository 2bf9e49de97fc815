"""How fast a stream runs, and whether it stands: changed by a person while it runs, without a jump in what is due."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """Maps a message's offset in the stream (ms) to when it is due (ms since the start). ``speed`` 10 plays ten seconds in one.

    ``clock`` says how many ms have passed since the start, and only goes forward: who publishes sets it.
    """

    speed: float = 1.0
    is_standing: bool = False
    clock: Callable[[], float] = field(default=lambda: 0.0)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _anchor_ms: float | None = None  # this place in the stream …
    _anchor_elapsed_ms: float = 0.0  # … was reached then
    _step_count: int = 0

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError(f"speed must be above 0, but is {self.speed}")

    def wait_ms(self, offset_ms: float) -> float | None:
        """How long this message has to wait still, negative where it is late; None: until something is changed."""
        if self._anchor_ms is None:
            self._anchor_ms, self._anchor_elapsed_ms = offset_ms, self.clock()
        if self.is_standing:
            return 0.0 if self._step_count else None
        return self.due_ms(offset_ms) - self.clock()

    def release(self, offset_ms: float) -> float:
        """The message leaves. Returns when it was due, which is now where it was stepped to."""
        if not self.is_standing:
            return self.due_ms(offset_ms)
        self._step_count -= 1
        self._anchor_ms, self._anchor_elapsed_ms = offset_ms, self.clock()
        return self._anchor_elapsed_ms

    def due_ms(self, offset_ms: float) -> float:
        """When a message is due if nothing is changed any more."""
        return self._anchor_elapsed_ms + (offset_ms - (self._anchor_ms or 0.0)) / self.speed

    def stand(self) -> None:
        """Stop here."""
        if not self.is_standing:
            self._anchor()
            self.is_standing = True
            self.changed.set()

    def go(self) -> None:
        """Go on from where it stands."""
        if self.is_standing:
            self.is_standing, self._step_count, self._anchor_elapsed_ms = False, 0, self.clock()
            self.changed.set()

    def step(self) -> None:
        """Let one message pass, however far it is; only where it stands."""
        if self.is_standing:
            self._step_count += 1
            self.changed.set()

    def run_at(self, speed: float) -> None:
        """Another speed from here on (above 0)."""
        if not self.is_standing:
            self._anchor()
        self.speed = speed
        self.changed.set()

    def _anchor(self) -> None:
        elapsed_ms = self.clock()
        if self._anchor_ms is not None:
            self._anchor_ms += (elapsed_ms - self._anchor_elapsed_ms) * self.speed
        self._anchor_elapsed_ms = elapsed_ms
