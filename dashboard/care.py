"""POST /v1/incidents/{id}/care: look into the care references that a case opens. Each look is a line of the case's story."""

import secrets
from typing import Final

from anyio import to_thread
from fastapi import APIRouter
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.actions import desk_closed
from dashboard.care_list import PURPOSES, SHOWN_MAX, CareUnreadable, Purpose, opened_by
from dashboard.frontdoor import FrontDoorClosed
from dashboard.incidents import Identity
from dashboard.models import Answer, ErrorBody
from dashboard.problems import ApiError
from dashboard.web import Asking, Here
from rules.model import Entity, Incident, OperatorAction, Sentence, Verb

router = APIRouter(route_class=GuardedRoute, tags=["incidents"])
_PURPOSES: Final = {Purpose.EVACUATION: "疏散", Purpose.CARE: "关爱"}


class CareLine(Answer):
    """One person in need of care, by reference: ask the holder, naming it."""

    reference: str
    holder: str
    zone: str
    valid_until_at: int
    sentence: Sentence


class CareLook(Answer):
    """What this case opens, for this purpose alone."""

    at: int
    purpose: Purpose
    lines: list[CareLine]
    is_whole: bool = Field(description=f"false: there are more than the {SHOWN_MAX} nearest, which are listed")


@router.post(
    "/v1/incidents/{incident_id}/care",
    openapi_extra={**OPERATOR},
    responses={
        404: {"model": ErrorBody, "description": "There is no such incident"},
        409: {"model": ErrorBody, "description": "The incident is closed, or of a hazard for which no reference may be opened"},
        503: {"model": ErrorBody, "description": "The look cannot be recorded, or the list not be read, so nothing is shown"},
    },
    summary="Look into the care references at the place of an incident",
)
async def look_into_care(web: Here, caller: Asking, incident_id: Identity) -> CareLook:
    """Who needs care there, by reference. First the look is journaled with the caller's name, then it is answered."""
    case = await to_thread.run_sync(lambda: web.reads.case(incident_id, timeline_max=1))
    if case is None:
        raise _unknown()
    incident, purpose = case.incident, _purpose_of(case.incident)
    now = web.clock()
    try:
        standing = await to_thread.run_sync(web.find_care, now)
    except CareUnreadable as fault:
        raise _unreadable(fault) from fault
    opened = opened_by(standing, community=incident.community, hazard=incident.hazard, zone=incident.zone, now=now)
    found = opened[:SHOWN_MAX]
    zh = f"查看关爱名单引用（用途：{_PURPOSES[purpose]}），{len(found)} 条"
    en = f"looked into care references for {purpose.value}: {len(found)}"
    action = OperatorAction(
        id=f"care-{secrets.token_hex(16)}",
        community=incident.community,
        actor=caller.operator,
        verb=Verb.NOTE,
        entity=Entity.INCIDENT,
        entity_id=incident.id,
        arguments={"text": f"{zh} / {en}"},
    )
    try:
        answer = await web.front_door.act(action, web.action_timeout_s)
    except FrontDoorClosed as error:
        raise desk_closed() from error
    if answer is not None and not answer.is_accepted:
        raise ApiError(409, answer.reason.value, zh=answer.sentence.zh, en=answer.sentence.en)
    lines = [
        CareLine(
            reference=each.reference,
            holder=each.holder,
            zone=each.zone,
            valid_until_at=each.valid_until_at,
            sentence=Sentence(
                f"{each.zone} 有 1 人需要关照，请向{each.holder}凭编号 {each.reference} 询问",
                f"1 person in need of care at {each.zone}: ask {each.holder} with reference {each.reference}",
            ),
        )
        for each in found
    ]
    return CareLook(at=now, purpose=purpose, lines=lines, is_whole=len(found) == len(opened))


def _unknown() -> ApiError:
    return ApiError(
        404,
        "no_such_incident",
        zh="没有这个警情，请从列表中选择。",
        en="There is no incident of this id; choose one from the list.",
        field="path.incident_id",
    )


def _unreadable(fault: CareUnreadable) -> ApiError:
    return ApiError(
        503,
        "care_unreadable",
        zh=f"关爱名单无法读取（{fault}）：请检查数据目录中该文件的属主与权限，或以服务用户重新载入；现在请直接询问社区。",
        en=f"The care list cannot be read ({fault}): mend the owner and rights of that file in the data folder, or load it anew "
        "as the service's user; ask the community itself meanwhile.",
    )


def _purpose_of(incident: Incident) -> Purpose:
    if incident.closed_at is not None:
        raise ApiError(
            409, "illegal_now", zh="警情已结案，不再查看关爱名单。", en="The incident is closed: the care list stays shut."
        )
    purpose = PURPOSES.get(incident.hazard)
    if purpose is None:
        raise ApiError(
            409,
            "no_purpose",
            zh="此类警情没有查看关爱名单的正当用途。",
            en="For an incident of this hazard there is no purpose for which the care list may be opened.",
        )
    return purpose
