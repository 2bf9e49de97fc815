"""Reports that come in bursts: told once, at the first of them or when it is quiet again, with how many there were."""

from collections.abc import Sequence
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, Evidence
from rules.primitive import Burst
from rules.signals import IDLE, ON, Plain, Signal, judge, to_ms
from rules.windows import in_order

CITED_MAX: Final = 64
"""Hits beyond the least number that a burst cites for having kept it going."""


class BurstSignal(Signal):
    """A burst is a run of true reports, each sooner than ``quiet_s`` after the one before; it is over when that long none came.

    ``first``: true from the report that makes ``count`` of them until it is over. ``last``: true when it is over, if there were
    at least ``count``.
    """

    sees_in_the_dark = False
    __slots__ = ("cited", "deaf_ms", "hit", "hit_count")

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.hit_count = 0
        self.hit: Evidence | None = None  # the latest
        self.cited: list[Evidence] = []
        self.deaf_ms = 0  # since the latest hit: how long nobody could have heard another

    @property
    def _test(self) -> Burst:
        return cast(Burst, self.stage.condition.test)

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """Every event that is true is a hit; all others say nothing."""
        if not judge(self._test.of, event, was_true=False) or not is_armed:
            return False
        if not self.hit_count and self._test.speaks_last:
            self.phase = IDLE  # what was told is over: this is another burst, and will be told in its turn
        self.hit_count += 1
        self.measure = self.hit_count
        self._cite(self._copy(event, now))
        if not self._test.speaks_last and self.hit_count >= self._test.count:
            self._follow(truth=True, event=event, now=now)
        return True

    def _cite(self, hit: Evidence) -> None:
        """Cite the first hits, and of the others what kept the burst going."""
        quiet_ms = to_ms(self._test.quiet_s)
        if self.hit_count == 1:
            self.cited = []
        elif self.hit is not None and hit.received_at - self.cited[-1].received_at >= quiet_ms and self.hit != self.cited[-1]:
            self.cited.append(self.hit)
        if len(self.cited) < self._test.count:
            self.cited.append(hit)
        del self.cited[self._test.count + CITED_MAX :]
        self.hit = hit
        self.deaf_ms = 0

    def evidence(self) -> tuple[Evidence, ...]:
        """The hits that make and keep up the burst, and the latest one."""
        return in_order(*self.cited, *([] if self.hit is None else [self.hit]))

    @property
    def _quiet_at(self) -> int | None:
        """When the burst is over, if no other hit comes."""
        if not self.hit_count or self.hit is None:
            return None
        return self.hit.received_at + to_ms(self._test.quiet_s) + self.deaf_ms

    def due_at(self) -> int | None:
        """When the burst is over; after a burst that spoke at its end, when that is over too."""
        dues = [due for due in (self._quiet_at, self._end_at) if due is not None]
        return min(dues) if dues else None

    @property
    def _end_at(self) -> int | None:
        if self.phase == ON and self._test.speaks_last:
            return self.since_at + max(1, self.off_ms)
        return super().due_at()

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Let the burst end, or what was told of one."""
        quiet_at, end_at = self._quiet_at, self._end_at
        if quiet_at is not None and quiet_at <= at:
            return self._grow_quiet(at, is_armed)
        if end_at is not None and end_at <= at:
            self.phase = IDLE
            return True
        return False

    def _grow_quiet(self, at: int, is_armed: bool) -> bool:
        was_enough = self.hit_count >= self._test.count
        self.measure, self.hit_count = self.hit_count, 0
        self.last = self.hit
        self.last_at = at
        if not self._test.speaks_last:
            was = self.phase
            if was == ON:
                self._fall(at)
            return self.phase != was
        if was_enough and is_armed:
            self.first = self.cited[0]
            self.since_at = at
            self.phase = ON
        return was_enough and is_armed

    def sleep(self, since: int, until: int) -> bool:
        """Our own deafness is nobody's quiet."""
        is_moved = super().sleep(since, until)
        if self.hit_count:
            self.deaf_ms += until - since
        return is_moved or self.hit_count > 0

    def is_idle(self) -> bool:
        """Idle, and no burst that goes on."""
        return self.phase == IDLE and not self.hit_count

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the burst."""
        plain = super().dump(is_open=is_open)
        return [*plain, self.hit_count, self.deaf_ms, self.hit, self.cited] if is_open or not self.is_idle() else plain

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        if len(plain) == 1:
            return
        self.hit_count, self.deaf_ms = cast(int, plain[1]), cast(int, plain[2])
        self.hit = None if plain[3] is None else from_plain(Evidence, plain[3])
        self.cited = [from_plain(Evidence, item) for item in cast(list[object], plain[4])]
