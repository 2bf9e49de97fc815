"""What holds a rule back from speaking of an event, or of what it remembers; read off the book, changing nothing.

Each answer is a word of ``why_not_words.HELD``, with a detail where there is one: a condition's text, a mode, a person's reason.
"""

from collections.abc import Sequence

from rules.book import Book
from rules.days import is_open as is_in_hours
from rules.definition import Rule, Stage
from rules.expression import ConditionError
from rules.lifecycle import QUIET
from rules.model import Alarm, Event, EventClass, Status
from rules.signals import RISING
from rules.watch import ActiveRule, Watch

Word = tuple[str, str]


def of_event(book: Book, active: ActiveRule, watch: Watch | None, event: Event, at: int) -> list[Word]:
    """What kept a rule from speaking of this event, which it was just shown."""
    if event.value is None and event.state is None and event.event_class in (EventClass.READING, EventClass.STATE):
        return [("no_value", "")]
    if active.is_silence and event.status is not Status.ACTUAL:
        return [("exercise", "")]
    held = _by_condition(active.rule, event)
    if held and watch is None:
        return held
    if watch is None:
        full: list[Word] = [] if active.has_room_for(event) else [("no_room", "")]
        return full + _by_gate(book, active, event.community, event.zone, at, ())
    return held + of_watch(book, watch, at)


def of_watch(book: Book, watch: Watch, at: int) -> list[Word]:
    """What keeps a rule from speaking of what it remembers of one thing."""
    active = watch.active
    true = [index for index, signal in enumerate(watch.signals) if signal.is_on]
    held = _by_gate(book, active, watch.community, watch.zone, at, true)
    if watch.muted_rank:
        held.append(("muted", ""))
    alarm = book.alarms.get(watch.alarm_id)
    warning = book.warnings.get(watch.warning_id)
    if alarm is not None and alarm.state in QUIET:
        held.append((alarm.state, _who_quiets(alarm)))
    elif alarm is None and warning is not None and warning.state == "suppressed":
        held.append((warning.state, warning.inhibition))
    elif alarm is not None or warning is not None:
        held.append(("speaking_already", ""))
    rising = [signal for signal in watch.signals if signal.phase == RISING]
    if rising:
        is_stale = all(signal.due_at() is None or signal.last_at + signal.hold_ms < at for signal in rising)
        held.append(("delay_stale" if is_stale else "delay_running", ""))
    return held


def _by_condition(rule: Rule, event: Event) -> list[Word]:
    try:
        if rule.guard is None or rule.guard(event) or (rule.unwatch is not None and rule.unwatch(event)):
            return []
    except ConditionError as fault:
        return [("guard_unjudged", f"{rule.guard_text}: {fault.detail}")]
    return [("guard_false", rule.guard_text)]


def _by_gate(book: Book, active: ActiveRule, community: str, zone: str, at: int, true: Sequence[int]) -> list[Word]:
    """Hours, days and modes; those of a stage only where it would speak but for them, or where no stage may."""
    if not active.is_gated:
        return []
    if active.table is not None and not is_in_hours(active.table, at, book.pack.timezone):
        return [("outside_hours", "")]
    by_rule = _by_mode(book, active.rule, community, zone)
    by_stage = [_by_mode(book, stage, community, zone) for stage in active.stages]
    closed = [by_stage[index] for index in true if by_stage[index]] or (by_stage if all(by_stage) else [])
    return by_rule or (closed[0] if closed else [])


def _by_mode(book: Book, part: Rule | Stage, community: str, zone: str) -> list[Word]:
    held = [name for name in part.not_modes if book.modes.holds(community, zone, name)]
    if held:
        return [("mode_holds", held[0])]
    if part.modes and not any(book.modes.holds(community, zone, name) for name in part.modes):
        return [("mode_missing", ", ".join(part.modes))]
    return []


def _who_quiets(alarm: Alarm) -> str:
    """Who or what keeps an alarm quiet, as far as the alarm itself knows."""
    if alarm.state == "shelved":
        return f"{alarm.shelved_by}: {alarm.shelve_reason}"
    return alarm.inhibition or alarm.cause_id if alarm.state == "suppressed" else ""
