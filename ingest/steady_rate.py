"""At most so many in a minute: a bucket that fills steadily, and says how long to wait when it is empty."""


class SteadyRate:
    """``per_minute_max`` at once after a quiet minute, and from then on as they come back. Times in seconds, never going back."""

    def __init__(self, per_minute_max: int) -> None:
        self._max = float(per_minute_max)
        self._left = self._max
        self._filled_s = 0.0

    def wait_s(self, now_s: float) -> float:
        """0 when one more may pass now, and it is counted; else the seconds until one may."""
        self._left = min(self._max, self._left + (now_s - self._filled_s) * self._max / 60.0)
        self._filled_s = now_s
        if self._left >= 1.0:
            self._left -= 1.0
            return 0.0
        return (1.0 - self._left) * 60.0 / self._max
