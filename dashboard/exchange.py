"""GET /v1/exchange/incidents and POST /v1/exchange/receipts: what partner systems of the data exchange fetch and confirm.

A partner's token opens these addresses and no others, and no other token opens them: what is told depends on who asks.
"""

from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, StrictInt, StrictStr

from dashboard.access import EXCHANGE, GuardedRoute
from dashboard.actions import desk_closed
from dashboard.frontdoor import FrontDoorClosed
from dashboard.incidents import foreign_cursor
from dashboard.models import Answer, ErrorBody, Question
from dashboard.problems import ApiError
from dashboard.web import Fetching, Here
from handlers.exchange.contract import CONTRACT, SharedIncident
from handlers.exchange.csv_form import write_csv
from handlers.exchange.cursor import BEGINNING, LENGTH_MAX, ForeignCursor, Place, read_cursor, write_cursor
from handlers.exchanged import CursorOfAnother, SharedPage

LIMIT_MAX: Final = 500
PATH: Final = "/v1/exchange/incidents"
_CSV: Final = "text/csv; charset=utf-8; header=present"
Contract = Annotated[str, Field(max_length=64, description=f"the contract that you were built for; only {CONTRACT} is there now")]
_CONFLICT: Final[dict[int | str, dict[str, Any]]] = {
    409: {
        "model": ErrorBody,
        "description": "The cursor is of another store: made anew, restored, or another desk's",
    }
}

router = APIRouter(route_class=GuardedRoute, tags=["exchange"])


class ExchangePage(Answer):
    """A piece of the feed: incidents in the order of their latest change, each once. Store it, confirm it, then ask on."""

    contract: Literal["shouwang.exchange/1"]
    partner: str = Field(description="whose token asked: what is told is for this partner")
    at: int = Field(description="the server's time")
    incidents: list[SharedIncident]
    next_cursor: str = Field(description="from where to go on, also when nothing came; keep it, it never expires")
    has_more: bool = Field(description="true: ask on at once; false: this was all, ask again in a while")


class FeedQuery(Question):
    """From where, how much at once, and in which form."""

    cursor: str | None = Field(default=None, max_length=LENGTH_MAX, description="next_cursor of the answer before; none: all")
    limit: int = Field(default=100, ge=1, le=LIMIT_MAX)
    format: Literal["json", "csv"] | None = Field(default=None, description="instead of the header Accept")
    bom: bool = Field(default=False, description="CSV that a Chinese Excel opens by a double click")
    contract: Contract = CONTRACT


class ReceiptRequest(Question):
    """All up to this cursor is stored where a crash does not lose it."""

    cursor: Annotated[StrictStr, Field(max_length=LENGTH_MAX)] = Field(description="next_cursor of the last page that is stored")
    incident_count: Annotated[StrictInt, Field(ge=0, le=1_000_000_000)] = Field(description="stored since the last receipt")
    contract: Contract = CONTRACT


class ReceiptAnswer(Answer):
    """What the desk has written down. The same receipt again changes nothing."""

    contract: Literal["shouwang.exchange/1"]
    partner: str
    cursor: str = Field(description="up to where you have confirmed")
    incident_count: int
    confirmed_at: int
    is_new: bool = Field(description="false: as much, or more, had been confirmed before")


@router.get(
    PATH,
    openapi_extra={**EXCHANGE},
    response_model=ExchangePage,
    responses={**_CONFLICT, 200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The next piece"}},
    summary="Incidents for a partner, from a cursor on",
)
def exchange_incidents(
    web: Here, partner: Fetching, request: Request, query: Annotated[FeedQuery, Query()]
) -> ExchangePage | Response:
    """Nothing is skipped: an incident that changes comes again, with a larger revision. Of an id keep the largest revision."""
    _hold_to_contract(query.contract, "query.contract")
    try:
        page = web.reads.shared(partner, _place_of(query.cursor, "query.cursor"), query.limit)
    except CursorOfAnother as error:
        raise _of_another("query.cursor") from error
    now = web.clock()
    web.partners.heard(partner, now)
    web.metrics.exchange_fetches.labels(partner.name).inc()
    web.metrics.exchange_incidents.labels(partner.name).inc(len(page.incidents))
    cursor = write_cursor(page.up_to)
    if query.format == "csv" or (query.format is None and request.headers.get("accept") == "text/csv"):
        return Response(write_csv(page.incidents, has_bom=query.bom), headers=_headers(page, cursor, query), media_type=_CSV)
    return ExchangePage(
        contract=CONTRACT,
        partner=partner.name,
        at=now,
        incidents=list(page.incidents),
        next_cursor=cursor,
        has_more=page.has_more,
    )


@router.post("/v1/exchange/receipts", openapi_extra={**EXCHANGE}, responses=_CONFLICT, summary="Confirm what is stored")
async def exchange_receipt(web: Here, partner: Fetching, wanted: ReceiptRequest) -> ReceiptAnswer:
    """Written down with who, when, up to where and how much. Send it again after a lost answer."""
    _hold_to_contract(wanted.contract, "body.contract")
    place = _place_of(wanted.cursor, "body.cursor")
    try:
        await to_thread.run_sync(web.reads.hold_to_place, place)
        confirmed = await web.front_door.confirm(partner.name, place.seq, wanted.incident_count)
    except FrontDoorClosed as error:
        raise desk_closed() from error
    except CursorOfAnother as error:
        raise _of_another("body.cursor") from error
    if confirmed is None:
        raise _of_another("body.cursor")
    web.partners.heard(partner, web.clock())
    return ReceiptAnswer(
        contract=CONTRACT,
        partner=partner.name,
        cursor=write_cursor(await to_thread.run_sync(web.reads.exchange_place, confirmed.receipt.position)),
        incident_count=confirmed.receipt.incident_count,
        confirmed_at=confirmed.receipt.at,
        is_new=confirmed.is_new,
    )


def _headers(page: SharedPage, cursor: str, query: FeedQuery) -> dict[str, str]:
    """What JSON says in its body and CSV cannot."""
    on = urlencode({"cursor": cursor, "limit": query.limit, "format": "csv", **({"bom": "true"} if query.bom else {})})
    return {
        "Shouwang-Contract": CONTRACT,
        "Shouwang-Next-Cursor": cursor,
        "Shouwang-Has-More": "true" if page.has_more else "false",
        "Link": f'<{PATH}?{on}>; rel="next"',
        "Content-Disposition": 'attachment; filename="incidents.csv"',
    }


def _hold_to_contract(wanted: str, field: str) -> None:
    if wanted != CONTRACT:
        raise ApiError(
            422,
            "unknown_contract",
            zh=f"本接口只提供契约 {CONTRACT}，请改用它，或请对方升级守望。",
            en=f"Only the contract {CONTRACT} is spoken here: ask for it, or have this desk brought to a newer version.",
            field=field,
        )


def _place_of(cursor: str | None, field: str) -> Place:
    if cursor is None:
        return BEGINNING
    try:
        return read_cursor(cursor)
    except ForeignCursor as error:
        raise foreign_cursor(field) from error


def _of_another(field: str) -> ApiError:
    return ApiError(
        409,
        "cursor_of_another_store",
        zh="cursor 不属于本台现有的数据：数据库可能已重建或从备份恢复，或属于另一台。请不带 cursor 从头读取，每个 id 重新入库。",
        en="The cursor is not of this store: it was made anew or restored from a backup, or the cursor is another desk's. "
        "Read from the beginning, without a cursor; take each id anew.",
        field=field,
    )
