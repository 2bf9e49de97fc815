"""抑制: which alarm quiets which, by the pack's inhibitions and by the causes that people name. It only judges; quieting.py acts.

Only the condition of the source counts, never what people or other rules have done with it: so the order in which things come
cannot matter. Of several sources the most severe is the cause, the rest decided by what they are and not by when they came.
What a life may hang on is quieted by nothing but another such danger at the same place that is at least as severe.
"""

from rules.book import Book
from rules.definition import Inhibition
from rules.incident import is_life_safety
from rules.model import Alarm, EarlyWarning
from rules.quieted import is_meant
from rules.signals import to_ms
from rules.where import place_of


def source_of(book: Book, alarm: Alarm | EarlyWarning) -> tuple[Alarm, str] | None:
    """The alarm that quiets this one now, and by which inhibition ('' where a person named it); None where nothing does.

    ``alarm`` may be one that is not kept yet; then its incident id is that of the incident which would take it in, or ''.
    Early warnings are quieted in the same way, but never where a life may hang on them, not even by another such danger; and
    people name causes for alarms alone.
    """
    if isinstance(alarm, EarlyWarning) and is_life_safety(book, alarm):
        return None
    if isinstance(alarm, Alarm) and alarm.cause_named_by:
        named = book.alarms.get(alarm.cause_id)
        if named is not None and is_standing(named) and may_quiet(book, named, alarm):
            return named, ""
    found = [
        (book.alarms[name], inhibition.id)
        for inhibition, names in book.quieted.sources_for(alarm)
        for name in names
        if _quiets(book, inhibition, book.alarms[name], alarm)
    ]
    return min(found, key=lambda pair: (pair[0].level.rank, pair[0].rule, pair[0].zone, pair[0].device, pair[1]), default=None)


def _quiets(book: Book, inhibition: Inhibition, source: Alarm, target: Alarm | EarlyWarning) -> bool:
    return (
        is_standing(source)
        and is_meant(inhibition.source, source)
        and not inhibition.from_level.is_worse_than(source.level)
        and not target.level.is_worse_than(inhibition.to_level)
        and (inhibition.lasts_s is None or book.now < over_at(inhibition.lasts_s, source))
        and may_quiet(book, source, target)
    )


def is_standing(alarm: Alarm) -> bool:
    """Whether its condition holds and can be believed: a device on which somebody works proves nothing."""
    return alarm.is_active and alarm.state != "out_of_service"


def over_at(lasts_s: float, source: Alarm) -> int:
    """When a bounded inhibition by this source is over: counted from the source's last occurrence."""
    return (source.opened_at if source.last_at is None else source.last_at) + to_ms(lasts_s)


def may_quiet(book: Book, source: Alarm, target: Alarm | EarlyWarning) -> bool:
    """Whether the source may quiet the target at all: no life may hang on it, and it must not be behind the source itself."""
    if is_life_safety(book, target):
        is_here = source.incident_id == target.incident_id or _place(book, source) == _place(book, target)
        if not is_here or not is_life_safety(book, source) or target.level.is_worse_than(source.level):
            return False
    return not is_behind(book, target, source)


def is_behind(book: Book, one: Alarm | EarlyWarning, other: Alarm) -> bool:
    """Whether ``one`` is ``other`` or a cause of it, however many causes lie in between."""
    seen: dict[str, None] = {}
    name = other.id
    while name and name not in seen:
        if name == one.id:
            return True
        seen[name] = None
        found = book.alarms.get(name)
        name = "" if found is None else found.cause_id
    return False


def _place(book: Book, alarm: Alarm | EarlyWarning) -> str:
    case = book.cases.get(alarm.incident_id)
    hazard = book.pack_of(alarm.community).hazards.get(alarm.hazard)
    if case is not None or hazard is None:
        return "" if case is None else case.incident.zone
    return place_of(hazard.gather_by, alarm.zone, alarm.device)
