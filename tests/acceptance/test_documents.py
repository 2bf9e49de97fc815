"""Every command that a page shows does what the page says, in a copy of the tree, as a newcomer would type it."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event as Flag

import httpx
import pytest

from tests.servers import Mosquitto
from tests.test_house import ROOT, blocks, tracked

PAGES = sorted(path for path in tracked("*.md") if path.parent in (ROOT, ROOT / "docs"))
ELSEWHERE = {
    "api.md",  # tests/dashboard/test_api_page.py
    *("integrators.md", "integrators.zh-CN.md"),  # test_integrators.py
    *("exchange.md", "exchange.zh-CN.md"),  # tests/dashboard/test_exchange_page.py
    *("work-orders.md", "work-orders.zh-CN.md"),  # tests/shouwang/test_work_orders.py, test_work_orders.py
}
"""These speak to a running desk: other tests run what they show against one."""
COMMANDS = sorted({command for page in PAGES if page.name not in ELSEWHERE for command in blocks(page)})

INSTEAD = {"./run test": "./run test --help"}
"""Running all tests inside a test would never end."""

FAILING = {
    "./run shouwang decode --mapping docs/examples/mapping_guard.yaml docs/examples/mapping_guard.jsonl",
    "./run shouwang shadow report --days 7",
}
"""These say by 1 that a message is refused, and that no shadow was heard yet."""

SERVING = {"./run shouwang run"}
"""These run until they are told to stop."""


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, with nothing in it but what git would hand out, and the environment that is there already."""
    tree = tmp_path_factory.mktemp("newcomer") / "shouwang"
    for path in tracked():
        target = tree / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    if (ROOT / "dashboard" / "static").exists():
        shutil.copytree(ROOT / "dashboard" / "static", tree / "dashboard" / "static")
    return tree


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOUWANG_", "PYTEST_"))}
    return {**kept, "SHOUWANG_VENV": str(Path(sys.executable).parent.parent)}


def test_there_is_something_to_run() -> None:
    assert "./run demo" in COMMANDS
    assert "./run shouwang rules check" in COMMANDS


@pytest.mark.acceptance
@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in SERVING])
def test_the_command_works(newcomer: Path, command: str) -> None:
    done = subprocess.run(
        INSTEAD.get(command, command),
        shell=True,  # a page shows shell commands, and this runs them as they stand
        cwd=newcomer,
        env=environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=400,
        check=False,
    )
    assert done.returncode == (command in FAILING), f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


@pytest.mark.acceptance
@pytest.mark.needs("mosquitto")
@pytest.mark.parametrize("command", sorted(SERVING & set(COMMANDS)))
def test_the_service_starts_and_ends_as_the_page_says(newcomer: Path, command: str, mosquitto: Mosquitto) -> None:
    wanted = {**environment(), "SHOUWANG_MQTT__PORT": str(mosquitto.port)}
    with (newcomer / "service.log").open("wb") as log:
        process = subprocess.Popen(
            command.split(), cwd=newcomer, env=wanted, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        step = Flag()
        for _ in range(600):
            if is_alive("http://127.0.0.1:8080/health/live"):
                break
            assert process.poll() is None, (newcomer / "service.log").read_text(encoding="utf-8")[-4000:]
            step.wait(0.1)
        assert is_alive("http://127.0.0.1:8080/health/live"), "README names this address"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def is_alive(address: str) -> bool:
    try:
        return httpx.get(address, timeout=1.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False
