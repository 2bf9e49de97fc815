"""From signals to warnings and alarms: what a watch says now that it did not say before."""

from dataclasses import replace
from datetime import tzinfo
from functools import partial

from rules import gate
from rules.alarm import change_level as change_alarm_level
from rules.alarm import condition_gone, count_again, raise_again, raise_alarm
from rules.book import Book
from rules.corroboration import take_in
from rules.days import Timetable, next_opening
from rules.days import is_open as is_in_hours
from rules.finding import ending_of, finding_of
from rules.lifecycle import QUIET
from rules.model import Event, Reason, Sentence
from rules.outage import is_out
from rules.quotes import hear
from rules.sentence import join
from rules.signals import Signal
from rules.validity import valid_until
from rules.warning import change_level as change_warning_level
from rules.warning import end_warning, open_warning, renew_warning
from rules.watch import ActiveRule, Watch


def judge(book: Book, watch: Watch, *, is_again: bool = False, event: Event | None = None) -> None:
    """Bring the warning and the alarm of a watch in line with its signals, by this event or by time alone.

    ``is_again``: an alarm event repeats itself.
    """
    gate.settle(book, watch)
    alarm_signal = _worst(gate.spoken_of(watch, watch.alarms))
    warning_signal = _worst(gate.spoken_of(watch, watch.warnings))
    if alarm_signal is not None:
        _alarm_is_true(book, watch, alarm_signal, is_again=is_again)
    else:
        _alarm_is_untrue(book, watch, warning_signal)
    if warning_signal is not None:
        _warning_is_true(book, watch, warning_signal, valid_until(event, book.pack.timezone, book.now))
    else:
        _warning_is_untrue(book, watch)
    take_in(book, watch, event)
    if event is not None:
        hear(book, watch, event)
    book.keep(watch)
    arm(book, watch)


def _worst(signals: tuple[Signal, ...]) -> Signal | None:
    return min([signal for signal in signals if signal.is_on], key=lambda signal: signal.stage.level.rank, default=None)


def _alarm_is_true(book: Book, watch: Watch, signal: Signal, *, is_again: bool) -> None:
    alarm = book.alarms.get(watch.alarm_id)
    level = signal.stage.level
    if alarm is None:
        is_new = watch.muted_rank == 0 or level.rank < watch.muted_rank
        if is_new or (is_again and _speaks_again(book, watch, signal)):
            raise_alarm(book, watch, finding_of(book, watch, signal, is_again=not is_new))
    elif not alarm.is_active:
        raise_again(book, watch, alarm, finding_of(book, watch, signal))
    elif level is not alarm.level:
        change_alarm_level(book, alarm, finding_of(book, watch, signal))
    elif is_again:
        count_again(book, alarm, finding_of(book, watch, signal))


def _speaks_again(book: Book, watch: Watch, signal: Signal) -> bool:
    """Whether a repetition after a closed case is a new happening: a press or sighting always, the rest after a while."""
    last = signal.last
    return book.now >= watch.muted_until_at or (last is not None and book.routes.kind_of(last).is_momentary)


def _alarm_is_untrue(book: Book, watch: Watch, milder: Signal | None) -> None:
    """The alarm is over. What still holds at a warning's level is warned of first, so that nobody is told that all is well."""
    watch.muted_rank = 0
    alarm = book.alarms.get(watch.alarm_id)
    if alarm is not None and alarm.is_active:
        if milder is not None and alarm.state not in QUIET:
            open_warning(book, watch, replace(finding_of(book, watch, milder), reason=Reason.EASED))
        said, evidence = ending_of(book, watch, watch.alarms)
        condition_gone(book, alarm, Reason.BACK_TO_NORMAL, said, evidence)


def renew(book: Book, watch: Watch, event: Event) -> None:
    """An alarm event repeats itself, and says until when it holds: its warning holds until then, or again, or no longer."""
    until = valid_until(event, book.pack.timezone, book.now)
    if until is None or not any(signal.is_of(event) for signal in watch.warnings):
        return
    warning = book.warnings.get(watch.warning_id)
    if warning is not None:
        renew_warning(book, warning, until)
    else:
        watch.warned_rank = 0
        judge(book, watch, event=event)


