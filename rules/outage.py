"""停用: which alarms and watches lie in something that is out of service now. It only judges; maintenance.py acts.

A zone covers all that lies in it. A device covers what rests on that device alone: where another one reports the same danger, it
is told. What a life may hang on is covered only by an outage of its very device that says so.
"""

from rules.book import Book
from rules.incident import is_life_safety
from rules.model import Alarm
from rules.place import Outage, lies_in
from rules.watch import Watch


def outage_of(book: Book, alarm: Alarm) -> Outage | None:
    """What holds this alarm: of several the one that lasts longest. None where it is in service."""
    running = book.outages.running
    if not running:
        return None
    found = [outage for outage in running.get(alarm.community, {}).values() if covers(outage, alarm)]
    if found and is_life_safety(book, alarm):
        found = [outage for outage in found if outage.is_life_safety]
    return max(found, key=lambda outage: (outage.until_at, outage.id), default=None)


def covers(outage: Outage, alarm: Alarm) -> bool:
    """Whether the alarm lies in what is out of service."""
    if outage.device:
        return alarm.device == outage.device and all(item.device == outage.device for item in alarm.evidence)
    return lies_in(alarm.zone, outage.zone)


def is_out(book: Book, watch: Watch) -> bool:
    """Whether nobody is warned by this watch now."""
    running = book.outages.running
    if not running:
        return False
    hazard = watch.active.hazard
    return any(
        (watch.device == outage.device if outage.device else lies_in(watch.zone, outage.zone))
        and (outage.is_life_safety or not hazard.is_life_safety)
        for outage in running.get(watch.community, {}).values()
    )
