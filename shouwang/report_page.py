"""The public report page's way in: a route of its own behind the front door's socket, which only our own web can use."""

from typing import Final

from ingest.formats import FORMATS
from ingest.http_push import PushDoor
from ingest.route import Push, Route, RouteReader
from shouwang.clock import monotonic_s, system_now
from shouwang.settings import Settings

NAME: Final = "report-page"
PER_MINUTE_MAX: Final = 120
"""Twice what the page itself lets through (dashboard/report_page.py)."""


def open_report_page(settings: Settings, service_token: str) -> list[PushDoor]:
    """The page's door where a community is set; none else."""
    community = settings.report_page.community
    if not community:
        return []
    known = FORMATS["resident"]
    route = Route(name=NAME, format=known, community=community, network=known.network)
    push = Push(per_minute_max=PER_MINUTE_MAX)
    return [PushDoor(RouteReader(route, system_now), push, service_token, now=system_now, monotonic_s=monotonic_s)]
