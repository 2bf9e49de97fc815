"""Reading a request safely: who asks, in which form, and never more than a megabyte."""

from collections.abc import Callable

from fastapi import Request

from ingest.http_answers import Refusing
from ingest.http_items import BODY_BYTES_MAX
from rules.model import Sentence

_UNKNOWN_TOKEN = Sentence(
    "令牌缺失或无效。请在请求头 Authorization 中写入 Bearer 和本服务的令牌（shouwang token 可显示）。",
    "The token is missing or wrong. Send the header Authorization: Bearer with the service's token ('shouwang token' shows it).",
)
_WRONG_TYPE = Sentence(
    "只接受 JSON。请把请求头 Content-Type 设为 application/json。",
    "Only JSON is taken. Send the header Content-Type: application/json, with the body in UTF-8.",
)
_TOO_LARGE = Sentence(
    f"请求体超过 {BODY_BYTES_MAX} 字节上限，请分批发送。",
    f"The body is over the limit of {BODY_BYTES_MAX} bytes. Send the events in several requests.",
)


def guard(token_ok: Callable[[str], bool]) -> Callable[[Request], None]:
    """A dependency that lets in only who bears a good token."""

    def check(request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip() or not token_ok(token.strip()):
            raise Refusing(401, "unknown_token", _UNKNOWN_TOKEN)

    return check


def refuse_repeated(request: Request) -> None:
    """A dependency that lets nobody name two places, or two times to wait: every parameter of these routes has one value."""
    for name in request.query_params:
        if len(request.query_params.getlist(name)) > 1:
            field = f"query.{name}"
            said = Sentence(f"{field}：只能给出一次。", f"{field}: Give it once.")
            raise Refusing(422, "invalid", said, field=field)


async def read_body(request: Request) -> bytes:
    """The body of a JSON request. 415 for another type, 413 as soon as it is too long."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusing(415, "not_json", _WRONG_TYPE, field="header.content-type")
    return await read_at_most(request)


async def read_at_most(request: Request) -> bytes:
    """The body, of whatever type. 413 as soon as it is too long."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > BODY_BYTES_MAX:
        raise Refusing(413, "too_large", _TOO_LARGE)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_BYTES_MAX:
            raise Refusing(413, "too_large", _TOO_LARGE)
        chunks.append(chunk)
    return b"".join(chunks)
