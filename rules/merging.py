"""并案: a person says that two incidents are one happening. One is closed into the other, and nothing of it is lost.

What is open moves over: warnings, alarms, dispatches, owed orders, parties, the plan's orders, the clock that is due first. The
place of the one that was taken in belongs to the other from then on. What had ended stays with the closed case, which names the
incident that goes on.
"""

from dataclasses import replace

from rules import quotes
from rules.book import Book, Case, Placed, Taken
from rules.definition import Plan
from rules.dispatch import keep, place_orders
from rules.escalation import watch_clocks
from rules.grouping import joined
from rules.lifecycle import INCIDENT, move
from rules.members import with_alarms, with_warnings
from rules.messages import tell_what_is_due
from rules.model import Clock, Incident, Level, Reason, Sentence
from rules.sentence import LEVELS
from rules.sources import combined, merged

_RESTING = ("watch", "recovered")


def merge(book: Book, case: Case, into: Case, actor: str) -> None:
    """Close ``case`` into ``into``. The caller has checked that both are open, of one community and status, and not the same."""
    gone, kept = case.incident, into.incident
    state = move(INCIDENT, gone.state, "merge")
    plan, offset = _joint_plan(into.plan, case.plan)
    joint = _joint_case(into, case, plan, offset)
    ended = replace(gone, state=state, merged_into=kept.id, closed_by=actor, closed_at=book.now, changed_at=book.now)
    book.put_case(replace(case, incident=ended))
    book.timers.disarm(f"clock {gone.id}")
    book.timers.disarm(f"tell {gone.id}")
    moved = _moved_ids(book, gone)
    joint = replace(joint, incident=_joint_incident(book, joint, case, moved), last_at=book.now)
    book.put_case(joint)
    _move(book, gone, kept.id, offset)
    if joint.incident.is_life_safety:  # what was harmless enough to be suppressed may no longer be so
        members = (*book.members.warnings_of(kept.id), *book.members.alarms_of(kept.id))
        book.quieted.touched |= dict.fromkeys(members)  # settled in the order of their ids
    said = Sentence(f"{actor} 并入警情“{kept.title.zh}”", f"{actor} merged it into the incident “{kept.title.en}”")
    book.tell(ended, "merged", Reason.MERGED, said, from_state=gone.state, actor=actor, value=kept.id)
    level = joint.incident.level
    said = Sentence(
        f"{actor} 将警情“{gone.title.zh}”并入，现为{LEVELS[level].zh}",
        f"{actor} merged the incident “{gone.title.en}” into this one, which is {LEVELS[level].en} now",
    )
    book.tell(joint.incident, "took_in", Reason.MERGED, said, from_state=kept.state, actor=actor, value=gone.id)
    watch_clocks(book, kept.id)
    tell_what_is_due(book, kept.id)
    if joint.incident.state not in _RESTING:
        place_orders(book, book.cases[kept.id], level)


