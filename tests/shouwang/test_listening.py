"""The front door's sockets: closed to others from the first moment, and a refusal that says what is in the way."""

import os
import socket
from pathlib import Path

import pytest

from shouwang import listening
from shouwang.listening import CannotListenError, address_of, listen_tcp, listen_unix
from tests.servers import HOST


def test_only_our_user_may_connect(tmp_path: Path) -> None:
    door = tmp_path / "door.sock"
    before = os.umask(0o022)
    try:
        with listen_unix(door):
            assert door.stat().st_mode & 0o777 == 0o600
    finally:
        assert os.umask(before) == 0o022, "the process's own mask is as it was"


def test_what_an_earlier_life_left_is_in_nobodys_way(tmp_path: Path) -> None:
    door = tmp_path / "door.sock"
    listen_unix(door).close()
    assert door.exists()
    with listen_unix(door), socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address_of(door))


def test_a_data_folder_deep_down_has_a_door_too(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30)
    folder.mkdir()
    door = folder / "door.sock"
    with listen_unix(door), socket.socket(socket.AF_UNIX) as caller:
        assert door.is_socket()
        caller.connect(address_of(door))


def test_a_short_path_is_its_own_address() -> None:
    assert address_of(Path("/run/shouwang/door.sock")) == "/run/shouwang/door.sock"


def test_where_folders_have_no_handles_a_long_path_is_told_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_HANDLES", tmp_path / "none")
    with pytest.raises(CannotListenError, match="--data"):
        listen_unix(tmp_path / ("x" * 108))


def test_a_deep_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotListenError, match=r"door\.sock.*folder"):
        listen_unix(tmp_path / ("x" * 108) / "door.sock")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotListenError, match=r"door\.sock"):
        listen_unix(tmp_path / "nowhere" / "door.sock")


def test_a_port_that_is_taken_is_told_with_a_remedy() -> None:
    with listen_tcp(HOST, 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotListenError, match=rf"{HOST}:{port} .*SHOUWANG_FRONT_DOOR__PORT"):
            listen_tcp(HOST, port)


@pytest.mark.parametrize("host", ["256.0.0.1", "no such host"])
def test_an_address_that_is_none_is_told(host: str) -> None:
    with pytest.raises(CannotListenError, match=host):
        listen_tcp(host, 0)
