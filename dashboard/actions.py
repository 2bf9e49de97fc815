"""POST /v1/actions: what a person asks enters by the front door, and is answered when it was decided."""

import secrets
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Response

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.frontdoor import FrontDoorClosed
from dashboard.models import ActionAnswer, ActionPending, ActionRequest, ErrorBody, Word
from dashboard.problems import ApiError
from dashboard.web import Asking, Here, Web
from rules.model import Entity, OperatorAction, Sentence

router = APIRouter(route_class=GuardedRoute, tags=["actions"])
_PENDING = Sentence(
    "已记录，尚未处理完毕；结果会出现在时间线上，请勿重复提交。",
    "Recorded, not yet decided; the outcome will appear on the timeline. There is no need to send it again.",
)


@router.post(
    "/v1/actions",
    openapi_extra={**OPERATOR},
    responses={
        202: {"model": ActionPending, "description": "Journaled, not decided in time; the stream will tell"},
        404: {"model": ErrorBody, "description": "There is no such entity"},
        409: {"model": ErrorBody, "description": "Refused by the chain; the code is its reason"},
        503: {"model": ErrorBody, "description": "The desk cannot be reached; the sentence says what to do"},
    },
    summary="Acknowledge, verify, dispatch, shelve, close …",
)
async def act(
    web: Here,
    caller: Asking,
    wanted: ActionRequest,
    response: Response,
    idempotency_key: Annotated[Word | None, Header()] = None,
) -> ActionAnswer | ActionPending:
    """Decided once per id, however often it is sent: after a lost answer send the same id again."""
    action_id = _one_id(wanted.id, idempotency_key)
    community = wanted.community or await _community(web, wanted)
    action = OperatorAction(
        id=action_id,
        community=community,
        actor=caller.operator,
        verb=wanted.verb,
        entity=wanted.entity,
        entity_id=wanted.entity_id,
        arguments=wanted.arguments,
    )
    echo = _echo(action_id)
    response.headers.update(echo)
    try:
        answer = await web.front_door.act(action, web.action_timeout_s)
    except FrontDoorClosed as error:
        raise desk_closed() from error
    if answer is None:
        response.status_code = 202
        return ActionPending(action_id=action_id, sentence=_PENDING)
    if not answer.is_accepted:
        raise ApiError(409, answer.reason.value, zh=answer.sentence.zh, en=answer.sentence.en, headers=echo)
    return ActionAnswer(
        action_id=action_id, is_accepted=True, reason=answer.reason, sentence=answer.sentence, decided_at=answer.at
    )


def _echo(action_id: str) -> dict[str, str]:
    """The id as a header of the answer; a header can carry no other letters than these, and the body says it in any case."""
    return {"Idempotency-Key": action_id} if action_id.isascii() else {}


def desk_closed() -> ApiError:
    """The desk does not answer: what the person in front of the screen has to do now."""
    return ApiError(
        503,
        "desk_unreachable",
        zh="接处警主进程无应答，操作是否生效未知。请按预案改用电话或对讲机处置，并检查 shouwang 主进程；"
        "恢复后可用同一编号重发，不会重复执行。",
        en="The desk does not answer, and whether this was done is unknown. Act by telephone or radio as your plan says, "
        "and look after the main shouwang process; then send it again with the same id: it is never done twice.",
        headers={"Retry-After": "5"},
    )


def _one_id(in_body: str | None, in_header: str | None) -> str:
    if in_body is not None and in_header is not None and in_body != in_header:
        raise ApiError(
            422,
            "invalid",
            zh="请求体的 id 与 Idempotency-Key 不一致，请只用一个。",
            en="The body's id and the header Idempotency-Key differ; send only one.",
            field="header.idempotency-key",
        )
    return in_body or in_header or f"web-{secrets.token_hex(16)}"


async def _community(web: Web, wanted: ActionRequest) -> str:
    if wanted.entity in (Entity.DEVICE, Entity.ZONE):
        raise ApiError(
            422,
            "invalid",
            zh="对设备或区域的操作需要写明 community。",
            en="An action on a device or a zone must name its community.",
            field="body.community",
        )
    community = await to_thread.run_sync(web.reads.community_of, wanted.entity, wanted.entity_id)
    if community is None:
        raise ApiError(
            404,
            "unknown_entity",
            zh="没有这个对象，可能已被清理；请刷新页面。",
            en="There is no such entity, or no more; refresh the page.",
            field="body.entity_id",
        )
    return community