def _moved_ids(book: Book, gone: Incident) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Its open warnings, alarms and dispatches."""
    return (
        tuple([warning.id for warning in book.warnings_of(gone)]),
        tuple([alarm.id for alarm in book.alarms_of(gone)]),
        tuple([name for name in gone.dispatch_ids if name in book.runs]),
    )


def _move(book: Book, gone: Incident, into_id: str, offset: int) -> None:
    warnings, alarms, dispatches = _moved_ids(book, gone)
    for name in warnings:
        book.put_warning(replace(book.warnings[name], incident_id=into_id, changed_at=book.now))
    for name in alarms:
        book.put_alarm(replace(book.alarms[name], incident_id=into_id, changed_at=book.now))
    for name in dispatches:
        run = book.runs[name]
        order = run.order + offset if run.order >= 0 else run.order
        keep(book, replace(run, order=order, dispatch=replace(run.dispatch, incident_id=into_id, changed_at=book.now)))


def _joint_plan(plan: Plan | None, other: Plan | None) -> tuple[Plan | None, int]:
    """Both plans as one, and by how much the numbers of the other's orders grow."""
    if plan is None or other is None or plan == other:
        return plan or other, 0
    joint = replace(
        plan,
        orders=(*plan.orders, *other.orders),
        notify_on_warning=_union(plan.notify_on_warning, other.notify_on_warning),
        notify_on_alarm=_union(plan.notify_on_alarm, other.notify_on_alarm),
        clocks=plan.clocks or other.clocks,
        escalations=plan.escalations or other.escalations,
    )
    return joint, len(plan.orders)


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _joint_case(into: Case, case: Case, plan: Plan | None, offset: int) -> Case:
    """What the chain must remember of both. Of an order that both have, the one that was given to somebody counts."""
    placed: dict[int, Placed] = {entry.order: entry for entry in into.placed}
    for entry in case.placed:
        number = entry.order + offset
        known = placed.get(number)
        if known is None or (not known.dispatch_id and entry.dispatch_id):
            placed[number] = replace(entry, order=number)
    return replace(
        into,
        plan=plan,
        placed=tuple([placed[number] for number in sorted(placed)]),
        episode=max(into.episode, case.episode) + 1,
        group=joined(into.group, case.group),
        warned_at=min([at for at in (into.warned_at, case.warned_at) if at is not None], default=None),
        taken=(*into.taken, Taken(hazard=case.incident.hazard, zone=case.incident.zone), *case.taken),
    )


def _joint_incident(
    book: Book, joint: Case, case: Case, moved: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
) -> Incident:
    kept, gone = joint.incident, case.incident
    state, acknowledged_by = _joint_state(kept, gone)
    sources = merged(kept.sources, gone.sources)
    worst: Level = gone.level if gone.level.is_worse_than(kept.level) else kept.level
    warnings, alarms, dispatches = moved
    joined = with_alarms(with_warnings(kept, warnings), alarms)
    return replace(
        joined,
        state=state,
        acknowledged_by=acknowledged_by,
        clocks=_joint_clocks(kept, gone, acknowledged_by),
        level=worst,
        sentence=gone.sentence if worst is not kept.level else kept.sentence,
        dispatch_ids=(*kept.dispatch_ids, *dispatches),
        parties=_union(kept.parties, gone.parties),
        plan=kept.plan or gone.plan,
        is_life_safety=kept.is_life_safety or gone.is_life_safety,
        lead_time_s=gone.lead_time_s if kept.lead_time_s is None else kept.lead_time_s,
        sources=sources,
        quotes=quotes.joined(kept, gone),
        quote_count=kept.quote_count + gone.quote_count,
        confidence=combined(sources),
        changed_at=book.now,
    )


def _joint_state(kept: Incident, gone: Incident) -> tuple[str, str]:
    """The more urgent of both: what nobody has acknowledged waits, whichever of the two it came from."""
    state, acknowledged_by = kept.state, kept.acknowledged_by
    if gone.state not in _RESTING:
        if state in _RESTING:
            state, acknowledged_by = move(INCIDENT, state, "alarm"), ""
            if gone.acknowledged_by:
                state, acknowledged_by = move(INCIDENT, state, "acknowledge"), gone.acknowledged_by
        elif acknowledged_by and not gone.acknowledged_by:
            state, acknowledged_by = move(INCIDENT, state, "worsen"), ""
        if gone.state == "handling":
            state = move(INCIDENT, state, "respond")
    return state, acknowledged_by


def _joint_clocks(kept: Incident, gone: Incident, acknowledged_by: str) -> tuple[Clock, ...]:
    """While somebody still has to acknowledge, the clock that is due first goes on; it is never set back."""
    if acknowledged_by:
        return kept.clocks if kept.acknowledged_by else gone.clocks
    running: dict[str, Clock] = {}
    for clock in (*kept.clocks, *gone.clocks):
        known = running.get(clock.name)
        if clock.met_at is None and (known is None or clock.due_at < known.due_at):
            running[clock.name] = clock
    return tuple(running.values())
