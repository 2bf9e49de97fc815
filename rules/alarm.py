"""报警: raised, raised again, worse, milder, gone. Condition and acknowledgement are two facts (ISA-18.2)."""

from dataclasses import replace
from typing import Final

from rules.book import Book, Case
from rules.canonical import digest_id
from rules.dispatch import place_orders
from rules.escalation import watch_clocks
from rules.finding import Finding
from rules.incident import admit_alarm, admit_quietly, find, raise_case, recover_if_over
from rules.inhibition import source_of
from rules.lifecycle import ALARM, QUIET, move
from rules.members import alarm_count
from rules.messages import tell_alarm
from rules.model import Alarm, EarlyWarning, Evidence, Reason, Sentence
from rules.outage import outage_of
from rules.sentence import LEVELS, duration, join
from rules.warning import end_warning, told_since
from rules.watch import Watch

REPEATS_TOLD_MAX: Final = 8
"""Repeated reports that each get a line of their own in the story; all are counted."""


def raise_alarm(book: Book, watch: Watch, found: Finding) -> None:
    """A new alarm: it joins or opens its incident, and what was warned of there has come true."""
    rule = watch.active.rule
    alarm_id = digest_id("a", watch.name, book.now, book.cause_id)
    alarm = Alarm(
        id=alarm_id,
        community=watch.community,
        hazard=rule.hazard,
        level=found.level,
        state=ALARM.initial,
        zone=watch.zone,
        device=watch.device,
        rule=rule.id,
        pack_version=book.pack.version,
        opened_at=book.now,
        changed_at=book.now,
        last_at=book.now,
        incident_id="",
        sentence=found.sentence,
        evidence=found.evidence,
        is_latching=watch.active.is_latching,
        status=watch.status,
    )
    admit = admit_alarm
    if _is_quieted_from_the_start(book, watch, alarm):
        admit, alarm = admit_quietly, replace(alarm, state=move(ALARM, alarm.state, "suppress"))
    case = admit(book, watch, alarm_id, found.level, found.sentence, found.reason)
    warned_at = first_warned_at(book, case)
    lead_time_s = None if warned_at is None else (book.now - warned_at) / 1000
    alarm = replace(alarm, incident_id=case.incident.id, lead_time_s=lead_time_s, is_unwarned=warned_at is None)
    watch.alarm_id = alarm_id
    watch.muted_rank = 0
    book.watch_of[alarm_id] = watch
    book.put_alarm(alarm)
    said = join(_level_said(alarm), found.sentence)
    book.tell(alarm, "opened", found.reason, said, evidence=found.evidence)
    _materialise_warnings(book, case, alarm)
    if admit is admit_alarm:
        _answer(book, alarm, said)


def _is_quieted_from_the_start(book: Book, watch: Watch, alarm: Alarm) -> bool:
    if outage_of(book, alarm) is not None:
        return True
    if not book.quieted.inhibitions_of(watch.community):
        return False
    case = find(book, watch)
    return source_of(book, alarm if case is None else replace(alarm, incident_id=case.incident.id)) is not None


def speak(book: Book, alarm: Alarm, reason: Reason, said: Sentence) -> None:
    """An alarm that was quiet asks for attention: its case is open again, whoever must know is told, whoever must go is sent."""
    if _is_heard(book, alarm):
        raise_case(book, book.cases[alarm.incident_id], alarm.level, alarm.sentence, reason, is_back=True)
        _answer(book, alarm, said)


def _is_heard(book: Book, alarm: Alarm) -> bool:
    return alarm.state not in QUIET and source_of(book, alarm) is None and outage_of(book, alarm) is None


def kept_quiet(book: Book, before: Alarm, after: Alarm) -> Alarm:
    """The alarm as it is to be announced: not at all where something quiets it. By what, quieting.py says later in the step."""
    if ALARM.is_final(after.state) or after.state in QUIET or not after.is_active or _is_heard(book, after):
        return after
    return replace(after, state=move(ALARM, before.state, "suppress"))


