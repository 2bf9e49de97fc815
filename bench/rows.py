"""What one measurement says, and the yardstick that stands beside it."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured number. ``ratio`` is ``value`` over ``yardstick_value``; ``must`` is DESIGN 9's number where it has one."""

    name: str
    value: float
    unit: str
    yardstick: str
    yardstick_value: float
    must: float | None = None
    detail: str = ""

    @property
    def ratio(self) -> float:
        """How the value compares with the yardstick of the same run."""
        return self.value / self.yardstick_value if self.yardstick_value else 0.0

    def to_json(self) -> dict[str, object]:
        """The row for machines; the chain's row also says ``events_per_s``."""
        row: dict[str, object] = {**asdict(self), "ratio": round(self.ratio, 4)}
        if self.unit == "events/s":
            row["events_per_s"] = self.value
        return row


def calibration_loops_per_s(seconds: float = 1.0) -> float:
    """Turns a second of a plain Python loop that adds and looks up: what this core gives Python today."""
    table = dict.fromkeys(range(256), 1)
    total = turns = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for number in range(1000):
            total += table[number & 255]
        turns += 1000
    return turns / seconds if total else 0.0


def best_rate(work: Callable[[], int], rounds: int) -> float:
    """The best of some rounds, in units of work a second; neighbours can only make a round slower, never faster."""
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        done = work()
        best = max(best, done / (time.process_time() - start))
    return best


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))] if ordered else float("nan")
