"""The command line: what each command says of itself, how it ends, and what it says when it cannot."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from shouwang import __version__, cli
from shouwang.exits import Exit
from shouwang.shadow_wanted import WANTED
from tests.servers import HOST, free_port

COMMANDS = ("run", "demo", "replay", "journal", "token", "health", "version", "rules", "rejected")


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of its own, and an environment that is as before afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SHOUWANG_")]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def said(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments), env=dict(environment), catch_exceptions=False)


def plain(text: str) -> str:
    """Without the colours and boxes that a terminal gets."""
    return re.sub(r"\x1b\[[0-9;]*m|[╭╮╰╯│─]", " ", text)


def test_without_a_command_it_shows_all_of_them() -> None:
    text = plain(said().output)
    assert all(command in text for command in COMMANDS)
    assert "预警" in text


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group with the words that lead to it."""
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


ALL = dict(commands(typer.main.get_command(cli.app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_and_every_option_says_what_it_does(path: tuple[str, ...]) -> None:
    assert said(*path, "--help").exit_code == Exit.OK
    assert len(ALL[path].help) > 10
    for parameter in ALL[path].params:
        assert len(parameter.help or "") > 10, f"{' '.join(path)} {parameter.name} says nothing"


def test_an_unknown_command_is_a_fault_of_the_command_line() -> None:
    assert said("rnu").exit_code == Exit.USAGE


def test_the_version() -> None:
    assert said("version").output == f"shouwang {__version__}\n"


@pytest.mark.parametrize("command", ["run", "token", "health", "journal", "rejected list", "rejected redrive 1"])
def test_faults_of_the_settings_are_told_and_nothing_is_done(command: str, tmp_path: Path) -> None:
    result = said(*command.split(), "--data", str(tmp_path / "data"), SHOUWANG_MQTT__PORT="none", SHOUWANG_WEB__PORT="-1")
    assert result.exit_code == Exit.USAGE
    assert "mqtt.port" in result.output
    assert "web.port" in result.output
    assert not (tmp_path / "data").exists()


def test_a_configuration_file_that_is_not_there_is_told() -> None:
    result = said("health", "--config", "nowhere.toml")
    assert result.exit_code == Exit.USAGE
    assert "nowhere.toml" in result.output


def test_a_role_that_is_none_is_told() -> None:
    result = said("run", "--role", "everything")
    assert (result.exit_code, "chain, web or shadow" in result.output) == (Exit.USAGE, True)


@pytest.mark.parametrize("role", ["chain", "web", "shadow"])
def test_one_role_becomes_this_process(role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    become: list[list[str]] = []

    def execv(_program: str, arguments: list[str]) -> None:
        become.append(arguments)
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", execv)
    said("run", "--role", role, "--data", "relative", SHOUWANG_WEB__PORT="0", SHOUWANG_FRONT_DOOR__PORT="0")
    assert become[0][-1] == f"shouwang.role_{role}"
    assert os.environ["SHOUWANG_DATA"] == str(tmp_path / "relative")
    assert {file.name for file in (tmp_path / "relative").iterdir()} == {"token", "service-token", "ingest-token"}


def test_all_roles_are_supervised(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sleeping:
        def __init__(self, roles: tuple[str, ...], *, is_wanted: Callable[[str], bool]) -> None:
            assert roles == ("chain", "web", "shadow")
            assert not is_wanted("shadow")
            (Path("data") / WANTED).touch()
            assert is_wanted("shadow")

        async def run(self) -> int:
            return Exit.TAKEN

    monkeypatch.setattr(cli, "Supervisor", Sleeping)
    monkeypatch.setattr("shouwang.logs.configure", lambda form, role: None)
    port = free_port()
    result = said("run", "--data", "data", SHOUWANG_WEB__PORT=str(port), SHOUWANG_FRONT_DOOR__PORT="0")
    assert result.exit_code == Exit.TAKEN
    assert f"http://127.0.0.1:{port}/" in result.output
    assert "守望 Shouwang" in result.output
    assert "was taken by another program while this started" in result.output
    secret = Path("data/token").read_text().strip()
    assert secret not in result.output, "a token that is printed at each start ends in a log"


@pytest.mark.parametrize("role", ["all", "web"])
def test_a_taken_port_is_told_before_any_role_starts(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "Supervisor", None)
    monkeypatch.setattr(os, "execv", None)
    with socket.create_server((HOST, 0)) as taken:
        port = str(taken.getsockname()[1])
        result = said("run", "--data", "data", "--role", role, SHOUWANG_WEB__PORT=port, SHOUWANG_FRONT_DOOR__PORT="0")
    (line,) = result.output.splitlines()
    assert result.exit_code == Exit.TAKEN
    assert f"端口 {HOST}:{port} 已被另一个程序占用" in line
    assert f"Port {HOST}:{port} is taken by another program: stop that, or set another SHOUWANG_WEB__PORT." in line


def test_a_port_that_is_lost_while_the_roles_start_is_told_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    port, quicker = free_port(), socket.socket()

    class Losing:
        def __init__(self, *_: object, **__: object) -> None:
            quicker.bind((HOST, port))
            quicker.listen()

        async def run(self) -> int:
            return Exit.TAKEN

    monkeypatch.setattr(cli, "Supervisor", Losing)
    monkeypatch.setattr("shouwang.logs.configure", lambda form, role: None)
    with quicker:
        result = said("run", "--data", "data", SHOUWANG_WEB__PORT="0", SHOUWANG_FRONT_DOOR__PORT=str(port))
    assert result.exit_code == Exit.TAKEN
    assert f"Port {HOST}:{port} is taken" in result.output.splitlines()[-1]


def test_a_token_is_printed_when_it_is_asked_for() -> None:
    first = said("token", "--data", "data")
    assert first.exit_code == Exit.OK
    assert first.output.strip() == Path("data/token").read_text().strip()
    assert said("token", "--data", "data").output == first.output
    assert said("token", "--data", "data", "--name", "ingest-token").output != first.output


@pytest.mark.parametrize("name", ["service-token", "../token", "door.sock"])
def test_other_files_are_no_tokens(name: str) -> None:
    result = said("token", "--data", "data", "--name", name)
    assert result.exit_code == Exit.USAGE
    assert "it is token, ingest-token." in result.output


def test_a_token_file_that_was_spoiled_is_told() -> None:
    said("token", "--data", "data")
    Path("data/token").write_text("")
    result = said("token", "--data", "data")
    assert (result.exit_code, "Delete it" in result.output) == (Exit.USAGE, True)


@pytest.mark.parametrize("is_quiet", [True, False])
def test_health_of_a_service_that_does_not_run(is_quiet: bool) -> None:
    result = said("health", "--data", "data", *(["--quiet"] if is_quiet else []))
    assert result.exit_code == Exit.FAILED
    assert bool(result.output) != is_quiet
    if not is_quiet:
        assert "shouwang run" in result.output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--scenario", "nothing_of_this_name"], "kitchen_fire"),
        (["--broker", "nonsense"], "mqtt://"),
        (["--speed", "fast"], "--speed"),
    ],
)
def test_a_demonstration_that_cannot_be_is_told_before_anything_starts(arguments: list[str], word: str) -> None:
    result = said("demo", "--headless", *arguments)
    assert result.exit_code == Exit.USAGE
    assert word in plain(result.output)
