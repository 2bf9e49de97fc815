"""GET, POST and DELETE /v1/session: the console exchanges the token for a cookie that scripts cannot read."""

from fastapi import APIRouter, Request, Response

from dashboard.access import OPERATOR, PUBLIC, GuardedRoute, client_of, cookie_name, refuse, too_many_failures
from dashboard.models import LANGUAGES, ErrorBody, Session, SessionRequest
from dashboard.sessions import LIFETIME_MAX_S
from dashboard.tokens import OBSERVER_NAME
from dashboard.web import Asking, Here

router = APIRouter(route_class=GuardedRoute, tags=["session"])


@router.get("/v1/session", openapi_extra={**OPERATOR}, summary="Who am I?")
def session(web: Here, caller: Asking) -> Session:
    """The operator's name, how the login was made, and the languages of the desk."""
    return Session(
        operator=caller.operator,
        by="token" if caller.session_id is None else "cookie",
        expires_at=caller.expires_at,
        languages=list(LANGUAGES),
        version=web.version,
    )


@router.post(
    "/v1/session",
    openapi_extra={**PUBLIC},
    responses={
        401: {"model": ErrorBody, "description": "The token is wrong"},
        429: {"model": ErrorBody, "description": "Too many wrong tokens from this client"},
    },
    summary="Log in",
)
async def log_in(web: Here, request: Request, response: Response, wanted: SessionRequest) -> Session:
    """Exchange the token for a session. Wrong tokens make this client wait, longer each time."""
    now = web.clock()
    client = client_of(request)
    wait_s = web.backoff.wait_s(client, now)
    if wait_s > 0:
        raise too_many_failures(wait_s)
    holder = web.tokens.holder_of(wanted.token)
    if holder is None or holder == OBSERVER_NAME or web.partners.of_holder(holder) is not None:
        web.metrics.login_failures.inc()
        raise refuse(request, web, now)
    web.backoff.passed(client)
    secret, held = web.sessions.open(operator=wanted.operator, holder=holder, now=now)
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=int(LIFETIME_MAX_S),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return Session(
        operator=held.operator, by="cookie", expires_at=held.expires_at, languages=list(LANGUAGES), version=web.version
    )


@router.delete("/v1/session", openapi_extra={**OPERATOR}, status_code=204, summary="Log out")
async def log_out(web: Here, request: Request, response: Response, caller: Asking) -> None:
    """End the session; its live streams end with the next heartbeat."""
    if caller.session_id is not None:
        web.sessions.end(caller.session_id)
    response.delete_cookie(cookie_name(request), path="/", secure=request.url.scheme == "https", httponly=True, samesite="strict")
