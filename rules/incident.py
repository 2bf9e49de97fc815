"""警情: the case that gathers what belongs together, from its opening to its recovery. How it is closed stands in closing.py.

There is at most one open incident for a community, status, hazard and place. What comes to that place joins it, however late;
an incident that had recovered opens again and its clocks start anew. A hazard that gathers with another joins that one's
incident only within its ``gather_within_s`` of the last happening.
"""

from dataclasses import replace
from typing import Final

from rules.actors import is_actor
from rules.book import Book, Case, Taken
from rules.canonical import digest_id
from rules.clocks import start_clocks
from rules.definition import Hazard
from rules.effects import Notify
from rules.lifecycle import INCIDENT, move
from rules.members import with_alarms, with_warnings
from rules.model import Alarm, EarlyWarning, Incident, Level, Reason, Sentence, Status
from rules.sentence import LEVELS, join
from rules.signals import to_ms
from rules.watch import Watch
from rules.where import place_of


def is_life_safety(book: Book, alarm: Alarm | EarlyWarning) -> bool:
    """Whether a life may hang on this alarm or warning, by its own hazard or by the case that it is part of."""
    hazard, case = book.pack_of(alarm.community).hazards.get(alarm.hazard), book.cases.get(alarm.incident_id)
    return (hazard is not None and hazard.is_life_safety) or (case is not None and case.incident.is_life_safety)


def find(book: Book, watch: Watch) -> Case | None:
    """The open incident that takes in what this watch has found."""
    hazard = watch.active.hazard
    own = _split_off(book, watch, hazard) or _of_actor(book, watch, hazard) or _at_own_place(book, watch, hazard)
    if own is not None:
        return own
    for name in hazard.gathers_with:
        other = book.pack_of(watch.community).hazards.get(name)
        case = _open_at(book, watch, other) if other is not None else None
        if other is not None and case is not None and book.now - case.last_at <= to_ms(other.gather_within_s):
            return case
    return None


def exact_places(zone: str, device: str, rule: str) -> tuple[str, str]:
    """Where an incident stands that was split off another of the same hazard and place."""
    exact = f"{zone}/{device}" if zone else device
    return exact, f"{exact}/{rule}"


def _split_off(book: Book, watch: Watch, hazard: Hazard) -> Case | None:
    for place in exact_places(watch.zone, watch.device, watch.active.rule.id):
        found = book.places.get((watch.community, watch.status, hazard.id, place))
        if found is not None and book.cases[found].split_from:
            return book.cases[found]
    return None


def _of_actor(book: Book, watch: Watch, hazard: Hazard) -> Case | None:
    """The case of who was seen, wherever that began."""
    found = book.places.get((watch.community, watch.status, hazard.id, watch.key)) if is_actor(watch.key) else None
    return None if found is None else book.cases[found]


def _at_own_place(book: Book, watch: Watch, hazard: Hazard) -> Case | None:
    """The case of this place, unless it is known to be of somebody else."""
    case = _open_at(book, watch, hazard)
    is_of_another = case is not None and any(one.hazard == hazard.id and is_actor(one.zone) for one in case.taken)
    return None if is_of_another and is_actor(watch.key) else case


def with_actor(case: Case, hazard: str, key: str) -> Case:
    """The case, to which this actor belongs from here on: what it does elsewhere joins."""
    one = Taken(hazard=hazard, zone=key)
    return case if not is_actor(key) or one in case.taken else replace(case, taken=(*case.taken, one))


def _open_at(book: Book, watch: Watch, hazard: Hazard) -> Case | None:
    place = place_of(hazard.gather_by, watch.zone, watch.device)
    found = book.places.get((watch.community, watch.status, hazard.id, place))
    return None if found is None else book.cases[found]


def admit_warning(book: Book, watch: Watch, warning_id: str, level: Level, sentence: Sentence, reason: Reason) -> Case:
    """Take a new early warning into its incident, which is opened where there is none."""
    found = find(book, watch)
    case = found or _new_case(book, watch, level, sentence)
    incident = with_warnings(case.incident, (warning_id,))
    case = with_actor(replace(case, last_at=book.now, incident=incident), watch.active.hazard.id, watch.key)
    if found is None:
        book.put_case(case)
        book.tell(incident, "opened", reason, join(Sentence("警情立案（预警）", "an incident is open, on a warning"), sentence))
        return case
    return worsen_case(book, case, level, sentence)


def admit_warning_quietly(book: Book, watch: Watch, warning_id: str, level: Level, sentence: Sentence, reason: Reason) -> Case:
    """Take in a new early warning that an alarm explains: the incident gets no worse by it, and nobody is asked again."""
    found = find(book, watch)
    case = found or _new_case(book, watch, level, sentence)
    incident = with_warnings(case.incident, (warning_id,))
    case = with_actor(replace(case, last_at=book.now, incident=incident), watch.active.hazard.id, watch.key)
    book.put_case(case)
    if found is None:
        lead = Sentence("警情立案（预警已抑制）", "an incident is open, its warning suppressed")
        book.tell(incident, "opened", reason, join(lead, sentence))
    return case


