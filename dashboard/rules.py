"""GET /v1/rules: what the pack in force watches for, in plain words, with the card of each alarm."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.models import Question, RuleItem, RulePage
from dashboard.web import Here
from rules.definition import Card, Rule, RulePack
from rules.model import Level, Sentence
from rules.rule_words import explain

Word = Annotated[str, Field(max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]

router = APIRouter(route_class=GuardedRoute, tags=["rules"])


class RuleQuery(Question):
    """Which rules. A community may have parameters of its own."""

    rule: list[Word] = Field(default=[], max_length=50)
    community: Word | None = Field(default=None, description="as they hold there")


@router.get("/v1/rules", openapi_extra={**OPERATOR}, summary="The rules in force, and what their alarms mean")
def rules(web: Here, query: Annotated[RuleQuery, Query()]) -> RulePage:
    """Every rule of the pack in force, in its order."""
    pack = web.find_pack()
    if pack is None:
        return RulePage(at=web.clock(), pack="", version="", rules=[])
    here = of_community(pack, query.community or "")
    found = [_item(here, rule) for rule in here.rules if not query.rule or rule.id in query.rule]
    return RulePage(at=web.clock(), pack=pack.id, version=pack.version, rules=found)


def of_community(pack: RulePack, community: str) -> RulePack:
    """The pack as it holds in this community."""
    return pack.by_community.get(community, pack)


def cards_of(names: Iterable[str], pack: RulePack | None, community: str) -> dict[str, Card]:
    """The cards of these rules by their ids; those that have none, or that the pack in force does not know, are left out."""
    if pack is None:
        return {}
    wanted = frozenset(names)
    return {rule.id: rule.card for rule in of_community(pack, community).rules if rule.id in wanted and rule.card is not None}


def _item(pack: RulePack, rule: Rule) -> RuleItem:
    hazard = pack.hazards.get(rule.hazard)
    return RuleItem(
        id=rule.id,
        title=rule.title,
        hazard=rule.hazard,
        hazard_title=hazard.title if hazard is not None else Sentence(rule.hazard, rule.hazard),
        warning_levels=_levels([stage.level for stage in rule.warnings]),
        alarm_levels=_levels([stage.level for stage in rule.alarms]),
        is_life_safety=hazard is not None and hazard.is_life_safety,
        plan=rule.plan,
        source=rule.source,
        card=rule.card,
        explained=list(explain(pack, rule)),
    )


def _levels(levels: Iterable[Level]) -> list[Level]:
    return list(dict.fromkeys(levels))
