"""The API: its routes in order, with nothing behind them, and what every route may answer."""

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
from dashboard.metrics import Measured
from dashboard.models import ErrorBody
from dashboard.problems import SpokenLimit
from dashboard.static import Headed
from dashboard.web import Web

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
