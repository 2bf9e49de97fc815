"""Is it unlike its usual? The signal of a stage's ``unusual``: each device of its place has a baseline of its own.

The test is true from the asked-for strangeness on, and until less than half the surprise is left. It says nothing while it
learns: a day, three of a daily rhythm, fifteen of a weekly one, and never before a hundred readings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, cast

from rules.baseline import Baseline
from rules.definition import Stage
from rules.model import Event, Evidence
from rules.primitive import Unusual
from rules.signals import Plain, Signal, copy_of
from rules.usual import Season, local_hour

DEVICES_MAX: Final = 16
"""Devices of one place that are learned; further ones are not judged. A bound on memory; ours."""
FORGOTTEN_MS: Final = 7 * 86_400_000
"""A device that has not been heard for so long gives its place to a new one; ours."""
LEARN_MS: Final[Mapping[Season, int]] = MappingProxyType(
    {Season.NONE: 86_400_000, Season.DAY: 3 * 86_400_000, Season.WEEK: 15 * 86_400_000}
)
"""For how long a device is only learned: until its rhythm has been seen twice at least; ours."""


@dataclass(slots=True)
class _Learned:
    """What is known of one device."""

    baseline: Baseline
    began_at: int
    heard_at: int


class UnusualSignal(Signal):
    """True while a reading is unlike what its device usually says at this hour. ``measure`` is what is usual."""

    __slots__ = ("_word", "learned")
    remembers = True
    weight = 10

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.learned: dict[str, _Learned] = {}
        self._word = ""

    @property
    def _test(self) -> Unusual:
        return cast(Unusual, self.stage.condition.test)

    def _truth(self, event: Event, now: int) -> bool | None:
        learned = None if event.value is None else self._of(event.device, now)
        if event.value is None or learned is None:
            return None
        test = self._test
        judged = learned.baseline.take(local_hour(now, test.zone), event.value)
        learned.heard_at = now
        if now - learned.began_at < LEARN_MS[test.season]:
            return None
        self.measure = judged.usual
        is_true = judged.strangeness >= (_half(test.score) if event.device in self.holders else test.score)
        seasonal = "unusual" if test.season is not Season.NONE else "unusual_level"
        self._word = seasonal if is_true else "usual"
        return is_true

    def _of(self, device: str, now: int) -> _Learned | None:
        found = self.learned.get(device)
        if found is not None:
            return found
        if len(self.learned) >= DEVICES_MAX:
            oldest = min(self.learned, key=lambda name: self.learned[name].heard_at)
            if now - self.learned[oldest].heard_at < FORGOTTEN_MS:
                return None
            del self.learned[oldest]
        found = self.learned[device] = _Learned(Baseline(self._test.season, self._test.side), now, now)
        return found

    def _copy(self, event: Event, now: int) -> Evidence:
        return copy_of(event, now, self._word, self._test.score, self.measure)

    def is_idle(self) -> bool:
        """Never, once something was heard: what is usual is the memory."""
        return not self.learned

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then what is known of each device."""
        known = {name: [one.began_at, one.heard_at, one.baseline.dump()] for name, one in self.learned.items()}
        return [*super().dump(is_open=is_open), known]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        for name, (began_at, heard_at, numbers) in cast(dict[str, tuple[int, int, list[object]]], plain[1]).items():
            baseline = Baseline(self._test.season, self._test.side)
            baseline.load(numbers)
            self.learned[name] = _Learned(baseline, began_at, heard_at)


def _half(score: float) -> float:
    """The score of half the surprise: a deadband, so that what wavers is not told again and again."""
    return float(1.0 - (1.0 - score) ** 0.5)
