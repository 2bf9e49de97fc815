"""GET /v1/rejected and re-driving: refused input is never lost from sight, and can be sent in again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.actions import desk_closed
from dashboard.frontdoor import FrontDoorClosed
from dashboard.incidents import foreign_cursor
from dashboard.models import ErrorBody, Redriven, RejectedItem, RejectedPage
from dashboard.problems import ApiError
from dashboard.reads import RejectedRow
from dashboard.web import Here

router = APIRouter(route_class=GuardedRoute, tags=["rejected"])


@router.get("/v1/rejected", openapi_extra={**OPERATOR}, summary="Input that was refused")
def rejected(
    web: Here, limit: Annotated[int, Query(ge=1, le=200)] = 50, cursor: Annotated[str | None, Query(max_length=512)] = None
) -> RejectedPage:
    """The latest first, each with the reason and how it began."""
    try:
        rows = web.reads.rejected(limit=limit, cursor=cursor)
    except ValueError as error:
        raise foreign_cursor() from error
    return RejectedPage(at=web.clock(), rejected=[_item(row) for row in rows.rejected], next_cursor=rows.next_cursor)


@router.post(
    "/v1/rejected/{position}/redrive",
    openapi_extra={**OPERATOR},
    responses={
        404: {"model": ErrorBody, "description": "No refused input has this position"},
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
    if not outcome.is_found:
        raise ApiError(
            404,
            "no_such_rejected",
            zh="该位置没有被拒收的输入，请从列表中选择。",
            en="No refused input has this position; choose one from the list.",
            field="path.position",
        )
    return Redriven(position=position, accepted_count=outcome.accepted_count, rejected_count=outcome.rejected_count)


def _item(row: RejectedRow) -> RejectedItem:
    return RejectedItem(
        id=row.id,
        position=row.position,
        at=row.at,
        source=row.source,
        reason=row.reason,
        detail=row.detail,
        excerpt=row.excerpt.decode("utf-8", "backslashreplace"),
        size=row.size,
        community=row.community,
        redriven_at=row.redriven_at,
    )
