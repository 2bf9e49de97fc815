"""Who may do what. A route that does not say so cannot even be made: nothing is open by accident."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.routing import APIRoute

from dashboard.backoff import BackOff
from dashboard.partners import Partners
from dashboard.problems import ApiError
from dashboard.repeated import refuse_repeated, single_parameters
from dashboard.sessions import Sessions
from dashboard.tokens import OBSERVER_NAME, Tokens
from handlers.exchange.contract import Partner

TOKEN_SCHEME: Final = "token"  # noqa: S105 - the name of a scheme in the OpenAPI document, no secret
SESSION_SCHEME: Final = "session"
PUBLIC: Final[Mapping[str, Any]] = {"x-policy": "public", "security": []}
OPERATOR: Final[Mapping[str, Any]] = {"x-policy": "operator", "security": [{TOKEN_SCHEME: []}, {SESSION_SCHEME: []}]}
OBSERVER: Final[Mapping[str, Any]] = {**OPERATOR, "x-policy": "observer"}
EXCHANGE: Final[Mapping[str, Any]] = {"x-policy": "exchange", "security": [{TOKEN_SCHEME: []}]}
_POLICIES: Final = frozenset({"public", "operator", "observer", "exchange"})
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking: by a token in the header, or by a session's cookie. ``partner``: of the data exchange, if it is one."""

    operator: str
    partner: Partner | None = None
    session_id: str | None = None
    expires_at: int | None = None


class Gate(Protocol):
    """What is needed to know a caller."""

    @property
    def tokens(self) -> Tokens:
        """The tokens that open."""

    @property
    def sessions(self) -> Sessions:
        """The sessions that are open."""

    @property
    def backoff(self) -> BackOff:
        """Who failed how often."""

    @property
    def partners(self) -> Partners:
        """Whose tokens open the data exchange, and nothing else."""

    @property
    def clock(self) -> Callable[[], int]:
        """Now, in ms."""

    @property
    def origins(self) -> frozenset[str]:
        """Origins besides our own that may use a session."""


class GuardedRoute(APIRoute):
    """A route that looks at the caller before it reads anything that the caller sent, and takes no parameter for another."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler by the declared policy. Raises TypeError for a route that declares none."""
        policy = (self.openapi_extra or {}).get("x-policy")
        if policy not in _POLICIES:
            raise TypeError(f"{self.path} declares no policy; say openapi_extra=OPERATOR, OBSERVER or PUBLIC (dashboard.access)")
        inner = super().get_route_handler()
        singles = tuple(single_parameters(self.dependant))

        async def guarded(request: Request) -> Response:
            gate: Gate = request.app.state.web
            refuse_foreign_origin(request, gate.origins)
            if policy != "public":
                request.state.caller = caller = admit(request, gate)
                _hold_to(str(policy), caller)
            refuse_repeated(request, singles)
            return await inner(request)

        return guarded


def cookie_name(request: Request) -> str:
    """Over TLS the cookie is bound to this host by its name; without TLS browsers would refuse that name."""
    return "__Host-shouwang" if request.url.scheme == "https" else "shouwang"


def client_of(request: Request) -> str:
    """The peer's address, by which failures are counted."""
    return request.client.host if request.client is not None else "local"


def admit(request: Request, gate: Gate) -> Caller:
    """Return who is asking. Raises ApiError 401, or 429 where this client has failed too often."""
    now = gate.clock()
    header = request.headers.get("authorization")
    if header is not None:
        kind, _, token = header.partition(" ")
        holder = gate.tokens.holder_of(token.strip()) if kind.lower() == "bearer" else None
        if holder is None:
            raise refuse(request, gate, now)
        return Caller(operator=holder, partner=gate.partners.of_holder(holder))
    secret = request.cookies.get(cookie_name(request))
    if secret is None:
        raise _unknown_caller()
    held = gate.sessions.use(secret, now)
    if held is None:
        raise _unknown_caller()
    if request.method not in _SAFE_METHODS and request.headers.get("origin") is None:
        raise _foreign_origin()
    return Caller(operator=held.operator, session_id=secret, expires_at=held.expires_at)


def refuse(request: Request, gate: Gate, now: int) -> ApiError:
    """Count a wrong token and make the answer to it."""
    client = client_of(request)
    wait_s = gate.backoff.wait_s(client, now)
    if wait_s > 0:
        return too_many_failures(wait_s)
    gate.backoff.failed(client, now)
    return ApiError(
        401,
        "token_wrong",
        zh="令牌不正确。请使用首次启动时显示的令牌（以 sw_ 开头）。",
        en="This token is not right. Use the one shown at first start; it begins with sw_.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def too_many_failures(wait_s: float) -> ApiError:
    """Make the answer to a client that must wait."""
    whole_s = max(1, round(wait_s + 0.5))
    return ApiError(
        429,
        "too_many_failures",
        zh=f"错误次数过多，请 {whole_s} 秒后再试。",
        en=f"Too many wrong tokens from here; try again in {whole_s} s.",
        headers={"Retry-After": str(whole_s)},
    )


def refuse_foreign_origin(request: Request, allowed: frozenset[str]) -> None:
    """Raise ApiError 403 where a page of another site makes a browser change something here (CSRF)."""
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if origin is None:
        if site in {"cross-site", "same-site"}:
            raise _foreign_origin()
        return
    if origin in allowed:
        return
    try:
        place = urlsplit(origin).netloc.lower()
    except ValueError:
        place = ""
    if not place or place != request.headers.get("host", "").lower():
        raise _foreign_origin()


def _hold_to(policy: str, caller: Caller) -> None:
    """Raise ApiError 403 for a caller whom this policy does not mean: each token opens its own part."""
    if (policy == "exchange") != (caller.partner is not None):
        raise _only_exchanging() if caller.partner is not None else _no_partner()
    if policy == "operator" and caller.operator == OBSERVER_NAME and caller.session_id is None:
        raise _only_observing()


def _only_exchanging() -> ApiError:
    return ApiError(
        403,
        "only_exchanging",
        zh="此令牌只能用于数据交换接口 /v1/exchange/。",
        en="This token opens the data exchange at /v1/exchange/ and nothing else.",
    )


def _no_partner() -> ApiError:
    return ApiError(
        403,
        "no_partner",
        zh="数据交换须使用交换单位自己的令牌（shouwang token --name exchange-单位名 可显示）。",
        en="The data exchange needs a partner's own token; 'shouwang token --name exchange-NAME' shows it.",
    )


def _only_observing() -> ApiError:
    return ApiError(
        403,
        "only_observing",
        zh="此令牌只能读取健康状态与指标，请使用值班令牌。",
        en="This token may read health and metrics only; use the operators' token.",
    )


def _unknown_caller() -> ApiError:
    return ApiError(
        401,
        "not_logged_in",
        zh="未登录或会话已结束，请用令牌登录。",
        en="Not logged in, or the session is over: log in with the token.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _foreign_origin() -> ApiError:
    return ApiError(
        403,
        "foreign_origin",
        zh="请求不是来自本控制台的页面，已拒绝。若经由反向代理访问，请在设置 web.origins 中加入其地址。",
        en="This request did not come from a page of this console and was refused. "
        "Behind a reverse proxy, add its address to the setting web.origins.",
    )
