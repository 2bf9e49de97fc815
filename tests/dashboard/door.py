"""A front door for tests: a real server on a unix socket that accepts, refuses, delays or fails as it is told."""

import socket
import threading
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from shouwang.listening import address_of

SERVICE_TOKEN = "sw_service"
HEALTHY = {
    "ready": True,
    "checks": [{"name": "journal", "ok": True, "zh": "流水可写", "en": "the journal can be written"}],
    "lag_ms": 3,
    "position_journaled": 12,
    "position_applied": 12,
}
DONE = {"zh": "已确认。", "en": "Acknowledged."}
REFUSED = {"zh": "警情已结案，不能再确认。", "en": "The incident is closed and cannot be acknowledged."}


FULL = {"code": "full", "zh": "接收队列已满，请稍后重发。", "en": "The desk is full; send it again.", "field": None}


class Running:
    """A uvicorn server in a thread of its own, which says when it listens."""

    def __init__(self, server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        self._server = server
        self._listens = threading.Event()
        self._startup = server.startup
        server.startup = self._tell  # type: ignore[method-assign]  # uvicorn has no other way to say when it listens
        self._thread = threading.Thread(target=server.run, args=(sockets,), name="server under test", daemon=True)
        self._thread.start()
        assert self._listens.wait(20), "the server did not start to listen"

    async def _tell(self, sockets: list[socket.socket] | None = None) -> None:
        await self._startup(sockets)
        self._listens.set()

    def close(self) -> None:
        """Stop, and return when the thread has ended."""
        self._server.should_exit = True
        self.wait_for_its_end()

    def wait_for_its_end(self) -> None:
        """Return when the thread has ended."""
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not stop"


class Door:
    """What the desk is to do next, and what it was asked."""

    def __init__(self, address: Path) -> None:
        self.address = address
        self.health: dict[str, Any] = dict(HEALTHY)
        self.actions: list[dict[str, Any]] = []
        self.redriven: list[int] = []
        self.metrics = (
            "# HELP shouwang_entries_total Entries.\n# TYPE shouwang_entries_total counter\nshouwang_entries_total 7.0\n"
        )
        self.receipts: list[dict[str, Any]] = []
        self.receipt_answer: tuple[int, Any] | None = None
        self.reports: list[dict[str, Any]] = []
        self.report_status = 200
        self.action_status = 200
        self.is_mute = False
        self.redrive_answer: tuple[int, Any] = (200, {"received_at": 1, "accepted_count": 1, "rejected_count": 0, "results": []})
        self._server: Running | None = None

    def open(self) -> None:
        """Listen."""
        config = uvicorn.Config(self._app(), uds=address_of(self.address), log_config=None, lifespan="off")
        self._server = Running(uvicorn.Server(config))

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def guard(request: Request, call_next: Any) -> Response:
            if request.headers.get("authorization") != f"Bearer {SERVICE_TOKEN}":
                return JSONResponse({}, status_code=401)
            if self.is_mute:
                return PlainTextResponse("not what was agreed", status_code=200)
            response: Response = await call_next(request)
            return response

        @app.post("/v1/actions")
        async def act(request: Request) -> Response:
            body = await request.json()
            self.actions.append(body)
            if self.action_status == 202:
                return JSONResponse({"action_id": body["id"]}, status_code=202)
            if self.action_status not in {200, 409}:
                return JSONResponse({"error": FULL}, status_code=self.action_status, headers={"Retry-After": "1"})
            is_accepted = self.action_status == 200
            answer = {
                "action_id": body["id"],
                "community": body["community"],
                "is_accepted": is_accepted,
                "reason": "operator_asked" if is_accepted else "illegal_now",
                "sentence": DONE if is_accepted else REFUSED,
                "at": 5000,
            }
            return JSONResponse(answer, status_code=self.action_status)

        @app.post("/v1/rejected/{position}/redrive")
        async def redrive(position: int) -> Response:
            self.redriven.append(position)
            status, body = self.redrive_answer
            return JSONResponse(body, status_code=status)

        self._take_reports(app)
        self._take_receipts(app)

        @app.get("/internal/health")
        async def health() -> dict[str, Any]:
            return self.health

        @app.get("/internal/metrics")
        async def metrics() -> Response:
            return PlainTextResponse(self.metrics)

        return app

    def _take_receipts(self, app: FastAPI) -> None:
        @app.post("/internal/exchange/receipts")
        async def receipt(request: Request) -> Response:
            body = await request.json()
            self.receipts.append(body)
            status, answer = self.receipt_answer or (200, {"receipt": {**body, "at": 7000}, "is_new": True})
            return JSONResponse(answer, status_code=status)

    def _take_reports(self, app: FastAPI) -> None:
        @app.post("/v1/push/report-page")
        async def report(request: Request) -> Response:
            self.reports.append(await request.json())
            return JSONResponse({"accepted_count": 1, "rejected_count": 0, "results": []}, status_code=self.report_status)
