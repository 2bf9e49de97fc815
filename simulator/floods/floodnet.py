"""The street floods of FloodNet NYC: one water-level device each, dry before and after. No value is invented but dry ones."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from simulator.real_data import DATA, local_ms, rows
from simulator.recording import Recorded

FILE: Final = Path("floodnet_nyc", "flood_events.csv.gz")
"""Below the folder of collections."""

DRY_S: Final = 3600
"""So long each street is dry before the water comes, and after the last reading; ours: the source has only the floods."""

INTERVAL_S: Final = 63
"""How often the sensors speak (median of the source)."""

_MM_PER_INCH: Final = 25.4
_TOPIC: Final = "shouwang/v1/floods/iot/reading/"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealFlood:
    """One flood. ``curve`` is (ms since 1970, depth in mm), from the first reading to the last; the first is mostly 0."""

    sensor: str
    starts_at: int
    curve: tuple[tuple[int, float], ...]

    @property
    def name(self) -> str:
        """The sensor and the day: ``Q-beach-84-st-0me680 2023-10-30``."""
        return f"{self.sensor} {datetime.fromtimestamp(self.starts_at // 1000, UTC):%Y-%m-%d}"

    @property
    def peak_mm(self) -> float:
        """The deepest reading."""
        return max(depth for _, depth in self.curve)

    @property
    def ends_at(self) -> int:
        """The last reading of the curve."""
        return self.curve[-1][0]

    def reached_at(self, limit_mm: float) -> int | None:
        """When the water first stood at this limit; None where it never did."""
        return next((at for at, depth in self.curve if depth >= limit_mm), None)

    def records(self) -> Iterator[Recorded]:
        """What the device would have sent, from an hour before to an hour after."""
        for second in range(DRY_S // INTERVAL_S * INTERVAL_S, 0, -INTERVAL_S):
            yield self._record(self.starts_at - second * 1000, 0.0)
        for at, depth in self.curve:
            yield self._record(at, depth)
        for second in range(INTERVAL_S, DRY_S + 1, INTERVAL_S):
            yield self._record(self.ends_at + second * 1000, 0.0)

    def _record(self, at: int, depth: float) -> Recorded:
        payload = f'{{"kind":"water_level","value":{depth},"at":{at},"zone":"street"}}'
        return Recorded(at, _TOPIC + self.sensor, payload.encode())


def floodnet_floods(data: Path = DATA) -> Iterator[RealFlood]:
    """Every flood, in the order of the source. Raises RecordingsMissingError when the set is not there."""
    for row in rows(data / FILE, "the recordings of real floods"):
        starts_at = local_ms(row["flood_start_time"])
        seconds = json.loads(row["flood_profile_time_secs"])
        inches = json.loads(row["flood_profile_depth_inches"])
        curve = ((starts_at + second * 1000, _mm(inch)) for second, inch in zip(seconds, inches, strict=True))
        yield RealFlood(sensor=row["sensor_id"], starts_at=starts_at, curve=tuple(curve))


def _mm(inches: float) -> float:
    return round(inches * _MM_PER_INCH, 1)
