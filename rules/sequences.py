"""A then B within T, and A without B within T: one is true exactly where the other is not.

A *begins* when an event makes it true for a device for which it was not true before; of alarm events each report is a
beginning, a repeated state or reading is none. B is *reported* by every event that makes it true. B must come after A, by the
order of arrival: the same instant is after, the same event is not, and what was true of B before does not count. B at the very
instant A + T is in time. Of several A, the latest is nearest to B, so a sequence takes that one; the earliest waits longest, so
what is missing is missed from that one on, and one B answers all that went before it.

Time in which the service was deaf is no part of T: what was said meanwhile comes late, but it comes.
"""

from collections.abc import Sequence as Items
from dataclasses import replace
from typing import Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.expression import ConditionError
from rules.model import Event, EventClass, Evidence
from rules.signals import FOR_EVER, IDLE, ON, RISING, Plain, Signal, copy_of, judge, limit_of, to_ms
from rules.terms import Missing, Sequence, Term

_COUNTING: Final = (RISING, ON)


class TermSignal(Signal):
    """What all signals over terms share: how an event is held to a term."""

    __slots__ = ("fault",)

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.fault = ""  # why the condition of a term could not be judged, since this was last asked

    def says(self, term: Term, event: Event, *, was_true: bool = False) -> bool | None:
        """Whether the term holds by this event; None where the event says nothing about it."""
        if event.kind != term.kind:
            return None
        try:
            if term.guard is not None and not term.guard(event):
                return None
        except ConditionError as fault:
            self.fault = fault.detail
            return None
        return judge(term.test, event, was_true)

    def evidence_again(self) -> tuple[Evidence, ...]:
        """A repetition rests on all that the first one rested on: one event alone makes no term true of another kind."""
        return self.evidence()

    def take_fault(self) -> str:
        """Why the condition of one of the terms could not be judged since the last time this was asked; empty where all could."""
        fault, self.fault = self.fault, ""
        return fault


class OrderedSignal(TermSignal):
    """A, and the wait for B. ``holders`` are the devices for which A is true now."""

    __slots__ = ("waiting", "waiting_at")
    sees_in_the_dark = False

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.waiting: Evidence | None = None  # the A that waits for a B
        self.waiting_at = 0  # since when, without the time in which nobody could have heard B

    @property
    def _within_ms(self) -> int:
        return to_ms(cast(Sequence | Missing, self.stage.condition.test).within_s)

    @property
    def _over_at(self) -> int:
        """The first instant at which B is too late for the A that waits."""
        return self.waiting_at + self._within_ms + 1 if self.waiting is not None else FOR_EVER

    def _begins(self, term: Term, event: Event) -> tuple[bool, bool]:
        """Whether A begins by this event, and whether the devices for which it is true are others now."""
        truth = self.says(term, event, was_true=event.device in self.holders)
        if truth is None:
            return False, False
        is_moved = self._hold(event, truth)
        return truth and (is_moved or event.event_class is EventClass.ALARM), is_moved

    def _wait(self, term: Term, event: Event, now: int) -> None:
        self.waiting = copy_of(event, now, *limit_of(term.test, event))
        self.waiting_at = now

    @property
    def _delay_over_at(self) -> int:
        """When the delay that runs is over."""
        return Signal.due_at(self) or FOR_EVER

    def _pass_delay(self, at: int, is_armed: bool) -> bool:
        return at >= self._delay_over_at and super().pass_time(at, is_armed)

    def sleep(self, since: int, until: int) -> bool:
        """The wait stands still, as every delay does."""
        is_moved = super().sleep(since, until)
        if self.waiting is None:
            return is_moved
        self.waiting_at += until - since
        return True

    def is_idle(self) -> bool:
        """Nothing waits, nothing is true, and no device holds A."""
        return self.phase == IDLE and self.waiting is None and not self.holders

    def set_right(self) -> None:
        """Back to idle; no A waits any more."""
        super().set_right()
        self.waiting = None

    def dump(self, *, is_open: bool) -> Plain:
        """As for every signal, then the wait if there is one."""
        return [*super().dump(is_open=is_open), *([] if self.waiting is None else [self.waiting, self.waiting_at])]

    def load(self, plain: Items[object]) -> None:
        """Become what ``dump`` saw."""
        super().load(plain)
        if len(plain) > 1:
            self.waiting = from_plain(Evidence, plain[1])
            self.waiting_at = cast(int, plain[2])


