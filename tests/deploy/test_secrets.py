"""The script that makes the passwords: each once, none twice, none the same, none for strangers."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def make(folder: Path) -> str:
    done = subprocess.run([folder / "secrets.sh"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.needs("mosquitto")
def test_every_password_is_made_once_and_differs(tmp_path: Path) -> None:
    shutil.copy2(ROOT / "deploy" / "secrets.sh", tmp_path / "secrets.sh")
    said = make(tmp_path)
    folder = tmp_path / "secrets"
    first = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    passwords = [text.strip() for name, text in first.items() if name not in {"mosquitto_passwords", "shouwang.env"}]
    assert all(len(each) == 48 for each in passwords)
    assert len(set(passwords)) == len(passwords) == 6
    assert not any(each in said for each in passwords), "a password was printed"
    make(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == first


@pytest.mark.needs("mosquitto")
def test_the_brokers_file_holds_digests_of_the_accounts_that_the_access_list_names(tmp_path: Path) -> None:
    shutil.copy2(ROOT / "deploy" / "secrets.sh", tmp_path / "secrets.sh")
    make(tmp_path)
    lines = (tmp_path / "secrets" / "mosquitto_passwords").read_text(encoding="utf-8").splitlines()
    named = {
        line.split()[1]
        for line in (ROOT / "deploy" / "mosquitto" / "acl").read_text(encoding="utf-8").splitlines()
        if line.startswith("user ")
    }
    assert {line.split(":")[0] for line in lines} == named
    assert all(line.split(":")[1].startswith("$7$") for line in lines)
