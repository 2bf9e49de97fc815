"""Secrets of an installation: made once, whole, and for its user alone."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shouwang.settings import Settings, SettingsError
from shouwang.tokens import token

ROOT = Path(__file__).resolve().parents[2]
ASK = """
from pathlib import Path
from shouwang.settings import load
from shouwang.tokens import token
print(token(load(data=Path({!r})), "token"))
"""


def test_a_token_is_made_once_and_only_its_user_can_read_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    made = token(settings, "token")
    assert token(settings, "token") == made
    assert token(settings, "ingest-token") != made
    assert len(made) > 40
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ingest-token", "token"]


def test_many_who_ask_at_once_get_the_same(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: token(settings, "token"), range(64)))) == 1


def test_two_processes_that_ask_at_once_get_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASK.format(str(tmp_path))]
    asking = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) for _ in range(2)]
    said = {process.communicate()[0] for process in asking}
    assert len(said) == 1
    assert len(said.pop()) > 40


@pytest.mark.parametrize("text", ["", "\n", "short\n"])
def test_an_empty_file_is_no_key(text: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(text)
    with pytest.raises(SettingsError, match="holds no token"):
        token(Settings(data=tmp_path), "token")


def test_a_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff" * 40)
    with pytest.raises(SettingsError, match="token"):
        token(Settings(data=tmp_path), "token")
