"""The demonstration's parts: what of it can be tested without starting it (tests/acceptance/test_demo.py starts it)."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from rules.canonical import to_json
from rules.model import Entity, Fact, OperatorAction, Verb
from shouwang import demo, demo_run, embedded
from shouwang.demo import DemoWishes, run_demo
from shouwang.demo_run import act, facts
from shouwang.embedded import BrokerMissingError, embedded_broker, free_port
from shouwang.exits import Exit
from simulator.broker import Broker
from tests.servers import HOST
from tests.shouwang.spine import Spine, smoke

pytestmark = pytest.mark.anyio

ACTION = OperatorAction(
    id="x1", community="jade", actor="duty", verb=Verb.ACKNOWLEDGE, entity=Entity.INCIDENT, entity_id="i-1", arguments={"a": 1.0}
)
WISHES = DemoWishes(scenario="quiet_day", speed=60.0, port=0, seed=1, seconds=None, broker="", is_headless=True, has_people=False)


def talking(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://web")


# ----------------------------------------------------------------------------------------------------------- the service


def test_nothing_of_the_callers_own_installation_leaks_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_STORE_URL", "postgresql://production")
    monkeypatch.setenv("SHOUWANG_CONFIG", "/etc/shouwang.toml")
    broker = Broker(host=HOST, port=1, username="demo", password="secret")
    environment = demo._environment(tmp_path, broker, 8080, "0:0:1")
    assert "SHOUWANG_STORE_URL" not in environment
    assert "SHOUWANG_CONFIG" not in environment
    assert environment["SHOUWANG_DATA"] == str(tmp_path / "data")
    assert (environment["SHOUWANG_MQTT__PASSWORD"], environment["SHOUWANG_WEB__PORT"]) == ("secret", "8080")
    assert "PATH" in environment


def test_each_demonstration_has_sessions_of_its_own_at_the_broker(tmp_path: Path) -> None:
    broker = Broker(host=HOST, port=1)
    first, second = (demo._environment(tmp_path, broker, 8080, "0:0:1") for _ in range(2))
    assert first["SHOUWANG_MQTT__CLIENT_ID"] != second["SHOUWANG_MQTT__CLIENT_ID"]


def test_without_a_broker_on_this_machine_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda *_args, **_more: None)
    assert run_demo(WISHES) == Exit.MISSING
    assert "--broker" in capsys.readouterr().err


async def test_a_broker_that_ends_at_once_is_told_and_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "nats-server"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda *_args, **_more: str(broken))
    with pytest.raises(BrokerMissingError, match="another one can be named"):
        async with asyncio.timeout(10), embedded_broker(tmp_path / "broker"):
            pass


def test_a_console_port_that_is_taken_is_told_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((HOST, 0)) as taken:
        assert run_demo(replace(WISHES, port=taken.getsockname()[1])) == Exit.TAKEN
    assert "--port" in capsys.readouterr().err


def test_the_brokers_password_is_its_own_and_nobody_else_reads_it(tmp_path: Path) -> None:
    config = embedded._configure(tmp_path / "broker", "hunter2", 10_000)
    assert "hunter2" in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o600
    assert config.parent.stat().st_mode & 0o777 == 0o700
    assert '"127.0.0.1:' in config.read_text()


def test_a_free_port_is_free_and_not_one_that_a_client_may_be_given() -> None:
    port = free_port()
    with socket.socket() as probe:
        probe.bind((HOST, port))
    first_of_clients = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert 10_000 <= port < first_of_clients


def test_a_community_too_small_for_its_scenario_is_told_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_demo(replace(WISHES, scenario="lift_entrapment", devices=10)) == Exit.USAGE
    said = capsys.readouterr().err
    assert "lift_entrapment cannot be shown with 10 devices" in said
    assert "Take more devices" in said


# ------------------------------------------------------------------------------------------------ the stream and people


def told(spine: Spine) -> list[Fact]:
    spine.start()
    spine.put(smoke("s1"))
    spine.settle()
    spine.stop()
    return spine.facts()


async def test_the_stream_is_read_as_facts_with_their_places(spine: Spine) -> None:
    sent = told(spine)[:2]
    lines = ["retry: 1000", ": a comment", "", "event: ready", "data: {}", ""]
    for seq, fact in enumerate(sent, start=5):
        lines += ["event: fact", f"id: {seq}", f"data: {json.dumps({'fact': json.loads(to_json(fact))})}", ""]
        lines += ["event: beat", f"id: {seq}", 'data: {"lag_ms": 0}', ""]

    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.url.path, request.url.params["after"]) == ("/v1/stream", "4")
        return httpx.Response(200, text="\n".join(lines) + "\n")

    async with talking(answer) as client:
        assert [found async for found in facts(client, 4)] == list(enumerate(sent, start=5))


async def test_an_action_is_sent_as_a_browser_would(spine: Spine) -> None:
    seen: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(json.loads(request.content))
        return httpx.Response(409)

    async with talking(answer) as client:
        assert await act(client, ACTION), "a refusal is an answer"
    assert seen == [
        {
            "id": "x1",
            "verb": "acknowledge",
            "entity": "incident",
            "entity_id": "i-1",
            "community": "jade",
            "arguments": {"a": 1.0},
        }
    ]


@pytest.mark.parametrize("how", ["503", "no connection"])
async def test_an_action_that_nobody_answered_is_to_be_sent_again(how: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if how == "503":
            return httpx.Response(503)
        raise httpx.ConnectError("refused", request=request)

    async with talking(answer) as client:
        assert not await act(client, ACTION)


# ------------------------------------------------------------------------------------------------------ what ends it


async def forever() -> None:
    await asyncio.Event().wait()


@pytest.fixture
async def beside() -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(forever()) for _ in range(2)]
    yield tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_it_ends_when_somebody_asks_or_the_time_is_over(beside: list[asyncio.Task[None]]) -> None:
    publishing, asked = beside.pop(), asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, asked.set)
    async with asyncio.timeout(10):
        await demo_run._first(asked, None, publishing, beside)
        await demo_run._first(asyncio.Event(), 0.01, publishing, beside)
    beside.append(publishing)


async def test_what_fails_beside_it_is_not_passed_over(beside: list[asyncio.Task[None]]) -> None:
    async def fail() -> None:
        raise ValueError("a fact that nobody can read")

    beside.append(asyncio.create_task(fail()))
    with pytest.raises(ValueError, match="nobody can read"):
        async with asyncio.timeout(10):
            await demo_run._first(asyncio.Event(), None, beside[0], beside[1:])
