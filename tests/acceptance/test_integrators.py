"""docs/integrators.md, executed: each path begins with its file of routes and ends with the alarm that the page promises."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.outside import facts, opened, reading
from tests.acceptance.service import ROOT, Service
from tests.servers import HOST, Mosquitto

PAGES = [ROOT / "docs" / name for name in ("integrators.md", "integrators.zh-CN.md")]
START = "SHOUWANG_ROUTES=routes.yaml ./run shouwang run"


@dataclass(frozen=True)
class Walk:
    """One section that has a file of routes: that file, and the commands that follow it."""

    name: str
    routes: str
    commands: list[str]


def blocks_of(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def walks(page: Path) -> list[Walk]:
    found = []
    for section in re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        if files := blocks_of(section, "yaml"):
            commands = [line for block in blocks_of(section, "sh") for line in block.splitlines() if line.strip()]
            found.append(Walk(section.splitlines()[0], files[0], commands))
    return found


WALKS = walks(PAGES[0])
PROMISED = {
    "1.": [("kitchen-smoke", "b01/u1/0502", "fire")],
    "2.": [("24e124535d012345", "b02/u1/0301", "fire")],
    "3.": [("acf7baae", "b03/u2/1101", "fire")],
    "4.": [("garage", "b04/garage", "fire"), ("camera-gate", "b04/gate", "fire")],
}
"""The alarms of each path: device (how it begins), zone, hazard."""


def test_both_pages_show_the_same_files_and_commands() -> None:
    shown = [[(re.sub(" +#.*", "", each.routes), each.commands) for each in walks(page)] for page in PAGES]
    assert shown[0] == shown[1]
    listed = (ROOT / "docs" / "adapters.md").read_text(encoding="utf-8")  # test_documents.py runs the command of that page
    for page in PAGES:
        start, decode, *_ = blocks_of(page.read_text(encoding="utf-8"), "sh")
        assert start.strip() == START
        assert decode in listed
    assert [walk.name[:2] for walk in WALKS] == list(PROMISED)


@pytest.fixture
def service(tmp_path: Path, mosquitto: Mosquitto) -> Service:
    """As the page starts it, but for the ports, the folder of its data, and the web beside it."""
    routes = str(tmp_path / "service" / "routes.yaml")
    settings = {"SHOUWANG_MQTT__HOST": HOST, "SHOUWANG_MQTT__PORT": str(mosquitto.port), "SHOUWANG_ROUTES": routes}
    return Service(tmp_path / "service", settings)


def typed(service: Service, command: str, port: int) -> str:
    """Run a command as it stands, with this test's ports in place of the usual ones. What it printed."""
    command = command.replace("./run shouwang", f"{sys.executable} -m shouwang")
    command = command.replace("mosquitto_pub ", f"mosquitto_pub -p {port} ")
    command = command.replace(":8081/", f":{service.settings['SHOUWANG_FRONT_DOOR__PORT']}/")
    wanted = service.environment() | {"COLUMNS": "200"}
    done = subprocess.run(
        ["sh", "-c", command], cwd=service.folder, env=wanted, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.acceptance
@pytest.mark.needs("mosquitto")
@pytest.mark.needs("mosquitto_pub")
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name[:2])
def test_from_nothing_to_the_first_alarm(service: Service, mosquitto: Mosquitto, walk: Walk) -> None:
    Path(service.settings["SHOUWANG_ROUTES"]).write_text(walk.routes, encoding="utf-8")
    service.start()
    try:
        service.until_ready()
        for command in walk.commands:
            if command == "./run shouwang alarms":
                until_alarmed(service, PROMISED[walk.name[:2]])
            said = typed(service, command, mosquitto.port)
        for device, zone, _ in PROMISED[walk.name[:2]]:
            assert device in said
            assert zone in said
    finally:
        service.kill()


def until_alarmed(service: Service, promised: list[tuple[str, str, str]]) -> None:
    with reading(service) as views:

        def alarms() -> list[tuple[str, str, str]]:
            found = opened(facts(views), "alarm")
            return sorted((fact["device"], fact["zone"], fact["hazard"]) for fact in found)

        service.until(f"alarms {promised}", lambda: len(alarms()) >= len(promised))
        for (device, zone, hazard), wanted in zip(alarms(), sorted(promised), strict=True):
            assert (device[: len(wanted[0])], zone, hazard) == wanted
