"""GET /v1/floods: which operator positions are flooded now, since when, how much, and what explains it."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.incidents import Text
from dashboard.models import Answer, Question
from dashboard.reports import titles_of
from dashboard.web import Here, Web
from rules.annunciation import is_annunciated
from rules.book import NO_PACK
from rules.by_cause import CauseGroup, by_cause, is_shown
from rules.definition import RulePack
from rules.flood import WINDOW_MS, Flood
from rules.kpi import positions_by
from rules.model import Alarm, Fact, Sentence

router = APIRouter(route_class=GuardedRoute, tags=["alarms"])


class RunningFlood(Answer):
    """One flooded position."""

    community: str
    position: str = Field(description="its id in the pack; empty where there is one for the whole community")
    title: Sentence = Field(description="of the position, as the pack in force says it; empty where it has none")
    since_at: int
    count: int | None = Field(description="alarms of this flood so far; null where the record does not tell")
    peak: int | None = Field(description="the most of them within 10 minutes so far")
    standing_count: int = Field(description="alarms of this position that stand now, symptoms included: the sum of the causes")
    causes: list[CauseGroup] = Field(description="what explains these, the cause that explains most first")


class FloodPage(Answer):
    """The floods that run now."""

    at: int = Field(description="the server's time")
    seq: int = Field(description="the timeline's last sequence number before this page was read: stream from here")
    floods: list[RunningFlood]
    titles: dict[str, Sentence] = Field(description="of the rules, as the pack in force says them")


class FloodQuery(Question):
    """Which floods."""

    community: list[Text] = Field(default=[], max_length=20)


@router.get("/v1/floods", openapi_extra={**OPERATOR}, summary="The alarm floods that run now, by cause")
def floods(web: Here, query: Annotated[FloodQuery, Query()]) -> FloodPage:
    """Every position that is flooded now, the longest first. What is over is in the report, GET /v1/reports/kpi."""
    seq, now, pack = web.reads.last_seq(), web.clock(), web.find_pack() or NO_PACK
    found: list[RunningFlood] = []
    for community, began in _began(web, pack, now, query.community):
        alarms = web.reads.all_standing(community)
        shown = {alarm.incident_id: None for alarm in alarms if is_shown(alarm)}
        life_safety = frozenset(case.id for case in web.reads.incidents_of(list(shown)) if case.is_life_safety)
        since_at = min(fact.at for fact in began) - WINDOW_MS
        told = [fact for fact in web.reads.alarm_facts(since_at, now + 1, [community]) if fact.at > since_at]
        found += [_running(fact, pack, alarms, life_safety, told) for fact in began]
    rules = [cause.rule for flood in found for cause in flood.causes]
    found.sort(key=lambda flood: (flood.since_at, flood.community, flood.position))
    return FloodPage(at=now, seq=seq, floods=found, titles=titles_of(rules, web.find_pack(), query.community))


def _began(web: Web, pack: RulePack, now: int, wanted: list[str]) -> Iterable[tuple[str, list[Fact]]]:
    """The communities with a flood, each with the lines that told of its beginning. Where no alarm was told of within the last
    10 minutes there is none, by what a flood is.
    """
    for community in web.reads.alarming_communities(now - WINDOW_MS):
        if wanted and community not in wanted:
            continue
        names = [community, *[f"{community}/{position.id}" for position in pack.positions]]
        began = [fact for fact in web.reads.last_of_positions(names) if fact.transition == "flood_began"]
        if began:
            yield community, began


def _running(
    fact: Fact, pack: RulePack, alarms: tuple[Alarm, ...], life_safety: frozenset[str], told: list[Fact]
) -> RunningFlood:
    name, names_of = fact.entity_id, positions_by(pack)
    position = name.removeprefix(fact.community).removeprefix("/")
    causes = by_cause([one for one in alarms if name in names_of(one)], {one.id: one for one in alarms}, life_safety)
    flood = Flood()
    for line in told:
        if line.at > fact.at - WINDOW_MS and is_annunciated(line) and name in names_of(line):
            flood.take(line.at)
    return RunningFlood(
        community=fact.community,
        position=position,
        title=next((one.title for one in pack.positions if one.id == position), Sentence("", "")),
        since_at=fact.at,
        count=flood.count if flood.is_on else None,
        peak=flood.peak if flood.is_on else None,
        standing_count=sum(cause.count for cause in causes),
        causes=list(causes),
    )
