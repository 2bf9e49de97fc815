"""Gates: when a rule, or one of its stages, may speak, by hours, days and modes. What its signals see goes on all the time.

When a gate opens, what was last reported counts as if it were reported at that instant: a condition that is true already is
raised, after its delay. A silence is judged at once when hours or days begin; when a mode lets it be watched again, it is
counted from there. Hits of a count and momentary sightings outside the gate are not seen at all: nobody will report their end.

When a gate closes, what was pending does not come about. An alarm stays until its condition is gone. A warning stays when hours
or days end, and is cancelled when its mode does: it was the mode that made it a warning.
"""

from collections.abc import Sequence

from rules.book import Book
from rules.days import is_open as is_in_hours
from rules.definition import Rule, Stage
from rules.model import Event
from rules.reach import NEVER
from rules.signals import IDLE, Signal
from rules.watch import Watch


def is_open(book: Book, watch: Watch, index: int, at: int, zone: str | None = None) -> bool:
    """Whether the stage with this index may speak at this instant."""
    active = watch.active
    table = active.table
    if table is not None and not is_in_hours(table, at, book.pack.timezone):
        return False
    place = watch.zone if zone is None else zone
    return _allows(book, watch.community, place, active.rule) and _allows(book, watch.community, place, active.stages[index])


def open_stages(book: Book, watch: Watch, at: int) -> tuple[bool, ...]:
    """For each stage whether it may speak."""
    return tuple([is_open(book, watch, index, at) for index in range(len(watch.signals))])


def _allows(book: Book, community: str, zone: str, part: Rule | Stage) -> bool:
    modes = book.modes
    if part.modes and not any(modes.holds(community, zone, name) for name in part.modes):
        return False
    return not any(modes.holds(community, zone, name) for name in part.not_modes)


def show(book: Book, watch: Watch, event: Event, now: int) -> list[bool]:
    """Show an event to the signals of a watch. Returns for each whether it remembers anything new.

    A limit that is far off, and was so before, is not asked: the value lies between its bounds (``ActiveRule.quiet``).
    """
    value = NEVER if event.value is None else event.value
    active = watch.active
    if not active.is_gated:
        return [
            (not low < value < high or signal.phase != IDLE or bool(signal.holders)) and signal.see(event, now, is_armed=True)
            for signal, (low, high) in zip(watch.signals, active.quiet, strict=True)
        ]
    zone = active.zone_of(event, watch)
    is_momentary = book.routes.find(event.event_class, event.kind).kind.is_momentary
    return [
        (not low < value < high or signal.phase != IDLE or bool(signal.holders))
        and signal.see(event, now, (signal.sees_in_the_dark and not is_momentary) or is_open(book, watch, index, now, zone))
        for index, (signal, (low, high)) in enumerate(zip(watch.signals, active.quiet, strict=True))
    ]


def pass_time(book: Book, watch: Watch, at: int) -> list[bool]:
    """Let time move the signals of a watch. Returns for each whether it did."""
    if not watch.active.is_gated:
        return [signal.pass_time(at, is_armed=True) for signal in watch.signals]
    return [
        signal.pass_time(at, signal.sees_in_the_dark or is_open(book, watch, index, at))
        for index, signal in enumerate(watch.signals)
    ]


def settle(book: Book, watch: Watch) -> None:
    """Work out which of the stages that are true may be spoken of: those whose gate is open, and those that began to be so."""
    if not watch.active.is_gated:
        return
    speaking = watch.speaking
    for index, signal in enumerate(watch.signals):
        if not signal.is_on:
            speaking &= ~(1 << index)
        elif is_open(book, watch, index, book.now):
            speaking |= 1 << index
    watch.speaking = speaking


def spoken_of(watch: Watch, signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """Of these signals of a watch those that may be spoken of while they are true."""
    if not watch.active.is_gated:
        return tuple(signals)
    return tuple([signal for signal in signals if watch.speaking >> watch.signals.index(signal) & 1])


def begin(watch: Watch, opened: Sequence[int], at: int, *, by_mode: bool) -> None:
    """The gate of these stages opens: what they have seen counts from here. What is spoken of already goes on as it was."""
    if not by_mode:
        _forget_before(watch)
    for index in opened:
        signal = watch.signals[index]
        if watch.speaking >> index & 1:
            continue
        if by_mode or signal.sees_in_the_dark:
            signal.begin_anew(at)
        else:
            signal.pass_time(at, is_armed=True)


def _forget_before(watch: Watch) -> None:
    """A case that was closed over a condition, and a warning that ended over it, belong to the hours before."""
    of_warnings = (1 << watch.active.warning_count) - 1
    if not watch.alarm_id:
        watch.speaking &= of_warnings
        watch.muted_rank = 0
    if not watch.warning_id:
        watch.speaking &= ~of_warnings
        watch.warned_rank = 0


def end(watch: Watch, closed: Sequence[int]) -> None:
    """The mode of these stages is over: their warnings are not spoken of any longer, nor are alarms that nobody sees."""
    for index in closed:
        if index < watch.active.warning_count or not watch.alarm_id:
            watch.speaking &= ~(1 << index)
