"""GET /v1/why-not: for a place and a time, which rules looked, how near they came, and what held them back."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Instant, Text
from dashboard.models import Answer, ErrorBody, Question
from dashboard.problems import ApiError
from dashboard.web import Here, JournalUnreadable
from rules.why_not_shape import Asked, WhyNot

AROUND_S: Final = 600
AROUND_MAX_S: Final = 86_400

router = APIRouter(route_class=GuardedRoute, tags=["incidents"])


class WhyNotQuery(Question):
    """Which place, and when. A zone or a device; the whole community where neither is said."""

    at: Instant
    zone: Text | None = Field(default=None, description="a zone and all inside it: b03/u1")
    device: Text | None = None
    rule: Text | None = Field(default=None, description="only this rule")
    community: Text | None = None
    around_s: int = Field(default=AROUND_S, ge=0, le=AROUND_MAX_S, description="seconds before and after the instant")

    @model_validator(mode="after")
    def has_one_place(self) -> "WhyNotQuery":
        """A zone or a device, not both."""
        if self.zone is not None and self.device is not None:
            raise ValueError("say zone or device, not both")
        return self


class WhyNotAnswer(Answer):
    """What a replay of the journal says of the place and the time."""

    at: int
    why_not: WhyNot


@router.get(
    "/v1/why-not",
    openapi_extra={**OPERATOR},
    responses={503: {"model": ErrorBody, "description": "Another such question is being answered, or no journal can be read"}},
    summary="Why not: what held the rules back",
)
def why_not(web: Here, query: Annotated[WhyNotQuery, Query()]) -> WhyNotAnswer:
    """Replays the journal beside the service; one question at a time, because an answer can take a minute of work."""
    now = web.clock()
    around_ms = query.around_s * 1000
    asked = Asked(
        zone=query.zone or "",
        device=query.device or "",
        from_at=max(0, min(query.at, now) - around_ms),
        until_at=min(now, query.at + around_ms),
        rule=query.rule or "",
        community=query.community or "",
    )
    if not web.looking_back.acquire(blocking=False):
        raise ApiError(
            503,
            "busy",
            zh="正在回答另一个这样的问题，请稍后再试。",
            en="Another such question is being answered; try again later.",
        )
    try:
        found = web.hindsight.look_back(asked)
    except JournalUnreadable as fault:
        raise ApiError(
            503, "journal_unreadable", zh=f"无法读取流水：{fault}", en=f"The journal cannot be read: {fault}"
        ) from fault
    finally:
        web.looking_back.release()
    return WhyNotAnswer(at=now, why_not=found)
