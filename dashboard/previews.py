"""POST /v1/preview: what a shelf, an outage or an inhibition would have hidden lately. GET /v1/chatter: which alarms flap.

Both only look back into the record; nothing is changed.
"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Text
from dashboard.models import Argument, ChatterPage, ErrorBody, PreviewAnswer, Question, Word
from dashboard.problems import ApiError
from dashboard.web import Here, Web
from rules.alarm_record import key_of
from rules.book import NO_PACK
from rules.delay_proposal import SHARE, advice_of
from rules.hidden import Past, Preview
from rules.hiding import hidden_by_inhibitions, hidden_by_outages, same_hours_before
from rules.hiding_shelf import hidden_by_shelves
from rules.maintenance_actions import outage_asked_for
from rules.model import Entity, OperatorAction, Verb
from rules.refusal import RefusedError, seconds_of
from rules.suppress import SHELF_MAX_S

router = APIRouter(route_class=GuardedRoute, tags=["alarms"])
DAY_MS: Final = 86_400_000
LISTED_MAX: Final = 200
"""Hidden alarms that an answer lists, the earliest first; all are counted."""


class PreviewRequest(Question):
    """An action as it would be sent to /v1/actions (``shelve``, ``maintain``), or the id of an ``inhibition`` of the pack."""

    verb: Literal[Verb.SHELVE, Verb.MAINTAIN] | None = None
    entity: Literal[Entity.ALARM, Entity.DEVICE, Entity.ZONE] | None = None
    entity_id: Word | None = None
    arguments: Annotated[dict[Annotated[str, Field(max_length=64)], Argument], Field(max_length=16)] = Field(default_factory=dict)
    inhibition: Word | None = None
    community: Word | None = None
    days: int = Field(default=7, ge=1, le=90, description="how far to look back")


class ChatterQuery(Question):
    """Of which days, and how much of the chatter a proposal must remove."""

    days: int = Field(default=30, ge=1, le=90)
    share: float = Field(default=SHARE, gt=0, le=1)
    community: list[Text] = Field(default=[], max_length=20)


@router.post(
    "/v1/preview",
    openapi_extra={**OPERATOR},
    responses={404: {"model": ErrorBody, "description": "There is no such alarm or inhibition"}},
    summary="What a shelf, an outage or an inhibition would have hidden lately",
)
def preview(web: Here, wanted: PreviewRequest) -> PreviewAnswer:
    """A shelf is tried each time the alarm rang, an outage at the same hours of each day, an inhibition all the time."""
    past = _past(web, wanted.days, (wanted.community,) if wanted.community else ())
    try:
        found = _look(web, past, wanted)
    except RefusedError as refused:
        raise ApiError(
            422, "invalid", zh=f"{refused.sentence.zh}。", en=f"{refused.sentence.en}.", field="body.arguments"
        ) from None
    listed = found.hidden[:LISTED_MAX]
    return PreviewAnswer(
        at=web.clock(),
        since_at=found.since_at,
        until_at=found.until_at,
        rang_count=found.rang_count,
        hidden_count=len(found.hidden),
        never_told_count=found.never_told_count,
        late_count=found.late_count,
        quieted_count=found.quieted_count,
        life_safety_count=found.life_safety_count,
        real_count=found.real_count,
        kept_count=found.kept_count,
        sentence=found.sentence,
        hidden=list(listed),
        is_whole=len(listed) == len(found.hidden),
    )


@router.get("/v1/chatter", openapi_extra={**OPERATOR}, summary="Alarms that flap or are fleeting, and a delay that would help")
def chatter(web: Here, query: Annotated[ChatterQuery, Query()]) -> ChatterPage:
    """The most restless first, each with proposals, the most harmless first."""
    past = _past(web, query.days, tuple(query.community))
    return ChatterPage(at=web.clock(), since_at=past.since_at, until_at=past.until_at, advice=list(advice_of(past, query.share)))


def _past(web: Web, days: int, communities: tuple[str, ...]) -> Past:
    now = web.clock()
    return web.reads.past(web.find_pack() or NO_PACK, now - days * DAY_MS, now, communities=communities)


def _look(web: Web, past: Past, wanted: PreviewRequest) -> Preview:
    if wanted.inhibition is not None:
        own = past.pack.by_community.get(wanted.community or "", past.pack)
        meant = tuple([one for one in own.inhibitions if one.id == wanted.inhibition])
        if not meant:
            raise _unknown("没有这条抑制规则", "There is no such inhibition in the pack", "body.inhibition")
        return hidden_by_inhibitions(past, meant)
    if wanted.verb is Verb.SHELVE and wanted.entity is Entity.ALARM and wanted.entity_id is not None:
        return _shelf(web, past, _action(wanted))
    if wanted.verb is Verb.MAINTAIN and wanted.entity in (Entity.DEVICE, Entity.ZONE) and wanted.entity_id and wanted.community:
        outage = outage_asked_for(_action(wanted), now=web.clock(), name="preview")
        return hidden_by_outages(past, same_hours_before(outage, past))
    raise ApiError(
        422,
        "invalid",
        zh="请写明：搁置一条报警，或停用某社区的一个设备或区域，或一条抑制规则的编号。",
        en="Say what: shelve an alarm, maintain a device or a zone of a community, or the id of an inhibition.",
        field="body.verb",
    )


def _shelf(web: Web, past: Past, action: OperatorAction) -> Preview:
    alarm = web.reads.alarm(action.entity_id)
    if alarm is None:
        raise _unknown("没有这条报警", "There is no such alarm", "body.entity_id")
    for_s = seconds_of(action, "for_s", SHELF_MAX_S) or float(SHELF_MAX_S)
    return hidden_by_shelves(past, key_of(alarm, past.pack), for_s, is_one_shot=action.arguments.get("once") == "yes")


def _action(wanted: PreviewRequest) -> OperatorAction:
    arguments = {"reason": "preview", **wanted.arguments}
    return OperatorAction(
        id="preview",
        community=wanted.community or "",
        actor="preview",
        verb=wanted.verb or Verb.MAINTAIN,
        entity=wanted.entity or Entity.ZONE,
        entity_id=wanted.entity_id or "",
        arguments=arguments,
    )


def _unknown(zh: str, en: str, field: str) -> ApiError:
    return ApiError(404, "unknown_entity", zh=f"{zh}，请从列表中选择。", en=f"{en}; choose one from the list.", field=field)
