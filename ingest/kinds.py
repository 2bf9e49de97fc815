"""Holds an event against the table of kinds: does the kind belong to the class, is it this unit, can it have this state?"""

from functools import lru_cache
from typing import Final
from unicodedata import normalize

from ingest.refusal import Refusal, Refused, shown
from ingest.text import clean_text
from rules.kinds import KINDS
from rules.model import EventClass

_CLASSES_OF: Final = {name: tuple(event_class for event_class in EventClass if (event_class, name) in KINDS) for _, name in KINDS}


@lru_cache(maxsize=4096)
def unit_of(event_class: EventClass, kind: str, unit: str | None) -> str | Refused:
    """The unit that the event is in, or why the kind or the unit is refused.

    A kind of the table belongs to its classes (a heartbeat may carry any); a kind that the table does not know is let in
    with any unit, because packs may add kinds. The same unit written otherwise (℃ for °C, Greek μ) is the same unit.
    """
    known = KINDS.get((event_class, kind))
    classes = _CLASSES_OF.get(kind, ())
    if known is None and classes and event_class is not EventClass.HEARTBEAT:
        return Refused(
            Refusal.WRONG_CLASS,
            f"kind: {shown(kind)} is of class {' or '.join(classes)}, came on a topic of class {event_class}",
        )
    reading = KINDS.get((EventClass.READING, kind))
    expected = reading.unit if reading else ""
    if unit is None or unit == expected:
        return expected
    if not expected:
        return clean_text("unit", unit)
    if normalize("NFKC", unit) == normalize("NFKC", expected):
        return expected
    return Refused(Refusal.WRONG_UNIT, f"unit: {kind} is measured in {expected}, came {shown(unit)}; convert it before sending")


@lru_cache(maxsize=4096)
def fault_of_state(event_class: EventClass, kind: str, state: str) -> Refused | None:
    """Why the kind cannot have this state; None when it can. Kinds outside the table may have any."""
    known = KINDS.get((event_class, kind))
    if known is None or not known.states or state in known.states:
        return None
    expected = " or ".join(shown(word) for word in known.states)
    return Refused(Refusal.WRONG_STATE, f"state: {kind} is {expected} (null: not known), came {shown(state)}")
