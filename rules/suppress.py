"""搁置: a person quiets an alarm for a while, with a name and a reason. Never one on which a life may hang, never for ever."""

from dataclasses import replace
from functools import partial
from typing import Final

from rules.alarm import put_moved
from rules.book import Book
from rules.dispatch import place_orders
from rules.lifecycle import ALARM, move
from rules.model import Alarm, Reason, Sentence
from rules.sentence import duration, join

SHELF_MAX_S: Final = 8 * 3600
"""Eight hours, one shift: the bound of EEMUA 191 practice; a longer need is maintenance, not shelving."""


def is_life_safety(book: Book, alarm: Alarm) -> bool:
    """Whether a life may hang on this alarm, by its own hazard or by the case that it is part of."""
    hazard = book.pack.hazards.get(alarm.hazard)
    return (hazard is not None and hazard.is_life_safety) or book.cases[alarm.incident_id].incident.is_life_safety


def shelve(book: Book, alarm: Alarm, actor: str, reason: str, for_s: float) -> None:
    """Quiet an alarm. Raises IllegalMove. The caller has checked that it may be and for how long."""
    until = book.now + round(for_s * 1000)
    shelved = replace(
        alarm,
        state=move(ALARM, alarm.state, "shelve"),
        shelved_until_at=until,
        shelved_by=actor,
        shelve_reason=reason,
        changed_at=book.now,
    )
    long = duration(for_s)
    said = Sentence(f"{actor} 搁置 {long.zh}：{reason}", f"{actor} shelved it for {long.en}: {reason}")
    put_moved(book, alarm, shelved, "shelved", Reason.OPERATOR_ASKED, join(said, alarm.sentence), actor=actor)
    watch_shelf(book, shelved)


def unshelve(book: Book, alarm: Alarm, reason: Reason, actor: str = "") -> None:
    """Back from the shelf: unacknowledged where the condition still holds. Raises IllegalMove."""
    transition = "unshelve_active" if alarm.is_active else "unshelve_latched" if alarm.is_latching else "unshelve_normal"
    state = move(ALARM, alarm.state, transition)
    back = replace(alarm, state=state, shelved_until_at=None, acknowledged_by="", changed_at=book.now)
    book.timers.disarm(f"shelf {alarm.id}")
    who = (
        Sentence(f"{actor} 取消搁置", f"{actor} took it off the shelf")
        if actor
        else Sentence("搁置到期", "the shelf time is over")
    )
    put_moved(book, alarm, back, "unshelved", reason, join(who, alarm.sentence), actor=actor)
    if back.is_active:
        place_orders(book, book.cases[back.incident_id], back.level)


def watch_shelf(book: Book, alarm: Alarm) -> None:
    """See to it that an alarm comes back from the shelf by itself."""
    if alarm.shelved_until_at is not None:
        book.timers.arm(f"shelf {alarm.id}", alarm.shelved_until_at, partial(_time_over, book, alarm.id))


def _time_over(book: Book, alarm_id: str, _: int) -> None:
    unshelve(book, book.alarms[alarm_id], Reason.SHELF_TIME_OVER)
