"""What conditions say of an event, and what becomes of one that they leave open: no rule and no mode falls silent unseen.

An event that lacks what a condition names is counted, and told once a day for each rule or mode and community, so that the
pack's author hears of it. Where a life may hang on the rule, the event is looked at all the same: an optional key that is missing
stops no alarm. But what nobody can judge ends nothing either, neither an alarm nor a silence nor a mode.
"""

from collections.abc import Mapping
from typing import Final

from rules.arrival import Notes
from rules.book import Book
from rules.definition import Mode, Rule
from rules.expression import ConditionError
from rules.model import Entity, Event, EventClass, Fact, Reason, Sentence
from rules.signals import state_of
from rules.watch import ActiveRule, Watch

_DONE: Final[Mapping[str, Sentence]] = {
    "shown": Sentence("因涉及人身安全，仍按条件成立处理", "it was looked at all the same, because a life may hang on it"),
    "passed_over": Sentence("该规则未看此事件", "the rule did not see the event"),
    "watched": Sentence("监看不因此停止", "that stops no watch"),
    "term": Sentence("该规则的这一项按未上报处理", "that part of the rule takes it for no report"),
    "mode": Sentence("该模式保持不变", "the mode stays as it is"),
}
"""What came of it."""


def asks(book: Book, notes: Notes, active: ActiveRule, found: Watch | None, event: Event) -> bool | None:
    """Whether the event stops the rule's watch; None where the rule does not see it."""
    rule = active.rule
    try:
        if rule.unwatch is not None and rule.unwatch(event):
            return True
        return None if rule.guard is not None and not rule.guard(event) else False
    except ConditionError as fault:
        return False if _weigh(book, notes, active, found, event, fault) else None


def _weigh(book: Book, notes: Notes, active: ActiveRule, found: Watch | None, event: Event, fault: ConditionError) -> bool:
    """Whether a rule sees an event that leaves its condition, or what would stop its watch, open; and say so."""
    guard = active.rule.guard
    try:
        is_shown, done = guard is None or guard(event), "watched"
    except ConditionError:
        is_shown = is_shown_all_the_same(active, found, event)
        done = "shown" if is_shown else "passed_over"
    active.error_count += 1
    _tell(book, notes, active.rule, event, fault.detail, done)
    return is_shown


def tell_terms(book: Book, notes: Notes, watch: Watch, event: Event) -> None:
    """Say of an event that one of the terms could not judge; it is one error, however many asked."""
    faults = [fault for signal in watch.terms if (fault := signal.take_fault())]
    if faults:
        watch.active.error_count += 1
        _tell(book, notes, watch.active.rule, event, faults[0], "term")


def tell_mode(book: Book, notes: Notes, mode: Mode, event: Event, fault: ConditionError) -> None:
    """Say of an event that nobody can judge whether it sets or ends the mode, or neither."""
    book.modes.error_counts[mode.id] = book.modes.error_counts.get(mode.id, 0) + 1
    _tell(book, notes, mode, event, fault.detail, "mode")


def is_shown_all_the_same(active: ActiveRule, found: Watch | None, event: Event) -> bool:
    """Whether an event that leaves the condition open is shown: only for life safety, and only where it can end nothing."""
    if not active.hazard.is_life_safety:
        return False
    if active.is_silence:
        return found is None
    if active.is_always:
        return found is None or not any(signal.is_on for signal in found.signals)
    value = event.value
    return (value is not None and (value >= active.wake_above or value <= active.wake_below)) or state_of(event) in active.states


def _tell(book: Book, notes: Notes, about: Rule | Mode, event: Event, detail: str, how: str) -> None:
    """Say it, where nobody was told of this rule or mode today."""
    whose, whose_zh = ("rule", "规则") if isinstance(about, Rule) else ("mode", "模式")
    if not notes.is_first(event.community, f"{whose} {about.id}", Reason.GUARD_UNJUDGED, book.now):
        return
    done = _DONE[how]
    where = f"（{event.zone}）" if event.zone else ""
    zh = f"{whose_zh}“{about.title.zh}”的条件无法判断：设备 {event.device}{where} 的事件缺少所需内容（{detail}）"
    en = (
        f"the condition of {whose} “{about.title.en}” cannot be judged: "
        f"the event of device {event.device} lacks something ({detail})"
    )
    book.add_fact(
        Fact(
            id="",
            at=book.now,
            community=event.community,
            entity=Entity.PACK,
            entity_id=book.pack.id,
            incident_id="",
            transition="unjudged",
            from_state="",
            to_state="",
            reason=Reason.GUARD_UNJUDGED,
            cause_id=event.id,
            sentence=Sentence(f"{zh}；{done.zh}。今日不再提示", f"{en}; {done.en}. Told once a day"),
            zone=event.zone,
            device=event.device,
            rule=about.id if isinstance(about, Rule) else "",
            pack_version=book.pack.version,
            value=state_of(event) if event.value is None or event.event_class is EventClass.ALARM else event.value,
            status=event.status,
        )
    )
