"""What the web reads of the store, as records: the rows of ``handlers`` turned back into the nouns of ``rules.model``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.exchange.contract import Partner
from handlers.exchange.cursor import Place
from handlers.exchanged import ExchangeViews, SharedPage, Standing
from handlers.gathered import DELIVERIES_MAX, MEMBERS_MAX
from handlers.queue import QueueFilter
from handlers.standing import LIMIT_MAX, AlarmFilter
from handlers.views import Doc, TimelineEntry
from rules.alarm_record import occurrences_of
from rules.canonical import from_plain
from rules.definition import RulePack
from rules.false_ratio import JudgedCase
from rules.hidden import Past
from rules.model import Alarm, Dispatch, EarlyWarning, Entity, Fact, Incident, Level, Status, Verdict
from rules.place import Outage, PlaceMode

_NO_WORDS: Final = {"zh": "", "en": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRows:
    """A page, and the cursor of the next one."""

    incidents: tuple[Incident, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One line of the timeline with its place in the order of everything."""

    seq: int
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRows:
    """What the store knows of one incident, as far as a page can show it; the timeline holds its newest lines, in order."""

    incident: Incident
    warnings: tuple[EarlyWarning, ...]
    alarms: tuple[Alarm, ...]
    dispatches: tuple[Dispatch, ...]
    timeline: tuple[TimelineRow, ...]
    is_timeline_whole: bool
    deliveries: tuple[Doc, ...]
    more_warning_count: int = 0  # beside those that are here: the worst of those that have not ended come first
    more_alarm_count: int = 0
    more_delivery_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How much there is to do."""

    open_incidents: dict[Level, int]
    unacknowledged_incident_count: int
    active_warning_count: int
    active_alarm_count: int
    dispatch_under_way_count: int
    delivery_owed_count: int
    delivery_failed_count: int
    rejected_count: int


class StoreReads:
    """The read side of the store. Thread-safe; call it in worker threads. Everything may raise StoreUnavailable."""

    def __init__(self, url: str) -> None:
        self._views = ExchangeViews(url)

    def close(self) -> None:
        """Close every connection; the next question opens new ones."""
        self._views.close()

    def shared(self, partner: Partner, after: Place, limit: int) -> SharedPage:
        """A piece of the feed of the data exchange. Raises CursorOfAnother."""
        return self._views.shared(partner, after, limit)

    def exchange_place(self, seq: int) -> Place:
        """The place in the feed behind the fact of this number."""
        return self._views.exchange_place(seq)

    def hold_to_place(self, place: Place) -> None:
        """Raises CursorOfAnother where this store has no such fact."""
        self._views.hold_to_place(place)

    def standings(self, partners: Sequence[Partner]) -> Mapping[str, Standing]:
        """How far each of these partners has confirmed, by its name."""
        return self._views.standings(partners)

    def incidents(self, wanted: QueueFilter, *, limit: int, cursor: str | None) -> IncidentRows:
        """One page of the queue. Raises ValueError for a cursor that is none of ours."""
        page = self._views.queue(wanted, limit=limit, cursor=cursor)
        return IncidentRows(
            incidents=tuple(from_plain(Incident, doc) for doc in page.items),
            next_cursor=page.next_cursor,
        )

    def standing(self, wanted: AlarmFilter, *, limit: int, cursor: str | None) -> tuple[tuple[Alarm, ...], str | None]:
        """One page of the alarms that have not ended, and the next page's cursor. Raises ValueError for a foreign cursor."""
        page = self._views.standing(wanted, limit=limit, cursor=cursor)
        return tuple(from_plain(Alarm, doc) for doc in page.items), page.next_cursor

    def judged(self, from_at: int, until_at: int, communities: Sequence[str] = ()) -> tuple[JudgedCase, ...]:
        """Which rules alarmed in which cases of this stretch (ms), and what people found out."""
        return tuple(
            JudgedCase(rule=rule, incident_id=str(doc["id"]), verdict=Verdict(doc["verdict"]), status=Status(status))
            for rule, status, doc in self._views.alarmed_cases(from_at, until_at, communities)
        )

    def alarm_facts(self, from_at: int, until_at: int, communities: Sequence[str] = ()) -> Iterator[Fact]:
        """What was told of alarms in this stretch (ms), and before it of those open when it began; without evidence and words."""
        for doc in self._views.alarm_facts(from_at, until_at, communities):
            yield from_plain(Fact, {**doc, "evidence": [], "sentence": _NO_WORDS})

    def count_standing(self) -> dict[str, int]:
        """How many alarms stand in each state."""
        return self._views.count_standing()

    def outages(self, *, ended_since_at: int | None = None) -> tuple[Outage, ...]:
        """What is out of service, planned or running; and what ended since that instant, where one is given."""
        return tuple(from_plain(Outage, doc) for doc in self._views.outages(ended_since_at=ended_since_at))

    def modes(self) -> tuple[PlaceMode, ...]:
        """The modes that hold, the earliest first."""
        return tuple(from_plain(PlaceMode, doc) for doc in self._views.modes())

    def all_standing(self, community: str) -> tuple[Alarm, ...]:
        """Every alarm of this community that has not ended."""
        found: list[Alarm] = []
        cursor: str | None = None
        while True:
            some, cursor = self.standing(AlarmFilter(communities=(community,)), limit=LIMIT_MAX, cursor=cursor)
            found += some
            if cursor is None:
                return tuple(found)

    def incidents_of(self, incident_ids: list[str]) -> tuple[Incident, ...]:
        """These incidents as they now are."""
        return tuple(from_plain(Incident, doc) for doc in self._views.incidents_of(incident_ids))

    def alarming_communities(self, from_at: int) -> tuple[str, ...]:
        """The communities of which alarms were told at this instant (ms) or later."""
        return self._views.alarming_communities(from_at)

    def last_of_positions(self, names: list[str]) -> tuple[Fact, ...]:
        """The last line that was told of each of these operator positions; none where nothing was."""
        return tuple(from_plain(Fact, doc) for doc in self._views.last_of_positions(names))

    def alarm(self, alarm_id: str) -> Alarm | None:
        """One alarm as it now is, or None where there is none of this id."""
        doc = self._views.record(Entity.ALARM, alarm_id)
        return None if doc is None else from_plain(Alarm, doc)

    def alarms_citing(self, device_end: str, from_at: int, until_at: int) -> tuple[Alarm, ...]:
        """The alarms, as they now are, that were told in this stretch (ms) to rest on a device whose name ends so."""
        return tuple(from_plain(Alarm, doc) for doc in self._views.alarms_citing(device_end, from_at, until_at))

    def cases_quoting(self, device_end: str, from_at: int, until_at: int) -> tuple[str, ...]:
        """The ids of the cases in whose story of this stretch (ms) a device is quoted whose name ends so."""
        return self._views.cases_quoting(device_end, from_at, until_at)

    def past(self, pack: RulePack, since_at: int, until_at: int, *, communities: tuple[str, ...] = ()) -> Past:
        """The alarms of this stretch as they were told, to be judged by this pack."""
        facts = [from_plain(Fact, doc) for doc in self._views.alarm_facts(since_at, until_at, communities=communities)]
        found = [one for one in occurrences_of(facts, pack) if one.ended_at is None or one.ended_at >= since_at]
        names = list(dict.fromkeys([one.incident_id for one in found]))
        incidents = [from_plain(Incident, doc) for doc in self._views.incidents_of(names)]
        return Past(
            since_at=since_at,
            until_at=until_at,
            occurrences=tuple(found),
            incidents={incident.id: incident for incident in incidents},
            pack=pack,
        )

    def under_way_for(self, incident_ids: Sequence[str]) -> tuple[Dispatch, ...]:
        """Their dispatches that have not ended."""
        return tuple(from_plain(Dispatch, doc) for doc in self._views.under_way_for(incident_ids))

    def case(self, incident_id: str, *, timeline_max: int, also_id: str = "") -> CaseRows | None:
        """One incident with what it gathers, bounded, or None where there is none of this id.

        ``also_id``: a warning or alarm of it that must be among them.
        """
        detail = self._views.incident(
            incident_id,
            members_max=MEMBERS_MAX,
            timeline_max=timeline_max,
            deliveries_max=DELIVERIES_MAX,
            also_id=also_id,
        )
        if detail is None:
            return None
        return CaseRows(
            incident=from_plain(Incident, detail.incident),
            warnings=tuple(from_plain(EarlyWarning, doc) for doc in detail.warnings),
            alarms=tuple(from_plain(Alarm, doc) for doc in detail.alarms),
            dispatches=tuple(from_plain(Dispatch, doc) for doc in detail.dispatches),
            timeline=_rows(detail.timeline),
            is_timeline_whole=detail.is_timeline_whole,
            deliveries=detail.deliveries,
            more_warning_count=detail.more_warning_count,
            more_alarm_count=detail.more_alarm_count,
            more_delivery_count=detail.more_delivery_count,
        )

    def community_of(self, entity: Entity, entity_id: str) -> str | None:
        """The community of a warning, alarm, incident or dispatch, or None where there is none of this id."""
        doc = self._views.record(entity, entity_id)
        return None if doc is None else str(doc["community"])

    def counts(self) -> CountRow:
        """How much there is to do."""
        counts = self._views.counts()
        states: dict[str, int] = {}
        for (_, state), number in counts.deliveries.items():
            states[state] = states.get(state, 0) + number
        return CountRow(
            open_incidents={level: counts.open_incidents.get(level.value, 0) for level in Level},
            unacknowledged_incident_count=self._views.count_open_in("open"),
            active_warning_count=counts.underway.get("warning", 0),
            active_alarm_count=counts.underway.get("alarm", 0),
            dispatch_under_way_count=counts.underway.get("dispatch", 0),
            delivery_owed_count=states.get("owed", 0) + states.get("claimed", 0),
            delivery_failed_count=states.get("failed", 0),
            rejected_count=counts.rejected_count,
        )

    def rejected(self, *, limit: int, cursor: int | None) -> tuple[tuple[Doc, ...], int | None]:
        """A page of refused input, the latest first, and the cursor of the next one."""
        page = self._views.rejected(limit=limit, cursor=cursor)
        return page.items, None if page.next_cursor is None else int(page.next_cursor)

    def facts_after(self, seq: int, *, limit: int) -> tuple[TimelineRow, ...]:
        """The next lines of the timeline after this sequence number, in order, of all incidents."""
        return _rows(self._views.facts_after(seq, limit))

    def last_seq(self) -> int:
        """The last sequence number of the timeline, 0 where it is empty."""
        return self._views.last_seq()


def _rows(entries: Sequence[TimelineEntry]) -> tuple[TimelineRow, ...]:
    return tuple(TimelineRow(entry.seq, from_plain(Fact, entry.fact)) for entry in entries)