def raise_again(book: Book, watch: Watch, alarm: Alarm, found: Finding) -> None:
    """The condition came back before the alarm had ended: it wants a person's attention anew, worse also from the shelf."""
    is_off_the_shelf = alarm.state == "shelved" and found.level.is_worse_than(alarm.level)
    changed = replace(
        alarm,
        state=move(ALARM, alarm.state, "worsen" if is_off_the_shelf else "retrigger"),
        is_active=True,
        level=found.level,
        changed_at=book.now,
        last_at=book.now,
        sentence=found.sentence,
        evidence=found.evidence,
        occurrence_count=alarm.occurrence_count + 1,
        sources=(),
        confidence=None,
        acknowledged_by="" if is_off_the_shelf or alarm.state not in QUIET else alarm.acknowledged_by,
    )
    if is_off_the_shelf:
        changed = _off_the_shelf(book, changed)
    changed = kept_quiet(book, alarm, changed)
    watch.muted_rank = 0
    book.put_alarm(changed)
    count = changed.occurrence_count
    said = join(Sentence(f"再次报警（第 {count} 次）", f"alarm again (time {count})"), found.sentence)
    book.tell(changed, "retriggered", found.reason, said, from_state=alarm.state, evidence=found.evidence)
    if watch.warning_id:  # what stood after it had eased
        _came_true(book, book.warnings[watch.warning_id], changed)
    if _is_heard(book, changed):
        raise_case(book, book.cases[alarm.incident_id], found.level, found.sentence, found.reason)
        _answer(book, changed, said)


def count_again(book: Book, alarm: Alarm, found: Finding) -> None:
    """Reported once more while it is still active: counted, without asking for attention again."""
    count = alarm.occurrence_count + 1
    changed = replace(
        alarm,
        state=move(ALARM, alarm.state, "retrigger"),
        occurrence_count=count,
        changed_at=book.now,
        last_at=book.now,
        evidence=found.evidence,
    )
    book.put_alarm(changed)
    book.put_case(replace(book.cases[alarm.incident_id], last_at=book.now))
    if count <= REPEATS_TOLD_MAX or count & (count - 1) == 0:  # then only 16, 32, 64 …: some devices repeat every second
        said = join(Sentence(f"重复上报（第 {count} 次）", f"reported again (time {count})"), found.sentence)
        book.tell(changed, "repeated", Reason.REPORTED, said, from_state=alarm.state, evidence=found.evidence)


def change_level(book: Book, alarm: Alarm, found: Finding) -> None:
    """Worse: the alarm is announced anew, also from the shelf. Milder, suppressed or out of service: only its level changes."""
    is_worse = found.level.is_worse_than(alarm.level)
    state = move(ALARM, alarm.state, "worsen" if is_worse else "ease")
    changed = replace(
        alarm, state=state, level=found.level, changed_at=book.now, sentence=found.sentence, evidence=found.evidence
    )
    if is_worse and state not in QUIET:
        changed = kept_quiet(book, alarm, _off_the_shelf(book, replace(changed, acknowledged_by="")))
    book.put_alarm(changed)
    said = Sentence(
        f"报警由{LEVELS[alarm.level].zh}调整为{LEVELS[found.level].zh}",
        f"the {LEVELS[alarm.level].en} alarm is now {LEVELS[found.level].en}",
    )
    said = join(said, found.sentence)
    reason = Reason.WORSENED if is_worse else Reason.EASED
    book.tell(changed, "level_changed", reason, said, from_state=alarm.state, evidence=found.evidence)
    if is_worse and _is_heard(book, changed):
        raise_case(book, book.cases[alarm.incident_id], found.level, found.sentence, reason)
        _answer(book, changed, said)


