"""抑制与解除: after every step each alarm that was touched is brought in line with what quiets it, or no longer does.

A suppressed alarm (ISA-18.2 "suppressed by design") is kept, counted, listed and shown under its cause; it rings for nobody.
When its cause ends, what is still true comes out unacknowledged and speaks. An incident of which all alarms are suppressed is a
watch until one of them speaks. Early warnings go the same way (quieting_warnings.py).
"""

from dataclasses import replace
from functools import partial
from typing import Final

from rules.alarm import put_moved, speak
from rules.book import Book
from rules.grouping import hushed
from rules.incident import close_watch_if_over, recover_if_over
from rules.inhibition import is_standing, over_at, source_of
from rules.lifecycle import ALARM, INCIDENT, legal, move
from rules.maintenance import restore, retire
from rules.messages import watch_group
from rules.model import Alarm, Reason, Sentence
from rules.outage import outage_of
from rules.quieted import is_meant
from rules.quieting_warnings import review_warning
from rules.sentence import join
from rules.suppress import unshelve

_NAMED: Final = Sentence("已指明原因", "named by a person")


def settle(book: Book) -> None:
    """Bring every alarm that was touched in this step in line. The order of ids makes it the same after a restart."""
    while book.quieted.touched:
        touched = sorted(book.quieted.touched)
        book.quieted.touched = {}
        for name in touched:
            alarm, warning = book.alarms.get(name), book.warnings.get(name)
            if alarm is not None:
                _review(book, alarm)
                watch_bounds(book, alarm)
            elif warning is not None:
                review_warning(book, warning)


def _review(book: Book, alarm: Alarm) -> None:
    if alarm.state == "shelved":
        if alarm.is_one_shot and not alarm.is_active:
            unshelve(book, alarm, Reason.RETURNED_ONCE)
        return
    outage = outage_of(book, alarm)
    if alarm.state == "out_of_service":
        if outage is None:
            restore(book, alarm)
        return
    if outage is not None and alarm.is_active and "retire" in legal(ALARM, alarm.state):
        retire(book, alarm, outage)
        _quiet_case(book, alarm.incident_id)
        return
    found = source_of(book, alarm)
    if alarm.state == "suppressed":
        if found is None:
            _release(book, alarm)
        elif (found[0].id, found[1]) != (alarm.cause_id, alarm.inhibition):
            _suppress(book, alarm, *found)
            _quiet_case(book, alarm.incident_id)
    elif found is not None and alarm.is_active and "suppress" in legal(ALARM, alarm.state):
        _suppress(book, alarm, *found)
        _quiet_case(book, alarm.incident_id)


def _suppress(book: Book, alarm: Alarm, source: Alarm, inhibition: str) -> None:
    """Quiet it under this cause; one that is quiet already has another cause now, or was so from its beginning."""
    after = _caused(book, alarm, source, inhibition)
    if alarm.state != "suppressed":
        after = replace(after, state=move(ALARM, alarm.state, "suppress"))
    because = next((one.title for one in book.quieted.inhibitions_of(alarm.community) if one.id == inhibition), _NAMED)
    lead = Sentence(f"已抑制（{because.zh}），原因是", f"suppressed ({because.en}), the cause being")
    reason = Reason.INHIBITED if inhibition else Reason.CAUSE_NAMED
    put_moved(book, alarm, after, "suppressed", reason, join(lead, source.sentence))


def _caused(book: Book, alarm: Alarm, source: Alarm, inhibition: str) -> Alarm:
    named_by = "" if inhibition else alarm.cause_named_by
    return replace(alarm, cause_id=source.id, inhibition=inhibition, cause_named_by=named_by, changed_at=book.now)


def _quiet_case(book: Book, incident_id: str) -> None:
    """Where nothing in an incident speaks any more it is a watch, and its clock calls nobody. Who was sent stays sent."""
    case = book.cases[incident_id]
    before = case.incident
    state = move(INCIDENT, before.state, "quiet")
    if state == before.state or book.members.is_anything_heard(incident_id):
        return
    quiet = replace(before, state=state, clocks=(), changed_at=book.now)
    book.put_case(replace(case, incident=quiet, group=hushed(case.group)))
    book.timers.disarm(f"clock {incident_id}")
    watch_group(book, incident_id)
    said = Sentence(f"{before.title.zh}：报警均已抑制", f"{before.title.en}: all its alarms are suppressed")
    book.tell(book.cases[incident_id].incident, "quieted", Reason.INHIBITED, said, from_state=before.state)


def _release(book: Book, alarm: Alarm) -> None:
    """Its cause is over. What is still true speaks now; what is not has ended."""
    transition = "unsuppress_active" if alarm.is_active else "unsuppress_latched" if alarm.is_latching else "unsuppress_normal"
    state = move(ALARM, alarm.state, transition)
    after = replace(alarm, state=state, cause_id="", cause_named_by="", inhibition="", acknowledged_by="", changed_at=book.now)
    said = Sentence("抑制解除，原因已消失", "no longer suppressed, the cause is over")
    put_moved(book, alarm, after, "unsuppressed", Reason.CAUSE_ENDED, join(said, alarm.sentence))
    if ALARM.is_final(state):
        recover_if_over(book, alarm.incident_id)
        close_watch_if_over(book, alarm.incident_id, Reason.CAUSE_ENDED)
    else:
        speak(book, after, Reason.CAUSE_ENDED, join(said, alarm.sentence))


def watch_bounds(book: Book, alarm: Alarm) -> None:
    """Have what this alarm quiets looked at again when a bounded inhibition is over."""
    if not is_standing(alarm):
        return
    bounds = [
        at
        for inhibition in book.quieted.inhibitions_of(alarm.community)
        if inhibition.lasts_s is not None and is_meant(inhibition.source, alarm)
        if (at := over_at(inhibition.lasts_s, alarm)) > book.now
    ]
    if bounds:
        book.timers.arm(f"inhibit {alarm.id}", min(bounds), partial(_bound_over, book, alarm.id))


def _bound_over(book: Book, alarm_id: str, _: int) -> None:
    book.quieted.touched[alarm_id] = None
    book.quieted.touch_targets(book.alarms[alarm_id])
