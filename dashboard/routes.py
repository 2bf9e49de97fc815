"""GET /v1/routes: the ways by which foreign formats come in, and what each has brought since the desk started."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from prometheus_client.parser import text_string_to_metric_families

from dashboard.access import OPERATOR, GuardedRoute
from dashboard.frontdoor import FrontDoorClosed
from dashboard.models import Answer
from dashboard.problems import ApiError
from dashboard.web import Here

router = APIRouter(route_class=GuardedRoute, tags=["formats"])
_COUNTED: Final = "shouwang_route"
_HEARD: Final = "shouwang_route_last_seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCounts:
    """What one route has counted: ``received``, ``event``, ``rejected`` … ``last_at`` in ms, None where nothing came."""

    counts: Mapping[str, int]
    last_at: int | None


class RouteItem(Answer):
    """One route. Messages received, of which ignored (they say nothing of concern) and failed (our adapter stumbled); events, and
    what was rejected."""

    name: str
    received_count: int
    event_count: int
    rejected_count: int
    ignored_count: int
    failed_count: int
    last_at: int | None


class RoutePage(Answer):
    """Every route that is open."""

    at: int
    routes: list[RouteItem]


def route_counts(exposition: str) -> dict[str, RouteCounts]:
    """What the desk's metrics say of each route, by its name, in the order in which they tell them."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    heard: dict[str, int] = {}
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples if family.name in {_COUNTED, _HEARD} else ():
            route = sample.labels["route"]
            if family.name == _HEARD:
                heard[route] = round(sample.value * 1000)
            elif sample.name == f"{_COUNTED}_total":
                counts[route][sample.labels["name"]] = int(sample.value)
    return {name: RouteCounts(counts=each, last_at=heard.get(name) or None) for name, each in counts.items()}


@router.get("/v1/routes", openapi_extra={**OPERATOR}, summary="The routes of foreign formats, and what each has brought")
async def routes(web: Here) -> RoutePage:
    """Counted since the desk started; the residents' page and the work orders are routes too."""
    try:
        found = route_counts(await web.front_door.metrics())
    except FrontDoorClosed:
        raise ApiError(
            503,
            "desk_unreachable",
            zh="处理主进程没有应答，请检查它是否在运行。",
            en="The desk's process does not answer: see whether it runs.",
        ) from None
    return RoutePage(at=web.clock(), routes=[_item(name, each) for name, each in found.items()])


def _item(name: str, one: RouteCounts) -> RouteItem:
    count = {word: one.counts.get(word, 0) for word in ("received", "event", "rejected", "ignored", "failed")}
    return RouteItem(
        name=name,
        received_count=count["received"],
        event_count=count["event"],
        rejected_count=count["rejected"],
        ignored_count=count["ignored"],
        failed_count=count["failed"],
        last_at=one.last_at,
    )
