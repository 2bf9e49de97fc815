"""The front door over HTTP: the event contract for those who cannot speak MQTT, operators' actions, and re-driving.

A 2xx answer means: the journal's commit is done. The answer to an action means: decided and stored.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.responses import Response as PlainResponse
from pydantic import TypeAdapter

from ingest.adapter import Ignored
from ingest.entries import Journaled
from ingest.http_actions import ACTION, read_action
from ingest.http_answers import (
    PENDING,
    ErrorBody,
    EventResults,
    Pending,
    Refusing,
    answer,
    speak_uniformly,
)
from ingest.http_body import guard, read_body, refuse_repeated
from ingest.http_door import IN_THREAD_FROM_BYTES, FrontDoor
from ingest.http_items import BODY_BYTES_MAX, SOURCE, Letter, letter_schema, read_letter
from ingest.http_push import SOURCE as PUSHED
from ingest.http_push import PushDoor, push_routes
from ingest.port import Desk, Meter, Unmetered
from ingest.refusal import SENTENCES, Refusal
from ingest.route import RouteReader
from ingest.topics import PREFIX, Lane
from ingest.wire import decode
from rules.effects import AnswerAction
from rules.model import Event, Rejected, Sentence

_ANSWER: Final[TypeAdapter[AnswerAction]] = TypeAdapter(AnswerAction)
_CUT: Final = Sentence(
    "只保存了前 1 KB，无法重新送入。请由设备重新发送。", "Only the first kilobyte was kept; the device must send it again."
)
_IGNORED: Final = Sentence("该消息现在可以读懂，但没有可用的内容：", "It can be read now, and says nothing of concern: ")
_NO_SUCH: Final = Sentence("该位置没有被拒收的输入。", "No refused input has this position; choose one from the list.")


def create_front_door(  # noqa: PLR0913 - whoever wires the process together names each part once
    desk: Desk,
    *,
    token_ok: Callable[[str], bool],
    find_rejected: Callable[[int], Journaled | None],
    note_redriven: Callable[[int], None] = lambda _: None,
    has_actions: bool = True,
    meter: Meter | None = None,
    prefix: str = PREFIX,
    new_arrival: Callable[[], str] = secrets.token_urlsafe,
    pushes: Sequence[PushDoor] = (),
    readers: Sequence[RouteReader] = (),
) -> FastAPI:
    """The app. Without ``has_actions`` it only takes events: for integrators, who must not decide for operators.

    ``find_rejected`` and ``note_redriven`` (told after the commit) may block: they are called in a thread. ``new_arrival``
    makes a text that no other request had. ``pushes`` are the routes that take foreign formats here; ``readers`` all routes, to
    drive their refused messages in again. Counts
    ``full`` (requests turned away), ``entries`` (journaled) and ``rejected`` (of those, refused).
    """
    app = FastAPI(title="Shouwang front door", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    speak_uniformly(app)
    door = FrontDoor(desk, find_rejected, note_redriven, meter or Unmetered(), prefix, readers)
    guarded: dict[str, Any] = {"dependencies": [Depends(guard(token_ok)), Depends(refuse_repeated)], "responses": _errors(401)}
    app.include_router(_events(door, new_arrival), **guarded)
    if pushes:
        app.include_router(push_routes(door, {each.reader.route.name: each for each in pushes}, new_arrival))
    if has_actions:
        app.include_router(_actions(door), **guarded)
        app.include_router(_redrives(door), **guarded)
    return app


def _events(door: FrontDoor, new_arrival: Callable[[], str]) -> APIRouter:
    router = APIRouter(tags=["events"])

    @router.post(
        "/v1/events",
        summary="Send events in",
        response_model=EventResults,
        responses={
            207: {"model": EventResults, "description": "Journaled; some were refused, each says why"},
            **_errors(413, 415, 503),
            422: {"model": EventResults | ErrorBody, "description": "Journaled, and every one refused; or a wrong query"},
        },
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": letter_schema()}}}},
    )
    async def events(
        request: Request,
        place: Annotated[dict[str, str], Depends(_place)],
        idempotency_key: Annotated[str | None, Header(max_length=256)] = None,
    ) -> Response:
        """One event, an array of them, or {"events": [...]}. Each says its topic, or the query says one for all.

        With Idempotency-Key a repeated request is known as such, even where events bring neither id nor time.
        """
        body = await read_body(request)
        letter = Letter(body, place, door.prefix, idempotency_key or new_arrival())
        entries = await to_thread.run_sync(read_letter, letter) if len(body) >= IN_THREAD_FROM_BYTES else read_letter(letter)
        return await door.take(entries)

    return router


def _actions(door: FrontDoor) -> APIRouter:
    router = APIRouter(tags=["actions"])

    @router.post(
        "/v1/actions",
        summary="Acknowledge, verify, dispatch, shelve, close …",
        response_model=AnswerAction,
        responses={
            202: {"model": Pending, "description": "Journaled, not decided in time"},
            409: {"model": AnswerAction, "description": "Refused by the chain; the reason says why"},
            **_errors(413, 415, 422, 503),
        },
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": ACTION.json_schema()}}}},
    )
    async def act(
        request: Request,
        idempotency_key: Annotated[str | None, Header(max_length=256)] = None,
        wait_s: Annotated[float, Query(ge=0, le=30, description="How long to wait for the decision.")] = 10.0,
    ) -> Response:
        """Decided once per id, however often it is sent: after a lost answer send the same id again."""
        action = read_action(await read_body(request), idempotency_key)
        waiting = asyncio.create_task(door.desk.answer(action.id, wait_s))  # before it is offered: no answer is missed
        try:
            await door.journal([action], Lane.CRITICAL)
            answered = await waiting
        finally:
            waiting.cancel()
        if answered is None:
            return answer(202, Pending(action_id=action.id, sentence=PENDING))
        status = 200 if answered.is_accepted else 409
        return PlainResponse(_ANSWER.dump_json(answered), status, media_type="application/json")

    return router


def _redrives(door: FrontDoor) -> APIRouter:
    router = APIRouter(tags=["rejected"])

    @router.post(
        "/v1/rejected/{position}/redrive",
        summary="Send refused input in again",
        response_model=EventResults,
        responses={
            207: {"model": EventResults, "description": "Journaled; some were refused again"},
            409: {"model": ErrorBody, "description": "Only its first kilobyte was kept"},
            **_errors(404, 422, 503),
        },
    )
    async def redrive(position: Annotated[int, Path(ge=0, le=2**63 - 1)]) -> Response:
        """Read it once more, for instance after a new version understands it. Driven in twice, it still happened once."""
        found = await to_thread.run_sync(door.find_rejected, position)
        if found is None or not isinstance(found.entry, Rejected):
            raise Refusing(404, "no_such_rejected", _NO_SUCH, field="path.position")
        refused = found.entry
        if len(refused.excerpt) < refused.size:
            raise Refusing(409, "cut", _CUT)
        entries = _read_again(refused, door, f"redrive-{position}")
        if not any(isinstance(entry, Event) for entry in entries):  # listed already: not journaled a second time
            again = next(entry for entry in entries if isinstance(entry, Rejected))
            sentence = SENTENCES[Refusal(again.reason)]
            raise Refusing(422, again.reason, Sentence(f"{sentence.zh}：{again.detail}", f"{sentence.en}: {again.detail}"))
        response = await door.take(entries)
        await to_thread.run_sync(door.note_redriven, position)
        return response

    return router


def _read_again(refused: Rejected, door: FrontDoor, arrival: str) -> list[Event | Rejected]:
    """As what it came as: by HTTP, by a foreign route, or by our own topics."""
    source, excerpt = refused.source, refused.excerpt
    if source == SOURCE:
        return read_letter(Letter(excerpt, {}, door.prefix, arrival))
    for reader in door.readers:
        if source == PUSHED + reader.route.name or reader.takes(source):
            told = reader.read(source, excerpt, arrival=arrival)
            if isinstance(told, Ignored):
                raise Refusing(422, "ignored", Sentence(f"{_IGNORED.zh}{told.reason}", f"{_IGNORED.en}{told.reason}"))
            return told
    return decode(source, excerpt, prefix=door.prefix, arrival=arrival, bytes_max=BODY_BYTES_MAX)


def _place(
    topic: Annotated[str | None, Query(max_length=1024, description="For events that do not say where they come from.")] = None,
    community: Annotated[str | None, Query(max_length=128)] = None,
    network: Annotated[str | None, Query(max_length=16)] = None,
    event_class: Annotated[str | None, Query(alias="class", max_length=16)] = None,
    device: Annotated[str | None, Query(max_length=128)] = None,
) -> dict[str, str]:
    """The place that the query names."""
    given = {"topic": topic, "community": community, "network": network, "class": event_class, "device": device}
    return {part: text for part, text in given.items() if text is not None}


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    said = {
        401: "The token is missing or wrong",
        404: "No refused input has this position",
        413: "The body is over 1 MB",
        415: "The body is not JSON",
        422: "The request is not as agreed; the error says what",
        503: "The desk is full or stopping: try again after Retry-After",
    }
    return {status: {"model": ErrorBody, "description": said[status]} for status in statuses}
