"""分案: a person says that one alarm of an incident is a happening of its own: it gets an incident, a plan and clocks of its own.

Warnings and dispatches stay where they were: who was sent was sent to the first. The new incident stands at the alarm's own place
where that is free, else at its device, so that no two open incidents of a hazard have the same place.
"""

from collections.abc import Iterable
from dataclasses import replace

from rules.book import Book, Case
from rules.canonical import digest_id
from rules.definition import Hazard
from rules.dispatch import place_orders
from rules.escalation import watch_clocks
from rules.incident import exact_places, raise_case, recover_if_over, with_actor
from rules.lifecycle import INCIDENT, QUIET, move
from rules.members import alarm_count, without_alarm
from rules.model import Alarm, Incident, Level, Quote, Reason, Sentence, Source
from rules.quotes import parted
from rules.refusal import RefusedError
from rules.sources import combined, merged
from rules.where import place_of


def split(book: Book, case: Case, alarm: Alarm, actor: str) -> None:
    """Give an alarm of this case an incident of its own. Raises RefusedError where it is the only one, or no place is free."""
    if alarm_count(case.incident) == 1:
        raise RefusedError(Reason.ILLEGAL_NOW, "该警情只有这一条报警", "this incident has no other alarm")
    hazard = book.pack_of(alarm.community).hazards.get(alarm.hazard) or Hazard(
        id=alarm.hazard, title=Sentence(alarm.hazard, alarm.hazard)
    )
    place, is_own = _free_place(book, case, alarm, hazard)
    before = case.incident
    gone = (place, actor_in(book, alarm))  # they go with the alarm
    left = replace(case, taken=tuple([one for one in case.taken if one.hazard != alarm.hazard or one.zone not in gone]))
    others = [one for one in book.alarms_of(before) if one.id != alarm.id]
    rest, said_with_it = parted(before, alarm.id)
    rest = without_alarm(rest, alarm.id, tuple([one.id for one in others]))
    incident = replace(rest, level=_worst(book, before, others), changed_at=book.now)
    left = replace(left, incident=_borne_out(incident, others))
    book.put_case(left)
    fresh = _open(book, left, alarm, hazard, place, said_with_it, is_own=is_own)
    said = Sentence(f"{actor} 分案：{fresh.title.zh}", f"{actor} split off: {fresh.title.en}")
    book.tell(book.cases[before.id].incident, "split", Reason.SPLIT, said, from_state=before.state, actor=actor, value=fresh.id)
    recover_if_over(book, fresh.id)
    recover_if_over(book, before.id)


def _free_place(book: Book, case: Case, alarm: Alarm, hazard: Hazard) -> tuple[str, bool]:
    """Where the new incident stands, and whether that is the alarm's own place."""
    own = place_of(hazard.gather_by, alarm.zone, alarm.device)
    for place in (own, *exact_places(alarm.zone, alarm.device, alarm.rule)):
        owner = book.places.get((alarm.community, alarm.status, alarm.hazard, place))
        is_lent = owner == case.incident.id and (case.incident.hazard, case.incident.zone) != (alarm.hazard, place)
        if owner is None or is_lent:
            return place, place == own
    raise RefusedError(
        Reason.ILLEGAL_NOW,
        "此处已有同类警情，请并案",
        "there are open incidents of this hazard here; merge it into one",
    )


def actor_in(book: Book, alarm: Alarm) -> str:
    """The key of what the alarm is watched by."""
    watch = book.watch_of.get(alarm.id)
    return "" if watch is None else watch.key


def _borne_out(incident: Incident, alarms: Iterable[Alarm]) -> Incident:
    """With the sources of these alarms alone: what the other part of the case rests on does not bear out this one."""
    sources: tuple[Source, ...] = ()
    for alarm in alarms:
        sources = merged(sources, alarm.sources)
    return replace(incident, sources=sources, confidence=combined(sources))


def _worst(book: Book, incident: Incident, others: Iterable[Alarm]) -> Level:
    levels = [*[one.level for one in others], *[one.level for one in book.warnings_of(incident)]]
    return min(levels, key=lambda level: level.rank, default=incident.level)


def _open(
    book: Book, left: Case, alarm: Alarm, hazard: Hazard, place: str, quotes: tuple[Quote, ...], *, is_own: bool
) -> Incident:
    """The new incident, as far along as its alarm: waiting, acknowledged, or a watch while the alarm is suppressed."""
    pack = book.pack_of(alarm.community)
    rule = next((one for one in pack.rules if one.id == alarm.rule), None)
    plan = left.plan if rule is None else pack.plans.get(rule.plan)
    where = f" · {place}" if place else ""
    incident = Incident(
        id=digest_id("i", alarm.community, alarm.status, alarm.hazard, place, book.now, book.cause_id),
        community=alarm.community,
        hazard=alarm.hazard,
        level=alarm.level,
        state=INCIDENT.initial,
        zone=place,
        opened_at=book.now,
        changed_at=book.now,
        title=Sentence(hazard.title.zh + where, hazard.title.en + where),
        sentence=alarm.sentence,
        plan=plan.id if plan else "",
        pack_version=pack.version,
        is_life_safety=hazard.is_life_safety,
        lead_time_s=alarm.lead_time_s,
        alarm_ids=(alarm.id,),
        sources=alarm.sources,
        confidence=alarm.confidence,
        quotes=quotes,
        quote_count=len(quotes),
        status=alarm.status,
    )
    case = Case(incident=incident, plan=plan, last_at=book.now, split_from="" if is_own else left.incident.id)
    case = with_actor(case, alarm.hazard, actor_in(book, alarm))
    moved = replace(alarm, incident_id=incident.id, changed_at=book.now)
    if alarm.state == "suppressed":
        book.put_case(case)
        book.put_alarm(moved)
        book.tell(incident, "opened", Reason.SPLIT, alarm.sentence)
        return incident
    case = raise_case(book, case, alarm.level, alarm.sentence, Reason.SPLIT, is_new=True)
    book.put_alarm(moved)
    if alarm.acknowledged_by:
        seen = move(INCIDENT, case.incident.state, "acknowledge")
        case = replace(case, incident=replace(case.incident, state=seen, acknowledged_by=alarm.acknowledged_by, clocks=()))
        book.put_case(case)
    watch_clocks(book, incident.id)
    if alarm.is_active and alarm.state not in QUIET:
        place_orders(book, case, alarm.level)
    return case.incident
