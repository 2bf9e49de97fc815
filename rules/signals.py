"""What the history of readings says about one stage of a rule: is its condition true, pending, or over?

The phases: IDLE → RISING (true, but not yet for ``on_delay``) → ON → FALLING (untrue, but not yet for ``off_delay``) → IDLE.

A value is held until the next one. A reading is good for the longer of 15 minutes and half the delay: past that the device
is stale and the delay's clock stands still, because time without data proves neither danger nor safety; it goes on with the
next reading. A state is good for ever, because sensors report states when they change. Null is no reading at all.

Readings can overtake each other. What a device measured before the reading with which its condition began tells of the past: it
neither ends the condition nor breaks its delay off. States are taken as they come: the end of one is said only once.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar, Final, cast

from rules.canonical import from_plain
from rules.definition import Stage
from rules.model import Event, EventClass, Evidence
from rules.primitive import (
    Burst,
    Condition,
    Count,
    Forecast,
    Impossible,
    Rate,
    Silence,
    StateIs,
    Stuck,
    Test,
    Threshold,
    Unusual,
)

IDLE: Final = 0
RISING: Final = 1
ON: Final = 2
FALLING: Final = 3

HELD_S: Final = 900.0
"""How long a reading is taken for the present state of the world when nothing else comes; ours, see the file's head."""
CITED_MAX: Final = 32
"""Devices that one delay cites for having kept it going: more than one place has."""
FOR_EVER: Final = 1 << 62
"""Later than any instant."""

NOBODY: Final[Mapping[str, int | None]] = MappingProxyType({})
"""What the idle signals share: an empty dict for each of them would be a third of their memory."""

Plain = list[object]


def state_of(event: Event) -> str | None:
    """The state that an event speaks of; an alarm without one says "on", because that is why it was sent."""
    if event.state is None and event.event_class is EventClass.ALARM:
        return "on"
    return event.state


def judge(test: Threshold | StateIs, event: Event, was_true: bool) -> bool | None:
    """Whether the test holds for this event, given that it held before; None where the event says nothing about it."""
    if isinstance(test, StateIs):
        state = state_of(event)
        return None if state is None else state in test.states
    value = event.value
    if value is None:
        return None
    band = test.deadband if was_true else 0.0
    return judge_value(value, above=test.above, below=test.below, band=band)


def judge_value(value: float, *, above: float | None, below: float | None, band: float = 0.0) -> bool:
    """Whether a value is at a limit or past it, or no further back than the band."""
    return (above is not None and value >= above - band) or (below is not None and value <= below + band)


def copy_of(event: Event, now: int, test: str, limit: float | str | None, measure: float | None = None) -> Evidence:
    """The reading as the case keeps it."""
    return Evidence(
        event_id=event.id,
        device=event.device,
        kind=event.kind,
        value=event.value,
        state=state_of(event),
        unit=event.unit,
        received_at=now,
        occurred_at=event.occurred_at,
        test=test,
        limit=limit,
        measure=measure,
        gateway=str(event.attributes.get("gateway", "")),
        network=event.network,
        confidence=event.confidence if event.confidence < 1.0 else None,
    )


@lru_cache(maxsize=1024)  # not for speed: a hundred thousand watches share these few numbers
def to_ms(seconds: float) -> int:
    """Whole milliseconds of a duration in seconds."""
    return round(seconds * 1000)


def limit_of(test: Test, event: Event) -> tuple[str, float | str | None]:
    """The word for the test, and its limit, as evidence keeps them."""
    if isinstance(test, StateIs):
        return ("report" if event.event_class is EventClass.ALARM else "is"), "|".join(test.states)
    if isinstance(test, Threshold):
        above, below = test.above, test.below
        is_low = above is None or (below is not None and event.value is not None and event.value <= below)
        return ("below", below) if is_low else ("above", above)
    if isinstance(test, Rate):
        return "rate", test.above
    if isinstance(test, Forecast):
        return "forecast", test.below if test.above is None else test.above
    if isinstance(test, Count | Burst):
        return "count", test.count
    return ("silent", test.for_s) if isinstance(test, Silence) else ("", None)  # a test of terms: each term has its own


