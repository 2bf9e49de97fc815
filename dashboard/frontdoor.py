"""The way to the desk: operator actions, re-drives, health and metrics over the front door's unix socket.

The web process decides nothing and writes nothing; what people ask for is carried to the front door, where it is journaled and
decided like a smoke reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from dashboard.models import Check
from dashboard.problems import ApiError
from handlers.receipts import Confirmed
from rules.effects import AnswerAction
from rules.model import OperatorAction


class FrontDoorClosed(Exception):  # noqa: N818 - a state of the world, not a mistake
    """The desk cannot be reached, or did not answer as agreed. Nothing is known about what was asked."""


class DoorHealth(BaseModel):
    """What the desk says about itself at ``GET /internal/health``."""

    model_config = ConfigDict(frozen=True)

    ready: bool
    checks: tuple[Check, ...]
    lag_ms: int | None = None
    position_journaled: int | None = None
    position_applied: int | None = None


@dataclass(frozen=True, slots=True)
class Redrive:
    """How many events of what was sent in again were accepted, and how many refused again."""

    accepted_count: int
    rejected_count: int


class FrontDoor(Protocol):
    """What the web needs of the desk.

    Every call raises FrontDoorClosed where the desk cannot be reached, and ApiError where it refuses in its own words.
    """

    async def act(self, action: OperatorAction, timeout_s: float) -> AnswerAction | None:
        """Hand over an action and wait for its answer; None: journaled, not yet decided."""

    async def report(self, report: Mapping[str, Any]) -> bool:
        """Hand over a resident's report; true: it is journaled. False: the desk takes none now, or not this one."""

    async def redrive(self, position: int) -> Redrive:
        """Send the refused input of this journal position through the front door again."""

    async def confirm(self, partner: str, position: int, incident_count: int) -> Confirmed | None:
        """Have a partner's receipt written down; None: the desk has no such fact (yet)."""

    async def health(self) -> DoorHealth:
        """Ask the desk how it is."""

    async def metrics(self) -> str:
        """The desk's metrics as Prometheus text."""

    async def close(self) -> None:
        """Let go of the connections; called when the web process ends."""


class _Redriven(BaseModel):
    accepted_count: int
    rejected_count: int


class _Taken(BaseModel):
    accepted_count: int


class _Problem(BaseModel):
    code: str
    zh: str
    en: str
    field: str | None = None


class _Refused(BaseModel):
    error: _Problem


T = TypeVar("T")
REPORT_PATH: Final = "/v1/push/report-page"
_TAKEN: TypeAdapter[_Taken] = TypeAdapter(_Taken)
_REDRIVEN: TypeAdapter[_Redriven] = TypeAdapter(_Redriven)
_REFUSED: TypeAdapter[_Refused] = TypeAdapter(_Refused)
_PASSED_ON = frozenset({404, 409, 422, 503})
_CONFIRMED: TypeAdapter[Confirmed | None] = TypeAdapter(Confirmed | None)
_HEALTH: TypeAdapter[DoorHealth] = TypeAdapter(DoorHealth)
_ANSWER: TypeAdapter[AnswerAction] = TypeAdapter(AnswerAction)


class SocketDoor:
    """The front door behind its unix socket, with the service's own token."""

    def __init__(self, socket: str, token: str) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=socket),
            base_url="http://front-door",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(5.0),
            trust_env=False,
        )

    async def close(self) -> None:
        """Let go of the connections; called when the web process ends."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, *, timeout_s: float = 5.0, body: Any = None) -> httpx.Response:
        try:
            return await self._client.request(method, path, json=body, timeout=timeout_s)
        except httpx.HTTPError as error:
            raise FrontDoorClosed(f"{method} {path}: {type(error).__name__}: {error}") from error

    async def act(self, action: OperatorAction, timeout_s: float) -> AnswerAction | None:
        """Hand over an action and wait for its answer; None: journaled, not yet decided."""
        body = {
            "id": action.id,
            "community": action.community,
            "actor": action.actor,
            "verb": action.verb.value,
            "entity": action.entity.value,
            "entity_id": action.entity_id,
            "arguments": dict(action.arguments),
        }
        answer = await self._ask("POST", f"/v1/actions?wait_s={timeout_s}", timeout_s=timeout_s + 5.0, body=body)
        if answer.status_code == httpx.codes.ACCEPTED:
            return None
        if answer.status_code in {httpx.codes.OK, httpx.codes.CONFLICT}:
            return _agreed(answer, _ANSWER)
        raise _refusal(answer)

    async def report(self, report: Mapping[str, Any]) -> bool:
        """Hand over a resident's report; true: it is journaled. False: the desk takes none now, or not this one."""
        answer = await self._ask("POST", REPORT_PATH, body=dict(report))
        return answer.is_success and _agreed(answer, _TAKEN).accepted_count > 0

    async def redrive(self, position: int) -> Redrive:
        """Send the refused input of this journal position through the front door again."""
        answer = await self._ask("POST", f"/v1/rejected/{position}/redrive")
        if not answer.is_success:
            raise _refusal(answer)
        counted = _agreed(answer, _REDRIVEN)
        return Redrive(counted.accepted_count, counted.rejected_count)

    async def confirm(self, partner: str, position: int, incident_count: int) -> Confirmed | None:
        """Have a partner's receipt written down; None: the desk has no such fact (yet)."""
        body = {"partner": partner, "position": position, "incident_count": incident_count}
        answer = await self._ask("POST", "/internal/exchange/receipts", body=body)
        if not answer.is_success:
            raise _refusal(answer)
        return _agreed(answer, _CONFIRMED)

    async def health(self) -> DoorHealth:
        """Ask the desk how it is."""
        answer = await self._ask("GET", "/internal/health", timeout_s=2.0)
        return _agreed(answer, _HEALTH)

    async def metrics(self) -> str:
        """The desk's metrics as Prometheus text."""
        answer = await self._ask("GET", "/internal/metrics", timeout_s=2.0)
        if not answer.is_success:
            raise FrontDoorClosed(f"GET /internal/metrics: {answer.status_code}")
        return answer.text


def _refusal(answer: httpx.Response) -> Exception:
    """What the desk refuses, it says in the one form, and nobody says it better; anything else is no agreed answer."""
    if answer.status_code not in _PASSED_ON:
        return FrontDoorClosed(f"{answer.request.url.path}: {answer.status_code} {answer.text[:200]}")
    try:
        problem = _agreed(answer, _REFUSED).error
    except FrontDoorClosed as error:
        return error
    kept = {name: answer.headers[name] for name in ("Retry-After",) if name in answer.headers}
    return ApiError(answer.status_code, problem.code, zh=problem.zh, en=problem.en, field=problem.field or "", headers=kept)


def _agreed(answer: httpx.Response, form: TypeAdapter[T]) -> T:
    try:
        return form.validate_json(answer.content)
    except ValidationError as error:
        raise FrontDoorClosed(f"{answer.request.url.path} answered {answer.status_code} in an unknown form: {error}") from error
