"""POST /v1/trials: what messages would mean. GET /v1/formats: what is understood. Nothing is journaled, stored or decided on."""

from typing import Final

from fastapi import APIRouter

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.models import Answer, ErrorBody
from dashboard.problems import ApiError
from dashboard.trial_shape import FormatItem, TrialAnswer, TrialExample, TrialRequest, TrialStopped
from dashboard.web import Here

router = APIRouter(route_class=GuardedRoute, tags=["formats"])
WAIT_S: Final = 3.0
"""How long a trial waits for the one before it."""


class FormatPage(Answer):
    """All formats, and a mapping to begin with where none of them fits."""

    at: int
    formats: list[FormatItem]
    mapping: str
    mapping_examples: list[TrialExample]


@router.get("/v1/formats", openapi_extra={**OPERATOR}, summary="The formats that are understood, with examples")
def formats(web: Here) -> FormatPage:
    """Those that 'shouwang adapters' lists."""
    known = web.trials
    return FormatPage(
        at=web.clock(), formats=list(known.formats), mapping=known.mapping, mapping_examples=list(known.mapping_examples)
    )


@router.post(
    "/v1/trials",
    openapi_extra={**OPERATOR},
    responses={503: {"model": ErrorBody, "description": "Another trial is running"}},
    summary="What messages would mean, by a format or by a mapping",
)
def try_out(web: Here, wanted: TrialRequest) -> TrialAnswer:
    """In a process of its own with bounds on time and memory, one at a time; all faults of a mapping at once."""
    if wanted.format and wanted.format not in {each.name for each in web.trials.formats}:
        raise ApiError(
            422,
            "invalid",
            zh="没有这种格式，请从列表中选择。",
            en="There is no such format; choose one of the list.",
            field="body.format",
        )
    if not web.trying.acquire(timeout=WAIT_S):
        raise ApiError(
            503, "busy", zh="正在进行另一次试解码，请稍后再试。", en="Another trial is running; try again in a moment."
        )
    try:
        return web.trials.run(wanted, web.clock())
    except TrialStopped as fault:
        raise ApiError(
            422,
            "too_much_work",
            zh=f"试解码超出时间或内存上限，已停止（{fault}）。请减少消息，或简化路径和条件。",
            en=f"The trial was stopped at its bound on time or memory ({fault}). Send fewer messages or simpler conditions.",
            field="body.messages",
        ) from fault
    finally:
        web.trying.release()
