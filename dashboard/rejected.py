"""GET /v1/rejected and re-driving: refused input is never lost from sight, and can be sent in again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.actions import desk_closed
from dashboard.frontdoor import FrontDoorClosed
from dashboard.models import ErrorBody, Redriven, RejectedItem, RejectedPage
from dashboard.web import Here

router = APIRouter(route_class=GuardedRoute, tags=["rejected"])


@router.get("/v1/rejected", openapi_extra={**OPERATOR}, summary="Input that was refused")
def rejected(
    web: Here,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="next_cursor of the page before")] = None,
) -> RejectedPage:
    """The latest first, each with the reason and how it began."""
    docs, next_cursor = web.reads.rejected(limit=limit, cursor=cursor)
    return RejectedPage(at=web.clock(), rejected=[RejectedItem.model_validate(doc) for doc in docs], next_cursor=next_cursor)


@router.post(
    "/v1/rejected/{position}/redrive",
    openapi_extra={**OPERATOR},
    responses={
        404: {"model": ErrorBody, "description": "No refused input has this position"},
        409: {"model": ErrorBody, "description": "Only its first kilobyte was kept, so it cannot be sent again"},
        503: {"model": ErrorBody, "description": "The desk cannot be reached"},
    },
    summary="Send refused input in again",
)
async def redrive(web: Here, position: Annotated[int, Path(ge=0, le=2**63 - 1)]) -> Redriven:
    """Pass it to the front door once more, for instance after the device's mapping was mended."""
    try:
        outcome = await web.front_door.redrive(position)
    except FrontDoorClosed as error:
        raise desk_closed() from error
    return Redriven(position=position, accepted_count=outcome.accepted_count, rejected_count=outcome.rejected_count)
