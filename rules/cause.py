"""原因与症状: a person says that one alarm is only a symptom of another, or takes that back.

A symptom stays recorded and is shown under its cause; it calls nobody (quieting.py suppresses it). When the cause ends and the
symptom still holds, it speaks. What a life may hang on is nobody's symptom, but of such a danger at the same place.
"""

from dataclasses import replace

from rules.book import Book
from rules.inhibition import is_behind, is_standing, may_quiet
from rules.model import Alarm, OperatorAction, Reason, Sentence
from rules.refusal import RefusedError, text_of
from rules.sentence import join
from rules.words import NO_CAUSE


def name_cause(book: Book, alarm: Alarm, action: OperatorAction) -> None:
    """Do what the action asks of this alarm. Raises RefusedError."""
    name = text_of(action, "cause")
    if name == NO_CAUSE:
        _take_back(book, alarm, action.actor)
        return
    cause = book.alarms.get(name)
    if cause is None or (cause.community, cause.status) != (alarm.community, alarm.status):
        raise RefusedError(
            Reason.UNKNOWN_ENTITY,
            f"没有进行中的报警 {name}，可能已结束",
            f"there is no open alarm {name}; it may have ended",
        )
    if is_behind(book, alarm, cause):
        raise RefusedError(
            Reason.ILLEGAL_NOW, "互为原因会使两者都不再提示", "they would be each other's cause, and nobody would hear either"
        )
    if not is_standing(cause):
        raise RefusedError(Reason.ILLEGAL_NOW, "该原因已经消失", "that condition is over: it explains nothing that still holds")
    if not may_quiet(book, cause, alarm):
        raise RefusedError(
            Reason.LIFE_SAFETY_NOT_SHELVED,
            "涉及生命安全的报警不能作为症状静默",
            "an alarm on which a life may hang is not quieted as a symptom",
        )
    named = replace(alarm, cause_id=cause.id, cause_named_by=action.actor, inhibition="", changed_at=book.now)
    book.put_alarm(named)
    said = Sentence(f"{action.actor} 指明原因", f"{action.actor} named the cause")
    book.tell(
        named,
        "cause_named",
        Reason.CAUSE_NAMED,
        join(said, cause.sentence),
        from_state=alarm.state,
        actor=action.actor,
        value=cause.id,
    )


def _take_back(book: Book, alarm: Alarm, actor: str) -> None:
    if not alarm.cause_named_by:
        raise RefusedError(Reason.ILLEGAL_NOW, "没有人指明过原因", "nobody has named a cause")
    freed = replace(alarm, cause_id="", cause_named_by="", changed_at=book.now)
    book.put_alarm(freed)
    said = join(Sentence(f"{actor} 撤销所指原因", f"{actor} took the named cause back"), alarm.sentence)
    book.tell(freed, "cause_withdrawn", Reason.OPERATOR_ASKED, said, from_state=alarm.state, actor=actor)
