"""A circuit breaker: a way out that keeps failing is left alone for a while, then tried with one delivery."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Opens after ``fail_count_max`` failures in a row (None: never), for ``rest_s``, doubled each time up to ``rest_max_s``."""

    fail_count_max: int | None = 5
    rest_s: float = 5.0
    rest_max_s: float = 60.0
    fail_count: int = 0
    open_count: int = 0  # times in a row that it opened
    open_until_at: int | None = None

    def succeed(self) -> None:
        """The way works: close."""
        self.fail_count = 0
        self.open_count = 0
        self.open_until_at = None

    def fail(self, now: int) -> None:
        """One more failure; open when it was one too many, or when it was the probe."""
        self.fail_count += 1
        if self.fail_count_max is None or self.fail_count < self.fail_count_max:
            return
        if self.open_until_at is None or now >= self.open_until_at:
            rest_s = min(self.rest_max_s, self.rest_s * 2.0**self.open_count)
            self.open_count += 1
            self.open_until_at = now + int(rest_s * 1000)
