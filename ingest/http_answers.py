"""What the front door answers: per event what became of it, and every error in one form and in both languages."""

from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ingest.entries import Appended
from ingest.refusal import SENTENCES, Refusal
from rules.model import Event, Rejected, Sentence


class Problem(BaseModel):
    """What went wrong: a word for programs, a sentence for people, the field at fault where there is one."""

    code: str
    zh: str
    en: str
    field: str | None = None


class ErrorBody(BaseModel):
    """The one form of every error."""

    error: Problem


class EventResult(BaseModel):
    """What became of one event: its place in the journal, accepted or refused and why."""

    position: int = Field(description="where it is in the journal; a refused one can be driven in again from there")
    id: str
    accepted: bool
    reason: str | None = Field(default=None, description="why it was refused: a word of the contract")
    zh: str | None = None
    en: str | None = None
    detail: str | None = Field(default=None, description="what was expected, what came, in which field")


class EventResults(BaseModel):
    """All of the request is in the journal, refused events too; they are in the order in which they came."""

    received_at: int = Field(description="when, in milliseconds since 1970-01-01T00:00:00Z")
    accepted_count: int
    rejected_count: int
    results: list[EventResult]


class Pending(BaseModel):
    """The action is journaled and will be decided; that took longer than was waited for."""

    action_id: str
    sentence: Sentence


class Refusing(Exception):  # noqa: N818 - an answer, not a mistake of ours
    """The request is answered with an error."""

    def __init__(self, status: int, code: str, sentence: Sentence, *, field: str | None = None, retry_s: int = 0) -> None:
        super().__init__(f"{status} {code}: {sentence.en}")
        self.status = status
        self.problem = Problem(code=code, zh=sentence.zh, en=sentence.en, field=field)
        self.headers = {"Retry-After": str(retry_s)} if retry_s else {}
        if status == 401:
            self.headers["WWW-Authenticate"] = "Bearer"


FULL: Final = Sentence(
    "接收队列已满，本次什么也没有记录。请稍后原样重发。",
    "The desk is full and has recorded nothing of this. Send the same again after the time in Retry-After.",
)
STOPPING: Final = Sentence(
    "服务正在停止，无法确认是否已记录。请用相同的 id 重发。",
    "The service is stopping and cannot confirm. Send the same again, with the same ids: what was recorded is not counted twice.",
)
SLOW: Final = Sentence(
    "流水暂时无法写入（磁盘可能已满），尚未确认。请用相同的 id 重发。",
    "The journal cannot be written now (is the disk full?), so nothing is confirmed. Send the same again, with the same ids.",
)
PENDING: Final = Sentence("已记录，尚未处理完毕；无需重复提交。", "Recorded, not yet decided; there is no need to send it again.")

_BY_STATUS: Final = {
    400: ("bad_request", Sentence("请求无法解析。", "The request cannot be read; check its form.")),
    404: ("not_found", Sentence("没有这个地址，请核对路径。", "There is nothing at this address; check the path.")),
    405: ("method_not_allowed", Sentence("该地址只接受 POST。", "This address takes POST only.")),
}


def answer(status: int, body: BaseModel) -> Response:
    """The body as JSON, without what is not given."""
    return JSONResponse(body.model_dump(mode="json", exclude_none=True), status_code=status)


def answer_events(entries: Sequence[Event | Rejected], appended: Appended) -> Response:
    """200 when all were accepted, 207 when some were, 422 when none was."""
    results = results_of(entries, appended.first_position)
    accepted_count = sum(result.accepted for result in results)
    status = 200 if accepted_count == len(results) else 207 if accepted_count else 422
    body = EventResults(
        received_at=appended.received_at,
        accepted_count=accepted_count,
        rejected_count=len(results) - accepted_count,
        results=results,
    )
    return answer(status, body)


def results_of(entries: Sequence[Event | Rejected], first_position: int) -> list[EventResult]:
    """What became of each, from this position of the journal on."""
    return [_result(entry, position) for position, entry in enumerate(entries, first_position)]


def _result(entry: Event | Rejected, position: int) -> EventResult:
    if isinstance(entry, Event):
        return EventResult(position=position, id=entry.id, accepted=True)
    sentence = SENTENCES[Refusal(entry.reason)]
    return EventResult(
        position=position,
        id=entry.id,
        accepted=False,
        reason=entry.reason,
        zh=sentence.zh,
        en=sentence.en,
        detail=entry.detail,
    )


def speak_uniformly(app: FastAPI) -> None:
    """Give every failure of this app the one form."""

    @app.exception_handler(Refusing)
    async def on_refusing(_: Request, refusing: Refusing) -> Response:
        body = ErrorBody(error=refusing.problem).model_dump(exclude_none=True)
        return JSONResponse(body, status_code=refusing.status, headers=refusing.headers)

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, fault: HTTPException) -> Response:
        unknown = Sentence("请求未被接受。", f"The request was not taken: {fault.detail}")
        code, sentence = _BY_STATUS.get(fault.status_code, (f"http_{fault.status_code}", unknown))
        response = await on_refusing(request, Refusing(fault.status_code, code, sentence))
        response.headers.update(fault.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, fault: RequestValidationError) -> Response:
        first = fault.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        sentence = Sentence(f"{field} 不合要求：{first['msg']}。", f"{field} is not as agreed: {first['msg']}.")
        return await on_refusing(request, Refusing(422, "invalid", sentence, field=field))