class SequenceSignal(OrderedSignal):
    """A then B within T. Its end is a matter of time, so a timer carries it."""

    __slots__ = ()

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """B is judged against the A that came before it, and only then may the same event be an A itself."""
        test = cast(Sequence, self.stage.condition.test)
        is_done = now < self._over_at and self.waiting is not None and self.says(test.then, event) is True
        is_done = is_done and (is_armed or self.is_on)
        if is_done:
            self._complete(test.then, event, now)
        is_begun, is_moved = self._begins(test.first, event)
        if is_begun and is_armed:
            self._wait(test.first, event, now)
        return is_done or is_moved or (is_begun and is_armed)

    def _complete(self, then: Term, event: Event, now: int) -> None:
        self.measure = (now - self.waiting_at) / 1000
        self.last = copy_of(event, now, *limit_of(then.test, event))
        self.last_at = now
        self._rise(now)
        self.first = self.waiting

    def due_at(self) -> int | None:
        """The end of a delay, of the wait for B, or of what was found."""
        return _or_none(min(self._delay_over_at, self._over_at, self._gone_at))

    @property
    def _gone_at(self) -> int:
        return self.last_at + self._within_ms + 1 if self.phase in _COUNTING else FOR_EVER

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Let time end the wait, a delay, and what was found."""
        if at >= self._over_at:
            self.waiting = None
        is_gone = at >= self._gone_at
        is_moved = self._pass_delay(at, is_armed)
        if is_gone and self.phase in _COUNTING:
            self.last_at = at
            self._fall(at)
            is_moved = True
        return is_moved

    def sleep(self, since: int, until: int) -> bool:
        """What was found is not over while nobody could have heard it once more."""
        is_moved = super().sleep(since, until)
        if self.phase not in _COUNTING:
            return is_moved
        self.last_at += until - since
        return True


class MissingSignal(OrderedSignal):
    """A without B within T. Once it is true, only B ends it, or a person."""

    __slots__ = ()

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """B answers whatever came before it, and only then may the same event be an A itself."""
        test = cast(Missing, self.stage.condition.test)
        is_answered = self._answer(test.expected, event, now)
        is_begun, is_moved = self._begins(test.after, event)
        is_new = is_begun and is_armed and self.waiting is None and self.phase not in _COUNTING
        if is_new:
            self._wait(test.after, event, now)
        return is_answered or is_moved or is_new

    def _answer(self, expected: Term, event: Event, now: int) -> bool:
        if (self.waiting is None and self.phase not in _COUNTING) or not self.says(expected, event):
            return False
        self.waiting = None
        if self.phase in _COUNTING:
            self.last = copy_of(event, now, *limit_of(expected.test, event))
            self.last_at = now
            self._fall(now)
        return True

    def due_at(self) -> int | None:
        """The end of a delay, or the first instant at which B is too late."""
        return _or_none(min(self._delay_over_at, self._over_at))

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Let delays pass, and miss what did not come. Outside armed hours nothing is missed."""
        is_moved = self._pass_delay(at, is_armed)
        if at < self._over_at:
            return is_moved
        missed, self.waiting = self.waiting, None
        if missed is None or not is_armed:
            return True
        self.last = self.first = _as_missing(missed, self.stage)
        self.last_at = at
        self._rise(at)
        return True


def _as_missing(missed: Evidence, stage: Stage) -> Evidence:
    """The A that was not followed, as the case keeps it."""
    test = cast(Missing, stage.condition.test)
    return replace(missed, test="missing", limit=test.within_s)


def _or_none(instant: int) -> int | None:
    return None if instant == FOR_EVER else instant
