"""Messages to the parties of an incident: alarm, again, over, not yet acknowledged, closed. Every alarm is in one of them."""

from dataclasses import replace
from functools import partial
from typing import Final, cast

from rules.book import Book, Case
from rules.definition import Messages, Plan
from rules.grouping import Standing, due_at, happened, owes_an_ending, told
from rules.incident import notify, over_said
from rules.model import Alarm, Sentence
from rules.sentence import join

_AGAIN: Final = Sentence("仍未确认", "still not acknowledged")


def tell_alarm(book: Book, incident_id: str, alarm: Alarm, said: Sentence) -> None:
    """An alarm was announced in this incident: its parties hear of it now, or with the next message of its group."""
    case = book.cases[incident_id]
    plan = case.plan
    if plan is not None:
        group = happened(case.group, book.now, alarm.level, said)
        book.put_case(replace(case, group=group if plan.notify_on_alarm else told(group, book.now, is_over=False)))
        tell_what_is_due(book, incident_id)


def tell_what_is_due(book: Book, incident_id: str) -> None:
    """Send the message of this incident's group that is due, and arm the timer for the next one."""
    while (due := _due_at(book.cases[incident_id])) is not None and due <= book.now:
        _send(book, book.cases[incident_id])
    watch_group(book, incident_id)


def watch_group(book: Book, incident_id: str) -> None:
    """Have the next message of this group sent when it is due."""
    due = _due_at(book.cases[incident_id])
    name = f"tell {incident_id}"
    if due is None:
        book.timers.disarm(name)
    else:
        book.timers.arm(name, due, partial(_wake, book, incident_id))


def tell_closed(book: Book, case: Case, said: Sentence) -> Case:
    """The case is about to be closed: whoever still believes in the danger, or was owed an alarm, hears how it ended."""
    book.timers.disarm(f"tell {case.incident.id}")
    plan = case.plan
    if plan is None or not owes_an_ending(case.group, plan.messages):
        return case
    count = case.group.untold_count
    said = join(case.incident.title, said)
    if count:
        said = Sentence(f"{said.zh}（此前未告知的报警 {count} 次）", f"{said.en} (alarms not told before: {count})")
    return _tell(book, case, plan, "closed", said, is_over=True)


def _wake(book: Book, incident_id: str, _: int) -> None:
    tell_what_is_due(book, incident_id)


def _due_at(case: Case) -> int | None:
    return None if case.plan is None or not case.plan.notify_on_alarm else due_at(case.group, _terms(case), _standing(case))


def _terms(case: Case) -> Messages:
    return case.plan.messages if case.plan is not None else Messages()


def _standing(case: Case) -> Standing:
    incident = case.incident
    return Standing(
        is_over=incident.state == "recovered", is_waiting=incident.state == "open", is_life_safety=incident.is_life_safety
    )


def _send(book: Book, case: Case) -> None:
    """The message that is due now: what happened since the last one, how it stands, or the same once more."""
    plan, group, incident = cast(Plan, case.plan), case.group, case.incident  # without a plan nothing is ever due
    is_over = _standing(case).is_over
    if is_over:
        over = over_said(book, incident)
        said = join(incident.title, over if group.untold_count == 0 else _over_after(group.untold_count, over))
        _tell(book, case, plan, "recovered", said, is_over=True)
    elif group.untold is None or group.untold_level is None:
        _tell(book, case, plan, "repeated", join(_AGAIN, incident.sentence), is_over=False)
    else:
        said = group.untold
        if group.untold_count > 1:
            count = group.untold_count
            said = join(Sentence(f"又有 {count} 次报警，最近一次", f"{count} more alarms, the latest"), said)
        _tell(book, case, plan, f"alarm_{group.untold_level}", said, is_over=False)


def _over_after(count: int, over: Sentence) -> Sentence:
    return Sentence(f"其间又报警 {count} 次，目前{over.zh}", f"{count} more alarms in between, now {over.en}")


def _tell(book: Book, case: Case, plan: Plan, word: str, said: Sentence, *, is_over: bool) -> Case:
    """One message to all whom the plan tells. Its step is numbered, so it needs no place in the list of steps told."""
    group = told(case.group, book.now, is_over=is_over)
    before = case.told
    case = notify(book, replace(case, group=group), f"{word}_{group.message_count}", plan.notify_on_alarm, said)
    case = replace(case, told=before)
    book.put_case(case)
    return case
