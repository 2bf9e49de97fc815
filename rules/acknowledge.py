"""确认: a person has seen it, or takes that back. An incident and its alarms are acknowledged together."""

from dataclasses import replace

from rules.alarm import put_moved
from rules.book import Book, Case
from rules.clocks import meet, start_clocks
from rules.escalation import watch_clocks
from rules.incident import recover_if_over
from rules.lifecycle import ALARM, INCIDENT, IllegalMove, legal, move
from rules.model import Alarm, Reason, Sentence
from rules.sentence import join


def acknowledge_incident(book: Book, case: Case, actor: str) -> None:
    """All alarms of an incident, and the incident itself. Raises IllegalMove where nothing is left to acknowledge."""
    waiting = [alarm for alarm in book.alarms_of(case.incident) if "acknowledge" in legal(ALARM, alarm.state)]
    if case.incident.acknowledged_by and not waiting:
        raise IllegalMove("incident", case.incident.state, "acknowledge", _legal_but(case, "acknowledge"))
    for alarm in waiting:
        _acknowledge(book, alarm, actor)
    if not case.incident.acknowledged_by:
        _mark_incident(book, case.incident.id, actor)


def _legal_but(case: Case, refused: str) -> tuple[str, ...]:
    return tuple([transition for transition in legal(INCIDENT, case.incident.state) if transition != refused])


def acknowledge_alarm(book: Book, alarm: Alarm, actor: str) -> None:
    """One alarm; with the last one its incident is acknowledged too. Raises IllegalMove."""
    _acknowledge(book, alarm, actor)
    acknowledge_if_all_are(book, alarm.incident_id, actor)


def acknowledge_if_all_are(book: Book, incident_id: str, actor: str) -> None:
    """An incident none of whose alarms waits any more is acknowledged by whoever took the last one."""
    if not book.cases[incident_id].incident.acknowledged_by and not book.members.is_anybody_awaited(incident_id):
        _mark_incident(book, incident_id, actor)


def unacknowledge_incident(book: Book, case: Case, actor: str) -> None:
    """The incident and all its alarms wait for a person again. Raises IllegalMove where nobody had it."""
    taken = [alarm for alarm in book.alarms_of(case.incident) if "unacknowledge" in legal(ALARM, alarm.state)]
    if not case.incident.acknowledged_by and not taken:
        raise IllegalMove("incident", case.incident.state, "unacknowledge", _legal_but(case, "unacknowledge"))
    for alarm in taken:
        _unacknowledge(book, alarm, actor)
    _unmark_incident(book, case.incident.id, actor)


def unacknowledge_alarm(book: Book, alarm: Alarm, actor: str) -> None:
    """One alarm waits for a person again, and so does its incident. Raises IllegalMove."""
    _unacknowledge(book, alarm, actor)
    _unmark_incident(book, alarm.incident_id, actor)


def reset_alarm(book: Book, alarm: Alarm, actor: str) -> None:
    """A latched alarm whose condition is gone, or a reported one whose end nobody will report. Raises IllegalMove."""
    after = replace(alarm, state=move(ALARM, alarm.state, "reset"), is_active=False, changed_at=book.now)
    watch = book.watch_of.get(alarm.id)
    if watch is not None and alarm.is_active:
        watch.set_right()
    said = join(Sentence(f"{actor} 复位", f"{actor} reset it"), alarm.sentence)
    put_moved(book, alarm, after, "reset", Reason.OPERATOR_ASKED, said, actor=actor)
    recover_if_over(book, alarm.incident_id)


def _acknowledge(book: Book, alarm: Alarm, actor: str) -> None:
    after = replace(alarm, state=move(ALARM, alarm.state, "acknowledge"), acknowledged_by=actor, changed_at=book.now)
    said = join(Sentence(f"{actor} 确认报警", f"{actor} acknowledged the alarm"), alarm.sentence)
    put_moved(book, alarm, after, "acknowledged", Reason.OPERATOR_ASKED, said, actor=actor)


def _unacknowledge(book: Book, alarm: Alarm, actor: str) -> None:
    after = replace(alarm, state=move(ALARM, alarm.state, "unacknowledge"), acknowledged_by="", changed_at=book.now)
    said = join(Sentence(f"{actor} 撤销确认", f"{actor} took the acknowledgement back"), alarm.sentence)
    put_moved(book, alarm, after, "unacknowledged", Reason.OPERATOR_ASKED, said, actor=actor)


def _unmark_incident(book: Book, incident_id: str, actor: str) -> None:
    """Its own clocks start anew, and whom they call may be called once more."""
    case = book.cases[incident_id]
    before = case.incident
    if not before.acknowledged_by:
        return
    incident = replace(
        before,
        state=move(INCIDENT, before.state, "unacknowledge"),
        acknowledged_by="",
        clocks=start_clocks(case.plan.clocks if case.plan else (), book.now),
        changed_at=book.now,
    )
    book.put_case(replace(case, incident=incident, episode=case.episode + 1))
    said = join(Sentence(f"{actor} 撤销确认", f"{actor} took the acknowledgement back"), before.title)
    book.tell(incident, "unacknowledged", Reason.OPERATOR_ASKED, said, from_state=before.state, actor=actor)
    watch_clocks(book, incident_id)


def _mark_incident(book: Book, incident_id: str, actor: str) -> None:
    case = book.cases[incident_id]
    before = case.incident
    incident = replace(
        before,
        state=move(INCIDENT, before.state, "acknowledge"),
        acknowledged_by=actor,
        clocks=meet(before.clocks, ("acknowledged",), book.now),
        changed_at=book.now,
    )
    book.put_case(replace(case, incident=incident))
    said = join(Sentence(f"{actor} 确认警情", f"{actor} acknowledged the incident"), before.title)
    book.tell(incident, "acknowledged", Reason.OPERATOR_ASKED, said, from_state=before.state, actor=actor)
    watch_clocks(book, incident_id)
