"""The same value again and again: a sensor that froze, or a gateway that sends an old reading as if it were new."""

from collections.abc import Sequence
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, Evidence
from rules.primitive import Stuck
from rules.signals import IDLE, ON, Plain, Signal, copy_of, to_ms
from rules.trend import Sample
from rules.windows import in_order, sample_of

CITED_MAX: Final = 32
"""Readings that one standing still cites for having kept it going."""


class Run:
    """One device's readings that are all the same: since when, and enough of them to prove it."""

    __slots__ = ("chain", "last", "seq", "since_at")

    def __init__(self, since_at: int, seq: int | None, last: Sample, chain: list[Sample]) -> None:
        self.since_at = since_at
        self.seq = seq
        self.last = last
        self.chain = chain

    def goes_on(self, sample: Sample, hold_ms: int) -> None:
        """One more of the same. Time past what a reading is good for does not count; what kept it going can be cited."""
        now = sample[0]
        self.since_at += max(0, now - self.last[0] - hold_ms)
        if now - self.chain[-1][0] > hold_ms and self.last != self.chain[-1] and len(self.chain) < CITED_MAX:
            self.chain.append(self.last)
        self.last = sample


class StuckSignal(Signal):
    """True from the reading on with which the value, or the source's own number, has stood still for long enough.

    Only readings prove it: a device that says nothing is silent, not stuck.
    """

    __slots__ = ("cited", "runs")
    remembers = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.runs: dict[str, Run] = {}
        self.cited: tuple[Evidence, ...] = ()

    @property
    def _test(self) -> Stuck:
        return cast(Stuck, self.stage.condition.test)

    def _truth(self, event: Event, now: int) -> bool | None:
        value, test = event.value, self._test
        if value is None or (test.is_by_seq and event.seq is None):
            return None
        sample = (now, value, event.id)
        run = self.runs.get(event.device)
        if run is not None and self._is_same(run, event):
            run.goes_on(sample, self.hold_ms)
        else:
            run = self._begin(event, sample)
        self.measure = (now - run.since_at) / 1000
        return now - run.since_at >= to_ms(test.for_s)

    def _is_same(self, run: Run, event: Event) -> bool:
        if self._test.is_by_seq:
            return event.seq == run.seq
        apart = abs(cast(float, event.value) - run.chain[0][1])
        return round(apart, 9) <= self._test.tolerance  # 20.1 is 0.1 from 20 in spite of binary fractions

    def _begin(self, event: Event, sample: Sample) -> Run:
        """A run of one reading; runs of devices that have not been heard for long are let go, so memory is bounded."""
        if event.device not in self.runs:
            oldest_at = sample[0] - 2 * max(self.hold_ms, to_ms(self._test.for_s))
            self.runs = {name: run for name, run in self.runs.items() if run.last[0] >= oldest_at}
        run = self.runs[event.device] = Run(sample[0], event.seq, sample, [sample])
        return run

    def _follow(self, truth: bool, event: Event, now: int) -> bool:
        """As for every signal; and cite what the value stood still by."""
        was = self.phase
        is_moved = super()._follow(truth, event, now)
        if is_moved and truth and was == IDLE:
            self.cited = tuple([sample_of(event, *sample) for sample in self.runs[event.device].chain])
        return is_moved

    def _copy(self, event: Event, now: int) -> Evidence:
        run = self.runs[event.device]
        if now - run.since_at < to_ms(self._test.for_s):
            return copy_of(event, now, "normal", None)
        return copy_of(event, now, "restamped" if self._test.is_by_seq else "stuck", self._test.for_s, self.measure)

    def evidence(self) -> tuple[Evidence, ...]:
        """What the value stood still by, and the reading with which it was long enough."""
        return in_order(*self.cited, *super().evidence())

    def sleep(self, since: int, until: int) -> bool:
        """Nobody listened in between: that a value stood still in that time is not proven."""
        is_moved = super().sleep(since, until)
        for run in self.runs.values():
            run.since_at += max(0, min(until, run.last[0] + self.hold_ms) - since)
        return is_moved or bool(self.runs)

    def is_idle(self) -> bool:
        """Never: the runs are the memory."""
        return False

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the runs, then what is cited where something is open."""
        runs = {device: [run.since_at, run.seq, run.last, run.chain] for device, run in self.runs.items()}
        cited = [self.cited] if self.cited and (is_open or self.phase == ON) else []
        return [*super().dump(is_open=is_open), runs, *cited]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        for device, (since_at, seq, last, chain) in cast(dict[str, list[list[object]]], plain[1]).items():
            rows = [cast(Sample, tuple(row)) for row in cast(list[list[object]], chain)]
            self.runs[device] = Run(cast(int, since_at), cast(int | None, seq), cast(Sample, tuple(last)), rows)
        self.cited = tuple([from_plain(Evidence, item) for item in cast(list[object], plain[2])]) if len(plain) > 2 else ()
