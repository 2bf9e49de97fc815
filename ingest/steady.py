"""A clock that never goes back: where the clock given steps back, it runs at half speed until that has caught up."""

import threading
from collections.abc import Callable


class SteadyClock:
    """Milliseconds that never decrease.

    Standing still until a clock that was set back an hour catches up would hold every timer for an hour; so it walks on,
    at half speed. A step forward cannot be told from time that passed, and is followed. May be asked from any thread.
    """

    def __init__(self, clock: Callable[[], int], floor_at: int) -> None:
        self._clock = clock
        self._shown = floor_at
        self._raw = clock()
        self._half = 0
        self._lock = threading.Lock()

    def now(self) -> int:
        """The instant; never less than the one before, nor than the floor."""
        with self._lock:
            raw = self._clock()
            if raw >= self._shown:
                self._shown, self._half = raw, 0
            else:
                self._half += max(0, raw - self._raw)
                self._shown, self._half = self._shown + self._half // 2, self._half % 2
            self._raw = raw
            return self._shown

    def hold(self, floor_at: int) -> None:
        """Never show less than this from now on."""
        with self._lock:
            self._shown = max(self._shown, floor_at)
