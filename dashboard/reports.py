"""GET /v1/reports/…: what a stretch of the past says about the alarms themselves."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Instant, Text
from dashboard.models import Answer, Question
from dashboard.rules import of_community
from dashboard.web import Here
from rules.definition import RulePack
from rules.false_ratio import RuleVerdicts, tally, tally_all
from rules.model import Sentence

DAY_MS: Final = 86_400_000
STRETCH_MS: Final = 30 * DAY_MS
"""ISA-18.2 asks for at least 30 days of data."""
STRETCH_MAX_MS: Final = 400 * DAY_MS

router = APIRouter(route_class=GuardedRoute, tags=["reports"])


class StretchQuery(Question):
    """Which stretch; the last 30 days where nothing is said."""

    from_at: Instant | None = None
    until_at: Instant | None = Field(default=None, description="the first instant after the stretch; now where absent")
    community: list[Text] = Field(default=[], max_length=20)

    @model_validator(mode="after")
    def has_a_length(self) -> "StretchQuery":
        """Ends after it begins, and is at most 400 days long."""
        if self.from_at is not None and self.until_at is not None:
            if self.from_at >= self.until_at:
                raise ValueError("from_at must be before until_at")
            if self.until_at - self.from_at > STRETCH_MAX_MS:
                raise ValueError("at most 400 days")
        return self

    def bounds(self, now: int) -> tuple[int, int]:
        """The stretch in ms. An open end is filled from the other, and a stretch is never longer than 400 days."""
        until_at = now if self.until_at is None else self.until_at
        from_at = until_at - STRETCH_MS if self.from_at is None else self.from_at
        return min(max(0, from_at, until_at - STRETCH_MAX_MS), until_at), until_at


class VerdictReport(Answer):
    """Which rules cry wolf: the most false alarms first."""

    at: int
    from_at: int
    until_at: int
    all_rules: RuleVerdicts
    rules: list[RuleVerdicts]
    titles: dict[str, Sentence] = Field(description="of the rules, as the pack in force says them")


@router.get("/v1/reports/verdicts", openapi_extra={**OPERATOR}, summary="Verdicts and false alarms by rule")
def verdicts(web: Here, query: Annotated[StretchQuery, Query()]) -> VerdictReport:
    """What people found out about the cases whose alarms were opened in the stretch, with the false ratio of each rule."""
    from_at, until_at = query.bounds(web.clock())
    cases = web.reads.judged(from_at, until_at, query.community)
    found = tally(cases)
    titles = titles_of([one.rule for one in found], web.find_pack(), query.community)
    return VerdictReport(
        at=web.clock(), from_at=from_at, until_at=until_at, all_rules=tally_all(cases), rules=list(found), titles=titles
    )


def titles_of(names: list[str], pack: RulePack | None, communities: list[str]) -> dict[str, Sentence]:
    """The titles of these rules; those that the pack does not know are left out."""
    if pack is None:
        return {}
    here = of_community(pack, communities[0] if len(communities) == 1 else "")
    return {rule.id: rule.title for rule in here.rules if rule.id in names}