def worsen_case(book: Book, case: Case, level: Level, sentence: Sentence, reason: Reason = Reason.WORSENED) -> Case:
    """Something in this incident is now at this level: the incident is as severe as the worst. ``reason``: why it asks again."""
    incident = case.incident
    held = book.cases.get(incident.id, case).incident.state  # before whoever acknowledged the case was asked again
    if level.is_worse_than(incident.level):
        incident = replace(incident, level=level, sentence=sentence, changed_at=book.now)
        lead = Sentence(f"警情升为{LEVELS[level].zh}", f"the incident is now {LEVELS[level].en}")
        book.tell(incident, "level_changed", Reason.WORSENED, join(lead, sentence), from_state=held)
    elif incident.state != held:
        lead = Sentence("再次报警，需重新确认", "it alarms again, and is to be acknowledged anew")
        book.tell(incident, "unacknowledged", reason, join(lead, sentence), from_state=held)
    case = replace(case, incident=incident, last_at=book.now)
    book.put_case(case)
    return case


def admit_alarm(book: Book, watch: Watch, alarm_id: str, level: Level, sentence: Sentence, reason: Reason) -> Case:
    """Take a new alarm into its incident, which is opened where there is none."""
    found = find(book, watch)
    case = _with_alarm(book, watch, alarm_id, found or _new_case(book, watch, level, sentence))
    return raise_case(book, case, level, sentence, reason, is_new=found is None)


def admit_quietly(book: Book, watch: Watch, alarm_id: str, level: Level, sentence: Sentence, reason: Reason) -> Case:
    """Take in a new alarm that something quiets: nobody is called, and where there is no incident a watch begins."""
    found = find(book, watch)
    case = _with_alarm(book, watch, alarm_id, found or _new_case(book, watch, level, sentence))
    case = replace(case, last_at=book.now)
    book.put_case(case)
    if found is None:
        lead = Sentence("警情立案（报警已抑制）", "an incident is open, its alarm suppressed")
        book.tell(case.incident, "opened", reason, join(lead, sentence))
    return case


def _with_alarm(book: Book, watch: Watch, alarm_id: str, case: Case) -> Case:
    if case.plan is None:  # opened by a rule that has no plan
        plan = book.pack_of(watch.community).plans.get(watch.active.rule.plan)
        case = replace(case, plan=plan, incident=replace(case.incident, plan=watch.active.rule.plan))
    case = with_actor(case, watch.active.hazard.id, watch.key)
    return replace(case, incident=with_alarms(case.incident, (alarm_id,)))


def raise_case(
    book: Book, case: Case, level: Level, sentence: Sentence, reason: Reason, *, is_new: bool = False, is_back: bool = False
) -> Case:
    """An alarm is active in this incident, at this level: open it, open it again, or make it worse.

    ``is_back``: it speaks after it was quiet, so whoever acknowledged the case in the meantime is asked again.
    """
    before = case.incident
    if before.state not in ("watch", "recovered"):
        if is_back or level.is_worse_than(before.level):
            case = _ask_again(book, case)
        return worsen_case(book, case, level, sentence, reason)
    is_again = before.state == "recovered" or case.group.has_begun
    incident = replace(
        before,
        state=move(INCIDENT, before.state, "alarm"),
        level=level if is_again or level.is_worse_than(before.level) else before.level,
        changed_at=book.now,
        sentence=sentence,
        clocks=start_clocks(case.plan.clocks if case.plan else (), book.now),
        acknowledged_by="",
    )
    if before.state == "recovered":
        incident = replace(incident, sources=(), confidence=None)  # who bore out what is over says nothing of what is new
    case = replace(
        case,
        incident=incident,
        last_at=book.now,
        episode=case.episode + is_again,
        placed=tuple([placed for placed in case.placed if not is_again or placed.dispatch_id in book.runs]),
    )
    book.put_case(case)
    transition, lead = _OPENINGS["new" if is_new else before.state]
    book.tell(incident, transition, reason, join(lead, sentence), from_state="" if is_new else before.state)
    return case


def _ask_again(book: Book, case: Case) -> Case:
    """It got worse: who acknowledged the milder case has not seen this one."""
    incident = replace(case.incident, state=move(INCIDENT, case.incident.state, "worsen"))
    if not incident.acknowledged_by:
        return replace(case, incident=incident)
    clocks = start_clocks(case.plan.clocks if case.plan else (), book.now)
    return replace(case, episode=case.episode + 1, incident=replace(incident, acknowledged_by="", clocks=clocks))


_OPENINGS: Final = {
    "new": ("opened", Sentence("警情立案", "an incident is open")),
    "watch": ("alarmed", Sentence("预警成真，转为报警", "what was warned of has come: the incident is open")),
    "recovered": ("reopened", Sentence("警情再次发生", "the incident is back")),
}


