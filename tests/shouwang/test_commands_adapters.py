"""``shouwang adapters`` lists formats and routes; ``shouwang token`` shows the secret of a route that takes pushes."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.formats import FORMATS
from shouwang import cli
from shouwang.exits import Exit
from tests.dashboard.door import SERVICE_TOKEN, Door
from tests.dashboard.route_counts import counted
from tests.shouwang.test_route_file import BAD, GOOD, written


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, arguments)


def test_the_formats_are_listed_and_that_there_are_no_routes() -> None:
    listed = run("adapters").stdout
    assert [name for name in (*FORMATS, "native", "未配置接入路由") if name not in listed] == []


def test_the_routes_are_listed_with_their_ways_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_ROUTES", str(written(tmp_path, GOOD)))
    listed = run("adapters").stdout
    for word in ("garden", "MQTT zigbee2mqtt/#", "POST /v1/push/meters", "MQTT a/+", "data", "1 devices, else b09"):
        assert word in listed


def test_what_came_by_each_route_is_counted_where_the_service_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_ROUTES", str(written(tmp_path, GOOD)))
    monkeypatch.setenv("SHOUWANG_DATA", str(tmp_path))
    assert "服务未运行" in run("adapters").stdout
    (tmp_path / "service-token").write_text(SERVICE_TOKEN, encoding="ascii")
    door = Door(tmp_path / "door.sock")
    door.metrics = counted(garden=(12, 9, 2, 1, 0, 1_795_500_000), meters=(0, 0, 0, 0, 0, 0))
    door.open()
    listed = [line.split() for line in run("adapters").stdout.replace("│", " ").splitlines()]
    door.close()
    assert ["garden", "12", "9", "2", "1", "0", "2026-11-24T06:00:00.000Z"] in listed
    assert ["meters", "0", "0", "0", "0", "0", "-"] in listed


def test_the_secret_of_a_pushing_route_is_shown_and_of_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_ROUTES", str(written(tmp_path, GOOD)))
    monkeypatch.setenv("SHOUWANG_DATA", str(tmp_path / "data"))
    secret = run("token", "--name", "push-plain").stdout.strip()
    assert secret == (tmp_path / "data" / "push-plain").read_text(encoding="ascii").strip()
    refused = run("token", "--name", "push-garden")
    assert (refused.exit_code, "push-meters, push-plain" in refused.stderr) == (Exit.USAGE, True)


def test_faults_of_the_file_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_ROUTES", str(written(tmp_path, BAD)))
    for command in (["adapters"], ["token", "--name", "push-a"]):
        told = run(*command)
        assert (told.exit_code, "did you mean 'zigbee2mqtt'" in told.stderr) == (Exit.USAGE, True)
