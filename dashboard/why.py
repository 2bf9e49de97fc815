"""GET /v1/incidents/{id}/why: the decisions of a case as a graph, from the raw events to who was sent and told."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import TIMELINE_MAX, Identity, Text
from dashboard.models import ErrorBody, Question, WhyAnswer
from dashboard.naming import named_in_case, names_of
from dashboard.problems import ApiError
from dashboard.reads import CaseRows
from dashboard.web import Here, Web
from handlers.views import Doc
from rules.definition import RulePack
from rules.why import why
from rules.why_shape import CaseFile, Notice, Why

router = APIRouter(route_class=GuardedRoute, tags=["incidents"])


class WhyQuery(Question):
    """Of what in the incident. Nothing: of all of it."""

    of: Text | None = None


@router.get(
    "/v1/incidents/{incident_id}/why",
    openapi_extra={**OPERATOR},
    responses={404: {"model": ErrorBody, "description": "There is no such incident, or nothing of that id in it"}},
    summary="Why: the graph of decisions",
)
def why_incident(web: Here, incident_id: Identity, query: Annotated[WhyQuery, Query()]) -> WhyAnswer:
    """Each decision from the events that it cites, by rule, version and limit, to orders and messages; in both languages."""
    seq = web.reads.last_seq()
    case = web.reads.case(incident_id, timeline_max=TIMELINE_MAX, also_id=query.of or "")
    found = None if case is None else why_of(case, query.of or "", _pack_then(web, case))
    if case is None or found is None:
        raise ApiError(
            404,
            "no_such_incident",
            zh="没有这个警情，或其中没有这个编号，请从列表中选择。",
            en="There is no incident of this id, or nothing of that id in it; choose one from the list.",
            field="path.incident_id" if case is None else "query.of",
        )
    return WhyAnswer(at=web.clock(), seq=seq, why=found, names=names_of(named_in_case(case), web.find_names()))


def _pack_then(web: Web, case: CaseRows) -> RulePack | None:
    """The pack under which the case was opened; the one in force, for the names of kinds, where that is not to be had."""
    pack, opened = web.find_pack(), case.incident
    if pack is not None and pack.version == opened.pack_version:
        return pack
    return web.hindsight.pack_at(opened.opened_at, opened.pack_version) or pack


def why_of(case: CaseRows, asked_id: str, pack: RulePack | None) -> Why | None:
    """Why, from the rows of the store. None where the incident has nothing of this id."""
    return why(
        CaseFile(
            incident=case.incident,
            warnings=case.warnings,
            alarms=case.alarms,
            dispatches=case.dispatches,
            facts=[row.fact for row in case.timeline],
            notices=list(_notices(case.incident.id, case.deliveries)),
            is_whole=case.is_timeline_whole and not (case.more_warning_count or case.more_alarm_count),
        ),
        asked_id,
        pack,
    )


def _notices(incident_id: str, deliveries: Sequence[Doc]) -> Iterator[Notice]:
    """What was said to people: their keys begin with the incident; the rest keeps other systems up to date."""
    for row in deliveries:
        if str(row["key"]).startswith(f"{incident_id}/"):
            yield Notice(key=str(row["key"]), target=str(row["target"]), state=str(row["state"]), at=int(row["created_at"]))
