"""停用与恢复: a device or a zone is out of service for a while, by plan, with an owner and a reason, and never for ever.

Meanwhile everything is seen, decided and counted as ever, but its alarms are *out of service* (ISA-18.2): nobody is called. At
the end what is still true comes out unacknowledged, with the instant at which it truly began, and what is over is told as over.
It stands above suppression: what somebody works on proves nothing. A shelf stays a shelf until its own time is over.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from rules.alarm import kept_quiet, put_moved, speak
from rules.book import Book
from rules.corroboration import take_in
from rules.effects import Notify
from rules.incident import close_watch_if_over, recover_if_over
from rules.judgement import judge
from rules.lifecycle import ALARM, move
from rules.model import Alarm, Entity, Fact, Level, Reason, Sentence
from rules.outage import covers
from rules.place import WHOLE_COMMUNITY, Outage, lies_in
from rules.sentence import duration, join

OUTAGE_MAX_S: Final = 30 * 86_400.0
"""Longest time out of service; what needs longer is planned again by somebody who looks at it. Ours."""
AHEAD_MAX_S: Final = 90 * 86_400.0
"""How far ahead an outage may be planned; ours."""
LIFE_SAFETY_MAX_S: Final = 12 * 3600.0
"""Longest time for which alarms on which a life may hang are held: one working day, with a patrol in their place. Ours."""
TOLD_OF_LIFE_SAFETY: Final = "property"
"""The party that is told when such alarms are held; where the pack has none of this name, its first party."""


# ------------------------------------------------------------------------------------------------ its beginning and end


def plan(book: Book, outage: Outage) -> None:
    """Take something out of service now, or later."""
    if outage.from_at > book.now:
        book.put_outage(outage)
        ahead, long = _long(outage.from_at - book.now), _long(outage.until_at - outage.from_at)
        said = Sentence(
            f"{outage.owner} 计划停用：{ahead.zh}后开始，共 {long.zh}：{outage.reason}",
            f"{outage.owner} plans to take it out of service in {ahead.en}, for {long.en}: {outage.reason}",
        )
        _tell(book, outage, "maintenance_planned", Reason.OPERATOR_ASKED, said, outage.owner)
        watch_outage(book, outage)
    else:
        _begin(book, outage)


def _begin(book: Book, outage: Outage) -> None:
    running = replace(outage, is_running=True)
    book.put_outage(running)
    long = _long(outage.until_at - book.now)
    said = Sentence(
        f"{outage.owner} 停用 {long.zh}：{outage.reason}",
        f"{outage.owner} takes it out of service for {long.en}: {outage.reason}",
    )
    if outage.is_life_safety:
        loud = Sentence("涉及生命安全的报警也不再通知，请安排人员值守", "life-safety alarms are held too: post a watch")
        said = Sentence(f"{said.zh}；{loud.zh}", f"{said.en}; {loud.en}")
    _tell(book, running, "maintenance_began", Reason.OPERATOR_ASKED, said, outage.owner)
    _touch(book, running)
    watch_outage(book, running)


def end(book: Book, outage: Outage, actor: str = "") -> None:
    """Back in service, by a person or because the time is over; a planned one is called off."""
    book.timers.disarm(f"outage {outage.id}")
    ended = replace(outage, is_running=False, ended_at=book.now, ended_by=actor)
    book.put_outage(ended)
    who = Sentence(f"{actor} 恢复使用", f"{actor} puts it back in service") if actor else Sentence("停用到期", "back in service")
    if not outage.is_running:
        who = Sentence(f"{actor} 取消停用计划", f"{actor} calls the planned outage off")
    held = Sentence(f"期间未通知的报警 {outage.held_count} 条", f"alarms held meanwhile: {outage.held_count}")
    reason = Reason.OPERATOR_ASKED if actor else Reason.MAINTENANCE_OVER
    _tell(book, ended, "maintenance_ended", reason, Sentence(f"{who.zh}；{held.zh}", f"{who.en}; {held.en}"), actor)
    if outage.is_running:
        _touch(book, outage)
        _look_again(book, outage)


def watch_outage(book: Book, outage: Outage) -> None:
    """See to it that it begins and ends by itself."""
    at = outage.until_at if outage.is_running else outage.from_at
    book.timers.arm(f"outage {outage.id}", at, partial(_due, book, outage.id))


def _due(book: Book, name: str, _: int) -> None:
    outage = book.outages.by_id[name]
    if outage.is_running:
        end(book, outage)
    else:
        _begin(book, outage)


def _touch(book: Book, outage: Outage) -> None:
    """Have every alarm that lies in it brought in line at the end of this step."""
    for name in sorted(book.alarms):
        alarm = book.alarms[name]
        if alarm.community == outage.community and (covers(outage, alarm) or alarm.state == "out_of_service"):
            book.quieted.touched[name] = None


def _look_again(book: Book, outage: Outage) -> None:
    """Warnings that nobody was given meanwhile are given now, where they are still true."""
    for active in book.rules.values():
        for watch in active.all_watches() if active.warning_count else ():
            is_in = watch.device == outage.device if outage.device else lies_in(watch.zone, outage.zone)
            if watch.community == outage.community and is_in:
                judge(book, watch)


# --------------------------------------------------------------------------------------------------------- its alarms


def retire(book: Book, alarm: Alarm, outage: Outage) -> None:
    """This alarm is out of service from here on."""
    after = replace(
        alarm,
        state=move(ALARM, alarm.state, "retire"),
        cause_id="",
        cause_named_by="",
        inhibition="",
        changed_at=book.now,
    )
    book.put_outage(replace(outage, held_count=outage.held_count + 1))
    said = Sentence(f"停用中，不通知：{outage.reason}", f"out of service, nobody is called: {outage.reason}")
    put_moved(book, alarm, after, "retired", Reason.OUT_OF_SERVICE, join(said, alarm.sentence))


def restore(book: Book, alarm: Alarm) -> None:
    """In service again. What is still true speaks now, as something that nobody has seen; what is not has ended."""
    transition = "restore_active" if alarm.is_active else "restore_latched" if alarm.is_latching else "restore_normal"
    state = move(ALARM, alarm.state, transition)
    after = kept_quiet(book, alarm, replace(alarm, state=state, acknowledged_by="", changed_at=book.now))
    ago = _long(book.now - alarm.opened_at)
    said = Sentence(f"恢复使用，{ago.zh}前开始，仍然存在", f"back in service; it began {ago.en} ago and still holds")
    if not alarm.is_active:
        said = Sentence(f"恢复使用，{ago.zh}前开始，期间已结束", f"back in service; it began {ago.en} ago and is over")
    put_moved(book, alarm, after, "restored", Reason.MAINTENANCE_OVER, join(said, alarm.sentence))
    if ALARM.is_final(state):
        recover_if_over(book, alarm.incident_id)
        close_watch_if_over(book, alarm.incident_id, Reason.MAINTENANCE_OVER)
    else:
        speak(book, after, Reason.MAINTENANCE_OVER, join(said, alarm.sentence))
        watch = book.watch_of.get(alarm.id)
        if watch is not None:
            take_in(book, watch, None)  # from here on it is a source like any other


# ------------------------------------------------------------------------------------------------------ what is told


def _long(ms: int) -> Sentence:
    return duration(round(ms / 1000))


def _tell(book: Book, outage: Outage, transition: str, reason: Reason, said: Sentence, actor: str) -> None:
    where = Sentence(outage.zone, outage.zone) if outage.zone else Sentence("全社区", "the whole community")
    if outage.device:
        where = Sentence(f"设备 {outage.device}", f"device {outage.device}")
    text = join(where, said)
    book.add_fact(
        Fact(
            id="",
            at=book.now,
            community=outage.community,
            entity=Entity.DEVICE if outage.device else Entity.ZONE,
            entity_id=outage.device or outage.zone or WHOLE_COMMUNITY,
            incident_id="",
            transition=transition,
            from_state="",
            to_state="",
            reason=reason,
            cause_id=book.cause_id,
            sentence=text,
            level=Level.ORANGE if outage.is_life_safety else None,
            zone=outage.zone,
            device=outage.device,
            pack_version=book.pack.version,
            actor=actor,
            value=outage.id,
        )
    )
    if outage.is_life_safety:
        _warn(book, outage, transition, text)


def _warn(book: Book, outage: Outage, step: str, text: Sentence) -> None:
    """Loud: somebody must know that nobody is called for fire, gas or a cry for help there."""
    parties = book.pack.parties
    target = TOLD_OF_LIFE_SAFETY if TOLD_OF_LIFE_SAFETY in parties else next(iter(parties), "")
    if target:
        book.add(
            Notify(
                key=f"{outage.id}/{step}/{target}",
                community=outage.community,
                incident_id="",
                dispatch_id="",
                target=target,
                step=step,
                level=Level.ORANGE,
                title=Sentence("生命安全报警停用", "life safety out of service"),
                text=text,
                is_critical=True,
                at=book.now,
            )
        )
