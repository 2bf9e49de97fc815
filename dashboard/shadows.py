"""GET /v1/reports/shadow: what the shadow rules would have raised on live events, beside what the live rules raised."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.models import Answer, Question
from dashboard.problems import ApiError
from dashboard.reports import titles_of
from dashboard.shadow_shape import NotHeard, ShadowRule, ShadowsTooMany
from dashboard.web import Here
from rules.definition import RulePack
from rules.model import Sentence

DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 90

router = APIRouter(route_class=GuardedRoute, tags=["reports"])


class ShadowQuery(Question):
    """How far back."""

    days: int = Field(default=7, ge=1, le=DAYS_MAX, description="how many days to look back")


class ShadowAnswer(Answer):
    """Each shadow rule of the stretch beside the live rules of its hazard."""

    at: int
    from_at: int
    until_at: int
    heard_until_at: int | None = Field(description="how far the shadows are; null before their first entry")
    gaps: list[NotHeard] = Field(description="stretches that they did not hear, because they were too far behind")
    fault_count: int = Field(description="entries and timers that stopped the shadows, and were passed over")
    rules: list[ShadowRule]
    unheard_rules: list[str] = Field(description="shadow rules of the pack in force that were not heard yet")
    titles: dict[str, Sentence] = Field(description="of the rules, as the pack in force says them")


@router.get("/v1/reports/shadow", openapi_extra={**OPERATOR}, summary="What the shadow rules would have raised")
def report_shadow(web: Here, query: Annotated[ShadowQuery, Query()]) -> ShadowAnswer:
    """As 'shouwang shadow report' has it. Nobody was told of any of it, and no other figure counts it."""
    now, pack = web.clock(), web.find_pack()
    from_at = max(0, now - query.days * DAY_MS)
    try:
        found = web.hindsight.shadows(from_at, max(now, from_at + 1))
    except ShadowsTooMany:
        raise ApiError(
            422,
            "too_much",
            zh="这段时间的记录太多，请减少天数，或使用命令 shouwang shadow report。",
            en="These days have too many lines: ask for fewer, or use the command shouwang shadow report.",
            field="query.days",
        ) from None
    rules = [] if found is None else found.rules
    names = [name for one in rules for said in one.latest for name in (said.rule, said.live_rule)]
    return ShadowAnswer(
        at=now,
        from_at=from_at,
        until_at=now,
        heard_until_at=None if found is None else found.heard_until_at,
        gaps=[] if found is None else found.gaps,
        fault_count=0 if found is None else found.fault_count,
        rules=rules,
        unheard_rules=_unheard(pack, rules),
        titles=titles_of([*names, *[one.rule for one in rules], *_shadows(pack)], pack, []),
    )


def _shadows(pack: RulePack | None) -> list[str]:
    return [] if pack is None else [rule.id for rule in pack.rules if rule.is_shadow]


def _unheard(pack: RulePack | None, heard: list[ShadowRule]) -> list[str]:
    """Those in force that the shadows' process has not begun with."""
    known = {one.rule for one in heard if one.until_at is None}
    return [name for name in _shadows(pack) if name not in known]
