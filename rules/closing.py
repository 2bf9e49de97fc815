"""结案: a person ends a case, with a verdict; and what ends with it."""

from dataclasses import replace
from typing import Final

from rules.alarm import put_moved
from rules.book import Book, Case
from rules.dispatch import end as end_dispatch
from rules.dispatch import retry_owed
from rules.incident import is_life_safety
from rules.lifecycle import ALARM, INCIDENT, move
from rules.messages import tell_closed
from rules.model import Alarm, Reason, Sentence, Verdict
from rules.sentence import join
from rules.signals import to_ms
from rules.verdict import VERDICTS, given
from rules.warning import end_warning

NOT_REAL: Final = (Verdict.FALSE, Verdict.DRILL)
"""With these verdicts a case may be closed over a condition on which a life could hang: a person says that none does."""


def standing_dangers(book: Book, case: Case) -> list[Alarm]:
    """Alarms of this case on which a life may hang, and whose condition a sensor still reports."""
    alarms = book.alarms_of(case.incident)
    return [alarm for alarm in alarms if alarm.is_active and is_life_safety(book, alarm) and not is_momentary(book, alarm)]


def is_momentary(book: Book, alarm: Alarm) -> bool:
    """Whether the alarm is about a press, a sighting or something missing, whose end nothing need report."""
    last = alarm.evidence[-1] if alarm.evidence else None
    return last is not None and (last.test == "missing" or book.routes.kind_of(last).is_momentary)


def close(book: Book, case: Case, verdict: Verdict, actor: str, note: str = "") -> None:
    """End the case and all that runs under it. The caller has checked that it may. Raises IllegalMove."""
    before = case.incident
    state = move(INCIDENT, before.state, "close")
    said = Sentence(f"{actor} 结案：{VERDICTS[verdict].zh}", f"{actor} closed it: {VERDICTS[verdict].en}")
    if note:
        said = Sentence(f"{said.zh}；{note}", f"{said.en}; {note}")
    incident = replace(before, state=state, closed_by=actor, closed_at=book.now, changed_at=book.now)
    if verdict is not before.verdict:
        incident = given(incident, verdict, book.now, actor, note)
    _end_alarms(book, case, actor, said)
    _end_dispatches(book, case, actor)
    book.timers.disarm(f"clock {before.id}")
    last = tell_closed(book, book.cases[before.id], said)
    parties, told = last.incident.parties, last.told
    book.put_case(replace(last, told=told, incident=replace(incident, parties=parties)))
    _end_warnings(book, case, said)
    book.tell(incident, "closed", Reason.OPERATOR_ASKED, said, from_state=before.state, actor=actor, value=verdict.value)
    retry_owed(book)


def _end_warnings(book: Book, case: Case, said: Sentence) -> None:
    """After the case is closed, so that a watch does not close itself once more."""
    for warning in book.warnings_of(case.incident):
        end_warning(book, warning, "cancel", Reason.INCIDENT_CLOSED, said)


def _end_alarms(book: Book, case: Case, actor: str, said: Sentence) -> None:
    hazard = book.pack_of(case.incident.community).hazards.get(case.incident.hazard)
    quiet_until = book.now + (to_ms(hazard.gather_within_s) if hazard else 0)
    for alarm in book.alarms_of(case.incident):
        watch = book.watch_of.get(alarm.id)
        if watch is not None and alarm.is_active:
            watch.mute(alarm.level, quiet_until)
        ended = replace(alarm, state=move(ALARM, alarm.state, "close"), changed_at=book.now, shelved_until_at=None)
        put_moved(book, alarm, ended, "closed", Reason.INCIDENT_CLOSED, join(said, alarm.sentence), actor=actor)


def _end_dispatches(book: Book, case: Case, actor: str) -> None:
    for name in case.incident.dispatch_ids:
        run = book.runs.get(name)
        if run is not None:
            end_dispatch(book, run, "cancel", Reason.INCIDENT_CLOSED, actor)