def _off_the_shelf(book: Book, alarm: Alarm) -> Alarm:
    book.timers.disarm(f"shelf {alarm.id}")
    return replace(alarm, shelved_until_at=None, is_one_shot=False)


def condition_gone(book: Book, alarm: Alarm, reason: Reason, said: Sentence, evidence: tuple[Evidence, ...] = ()) -> None:
    """What the alarm was about is over. It stays until it is acknowledged, and a latching one until it is reset."""
    state = move(ALARM, alarm.state, "latch" if alarm.is_latching else "return")
    changed = replace(alarm, state=state, is_active=False, changed_at=book.now)
    is_edit = reason is Reason.RULE_REMOVED
    said = join(Sentence("不再监视", "no longer watched") if is_edit else Sentence("恢复", "cleared"), said)
    put_moved(book, alarm, changed, "cleared", reason, said, evidence=evidence)
    recover_if_over(book, alarm.incident_id, reason if is_edit else Reason.ALL_RECOVERED)


def put_moved(
    book: Book,
    before: Alarm,
    after: Alarm,
    transition: str,
    reason: Reason,
    said: Sentence,
    *,
    actor: str = "",
    evidence: tuple[Evidence, ...] = (),
) -> None:
    """Keep an alarm that has moved, tell of it, and let go of it where it has ended."""
    watch = book.watch_of.get(before.id)
    if ALARM.is_final(after.state):
        after = replace(after, ended_at=book.now)
        book.timers.disarm(f"shelf {before.id}")
        if watch is not None:
            watch.alarm_id = ""
            book.keep(watch)
    book.put_alarm(after)
    book.tell(after, transition, reason, said, from_state=before.state, actor=actor, evidence=evidence)


def _level_said(alarm: Alarm) -> Sentence:
    return Sentence(f"{LEVELS[alarm.level].zh}报警", f"{LEVELS[alarm.level].en} alarm")


def first_warned_at(book: Book, case: Case) -> int | None:
    """When the danger that this incident is about now was first warned of; None where no warning came before.

    Those that still stand count, and those that came true in this episode: one that was cancelled or has expired warned of
    something else. One that is suppressed warns nobody.
    """
    standing = [told_since(book.warnings[name]) for name in book.members.warnings_of(case.incident.id)]
    return min([at for at in (*standing, case.warned_at) if at is not None], default=None)


def _materialise_warnings(book: Book, case: Case, alarm: Alarm) -> None:
    """What was warned of in this incident has come: each warning ends with its best outcome, and the lead time is kept."""
    incident = book.cases[case.incident.id].incident
    came_true = book.warnings_of(incident)
    if came_true:
        book.put_case(replace(book.cases[incident.id], warned_at=first_warned_at(book, book.cases[incident.id])))
    told = [at for warning in came_true if (at := told_since(warning)) is not None]
    if told and incident.lead_time_s is None and alarm_count(incident) == 1:
        lead_time_s = (book.now - min(told)) / 1000
        current = book.cases[incident.id]
        book.put_case(replace(current, incident=replace(current.incident, lead_time_s=lead_time_s)))
    for warning in came_true:
        _came_true(book, warning, alarm)


def _came_true(book: Book, warning: EarlyWarning, alarm: Alarm) -> None:
    told_at = told_since(warning)
    said = Sentence("预警在抑制中成真", "the warning came true while it was suppressed")
    if told_at is not None:
        ahead = duration(round((book.now - told_at) / 1000))
        said = Sentence(f"预警成真，提前 {ahead.zh}", f"the warning came true, {ahead.en} ahead")
    end_warning(book, warning, "materialise", Reason.ALARM_FOLLOWED, join(said, alarm.sentence))


def _answer(book: Book, alarm: Alarm, said: Sentence) -> None:
    """Tell who must know, and send who must go."""
    tell_alarm(book, alarm.incident_id, alarm, said)
    watch_clocks(book, alarm.incident_id)
    place_orders(book, book.cases[alarm.incident_id], alarm.level)
