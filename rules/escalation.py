"""Missed and nearly missed clocks: a line in the story, a message to those whom the plan names, each step once."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from rules.book import Book
from rules.clocks import Step, next_step_at, run_clocks
from rules.incident import notify
from rules.model import Dispatch, Incident, Reason, Sentence
from rules.sentence import duration, join

STEPS: Final[Mapping[str, Sentence]] = {
    "ordered": Sentence("派单", "ordered"),
    "accepted": Sentence("接单", "accepted"),
    "en_route": Sentence("出警", "on the way"),
    "on_scene": Sentence("到场", "on scene"),
    "completed": Sentence("处置完毕", "completed"),
    "declined": Sentence("退单", "declined"),
    "expired": Sentence("超时未接单", "not accepted in time"),
    "reassigned": Sentence("转办", "given to somebody else"),
    "cancelled": Sentence("撤销", "cancelled"),
    "acknowledged": Sentence("确认", "acknowledged"),
}
"""How the steps of the response are called, in the states' own names."""


def tell_step(book: Book, record: Dispatch | Incident, step: Step) -> None:
    """A clock is near its end, at it, or past it."""
    case = book.cases[record.id if isinstance(record, Incident) else record.incident_id]
    name = STEPS.get(step.clock, Sentence(step.clock, step.clock))
    left_s = (step.due_at - step.at) / 1000
    if left_s > 0:
        left = duration(left_s)
        said = Sentence(f"尚未{name.zh}，距时限还有 {left.zh}", f"not yet {name.en}, {left.en} left")
    elif left_s == 0:
        said = Sentence(f"未按时{name.zh}", f"not {name.en} in time")
    else:
        over = duration(-left_s)
        said = Sentence(f"未按时{name.zh}，已超时 {over.zh}", f"not {name.en} in time, {over.en} late")
    said = join(case.incident.title, said)
    reason = Reason.DEADLINE_NEAR if left_s > 0 else Reason.DEADLINE_MISSED
    if step.escalation is None:
        book.tell(record, "deadline_missed", reason, said, from_state=record.state, value=step.clock)
        return
    percent = round(step.escalation.at_share * 100)
    book.tell(record, "escalated", reason, said, from_state=record.state, value=f"{step.clock} {percent} %")
    dispatch_id = record.id if isinstance(record, Dispatch) else ""
    notify(book, case, f"{step.clock}_{percent}_{dispatch_id or case.episode}", step.escalation.notify, said, dispatch_id)


def watch_clocks(book: Book, incident_id: str) -> None:
    """Arm the timer for what the incident's own clocks do next; none where they are met."""
    case = book.cases[incident_id]
    due = next_step_at(case.incident.clocks, case.plan.escalations if case.plan else ())
    if due is None:
        book.timers.disarm(f"clock {incident_id}")
    else:
        book.timers.arm(f"clock {incident_id}", due, partial(_run_clocks, book, incident_id))


def _run_clocks(book: Book, incident_id: str, at: int) -> None:
    case = book.cases[incident_id]
    clocks, steps = run_clocks(case.incident.clocks, case.plan.escalations if case.plan else (), at)
    incident = replace(case.incident, clocks=clocks)
    book.put_case(replace(case, incident=incident))
    for step in steps:
        tell_step(book, incident, step)
    watch_clocks(book, incident_id)
