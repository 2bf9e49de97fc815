"""The web app: what people see. It reads the store, follows the timeline, and carries what people ask to the front door."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from dashboard import health
from dashboard.api import bare_app
from dashboard.frontdoor import FrontDoor, FrontDoorClosed
from dashboard.hub import Hub, Pulse
from dashboard.metrics import Metrics
from dashboard.partners import Partners
from dashboard.problems import speak_uniformly
from dashboard.reads import StoreReads
from dashboard.report_page import ReportDesk, serve_reports
from dashboard.static import BUILT, serve_console
from dashboard.tokens import Tokens
from dashboard.trial_shape import Trials
from dashboard.web import Lookups, Web
from handlers.exchange.contract import Partner


def create_app(  # noqa: PLR0913 - everything that the web process is wired from, each by its name
    *,
    reads: StoreReads,
    front_door: FrontDoor,
    tokens: Tokens,
    clock: Callable[[], int],
    version: str,
    lookups: Lookups | None = None,
    formats: Trials | None = None,
    origins: tuple[str, ...] = (),
    partners: Sequence[Partner] = (),
    report_desk: ReportDesk | None = None,
    static: Path = BUILT,
) -> FastAPI:
    """Make the app of the web process.

    ``clock`` gives ms since the epoch; ``lookups`` is what is known beside the store; ``formats`` can be tried; ``origins``: of
    reverse proxies; ``partners`` of the data exchange have tokens ``exchange-NAME``; without a ``report_desk`` no residents'
    page. It closes ``reads`` and ``front_door`` at its end.
    """
    metrics, known = Metrics(), lookups or Lookups()
    hub, app = Hub(reads, clock=clock, pulse=partial(_pulse, front_door), metrics=metrics), bare_app()
    app.state.web = Web(
        reads=reads,
        front_door=front_door,
        tokens=tokens,
        hub=hub,
        metrics=metrics,
        clock=clock,
        version=version,
        find_responders=known.find_responders,
        find_names=known.find_names,
        find_pack=known.find_pack,
        find_care=known.find_care,
        hindsight=known.hindsight,
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
