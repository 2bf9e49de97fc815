"""Who goes: capable, on duty, free and near. Those who are passed over are named with the reason."""

from rules.book import Book
from rules.definition import Responder
from rules.hours import is_within
from rules.model import Incident, PassedOver, Reason, Status


def choose(
    book: Book, incident: Incident, capability: str, tried: tuple[str, ...]
) -> tuple[Responder | None, tuple[PassedOver, ...]]:
    """The responder for this order, or None; and everybody else with the reason, in the order of the pack."""
    pack = book.pack
    busy = busy_responders(book, incident.status)
    passed: dict[str, Reason] = {}
    free: list[Responder] = []
    for responder in pack.responders:
        if capability not in responder.capabilities:
            passed[responder.id] = Reason.NOT_CAPABLE
        elif responder.id in tried:
            passed[responder.id] = Reason.DECLINED_BEFORE
        elif not is_within(responder.hours, book.now, pack.timezone):
            passed[responder.id] = Reason.OFF_DUTY
        elif responder.id in busy:
            passed[responder.id] = Reason.BUSY
        else:
            passed[responder.id] = Reason.FARTHER
            free.append(responder)
    nearest = min(free, key=lambda responder: (-shared_path(responder.zone, incident.zone), responder.id), default=None)
    if nearest is not None:
        del passed[nearest.id]
    return nearest, tuple([PassedOver(responder=name, reason=reason) for name, reason in passed.items()])


def free_capabilities(book: Book) -> frozenset[tuple[bool, str]]:
    """What somebody on duty and free can do: (for real cases?, capability). It spares the search where nobody can be found."""
    found: list[tuple[bool, str]] = []
    for status in (Status.ACTUAL, Status.EXERCISE):
        busy = busy_responders(book, status)
        for responder in book.pack.responders:
            if responder.id not in busy and is_within(responder.hours, book.now, book.pack.timezone):
                found += [(status is Status.ACTUAL, capability) for capability in responder.capabilities]
    return frozenset(found)


def busy_responders(book: Book, status: Status) -> frozenset[str]:
    """Who is under way. A drill holds nobody back from a real case; a real case holds back from a drill."""
    is_real = status is Status.ACTUAL
    runs = book.runs.values()
    return frozenset([run.dispatch.responder for run in runs if not is_real or run.dispatch.status is Status.ACTUAL])


def shared_path(one: str, other: str) -> int:
    """How many leading parts two zones share: the more, the nearer."""
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right or not left:
            break
        count += 1
    return count
