"""预警的抑制与解除: an early warning that an alarm explains is its consequence: kept, listed under its cause, told to nobody.

What the duty officer wants at a power cut is the cut, not a blue warning for each device that falls silent by it (EEMUA 191:
consequences are suppressed by design while their cause stands, and never out of sight). A warning has no acknowledgement: when
the cause ends, what still holds is told as if it had come now.
"""

from dataclasses import replace

from rules.book import Book
from rules.incident import notify, worsen_case
from rules.inhibition import source_of
from rules.lifecycle import WARNING, move
from rules.model import Alarm, EarlyWarning, Reason, Sentence
from rules.sentence import join
from rules.warning import let_stand


def review_warning(book: Book, warning: EarlyWarning) -> None:
    """Bring a warning that was touched in this step in line with what quiets it, or no longer does."""
    found = source_of(book, warning)
    if found is None:
        if warning.state == "suppressed":
            _release(book, warning)
    elif (found[0].id, found[1]) != (warning.cause_id, warning.inhibition):
        _suppress(book, warning, *found)


def _suppress(book: Book, warning: EarlyWarning, source: Alarm, inhibition: str) -> None:
    """Quiet it under this cause; one that is quiet already has another cause now, or was so from its beginning."""
    state = warning.state if warning.state == "suppressed" else move(WARNING, warning.state, "suppress")
    after = replace(warning, state=state, cause_id=source.id, inhibition=inhibition, changed_at=book.now)
    book.put_warning(after)
    because = next(one.title for one in book.quieted.inhibitions_of(warning.community) if one.id == inhibition)
    lead = Sentence(f"预警已抑制（{because.zh}），原因是", f"the warning is suppressed ({because.en}), the cause being")
    book.tell(after, "suppressed", Reason.INHIBITED, join(lead, source.sentence), from_state=warning.state)


def _release(book: Book, warning: EarlyWarning) -> None:
    """Its cause is over, and it still holds: now it is told."""
    state = move(WARNING, warning.state, "unsuppress")
    after = replace(warning, state=state, cause_id="", inhibition="", told_at=book.now, changed_at=book.now)
    book.put_warning(after)
    let_stand(book, after)
    lead = Sentence("预警抑制解除，原因已消失", "the warning is no longer suppressed, its cause is over")
    said = join(lead, warning.sentence)
    book.tell(after, "unsuppressed", Reason.CAUSE_ENDED, said, from_state=warning.state)
    case = worsen_case(book, book.cases[after.incident_id], after.level, after.sentence)
    targets = case.plan.notify_on_warning if case.plan else ()
    notify(book, case, f"warning_{after.level}_{case.episode}", targets, said)
