"""``shouwang demo``: broker, service, simulated community and people on one computer, judged by the scenario's truth."""

import asyncio
import contextlib
import os
import secrets
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from shouwang.clock import DEMO_VARIABLE, wall_now
from shouwang.demo_run import DemoRun
from shouwang.embedded import BrokerMissingError, embedded_broker, free_port, is_taken
from shouwang.exits import Exit
from shouwang.probe import probe
from shouwang.settings import Settings, prepare_folder
from shouwang.tokens import token
from simulator.broker import Broker, BrokerError
from simulator.chance import chance
from simulator.community import Community
from simulator.publish import PublishError
from simulator.scenario import Scenario
from simulator.scenario_file import ScenarioError, load_scenario
from simulator.world import unfelt

START_S = 40.0
"""How long service and broker may take to be ready. A first start compiles; a second one takes three seconds."""
STOP_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoWishes:
    """What the person asked for."""

    scenario: str
    speed: float
    port: int
    seed: int
    devices: int | None = None
    seconds: float | None
    broker: str
    is_headless: bool
    has_people: bool


class ServiceFailedError(RuntimeError):
    """The service did not come up; the message has the end of its log."""


def run_demo(wishes: DemoWishes) -> int:
    """Run the demonstration. Exit code 0 only if the scenario's ground truth was met."""
    try:
        scenario = load_scenario(wishes.scenario)
        broker = Broker.from_url(wishes.broker) if wishes.broker else None
    except (ScenarioError, BrokerError) as fault:
        typer.echo(str(fault), err=True)
        return Exit.USAGE
    if wishes.port and is_taken(wishes.port):
        typer.echo(f"Port {wishes.port} is taken: choose another one for the console, --port 0 takes any free one.", err=True)
        return Exit.TAKEN
    community = scenario.build(wishes.seed, wishes.devices)
    if missing := [told for _, told in unfelt(scenario, community)]:
        told = f"{wishes.scenario} cannot be shown with {len(community.devices)} devices: {'; '.join(missing)}."
        typer.echo(f"{told} Take more devices or another seed.  请增加设备或换一个种子。", err=True)
        return Exit.USAGE
    try:
        return asyncio.run(_demonstrate(wishes, scenario, community, broker))
    except BrokerMissingError as fault:
        typer.echo(str(fault), err=True)
        return Exit.MISSING
    except (ServiceFailedError, PublishError) as fault:
        typer.echo(str(fault), err=True)
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.OK


async def _demonstrate(wishes: DemoWishes, scenario: Scenario, community: Community, broker: Broker | None) -> int:
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, asked.set)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shouwang-demo-", ignore_cleanup_errors=True)))
        if broker is None:
            broker = await stack.enter_async_context(embedded_broker(folder / "broker"))
        port = wishes.port or free_port()
        clock = f"{wall_now()}:{scenario.start_at}:{wishes.speed}"
        environment = _environment(folder, broker, port, clock)
        settings = Settings.model_construct(data=folder / "data")  # of the caller's own settings nothing is read
        prepare_folder(settings)
        await stack.enter_async_context(_service(environment, settings, asked))
        if asked.is_set():
            return Exit.OK
        run = DemoRun(
            scenario=scenario,
            community=community,
            broker=broker,
            address=f"http://127.0.0.1:{port}",
            token=token(settings, "token"),
            speed=wishes.speed,
            clock=clock,
            dice=chance(wishes.seed, "people") if wishes.has_people else None,
        )
        return await run.play(seconds=wishes.seconds, is_headless=wishes.is_headless, asked=asked)


def _environment(folder: Path, broker: Broker, port: int, clock: str) -> dict[str, str]:
    """Settings of the demonstration's service; nothing of the caller's own installation leaks in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHOUWANG_")}
    return {
        **kept,
        "SHOUWANG_DATA": str(folder / "data"),
        "SHOUWANG_MQTT__HOST": broker.host,
        "SHOUWANG_MQTT__PORT": str(broker.port),
        "SHOUWANG_MQTT__USERNAME": broker.username or "",
        "SHOUWANG_MQTT__PASSWORD": broker.password or "",
        "SHOUWANG_MQTT__IS_TLS": str(broker.is_tls).lower(),
        "SHOUWANG_MQTT__VERSION": "3.1.1",
        "SHOUWANG_MQTT__CLIENT_ID": f"shouwang-demo-{secrets.token_hex(4)}",
        "SHOUWANG_WEB__PORT": str(port),
        "SHOUWANG_FRONT_DOOR__PORT": str(free_port()),
        DEMO_VARIABLE: clock,
    }


@asynccontextmanager
async def _service(environment: dict[str, str], settings: Settings, asked: asyncio.Event) -> AsyncIterator[None]:
    """Run the whole service as its users do, and wait until it says that it is ready."""
    file = settings.data.parent / "service.log"
    with open(file, "wb") as log:  # noqa: ASYNC230 - opened once, before anything runs
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "shouwang",
            "run",
            env=environment,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        await _until_ready(process, settings, int(environment["SHOUWANG_WEB__PORT"]), asked)
        yield
    finally:
        await _end(process)


async def _until_ready(process: Process, settings: Settings, port: int, asked: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_S
    while not asked.is_set():
        if process.returncode is not None or loop.time() > deadline:
            log = _end_of(settings.data.parent / "service.log")
            raise ServiceFailedError(f"The service did not become ready. The end of its log:\n{log}")
        _, is_ready = await asyncio.to_thread(probe, settings)
        if is_ready and await _answers(port):
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.1):
                await asked.wait()


def _end_of(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")[-3000:]


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
