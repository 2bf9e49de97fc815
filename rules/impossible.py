"""What cannot be: outside the range, at the end of the instrument, or faster than physics. A device's fault, and no evidence."""

from collections.abc import Sequence
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, Evidence
from rules.primitive import Impossible
from rules.signals import IDLE, Plain, Signal, copy_of
from rules.windows import in_order, sample_of

STEP_MIN_MS: Final = 1000
"""Two readings are taken to be this far apart at least, because many clocks show whole seconds; ours."""

Known = tuple[int, int | None, float, str]
"""The last reading that could be: received_at, occurred_at, value, event id."""


class ImpossibleSignal(Signal):
    """True for a reading that cannot be. ``denies`` says so of the event itself, whatever the delays of the stage.

    A jump is measured against the last reading that could be, by the longer of the two times that passed since: the service's
    and the device's. What is denied is not remembered, so a real step is believed as soon as there was time enough for it.
    """

    __slots__ = ("base", "denied_id", "known")
    remembers = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.known: Known | None = None
        self.base: Evidence | None = None  # the reading from which it jumped
        self.denied_id = ""

    @property
    def _test(self) -> Impossible:
        return cast(Impossible, self.stage.condition.test)

    def denies(self, event: Event) -> bool:
        """Whether this event, which was just seen, cannot be."""
        return self.denied_id == event.id

    def _truth(self, event: Event, now: int) -> bool:
        is_denied = self._word(event, now)[0] != "normal"
        self.denied_id = event.id if is_denied else ""
        return is_denied

    def _follow(self, truth: bool, event: Event, now: int) -> bool:
        """As for every signal; and cite the reading from which it jumped."""
        was, known = self.phase, self.known
        is_moved = super()._follow(truth, event, now)
        if is_moved and truth and was == IDLE:
            self.base = None if known is None else sample_of(event, known[0], known[2], known[3])
        return is_moved

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """As every signal; what could be is remembered after that."""
        is_news = super().see(event, now, is_armed)
        if event.value is not None and self._test.jump_per_s is not None and not self.denies(event) and self._is_later(event):
            self.known = (now, event.occurred_at, event.value, event.id)
        return is_news

    def _is_later(self, event: Event) -> bool:
        """Whether it happened after the reading that is known; where nobody says when, the order of arrival counts."""
        before = None if self.known is None else self.known[1]
        return before is None or event.occurred_at is None or event.occurred_at >= before

    def _word(self, event: Event, now: int) -> tuple[str, float | None, float | None]:
        """What is wrong with it, against which limit, and what was computed."""
        test, value = self._test, cast(float, event.value)
        for bound, is_past in ((test.low, value < test.low), (test.high, value > test.high)):
            if is_past:
                return "range", bound, None
        for rail, is_at in ((test.rail_low, value <= test.rail_low), (test.rail_high, value >= test.rail_high)):
            if is_at:
                return "rail", rail, None
        jump = self._jump(event, value, now)
        if jump is not None and test.jump_per_s is not None and abs(jump) > test.jump_per_s:
            return "jump", test.jump_per_s, jump
        return "normal", None, None

    def _jump(self, event: Event, value: float, now: int) -> float | None:
        """Units a second since the last reading that could be; None where there is none."""
        if self.known is None:
            return None
        received_at, occurred_at, known, _ = self.known
        own_ms = abs(event.occurred_at - occurred_at) if event.occurred_at is not None and occurred_at is not None else 0
        return (value - known) * 1000 / max(now - received_at, own_ms, STEP_MIN_MS)

    def _copy(self, event: Event, now: int) -> Evidence:
        return copy_of(event, now, *self._word(event, now))

    def evidence(self) -> tuple[Evidence, ...]:
        """The reading from which it jumped, and those that cannot be."""
        return in_order(*([] if self.base is None else [self.base]), *super().evidence())

    def is_idle(self) -> bool:
        """Idle, and nothing known that a jump could be measured against."""
        return super().is_idle() and self.known is None

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then what is known, then from where it jumped."""
        plain = super().dump(is_open=is_open)
        return plain if self.known is None and self.base is None else [*plain, self.known, self.base]

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        if len(plain) > 1:
            self.known = None if plain[1] is None else cast(Known, tuple(cast(list[object], plain[1])))
            self.base = None if plain[2] is None else from_plain(Evidence, plain[2])
