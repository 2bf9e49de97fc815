"""GET /v1/outages: what is out of service, planned or running, until when, by whom and why."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Text
from dashboard.models import OutagePage, Question
from dashboard.web import Here

DAY_MS = 86_400_000
router = APIRouter(route_class=GuardedRoute, tags=["alarms"])


class OutageQuery(Question):
    """Which outages. Those that have ended are left out unless they are asked for."""

    community: list[Text] = Field(default=[], max_length=20)
    ended_days: int = Field(default=0, ge=0, le=90, description="also those that ended within so many days")


@router.get("/v1/outages", openapi_extra={**OPERATOR}, summary="What is out of service, and until when")
def outages(web: Here, query: Annotated[OutageQuery, Query()]) -> OutagePage:
    """Every outage that has not ended, the earliest beginning first."""
    seq, now = web.reads.last_seq(), web.clock()
    found = web.reads.outages(ended_since_at=now - query.ended_days * DAY_MS if query.ended_days else None)
    wanted = [outage for outage in found if not query.community or outage.community in query.community]
    return OutagePage(at=now, seq=seq, outages=wanted)
