"""The web app: what people see. It reads the store, follows the timeline, and carries what people ask to the front door."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.types import ASGIApp

from dashboard import (
    actions,
    alarms,
    care,
    exchange,
    floods,
    health,
    incidents,
    login,
    modes,
    outages,
    photos,
    previews,
    rejected,
    reports,
    routes,
    rules,
    shadows,
    stream,
    trials,
    why,
    why_not,
)
from dashboard.care_list import CareReference
from dashboard.frontdoor import FrontDoor, FrontDoorClosed
from dashboard.hub import Hub, Pulse
from dashboard.metrics import Measured, Metrics
from dashboard.models import ErrorBody
from dashboard.partners import Partners
from dashboard.problems import SpokenLimit, speak_uniformly
from dashboard.reads import StoreReads
from dashboard.report_page import ReportDesk, serve_reports
from dashboard.static import BUILT, Headed, serve_console
from dashboard.tokens import Tokens
from dashboard.trial_shape import Trials
from dashboard.web import Hindsight, Web, no_care, no_pack
from handlers.exchange.contract import Partner
from rules.definition import Responder, RulePack
from rules.model import Sentence

API_VERSION: Final = "1"
BODY_MAX: Final = 1_000_000
_ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    400: {"model": ErrorBody, "description": "The body cannot be read"},
    401: {"model": ErrorBody, "description": "Not logged in"},
    403: {"model": ErrorBody, "description": "Sent by a page of another site, or with a token that may only observe"},
    413: {"model": ErrorBody, "description": "The body is over 1 MB"},
    422: {"model": ErrorBody, "description": "Something sent is not as it must be; field says where"},
    429: {"model": ErrorBody, "description": "Too many wrong tokens from this client"},
    503: {"model": ErrorBody, "description": "The store cannot be read now"},
}


class WebApp(FastAPI):
    """FastAPI whose outermost layers are ours, so that its own refusals, too, are counted, headed and spoken as all others."""

    def build_middleware_stack(self) -> ASGIApp:
        """See FastAPI."""
        web: Web = self.state.web
        return Measured(Headed(SpokenLimit(super().build_middleware_stack())), web.metrics)


def bare_app() -> FastAPI:
    """The routes alone, with nothing behind them: enough to describe the API."""
    app = WebApp(
        title="守望 Shouwang",
        version=API_VERSION,
        description="The desk's API: incidents, actions, the live stream, health. Instants are ms since 1970-01-01T00:00:00Z.",
        docs_url=None,  # its page would load scripts from another site
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        max_body_size=BODY_MAX,
        generate_unique_id_function=lambda route: route.name,
    )
    for part in (
        incidents,
        photos,
        alarms,
        outages,
        modes,
        floods,
        previews,
        why,
        why_not,
        rules,
        reports,
        shadows,
        actions,
        care,
        rejected,
        trials,
        routes,
        exchange,
        stream,
        login,
        health,
    ):
        app.include_router(part.router, responses=_ERRORS)
    return app


def create_app(  # noqa: PLR0913 - everything that the web process is wired from, each by its name
    *,
    reads: StoreReads,
    front_door: FrontDoor,
    tokens: Tokens,
    clock: Callable[[], int],
    version: str,
    find_responders: Callable[[], Sequence[Responder]] = tuple,
    find_names: Callable[[], Mapping[str, Sentence]] = dict,
    find_pack: Callable[[], RulePack | None] = no_pack,
    find_care: Callable[[int], Sequence[CareReference]] = no_care,
    hindsight: Hindsight | None = None,
    formats: Trials | None = None,
    origins: tuple[str, ...] = (),
    partners: Sequence[Partner] = (),
    report_desk: ReportDesk | None = None,
    static: Path = BUILT,
) -> FastAPI:
    """Make the app of the web process.

    ``clock`` gives ms since the epoch; ``find_responders``, ``find_names`` (of parties and responders by id) and ``find_pack``
    what the rule pack says; ``find_care`` the care references valid at an instant [ms]; ``formats`` can be tried; ``origins``:
    of reverse proxies; ``partners`` of the data exchange have tokens ``exchange-NAME``; without a ``report_desk`` no residents'
    page. It closes ``reads`` and ``front_door`` at its end.
    """
    metrics = Metrics()
    hub, app = Hub(reads, clock=clock, pulse=partial(_pulse, front_door), metrics=metrics), bare_app()
    app.state.web = Web(
        reads=reads,
        front_door=front_door,
        tokens=tokens,
        hub=hub,
        metrics=metrics,
        clock=clock,
        version=version,
        find_responders=find_responders,
        find_names=find_names,
        find_pack=find_pack,
        find_care=find_care,
        hindsight=hindsight or Hindsight(),
        trials=formats or Trials(),
        origins=frozenset(origins),
        partners=Partners(partners, began_at=clock()),
        photos=None if report_desk is None else report_desk.photos,
    )
    serve_reports(app, report_desk)
    serve_console(app, static)
    speak_uniformly(app)
    app.router.lifespan_context = _running(hub, front_door, reads)
    return app


async def _pulse(front_door: FrontDoor) -> Pulse:
    try:
        return health.pulse_of(await front_door.health())
    except FrontDoorClosed:
        return health.pulse_of(None)


def _running(hub: Hub, front_door: FrontDoor, reads: StoreReads) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        feeding = asyncio.create_task(hub.run(), name="stream hub")
        try:
            yield
        finally:
            feeding.cancel()
            with suppress(asyncio.CancelledError):
                await feeding
            await front_door.close()
            reads.close()

    return lifespan
