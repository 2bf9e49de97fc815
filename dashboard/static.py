"""The console's files, the headers that every answer carries, and what stands at / while no console is built."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access import PUBLIC, GuardedRoute

BUILT: Final = Path(__file__).resolve().parent / "static"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_API: Final = ("/v1/", "/health/", "/metrics")
_NOT_BUILT: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>守望 Shouwang</title></head><body>
<h1>守望：控制台尚未构建</h1>
<p>接口工作正常（<code>/v1/incidents</code> 等，见 docs/api.md）。</p>
<p>在项目目录运行 <code>./run console</code> 构建控制台，然后刷新本页。</p>
<h1 lang="en">Shouwang: the console is not built</h1>
<p lang="en">The API works (<code>/v1/incidents</code> and others, see docs/api.md).</p>
<p lang="en">Run <code>./run console</code> in the project's folder to build the console, then load this page again.</p>
</body></html>
"""


class Headed:
    """ASGI middleware: puts the security headers and the caching rule on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and complete the answer's head."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        if scope["path"].startswith(_API):
            # A browser that asks for a page must get an error here, never the console's index; a table may be asked for.
            scope["headers"] = [each for each in scope["headers"] if each[0] != b"accept" or each[1] == b"text/csv"]

        async def heading(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)  # a page may be stricter than the console
                headers.setdefault("Cache-Control", _caching_of(scope["path"], message["status"]))
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self._app(scope, receive, heading)


def serve_console(app: FastAPI, built: Path = BUILT) -> None:
    """Serve the built console, every page of it, below /; or say in both languages how to build it."""
    if (built / "index.html").is_file():
        app.frontend("/", directory=built, fallback="index.html", check_dir=True)
        return

    async def not_built() -> HTMLResponse:
        return HTMLResponse(_NOT_BUILT, status_code=200)

    app.router.add_api_route(
        "/", not_built, methods=["GET"], include_in_schema=False, openapi_extra={**PUBLIC}, route_class_override=GuardedRoute
    )


def _caching_of(path: str, status: int) -> str:
    """Files of the build carry a digest in their name and never change; pages are asked for anew; answers are never kept."""
    if status not in {200, 304} or path.startswith(_API):
        return "no-store"
    return "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"