def _warning_is_true(book: Book, watch: Watch, signal: Signal, until: int | None) -> None:
    """A warning is opened once for each episode and level: not again after it ended, unless it is worse or all was well.

    Beside an alarm there is none; one that ends while this still holds leaves one behind. What is over on arrival opens none.
    """
    if is_out(book, watch):
        return  # somebody works there: it is given at the end, where it is still true
    warning = book.warnings.get(watch.warning_id)
    level = signal.stage.level
    if warning is not None:
        if level is not warning.level:
            change_warning_level(book, watch, warning, finding_of(book, watch, signal))
        return
    alarm = book.alarms.get(watch.alarm_id)
    is_said = watch.warned_rank and level.rank >= watch.warned_rank
    if is_said or watch.muted_rank or (alarm is not None and alarm.is_active):
        watch.warned_rank = min(watch.warned_rank or level.rank, level.rank)
        return
    if until is None or until > book.now:
        open_warning(book, watch, finding_of(book, watch, signal), until)


def _warning_is_untrue(book: Book, watch: Watch) -> None:
    watch.warned_rank = 0
    warning = book.warnings.get(watch.warning_id)
    if warning is not None:
        said, evidence = ending_of(book, watch, watch.warnings)
        said = join(Sentence("预警解除", "the warning is over"), said)
        end_warning(book, warning, "cancel", Reason.BACK_TO_NORMAL, said, evidence)


def arm(book: Book, watch: Watch) -> None:
    """Have the watch woken when time alone moves it. Waking early for nothing is cheaper than moving the timer each time."""
    active = watch.active
    if active.table is not None:
        arm_gate(book, active)
    due = watch.due_at()
    if due is None or not watch.is_needed():
        return
    if due <= book.now:
        if active.is_gated:
            return  # a silence whose gate is closed: it is judged when the gate opens
        due = book.now + 1
    if watch.armed_at is None or due < watch.armed_at:
        watch.armed_at = due
        book.timers.arm(watch.name, due, partial(wake, book, watch))


def wake(book: Book, watch: Watch, at: int) -> None:
    """Time has passed for a watch."""
    watch.armed_at = None
    if any(gate.pass_time(book, watch, at)):
        judge(book, watch)
    else:
        book.keep(watch)
        arm(book, watch)


def arm_gate(book: Book, active: ActiveRule) -> None:
    """Have a rule woken when its hours or days begin next, while it watches anything."""
    if active.table is None or active.opens_at is not None or not active.watch_count:
        return
    active.opens_at = next_opening(active.table, book.now, book.pack.timezone)
    if active.opens_at is not None:
        book.timers.arm(f"gate {active.name}", active.opens_at, partial(_gate_opens, book, active))


def _gate_opens(book: Book, active: ActiveRule, at: int) -> None:
    active.opens_at = None
    open_gate(book, active, at)
    arm_gate(book, active)


def open_gate(book: Book, active: ActiveRule, at: int) -> None:
    """Hours or days begin: what was true before is looked at now."""
    for watch in active.all_watches():
        is_open = gate.open_stages(book, watch, at)
        gate.begin(watch, [index for index, found in enumerate(is_open) if found], at, by_mode=False)
        judge(book, watch)


def follow_calendar(book: Book, active: ActiveRule, before: Timetable | None, zone: tzinfo) -> None:
    """A pack took over whose calendar differs: what it arms at this instant begins, and the next beginning is looked up anew."""
    book.timers.disarm(f"gate {active.name}")
    active.opens_at = None
    was_open = before is None or is_in_hours(before, book.now, zone)
    if not was_open and (active.table is None or is_in_hours(active.table, book.now, book.pack.timezone)):
        open_gate(book, active, book.now)
    arm_gate(book, active)
