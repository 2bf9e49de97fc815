"""Ports are looked at before a start: which one cannot be had, whose fault it is, which setting mends it, and the exit code."""

import errno
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from ingest.journal import hold_folder
from shouwang import ports
from shouwang.exits import Exit
from shouwang.settings import Settings
from tests.servers import HOST, free_port

ROLES = ("chain", "web", "shadow")
ROUTES = "routes: {{panel: {{format: gb26875, community: jade, listen: {{port: {port}}}}}}}\n"


def settings(tmp_path: Path, **changes: Any) -> Settings:
    return Settings(**{"data": tmp_path, "web": {"port": 0}, "front_door": {"port": 0}, **changes})


def test_free_ports_and_any_free_port_are_in_nobodys_way(tmp_path: Path) -> None:
    assert ports.refusals(settings(tmp_path, web={"port": free_port()}), ROLES) == ()
    assert ports.ports_of(settings(tmp_path, web={"port": 9}, front_door={"port": 9, "is_tcp": False}), ("chain", "shadow")) == ()


def test_each_port_of_these_roles_is_named_with_its_setting(tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    with socket.create_server((HOST, 0)) as first, socket.create_server((HOST, 0)) as second:
        web, panel = first.getsockname()[1], second.getsockname()[1]
        file.write_text(ROUTES.format(port=panel))
        made = settings(tmp_path, web={"port": web}, routes=file)
        of_all, of_the_chain = ports.refusals(made, ROLES), ports.refusals(made, ("chain",))
    assert [refusal.code for refusal in of_all] == [Exit.TAKEN, Exit.TAKEN]
    assert f"{HOST}:{web}" in of_all[0].said
    assert "SHOUWANG_WEB__PORT" in of_all[0].said
    assert f"Port {HOST}:{panel} is taken by another program" in of_all[1].said
    assert f"set another routes.panel.listen.port ({file})" in of_all[1].said
    assert of_the_chain == of_all[1:]
    file.write_text("routes: nonsense")
    assert ports.refusals(made, ("chain",)) == ()


def test_two_settings_of_ours_that_name_one_port_are_the_settings_fault(tmp_path: Path) -> None:
    port = free_port()
    (refusal,) = ports.refusals(settings(tmp_path, web={"port": port}, front_door={"port": port}), ROLES)
    assert refusal.code == Exit.USAGE
    assert f"SHOUWANG_FRONT_DOOR__PORT and SHOUWANG_WEB__PORT are the same port {HOST}:{port}" in refusal.said


def test_the_service_of_this_data_folder_that_runs_already_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    with socket.create_server((HOST, 0)) as taken, hold_folder(tmp_path / "journal"):
        (refusal,) = ports.refusals(settings(tmp_path, web={"port": taken.getsockname()[1]}), ROLES)
    assert refusal.code == Exit.TAKEN
    assert "本数据目录已在运行的守望服务" in refusal.said
    assert "the Shouwang of this data folder, which is running already" in refusal.said


@pytest.mark.parametrize(
    ("number", "setting", "says"),
    [
        (errno.EACCES, "SHOUWANG_WEB__PORT", "may not listen on"),
        (errno.EADDRNOTAVAIL, "SHOUWANG_WEB__HOST", "cannot listen on"),
    ],
)
def test_what_only_the_settings_can_mend_is_their_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, setting: str, says: str
) -> None:
    def refuse(*_: object, **__: object) -> socket.socket:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket, "create_server", refuse)
    (refusal,) = ports.refusals(settings(tmp_path, web={"host": "::1", "port": 80}), ROLES)
    assert refusal.code == Exit.USAGE
    assert says in refusal.said
    assert "[::1]:80" in refusal.said
    assert setting in refusal.said


def test_what_was_lost_to_nobody_who_is_still_there_is_told_in_general(tmp_path: Path) -> None:
    (refusal,) = ports.lost(settings(tmp_path), ROLES)
    assert refusal.code == Exit.TAKEN
    assert "see the log above" in refusal.said
