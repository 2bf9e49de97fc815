"""GET /v1/incidents, one incident, and the counts: the shared picture."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.care_list import PURPOSES, CareUnreadable, Purpose
from dashboard.legal import actions_of
from dashboard.models import (
    Counts,
    Delivery,
    ErrorBody,
    IncidentDetail,
    IncidentPage,
    IncidentSummary,
    NextClock,
    Question,
    TimelineEntry,
)
from dashboard.naming import named_in_case, named_in_page, names_of
from dashboard.problems import ApiError
from dashboard.reads import CaseRows
from dashboard.rules import cards_of
from dashboard.web import Here, Web
from handlers.queue import QueueFilter
from rules.model import Dispatch, Entity, Incident, Level, Status

TIMELINE_MAX = 1000
OTHERS_MAX = 50
Text = Annotated[str, Field(max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
Identity = Annotated[str, Path(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
Instant = Annotated[int, Field(ge=0, le=2**53)]

router = APIRouter(route_class=GuardedRoute, tags=["incidents"])


class IncidentQuery(Question):
    """Which incidents, and how many at once. Repeat a parameter to allow several values."""

    open: Literal["true", "false", "all"] = "true"
    community: list[Text] = Field(default=[], max_length=20)
    hazard: list[Text] = Field(default=[], max_length=20)
    level: list[Level] = Field(default=[], max_length=4)
    state: list[Text] = Field(default=[], max_length=10)
    status: list[Status] = Field(default=[], max_length=3)
    zone: Text | None = Field(default=None, description="this zone and all within it")
    opened_from_at: Instant | None = None
    opened_before_at: Instant | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: Text | None = None

    def as_filter(self) -> QueueFilter:
        """The same, in the words of the store."""
        return QueueFilter(
            is_open={"true": True, "false": False, "all": None}[self.open],
            communities=tuple(self.community),
            hazards=tuple(self.hazard),
            levels=tuple(self.level),
            states=tuple(self.state),
            statuses=tuple(self.status),
            zone=self.zone or "",
            opened_from_at=self.opened_from_at,
            opened_before_at=self.opened_before_at,
        )


@router.get("/v1/incidents", openapi_extra={**OPERATOR}, summary="The queue of incidents")
def incidents(web: Here, query: Annotated[IncidentQuery, Query()]) -> IncidentPage:
    """All open incidents, worst level first, then the longest open; or what the filters ask for."""
    seq = web.reads.last_seq()
    try:
        rows = web.reads.incidents(query.as_filter(), limit=query.limit, cursor=query.cursor)
    except ValueError as error:
        raise foreign_cursor() from error
    under_way: dict[str, list[Dispatch]] = {}
    for dispatch in web.reads.under_way_for([incident.id for incident in rows.incidents]):
        under_way.setdefault(dispatch.incident_id, []).append(dispatch)
    summaries = [
        IncidentSummary(incident=_brief(incident), next_clock=next_clock(incident, under_way.get(incident.id, ())))
        for incident in rows.incidents
    ]
    return IncidentPage(
        at=web.clock(),
        seq=seq,
        incidents=summaries,
        names=names_of(named_in_page(summaries), web.find_names()),
        next_cursor=rows.next_cursor,
    )


@router.get(
    "/v1/incidents/{incident_id}",
    openapi_extra={**OPERATOR},
    responses={404: {"model": ErrorBody, "description": "There is no such incident"}},
    summary="One incident with everything about it",
)
def incident(web: Here, incident_id: Identity) -> IncidentDetail:
    """The record, what it gathers with the evidence, its story, what was sent, and the actions that are legal now."""
    seq = web.reads.last_seq()
    case = web.reads.case(incident_id, timeline_max=TIMELINE_MAX)
    if case is None:
        raise ApiError(
            404,
            "no_such_incident",
            zh="没有这个警情，请从列表中选择。",
            en="There is no incident of this id; choose one from the list.",
            field="path.incident_id",
        )
    return _detail(case, web, seq=seq)


@router.get("/v1/counts", openapi_extra={**OPERATOR}, summary="How much there is to do")
def counts(web: Here) -> Counts:
    """Numbers for the head of the screen."""
    seq = web.reads.last_seq()
    row = web.reads.counts()
    return Counts(
        at=web.clock(),
        seq=seq,
        open_incidents=row.open_incidents,
        unacknowledged_incident_count=row.unacknowledged_incident_count,
        active_warning_count=row.active_warning_count,
        active_alarm_count=row.active_alarm_count,
        dispatch_under_way_count=row.dispatch_under_way_count,
        delivery_owed_count=row.delivery_owed_count,
        delivery_failed_count=row.delivery_failed_count,
        rejected_count=row.rejected_count,
    )


def _brief(incident: Incident) -> Incident:
    """The case as a line of the queue has it: of what people wrote the newest alone."""
    return replace(incident, quotes=incident.quotes[-1:]) if incident.quotes else incident


def next_clock(incident: Incident, dispatches: Iterable[Dispatch]) -> NextClock | None:
    """The running clock that is due first, the incident's own before its dispatches'. None once the incident is closed."""
    if incident.closed_at is not None:
        return None
    running = [
        NextClock(entity=Entity.INCIDENT, entity_id=incident.id, responder="", clock=clock)
        for clock in incident.clocks
        if clock.met_at is None
    ]
    for dispatch in dispatches:
        if dispatch.ended_at is None:
            running += [
                NextClock(entity=Entity.DISPATCH, entity_id=dispatch.id, responder=dispatch.responder, clock=clock)
                for clock in dispatch.clocks
                if clock.met_at is None
            ]
    return min(running, key=lambda each: (each.clock.due_at, each.entity is not Entity.INCIDENT, each.entity_id), default=None)


def foreign_cursor(field: str = "query.cursor") -> ApiError:
    """The answer to a cursor that we never gave."""
    return ApiError(
        422,
        "invalid",
        zh="cursor 不是本接口给出的翻页标记，请从第一页重新开始。",
        en="cursor is none that this API gave; begin again at the first page.",
        field=field,
    )


def _others(case: CaseRows, web: Web) -> tuple[Incident, ...]:
    """The other open incidents, as far as a form can list them."""
    if case.incident.closed_at is not None:
        return ()
    wanted = QueueFilter(is_open=True, communities=(case.incident.community,), statuses=(case.incident.status,))
    return web.reads.incidents(wanted, limit=OTHERS_MAX, cursor=None).incidents


def _care_purpose(incident: Incident, web: Web) -> Purpose | None:
    purpose = None if incident.closed_at is not None else PURPOSES.get(incident.hazard)
    try:
        return purpose if purpose is not None and web.find_care(web.clock()) else None
    except CareUnreadable:
        return purpose  # who looks is told why: nothing beside a case keeps the case itself from being shown


def _detail(case: CaseRows, web: Web, *, seq: int) -> IncidentDetail:
    return IncidentDetail(
        at=web.clock(),
        seq=seq,
        incident=case.incident,
        next_clock=next_clock(case.incident, case.dispatches),
        warnings=list(case.warnings),
        alarms=list(case.alarms),
        dispatches=list(case.dispatches),
        timeline=[TimelineEntry(seq=row.seq, fact=row.fact) for row in case.timeline],
        is_timeline_whole=case.is_timeline_whole,
        deliveries=[Delivery.model_validate(row) for row in case.deliveries],
        more_warning_count=case.more_warning_count,
        more_alarm_count=case.more_alarm_count,
        more_delivery_count=case.more_delivery_count,
        actions=actions_of(case, web.find_responders(), _others(case, web)),
        names=names_of(named_in_case(case), web.find_names()),
        cards=cards_of([alarm.rule for alarm in case.alarms], web.find_pack(), case.incident.community),
        care_purpose=_care_purpose(case.incident, web),
    )
