"""POST /v1/push/{route}: platforms and cameras that send their own format over HTTP.

A 2xx answer means: the journal's commit is done. What was refused is in the journal too, and answered with 2xx and the reason: a
platform that is told "wrong" sends the same again until it stops sending at all, and then a fire is not heard.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from ingest.adapter import Ignored
from ingest.http_answers import ErrorBody, EventResult, Refusing, answer, results_of
from ingest.http_body import read_at_most
from ingest.http_door import IN_THREAD_FROM_BYTES, FrontDoor
from ingest.push_again import PushesToCome
from ingest.push_proof import WINDOW_S, Proof
from ingest.route import Push, RouteReader
from ingest.steady_rate import SteadyRate
from ingest.urgency import lane_for
from rules.model import Event, Rejected, Sentence

SOURCE: Final = "POST /v1/push/"

_NO_ROUTE: Final = Sentence(
    "没有这个推送路由：请核对地址，或在接入配置中为该路由写上 push: true。",
    "No route of this name takes pushes: check the address, or write push: true at the route in the file of routes.",
)
_NO_PROOF: Final = Sentence(
    "身份未通过：请在 Authorization 头中用 Bearer 发送该路由的密钥（shouwang token --name push-路由名 可显示），"
    f"或用它签名；签名时间与本机相差不得超过 {WINDOW_S} 秒。",
    "Who sends is not proved: bear the route's secret ('shouwang token --name push-ROUTE' shows it) in the header Authorization, "
    f"or sign with it; the time of a signature may be {WINDOW_S} s from ours at most.",
)
_TOO_MANY: Final = Sentence(
    "该路由的推送超过每分钟上限，本次什么也没有记录。请稍后重发，或在接入配置中提高 per_minute_max。",
    "This route sends more than it may in a minute; nothing of this is recorded. Send it again later, or raise per_minute_max.",
)


@dataclass(slots=True)
class PushFigures:
    """What a route's address counted since the start."""

    unproved_count: int = 0
    slowed_count: int = 0


class PushDoor:
    """One route's address: who may push, and how often. ``now`` in ms, ``monotonic_s`` in s."""

    def __init__(
        self, reader: RouteReader, push: Push, secret: str, *, now: Callable[[], int], monotonic_s: Callable[[], float]
    ) -> None:
        self.reader = reader
        self.figures = PushFigures()
        self.to_come = PushesToCome(monotonic_s)
        reader.beside.append(self.figures)
        self._proof = Proof(secret)
        self._may_use_url_key = push.may_use_url_key
        self._rate = SteadyRate(push.per_minute_max)
        self._now = now
        self._monotonic_s = monotonic_s

    async def read(self, request: Request, key: str | None) -> bytes:
        """The body of a request that proved itself and comes at its time. Raises Refusing."""
        headers = request.headers
        by_key = self._may_use_url_key and key is not None and self._proof.is_key(key)
        is_proved = by_key or self._proof.is_borne(headers)
        if not is_proved and not self._proof.is_timely(headers, self._now()):
            raise self._unproved()
        body = await read_at_most(request)
        if not is_proved and not self._proof.is_signed(headers, body):
            raise self._unproved()
        if wait_s := self._rate.wait_s(self._monotonic_s()):
            self.figures.slowed_count += 1
            raise Refusing(429, "too_often", _TOO_MANY, retry_s=math.ceil(wait_s))
        return body

    def _unproved(self) -> Refusing:
        self.figures.unproved_count += 1
        return Refusing(401, "not_proved", _NO_PROOF)


class PushResults(BaseModel):
    """What became of a push. All of it is in the journal, refused events too, but for what is ignored."""

    accepted_count: int
    rejected_count: int
    ignored: str | None = Field(default=None, description="why the message says nothing of concern")
    results: list[EventResult]


def push_routes(door: FrontDoor, doors: Mapping[str, PushDoor], new_arrival: Callable[[], str]) -> APIRouter:
    """The addresses. ``doors`` by the names of their routes."""
    router = APIRouter(tags=["push"])

    @router.post(
        "/v1/push/{route}",
        summary="Send a foreign format in",
        response_model=PushResults,
        responses=_errors(),
        openapi_extra={"requestBody": {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def push(
        request: Request,
        route: Annotated[str, Path(max_length=128)],
        key: Annotated[str | None, Query(max_length=256, description="The secret, where the route allows it in the URL.")] = None,
    ) -> Response:
        """One message of the platform's own, in any content type, with the route's secret or a signature by it.

        Answered with 200 also where all of it was refused: it is journaled, and the same again would be refused again.
        """
        opened = doors.get(route)
        if opened is None:
            raise Refusing(404, "no_such_route", _NO_ROUTE, field="path.route")
        body = await opened.read(request, key)
        # A request that is sent once more, by the platform or by somebody who listened, stays the same delivery.
        arrival = request.headers.get("idempotency-key") or request.headers.get("shouwang-signature") or new_arrival()
        told = opened.to_come.take(body) or await _read(opened.reader, SOURCE + route, body, arrival)
        if isinstance(told, Ignored):
            return answer(200, PushResults(accepted_count=0, rejected_count=0, ignored=told.reason, results=[]))
        return answer(200, _results(told, await _journaled(door, opened, body, told)))

    @router.get(
        "/v1/push/{route}",
        summary="Answer a platform that tries the address",
        response_model=None,
        responses={
            **{status: said for status, said in _errors().items() if status in {404, 422}},
            200: {"description": "What it said", "content": {"text/plain": {"schema": {"type": "string"}}}},
        },
    )
    async def tried(
        route: Annotated[str, Path(max_length=128)],
        msg: Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{1,128}$", description="What is said back.")],
    ) -> PlainTextResponse:
        """OneNET asks so whether the address is ours, before it sends anything. It is told nothing that it has not said."""
        if route not in doors:
            raise Refusing(404, "no_such_route", _NO_ROUTE, field="path.route")
        return PlainTextResponse(msg, headers={"X-Content-Type-Options": "nosniff"})

    return router


async def _read(reader: RouteReader, topic: str, body: bytes, arrival: str) -> list[Event | Rejected] | Ignored:
    if len(body) < IN_THREAD_FROM_BYTES:
        return reader.read(topic, body, arrival=arrival)
    return await to_thread.run_sync(lambda: reader.read(topic, body, arrival=arrival))


async def _journaled(door: FrontDoor, opened: PushDoor, body: bytes, told: list[Event | Rejected]) -> int:
    """The first position. Raises Refusing; then what was read is kept for when it is sent again."""
    try:
        return (await door.journal(list(told), lane_for(told))).first_position
    except Refusing:
        opened.to_come.keep(body, told)
        raise


def _results(told: list[Event | Rejected], first_position: int) -> PushResults:
    results = results_of(told, first_position)
    accepted_count = sum(result.accepted for result in results)
    return PushResults(accepted_count=accepted_count, rejected_count=len(results) - accepted_count, results=results)


def _errors() -> dict[int | str, dict[str, Any]]:
    said = {
        401: "Neither the secret nor a signature by it",
        404: "No route of this name takes pushes",
        413: "The body is over 1 MB",
        422: "The request is not as agreed; the error says what",
        429: "More than the route may send: again after Retry-After",
        503: "The desk is full or stopping: try again after Retry-After",
    }
    return {status: {"model": ErrorBody, "description": text} for status, text in said.items()}
