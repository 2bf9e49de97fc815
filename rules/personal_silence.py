"""A silence that is told sooner where it is unlike the place: the signal of ``silent_for`` with a ``rhythm``.

It is told at the latest after the fixed time, whatever was learned, and never before the least time. What is away, deaf or
stopped teaches nothing and counts as nobody's silence.
"""

import math
from collections.abc import Sequence
from typing import cast

from rules.definition import Stage
from rules.model import Event
from rules.primitive import PersonalSilence
from rules.rhythm import Rhythm
from rules.signals import Plain, to_ms
from rules.windows import SilenceSignal


class PersonalSilenceSignal(SilenceSignal):
    """How long nothing came, measured against when something usually does."""

    __slots__ = ("rhythm",)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.rhythm = Rhythm()

    @property
    def _test(self) -> PersonalSilence:
        return cast(PersonalSilence, self.stage.condition.test)

    @property
    def _for_ms(self) -> int:
        test = self._test
        start = self.last_at + self.deaf_ms
        surprise = round(-math.log10(1.0 - test.score), 9)  # four, not a trillionth more
        return self.rhythm.wait_ms(start, test.zone, surprise, least_ms=to_ms(test.at_least_s), most_ms=to_ms(test.for_s))

    def _told_as(self) -> tuple[str, float]:
        wait_ms = self._for_ms
        return super()._told_as() if wait_ms >= to_ms(self._test.for_s) else ("quiet", round(wait_ms / 1000))

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """As every silence; and learn. Always news: what was learned may have brought the next silence's end nearer."""
        if self.heard_id and is_armed:  # while the place is away, whoever comes is not the one whose rhythm it is
            is_watched = not self.is_stopped and not self.deaf_ms
            self.rhythm.learn(self.last_at, now, self._test.zone, is_watched=is_watched)
        super().see(event, now, is_armed)
        return True

    def dump(self, *, is_open: bool) -> Plain:
        """As for every silence, its deafness even where there is none, then the rhythm."""
        plain = super().dump(is_open=is_open)
        return [*plain, *([] if self.deaf_ms else [0]), self.rhythm.dump()]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw; also what a silence without a rhythm saved."""
        super().load(plain)
        if len(plain) > 7:
            self.rhythm.load(cast(list[list[float]], plain[7]))
