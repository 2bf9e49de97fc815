"""A real fire that was measured: its messages, its dated moments, and the plain form of what a probe says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from simulator.recording import Recorded

COMMUNITY: Final = "fires"
WHAT: Final = "the recordings of real fires"
"""What is missing where a collection is."""
UNDATED_START_AT: Final = 1_767_225_600_000
"""2026-01-01T00:00:00Z: when recordings without a date are said to begin."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One column of a recording as one device. ``convert`` brings its unit to the kind's."""

    column: str
    device: str
    kind: str
    zone: str
    convert: Callable[[float], float] = float
    digits: int = 2
    is_zeroed: bool = False  # its first value is its rest value: analysers and smoke meters have one


@dataclass(frozen=True, slots=True, kw_only=True)
class RealFire:
    """One fire. ``ignition_at`` (ms) is None where the source does not date it; ``calm_s`` is how long all was quiet before."""

    name: str
    collection: str
    start_at: int
    ignition_at: int | None
    records: Callable[[], Iterator[Recorded]]
    marks: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))  # s after ignition or start

    @property
    def calm_s(self) -> float:
        """Seconds of recording before the ignition."""
        return 0.0 if self.ignition_at is None else (self.ignition_at - self.start_at) / 1000


def reading(probe: Probe, at: int, value: float) -> Recorded:
    """One probe's value as the message that a device would send; what is no number is sent as none by the caller."""
    topic = f"shouwang/v1/{COMMUNITY}/iot/reading/{probe.device}"
    number = round(value, probe.digits)
    return Recorded(at, topic, f'{{"kind":"{probe.kind}","value":{number},"at":{at},"zone":"{probe.zone}"}}'.encode())


def opening(device: str, zone: str, at: int, state: str) -> Recorded:
    """A door or a window that was opened or closed."""
    topic = f"shouwang/v1/{COMMUNITY}/iot/state/{device}"
    return Recorded(at, topic, f'{{"kind":"opening","state":"{state}","at":{at},"zone":"{zone}"}}'.encode())


@dataclass(slots=True)
class Sampler:
    """Turns the rows of a recording into readings, row by row."""

    probes: tuple[Probe, ...]
    _rest: dict[str, float] = field(default_factory=dict)

    def sample(self, row: Mapping[str, str], at: int) -> Iterator[Recorded]:
        """A reading of every probe that has a value in this row."""
        for probe in self.probes:
            text = row.get(probe.column)
            if not text:
                continue
            value = float(text)
            if probe.is_zeroed:
                value = max(0.0, value - self._rest.setdefault(probe.column, value))
            yield reading(probe, at, probe.convert(value))