def _new_case(book: Book, watch: Watch, level: Level, sentence: Sentence) -> Case:
    """An incident that is about to open. It is not kept before it has its first warning or alarm."""
    hazard, rule, pack = watch.active.hazard, watch.active.rule, book.pack_of(watch.community)
    place = place_of(hazard.gather_by, watch.zone, watch.device)
    if (watch.community, watch.status, hazard.id, place) in book.places:
        place = f"{place}/{watch.key}".lstrip("/")  # of another actor, whose case stands there already
    where = f" · {place}" if place else ""
    incident = Incident(
        id=digest_id("i", watch.community, watch.status, hazard.id, place, book.now, book.cause_id),
        community=watch.community,
        hazard=hazard.id,
        level=level,
        state=INCIDENT.initial,
        zone=place,
        opened_at=book.now,
        changed_at=book.now,
        title=Sentence(hazard.title.zh + where, hazard.title.en + where),
        sentence=sentence,
        plan=rule.plan,
        pack_version=pack.version,
        is_life_safety=hazard.is_life_safety,
        status=watch.status,
    )
    return Case(incident=incident, plan=pack.plans.get(rule.plan), last_at=book.now)


def recover_if_over(book: Book, incident_id: str, reason: Reason = Reason.ALL_RECOVERED) -> None:
    """All conditions gone, and nothing latched: the incident has recovered. A person still has to close it.

    Where the last one is only no longer looked at, because its rule was edited, that is said instead.
    """
    case = book.cases.get(incident_id)
    if case is None or case.incident.state in ("watch", "recovered"):
        return
    if not book.members.is_anything_standing(incident_id):
        _recover(book, case, reason)


def _recover(book: Book, case: Case, reason: Reason = Reason.ALL_RECOVERED) -> None:
    before = case.incident
    incident = replace(before, state=move(INCIDENT, before.state, "recover"), changed_at=book.now)
    book.put_case(replace(case, incident=incident, last_at=book.now, warned_at=None))
    over = over_said(book, before)
    said = Sentence(f"{over.zh}，待核实结案", f"{over.en}, to be closed")
    if reason is Reason.RULE_REMOVED:
        said = _UNWATCHED
    book.tell(incident, "recovered", reason, join(before.title, said), from_state=before.state)


def over_said(book: Book, incident: Incident) -> Sentence:
    """How an incident stands whose alarms are all over: well, unless it is still warned of something."""
    return _WARNED if book.members.warnings_of(incident.id) else _WELL


_WELL: Final = Sentence("全部恢复正常", "everything is back to normal")
_WARNED: Final = Sentence("报警已解除，预警仍在", "the alarms are over, a warning still stands")
_UNWATCHED: Final = Sentence(
    "规则已停用或更改，不再监视，不等于恢复正常，请核实后结案",
    "its rule was removed or changed and looks no longer; whether the danger is over is not known: verify, then close",
)


def close_watch_if_over(book: Book, incident_id: str, reason: Reason) -> None:
    """A watch whose warnings have all ended, and which no alarm followed, closes itself."""
    case = book.cases.get(incident_id)
    if case is None or case.incident.state != "watch":
        return
    incident = case.incident
    if book.members.warnings_of(incident_id) or any(name in book.runs for name in incident.dispatch_ids):
        return
    if book.members.alarms_of(incident_id):
        return  # suppressed, and kept in sight
    if case.group.has_begun:
        _recover(book, case)  # people were called before it was quieted: they say what it was
        return
    incident = replace(incident, state=move(INCIDENT, "watch", "close"), changed_at=book.now, closed_at=book.now)
    book.put_case(replace(case, incident=incident))
    book.timers.disarm(f"clock {incident_id}")  # an acknowledgement that was taken back had set it
    said = Sentence(
        f"{incident.title.zh}：预警解除，未发生报警", f"{incident.title.en}: the warnings are over, no alarm followed"
    )
    book.tell(incident, "closed", reason, said, from_state="watch")


def notify(book: Book, case: Case, step: str, targets: tuple[str, ...], text: Sentence, dispatch_id: str = "") -> Case:
    """Tell these parties or responders, once for each step of an incident, and count them among those who take part."""
    if step in case.told or not targets:
        return case
    incident = case.incident
    for target in targets:
        book.add(
            Notify(
                key=f"{incident.id}/{step}/{target}",
                community=incident.community,
                incident_id=incident.id,
                dispatch_id=dispatch_id,
                target=target,
                step=step,
                level=incident.level,
                title=incident.title,
                text=text,
                is_critical=is_critical(incident),
                at=book.now,
                status=incident.status,
            )
        )
    parties = book.pack.parties
    new = tuple([target for target in targets if target in parties and target not in incident.parties])
    case = replace(case, told=(*case.told, step), incident=replace(incident, parties=(*incident.parties, *new)))
    book.put_case(case)
    return case


def is_critical(incident: Incident) -> bool:
    """Whether a message about this incident must not be lost unnoticed."""
    return incident.status is Status.ACTUAL and (incident.is_life_safety or incident.level is Level.RED)
