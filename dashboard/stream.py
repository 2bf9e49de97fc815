"""GET /v1/stream: the timeline as it grows, by server-sent events that a client can take up again where it left off."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from dashboard.access import OPERATOR, Caller, GuardedRoute
from dashboard.hub import Frame
from dashboard.models import Reset
from dashboard.problems import ApiError
from dashboard.web import Asking, Here, Web
from handlers.faults import StoreUnavailable

STREAM_COUNT_MAX: Final = 1000
router = APIRouter(route_class=GuardedRoute, tags=["stream"])

_TOO_SLOW: Final = Reset(
    code="too_slow",
    zh="本端接收过慢，连接已断开；重新连接会从断点补齐，不会遗漏。",
    en="This client read too slowly and is cut off; connecting again resumes from its last id, without a gap.",
)


def place_of(
    web: Here,
    last_event_id: Annotated[
        str | None, Header(description="the id of the last event seen; browsers send it by themselves")
    ] = None,
    after: Annotated[int | None, Query(ge=0, le=2**63 - 1, description="the same, for the first connection")] = None,
) -> int:
    """Where this client left off, or the end of the timeline when it wants only what comes from now on."""
    if not last_event_id:
        return after if after is not None else web.reads.last_seq()
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) <= 18):
        raise ApiError(
            422,
            "invalid",
            zh="Last-Event-ID 应为时间线序号（非负整数）。",
            en="Last-Event-ID must be a sequence number of the timeline, a whole number from 0 on.",
            field="header.last-event-id",
        )
    return int(last_event_id)


def may_open(web: Here) -> None:
    """Raise ApiError 503 where too many streams are open already, or none can be opened any more."""
    if web.hub.is_closing:
        raise ApiError(
            503,
            "closing",
            zh="Web 进程正在停止，稍后会自动重连。",
            en="The web process is stopping; the console connects again by itself.",
            headers={"Retry-After": "3"},
        )
    if web.hub.listener_count >= STREAM_COUNT_MAX:
        raise ApiError(
            503,
            "too_many_streams",
            zh=f"实时连接已达上限 {STREAM_COUNT_MAX}，请关闭不用的页面。",
            en=f"All {STREAM_COUNT_MAX} live streams are in use; close pages that nobody looks at.",
            headers={"Retry-After": "10"},
        )


@router.get(
    "/v1/stream",
    openapi_extra={
        **OPERATOR,
        "x-events": {
            "fact": {"$ref": "#/components/schemas/TimelineEntry"},
            "heartbeat": {"$ref": "#/components/schemas/Heartbeat"},
            "reset": {"$ref": "#/components/schemas/Reset"},
        },
    },
    response_class=EventSourceResponse,
    dependencies=[Depends(may_open)],
    summary="The timeline as it grows",
)
async def stream(web: Here, caller: Asking, place: Annotated[int, Depends(place_of)]) -> AsyncIterator[ServerSentEvent]:
    """Events: ``fact`` (a TimelineEntry; its id is the sequence number), ``heartbeat`` every 2 s, ``reset`` before a cut."""
    yield _sent(web.hub.heartbeat(place))
    try:
        async for frame in _frames(web, caller, place):
            yield _sent(frame)
    except StoreUnavailable:
        return  # the client connects again and resumes where it is, as soon as the store can be read


async def _frames(web: Web, caller: Caller, seen: int) -> AsyncIterator[Frame]:
    """Everything after ``seen``: from the store until this client has caught up, then from the hub, until it is cut."""
    hub = web.hub
    while page := await hub.page_after(seen):  # as fast as this client reads it
        for frame in page:
            yield frame
            seen = frame.seq or seen
    with hub.joined(seen) as listener:
        while seen < hub.seq:  # what came between the last look and the joining
            for frame in await hub.page_after(seen):
                yield frame
                seen = frame.seq or seen
        while (news := await listener.take()) is not None:
            if news.seq is None:
                yield news
                if not _is_still_welcome(web, caller.session_id):
                    return
            elif news.seq > seen:
                yield news
                seen = news.seq
    if not hub.is_closing:
        yield Frame("reset", _TOO_SLOW.model_dump_json())


def _sent(frame: Frame) -> ServerSentEvent:
    return ServerSentEvent(event=frame.event, raw_data=frame.data, id=None if frame.seq is None else str(frame.seq))


def _is_still_welcome(web: Web, session_id: str | None) -> bool:
    """A session that was ended, or has outlived itself, must not go on watching. An open stream counts as use."""
    return session_id is None or web.sessions.use(session_id, web.clock()) is not None
