"""GET /v1/reports/…: what a stretch of the past says about the alarms themselves."""

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Instant, Text
from dashboard.models import Answer, Question
from dashboard.problems import ApiError
from dashboard.rules import of_community
from dashboard.web import Here
from rules.definition import RulePack
from rules.false_ratio import RuleVerdicts, tally, tally_all
from rules.kpi import PositionKpi, kpi
from rules.kpi_targets import Figure, figures_of
from rules.model import Fact, Sentence

DAY_MS: Final = 86_400_000
STRETCH_MS: Final = 30 * DAY_MS
"""ISA-18.2 asks for at least 30 days of data."""
STRETCH_MAX_MS: Final = 400 * DAY_MS
FACTS_MAX: Final = 200_000
"""Lines of the timeline that one answer is made from; more would keep a worker busy for long."""

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


class JudgedPosition(Answer):
    """The figures of one operator position, or of everything, with what they are held to."""

    title: Sentence = Field(description="of the position; empty where there is one for the whole community, and for everything")
    kpi: PositionKpi
    figures: list[Figure] = Field(description="each figure with its target, its source, and how it stands to it")


class KpiAnswer(Answer):
    """The report on the alarm system itself, by ISA-18.2 and EEMUA 191."""

    at: int
    from_at: int
    until_at: int
    is_short: bool = Field(description="less than the 30 days for which the targets are meant")
    whole: JudgedPosition
    positions: list[JudgedPosition]
    apart_count: int = Field(description="alarms of exercises and tests; they are in no figure")
    all_verdicts: RuleVerdicts
    verdicts: list[RuleVerdicts]
    titles: dict[str, Sentence] = Field(description="of the rules, as the pack in force says them")


@router.get("/v1/reports/kpi", openapi_extra={**OPERATOR}, summary="The figures of ISA-18.2 and EEMUA 191")
def report_kpi(web: Here, query: Annotated[StretchQuery, Query()]) -> KpiAnswer:
    """Rates, peaks, floods, nuisances, levels, shelves and waits of the stretch, each figure judged against its target."""
    from_at, until_at = query.bounds(web.clock())
    until_at = max(until_at, from_at + 1)
    pack = web.find_pack()
    facts = _bounded(web.reads.alarm_facts(from_at, until_at, query.community))
    report = kpi(facts, web.reads.judged(from_at, until_at, query.community), pack, from_at=from_at, until_at=until_at)
    parts = (report.whole, *report.positions)
    rules = [one.rule for part in parts for one in part.top] + [one.rule for part in parts for one in part.restless]
    return KpiAnswer(
        at=web.clock(),
        from_at=from_at,
        until_at=until_at,
        is_short=until_at - from_at < STRETCH_MS,
        whole=_judged(report.whole, pack),
        positions=[_judged(one, pack) for one in report.positions],
        apart_count=report.apart_count,
        all_verdicts=report.all_verdicts,
        verdicts=list(report.verdicts),
        titles=titles_of([*rules, *[one.rule for one in report.verdicts]], pack, query.community),
    )


def _bounded(facts: Iterator[Fact]) -> Iterator[Fact]:
    for number, fact in enumerate(facts):
        if number >= FACTS_MAX:
            raise ApiError(
                422,
                "too_much",
                zh="这段时间的报警太多，请缩短时间，或使用命令 shouwang report kpi。",
                en="This stretch has too many alarms: ask for a shorter one, or use the command shouwang report kpi.",
                field="query.from_at",
            )
        yield fact


def _judged(one: PositionKpi, pack: RulePack | None) -> JudgedPosition:
    _, _, name = one.position.rpartition("/")
    titles = [position.title for position in pack.positions if position.id == name] if pack is not None else []
    return JudgedPosition(title=titles[0] if titles else Sentence("", ""), kpi=one, figures=list(figures_of(one)))


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
