"""Every error of the API in one form and in both languages: {"error": {"code", "zh", "en", "field"?}}."""

from collections.abc import Mapping
from typing import Any, Final, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.models import ErrorBody, Problem
from handlers.faults import StoreBroken, StoreUnavailable


class ApiError(Exception):
    """An answer that is no success. It says whose fault it is and what to do."""

    def __init__(
        self, status: int, code: str, *, zh: str, en: str, field: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{code}: {en}")
        self.status = status
        self.problem = Problem(code=code, zh=zh, en=en, field=field)
        self.headers = dict(headers or {})


_BY_STATUS: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "请求无法解析，请检查格式。", "The request cannot be read; check its form."),
    404: ("not_found", "没有这个地址，请核对路径。", "There is nothing at this address; check the path."),
    405: ("method_not_allowed", "该地址不支持此方法。", "This address does not take this method."),
    413: ("too_large", "请求体超过 1 MB 上限，请分批发送。", "The body is over the limit of 1 MB; send it in parts."),
    500: (
        "our_fault",
        "服务内部出错，操作可能未执行。请重试；若仍出错，请查看服务日志。",
        "The service failed; what you asked may not have been done. Try again; if it stays so, read the service's log.",
    ),
}

_ZH_BY_TYPE: Final[Mapping[str, str]] = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段",
    "json_invalid": "不是合法的 JSON",
    "enum": "不是允许的取值",
    "literal_error": "不是允许的取值",
    "string_type": "应为文本",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "float_type": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "dict_type": "应为对象",
    "model_attributes_type": "应为 JSON 对象，并以 application/json 发送",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "too_long": "项数过多",
    "string_pattern_mismatch": "含有不允许的字符",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "finite_number": "应为有限的数",
    "repeated": "只能给出一次",
}


def body_of(problem: Problem) -> dict[str, Any]:
    """The error's JSON, without ``field`` where none is at fault."""
    return ErrorBody(error=problem).model_dump(mode="json", exclude_defaults=True)


def answer_problem(status: int, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Make the one form of an error."""
    return JSONResponse(body_of(problem), status_code=status, headers=dict(headers or {}))


def _on_api_error(_: Request, error: Exception) -> Response:
    refused = cast(ApiError, error)
    return answer_problem(refused.status, refused.problem, refused.headers)


def _on_http_exception(_: Request, error: Exception) -> Response:
    refused = cast(HTTPException, error)
    status = refused.status_code
    code, zh, en = _BY_STATUS.get(status, (f"http_{status}", "请求未被接受。", f"Refused: {refused.detail}"))
    return answer_problem(status, Problem(code=code, zh=zh, en=en), refused.headers)


def _on_invalid(_: Request, error: Exception) -> Response:
    first = cast(RequestValidationError, error).errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    zh = _ZH_BY_TYPE.get(first["type"], "不合要求")
    problem = Problem(code="invalid", zh=f"{field}：{zh}。", en=f"{field}: {first['msg']}.", field=field)
    return answer_problem(422, problem)


def store_unreadable() -> ApiError:
    """The store does not answer: what that means for the person in front of the screen."""
    return ApiError(
        503,
        "store_unreadable",
        zh="数据库暂不可读，画面可能已过时；新报警仍在接收。请检查数据库与磁盘，系统会自动重试。",
        en="The store cannot be read now, so this picture may be old; new alarms are still taken in. "
        "Check the database and the disk; the system tries again by itself.",
        headers={"Retry-After": "5"},
    )


def _on_store_fault(request: Request, _: Exception) -> Response:
    return _on_api_error(request, store_unreadable())


def _on_our_fault(_: Request, __: Exception) -> Response:
    code, zh, en = _BY_STATUS[500]
    return answer_problem(500, Problem(code=code, zh=zh, en=en))


class SpokenLimit:
    """ASGI middleware: the framework refuses a body that is too long with a bare text; this says it in the one form."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and put our answer in place of the bare one."""
        is_replaced = False

        async def speaking(message: Message) -> None:
            nonlocal is_replaced
            if message["type"] == "http.response.start" and message["status"] == 413:
                is_replaced = Headers(raw=message["headers"]).get("content-type") != "application/json"
                if is_replaced:
                    code, zh, en = _BY_STATUS[413]
                    await answer_problem(413, Problem(code=code, zh=zh, en=en))(scope, receive, send)
            if not is_replaced:
                await send(message)

        await self._app(scope, receive, speaking)


def speak_uniformly(app: FastAPI) -> None:
    """Give every failure of this app the one form. What is our own fault is still raised after answering, and logged."""
    app.add_exception_handler(ApiError, _on_api_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(StoreUnavailable, _on_store_fault)
    app.add_exception_handler(StoreBroken, _on_store_fault)
    app.add_exception_handler(Exception, _on_our_fault)
