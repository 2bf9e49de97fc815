"""搁置: a person quiets an alarm for a while, with a name and a reason. Never one on which a life may hang, never for ever.

For a time, or (``once``) until the condition has gone back to normal once; that is bounded too. Back by itself, it is
unacknowledged and speaks, because nobody may be looking. Back by a person's hand it is acknowledged by that person, who is: the
advice of ISA-18.2. What went back to normal meanwhile has ended; a latching alarm waits for its reset.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from rules.alarm import kept_quiet, put_moved, speak
from rules.book import Book
from rules.dispatch import place_orders
from rules.incident import raise_case
from rules.lifecycle import ALARM, move
from rules.model import Alarm, Reason, Sentence
from rules.sentence import duration, join

SHELF_MAX_S: Final = 8 * 3600
"""Eight hours, one shift: the bound of EEMUA 191 practice; a longer need is maintenance, not shelving."""
_BACK: Final = {
    Reason.SHELF_TIME_OVER: Sentence("搁置到期", "the shelf time is over"),
    Reason.RETURNED_ONCE: Sentence("已恢复一次，搁置结束", "it has gone back once, the shelf is over"),
}


def shelve(book: Book, alarm: Alarm, actor: str, reason: str, for_s: float, *, is_one_shot: bool = False) -> None:
    """Quiet an alarm. Raises IllegalMove. The caller has checked that it may be and for how long."""
    until = book.now + round(for_s * 1000)
    shelved = replace(
        alarm,
        state=move(ALARM, alarm.state, "shelve"),
        shelved_until_at=until,
        shelved_by=actor,
        shelve_reason=reason,
        is_one_shot=is_one_shot,
        changed_at=book.now,
    )
    long = duration(for_s)
    said = Sentence(f"{actor} 搁置 {long.zh}：{reason}", f"{actor} shelved it for {long.en}: {reason}")
    if is_one_shot:
        said = Sentence(
            f"{actor} 搁置至恢复一次（最长 {long.zh}）：{reason}",
            f"{actor} shelved it until it has gone back once, {long.en} at most: {reason}",
        )
    put_moved(book, alarm, shelved, "shelved", Reason.OPERATOR_ASKED, join(said, alarm.sentence), actor=actor)
    watch_shelf(book, shelved)


def unshelve(book: Book, alarm: Alarm, reason: Reason, actor: str = "") -> None:
    """Back from the shelf, by a person (``actor``) or by itself. Raises IllegalMove."""
    where = "active" if alarm.is_active else "latched" if alarm.is_latching else "normal"
    state = move(ALARM, alarm.state, f"unshelve_seen_{where}" if actor else f"unshelve_{where}")
    back = replace(alarm, state=state, shelved_until_at=None, is_one_shot=False, acknowledged_by=actor, changed_at=book.now)
    if not actor:
        back = kept_quiet(book, alarm, back)
    book.timers.disarm(f"shelf {alarm.id}")
    who = Sentence(f"{actor} 取消搁置", f"{actor} took it off the shelf") if actor else _BACK[reason]
    said = join(who, alarm.sentence)
    put_moved(book, alarm, back, "unshelved", reason, said, actor=actor)
    if ALARM.is_final(state):
        return
    if not actor:
        speak(book, back, reason, said)
    elif back.is_active:  # the case may have recovered while this one lay on the shelf
        case = raise_case(book, book.cases[back.incident_id], back.level, back.sentence, reason)
        place_orders(book, case, back.level)


def watch_shelf(book: Book, alarm: Alarm) -> None:
    """See to it that an alarm comes back from the shelf by itself."""
    if alarm.shelved_until_at is not None:
        book.timers.arm(f"shelf {alarm.id}", alarm.shelved_until_at, partial(_time_over, book, alarm.id))


def _time_over(book: Book, alarm_id: str, _: int) -> None:
    unshelve(book, book.alarms[alarm_id], Reason.SHELF_TIME_OVER)
