"""The front door as the process opens it: guarded, honest, and no obstacle to the end."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
import structlog
from fastapi import FastAPI
from structlog.testing import capture_logs
from structlog.typing import EventDict

from shouwang import door
from shouwang.chain import run_chain
from shouwang.door import checker
from shouwang.exits import Exit
from shouwang.metrics import RouteCollector
from shouwang.outward import Outward
from shouwang.settings import Settings
from shouwang.sources import MqttLanes
from shouwang.tokens import token
from tests.servers import HOST, free_port
from tests.shouwang.spine import Spine

pytestmark = pytest.mark.anyio


def test_a_token_is_compared_whole_and_nothing_is_no_token() -> None:
    is_one = checker("sw_one", "sw_two")
    assert is_one("sw_one")
    assert is_one("sw_two")
    assert not any(is_one(wrong) for wrong in ("", "sw_on", "sw_one ", "SW_ONE", "sw_three"))
    assert not checker("")("")
    assert not checker()("")


@pytest.fixture
def inside(spine: Spine) -> httpx.AsyncClient:
    """What the web asks, of a real desk without broker and outbox."""
    spine.start()
    outward = cast(Outward, SimpleNamespace(counts=lambda: {"given_up": 0}))
    app = FastAPI()
    app.include_router(door._internal(spine.desk, MqttLanes(None), outward, checker("sw_service"), [RouteCollector([])]))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door")


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic sw_service", "sw_service"])
@pytest.mark.parametrize("path", ["/internal/health", "/internal/metrics"])
async def test_nobody_else_is_told_how_the_desk_is(inside: httpx.AsyncClient, path: str, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with inside:
        assert (await inside.get(path, headers=headers)).status_code == 401


async def test_the_web_is_told(inside: httpx.AsyncClient) -> None:
    async with inside:
        headers = {"Authorization": "Bearer sw_service"}
        health = (await inside.get("/internal/health", headers=headers)).json()
        assert health["ready"]
        assert {check["name"] for check in health["checks"]} == {"desk", "journal", "store", "lag", "clock"}
        metrics = await inside.get("/internal/metrics", headers=headers)
        assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert 'shouwang_outbox_total{name="given_up"} 0.0' in metrics.text


def test_a_request_that_never_ends_does_not_keep_the_process_from_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "GRACE_S", 0)
    port = free_port()
    settings = Settings.model_validate({"data": tmp_path, "mqtt": {"is_enabled": False}, "front_door": {"port": port}})
    lines: list[socket.socket] = []

    def hold(_logger: object, _method: str, event: EventDict) -> EventDict:
        if event["event"] == "chain_ready":
            secret = token(settings, "ingest-token")
            head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nContent-Length: 10\r\n\r\n["
            lines.append(socket.create_connection((HOST, port)))
            lines[0].sendall(head.encode())
            asyncio.get_running_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGTERM)  # it has been read by then
        return event

    async def run() -> int:
        async with asyncio.timeout(20):
            return await run_chain(settings)

    with capture_logs() as logs:
        structlog.get_config()["processors"].insert(0, hold)
        assert asyncio.run(run()) == Exit.OK
    lines[0].close()
    assert [entry["event"] for entry in logs] == ["chain_ready", "chain_stopping"]