@lru_cache(maxsize=1024)
def _held_ms(condition: Condition) -> int:
    """For how long one reading is taken for the state of the world."""
    if isinstance(condition.test, Stuck):
        return to_ms(max(HELD_S, condition.test.for_s / 2, condition.off_delay_s / 2))
    if isinstance(condition.test, Threshold | Rate | Forecast | Impossible | Unusual):
        return to_ms(max(HELD_S, condition.on_delay_s / 2, condition.off_delay_s / 2))
    return FOR_EVER


class Signal:
    """One stage of one watch: a threshold or a state, with its delays."""

    remembers: ClassVar = False  # whether readings that move nothing change it too
    weight: ClassVar = 1  # its memory, in watches of the usual size
    __slots__ = (
        "between",
        "first",
        "hold_ms",
        "holders",
        "last",
        "last_at",
        "measure",
        "off_ms",
        "on_ms",
        "phase",
        "since_at",
        "stage",
    )

    sees_in_the_dark: ClassVar[bool] = True
    """Whether it goes on looking while its rule's gate is closed. A count of single happenings does not; see ``gate``."""

    def __init__(self, stage: Stage) -> None:
        condition = stage.condition
        self.stage = stage
        self.on_ms = to_ms(condition.on_delay_s)
        self.off_ms = to_ms(condition.off_delay_s)
        self.hold_ms = _held_ms(condition)
        self.phase = IDLE
        self.since_at = 0
        self.last_at = 0
        self.first: Evidence | None = None  # the reading that began it
        self.last: Evidence | None = None  # the reading that settled it, or ended it
        self.between: tuple[Evidence, ...] = ()  # of a delay that is longer than a reading is good for: what kept it going
        self.holders: Mapping[str, int | None] = NOBODY  # the devices for which it is true now; by their own time, since when
        self.measure = 0.0  # a rate per minute, a count, or the instant that is foreseen

    @property
    def is_on(self) -> bool:
        """Whether the condition counts as true: it held long enough, and is not yet over long enough."""
        return self.phase >= ON

    def is_of(self, event: Event) -> bool:
        """Whether this event is the last that settled the signal."""
        return self.last is not None and self.last.event_id == event.id

    def evidence(self) -> tuple[Evidence, ...]:
        """The readings that the present phase rests on, the earlier first."""
        first, last = self.first, self.last
        if first is None or first == last:
            return () if last is None else (last,)
        return (first,) if last is None else (first, *self.between, last)

    def evidence_again(self) -> tuple[Evidence, ...]:
        """The readings that a mere repetition rests on: itself."""
        return () if self.last is None else (self.last,)

    def see(self, event: Event, now: int, is_armed: bool) -> bool:
        """Take in one event. Returns whether anything was remembered that was not known before."""
        truth = self._truth(event, now)
        if truth is None or (truth and not is_armed and self.phase in (IDLE, RISING)) or (not truth and self._is_past(event)):
            return False
        is_changed = self._hold(event, truth)
        if not truth and self.holders:
            return is_changed  # of several devices another one still reports it
        return self._follow(truth, event, now) or is_changed

    def _truth(self, event: Event, now: int) -> bool | None:  # noqa: ARG002 - a rate needs the instant
        """Whether the test is true for this event's device; None where the event says nothing about it."""
        return judge(cast(Threshold | StateIs, self.stage.condition.test), event, event.device in self.holders)

    def _is_past(self, event: Event) -> bool:
        """Whether the device measured this before the reading for which it is held: it was overtaken, and proves no recovery."""
        since = self.holders.get(event.device)
        return since is not None and event.occurred_at is not None and event.occurred_at < since

    def _hold(self, event: Event, truth: bool) -> bool:
        """Remember for which devices the test is true, and since when by a reading's own time. Returns whether that is news."""
        device = event.device
        if (device in self.holders) is truth:
            return False
        holders = {name: since for name, since in self.holders.items() if name != device}
        if truth:
            holders[device] = event.occurred_at if event.event_class is EventClass.READING else None
        self.holders = holders or NOBODY
        return True

    def _follow(self, truth: bool, event: Event, now: int) -> bool:
        """Move the phase by a truth that is known now."""
        phase = self.phase
        if phase == (ON if truth else IDLE):
            if truth and event.event_class is EventClass.ALARM:
                self.last = self._copy(event, now)  # reported once more
            return False
        self._stand_still(now)
        if truth and phase == RISING and self.hold_ms < self.on_ms:
            self._keep_between(now)
        self.last_at = now
        self.last = self._copy(event, now)
        if truth:
            self._rise(now)
        else:
            self._fall(now)
        return True

    def _keep_between(self, now: int) -> None:
        """Cite the reading before this one where, without it, the delay would have stood still, or its device be unknown."""
        before = self.last
        if before is None or before == self.first:
            return
        cited = (cast(Evidence, self.first), *self.between)
        is_known = before.device in [item.device for item in cited] or len(cited) >= CITED_MAX
        if not is_known or now - cited[-1].received_at > self.hold_ms:
            self.between = (*self.between, before)

    def _stand_still(self, now: int) -> None:
        """Time past what a reading is good for does not count towards a delay."""
        if self.phase in (RISING, FALLING):
            self.since_at += max(0, now - self.last_at - self.hold_ms)

    def _rise(self, now: int) -> None:
        if self.phase == IDLE:
            self.first = self.last
            self.between = ()
            self.since_at = now
            self.phase = RISING if self.on_ms else ON
        elif self.phase == FALLING:
            self.phase = ON

    def _fall(self, now: int) -> None:
        if self.phase == ON and self.off_ms:
            self.since_at = now
            self.phase = FALLING
        elif self.phase != FALLING:
            self.phase = IDLE

    def due_at(self) -> int | None:
        """When time alone would move this signal, if no reading came until then."""
        if self.phase == RISING:
            return self._unless_stale(self.since_at + self.on_ms)
        if self.phase == FALLING:
            return self._unless_stale(self.since_at + self.off_ms)
        return None

    def _unless_stale(self, deadline: int) -> int | None:
        return deadline if deadline - self.last_at <= self.hold_ms else None

    def pass_time(self, at: int, is_armed: bool) -> bool:
        """Let time move the phase; returns whether it did. Outside armed hours nothing that was pending comes about."""
        due = self.due_at()
        if due is None or due > at:
            return False
        self.phase = ON if self.phase == RISING and is_armed else IDLE
        return True

    def sleep(self, since: int, until: int) -> bool:
        """Nobody listened in between, so a running delay stands still: the end of what it counts may have been missed.

        Only the part for which its reading would have been held is added, the rest stands still in any case. Returns whether
        anything moved.
        """
        if self.phase not in (RISING, FALLING):
            return False
        self.since_at += max(0, min(until, self.last_at + self.hold_ms) - since)
        return True

    def _copy(self, event: Event, now: int) -> Evidence:
        """The reading, with what was tested, and what was computed from it where the test computes."""
        return copy_of(event, now, *limit_of(self.stage.condition.test, event), self.measure or None)

    def is_idle(self) -> bool:
        """Whether there is nothing to remember."""
        return self.phase == IDLE

    def begin_anew(self, at: int) -> None:
        """The rule may speak from here on: what was last reported counts as if it were reported now."""
        if self.phase == FALLING:
            self.phase = IDLE
        elif self.phase != IDLE:
            self.since_at = self.last_at = at
            self.phase = RISING if self.on_ms else ON

    def set_right(self) -> None:
        """Back to idle, because a person said so."""
        self.phase = IDLE
        self.holders = NOBODY

    def dump(self, *, is_open: bool) -> Plain:
        """Plain values from which ``load`` makes the same signal again.

        Most signals are idle: they are one empty list, unless something ``is_open`` whose end they may have to explain.
        """
        return [self._dump_phase(is_open=is_open)]

    def _dump_phase(self, *, is_open: bool) -> Plain:
        if self.phase == IDLE and not self.holders and not is_open:
            return []
        holders = [name if since is None else [name, since] for name, since in self.holders.items()]
        plain: Plain = [self.phase, self.since_at, self.last_at, self.first, self.last, holders, self.measure]
        return [*plain, self.between] if self.between else plain

    def load(self, plain: Sequence[object]) -> None:
        """Become what ``dump`` saw."""
        if not plain[0]:
            return
        phase, since_at, last_at, first, last, holders, measure, *between = cast(Plain, plain[0])
        self.phase, self.since_at, self.last_at = cast(int, phase), cast(int, since_at), cast(int, last_at)
        self.first = None if first is None else from_plain(Evidence, first)
        self.last = None if last is None else from_plain(Evidence, last)
        named = [(item, None) if isinstance(item, str) else item for item in cast(list[str | tuple[str, int]], holders)]
        self.holders = dict(named) or NOBODY
        self.measure = cast(float, measure)
        self.between = tuple([from_plain(Evidence, item) for item in cast(list[object], between[0])]) if between else ()
