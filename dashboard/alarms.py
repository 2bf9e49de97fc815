"""GET /v1/alarms: what stands, however old: waiting, shelved, suppressed, out of service, and what is a symptom of what."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Text, foreign_cursor
from dashboard.models import AlarmPage, Question
from dashboard.web import Here
from handlers.standing import AlarmFilter
from rules.model import Level

router = APIRouter(route_class=GuardedRoute, tags=["alarms"])


class AlarmQuery(Question):
    """Which standing alarms, and how many at once. Repeat a parameter to allow several values."""

    state: list[Text] = Field(default=[], max_length=10, description="like shelved, suppressed, out_of_service")
    community: list[Text] = Field(default=[], max_length=20)
    hazard: list[Text] = Field(default=[], max_length=20)
    level: list[Level] = Field(default=[], max_length=4)
    zone: Text | None = Field(default=None, description="this zone and all within it")
    limit: int = Field(default=100, ge=1, le=500)
    cursor: Text | None = None

    def as_filter(self) -> AlarmFilter:
        """The same, in the words of the store."""
        return AlarmFilter(
            states=tuple(self.state),
            communities=tuple(self.community),
            hazards=tuple(self.hazard),
            levels=tuple(self.level),
            zone=self.zone or "",
        )


@router.get("/v1/alarms", openapi_extra={**OPERATOR}, summary="The alarms that have not ended")
def alarms(web: Here, query: Annotated[AlarmQuery, Query()]) -> AlarmPage:
    """Every alarm that has not ended, worst level first, then the longest open; nothing is left out because of its age."""
    seq = web.reads.last_seq()
    try:
        found, next_cursor = web.reads.standing(query.as_filter(), limit=query.limit, cursor=query.cursor)
    except ValueError as error:
        raise foreign_cursor() from error
    return AlarmPage(at=web.clock(), seq=seq, alarms=list(found), counts=web.reads.count_standing(), next_cursor=next_cursor)
