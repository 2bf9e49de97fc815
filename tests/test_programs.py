"""The rule about programs that a machine may lack: left out in one honest line, and never in continuous integration."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import programs

ROOT = Path(__file__).resolve().parent.parent

NEEDS = """
import pytest

@pytest.mark.needs("promtool")
def test_with_it():
    raise AssertionError("it was run without its program")

def test_without_it():
    pass
"""

SKIPS = """
import pytest

def test_that_skips():
    pytest.skip("no reason is good enough here")
"""


def run(tmp_path: Path, text: str, *, ci: bool, side_by_side: bool = False) -> "subprocess.CompletedProcess[str]":
    """A run of its own, on a machine whose PATH is empty."""
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.programs"]\n', encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  needs(program): x\n", encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST") and name != "CI"}
    environment = {**kept, "PATH": "", "PYTHONPATH": str(ROOT), **({"CI": "true"} if ci else {})}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        str(tmp_path),
        *(("-n", "2") if side_by_side else ()),
    ]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("side_by_side", [False, True])
def test_elsewhere_it_is_left_out_and_one_line_says_so_and_how_to_get_it(tmp_path: Path, side_by_side: bool) -> None:
    done = run(tmp_path, NEEDS, ci=False, side_by_side=side_by_side)
    assert done.returncode == 0, done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("Left out:")]
    assert len(lines) == 1
    assert "1 for promtool" in lines[0]
    assert "apt-get install prometheus" in lines[0]


def test_in_ci_nothing_may_be_left_out(tmp_path: Path) -> None:
    done = run(tmp_path, NEEDS, ci=True)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "promtool" in done.stderr


@pytest.mark.parametrize(("ci", "side_by_side", "code"), [(False, False, 0), (True, False, 1), (True, True, 1)])
def test_in_ci_a_skipped_test_fails_the_run(tmp_path: Path, ci: bool, side_by_side: bool, code: int) -> None:
    done = run(tmp_path, SKIPS, ci=ci, side_by_side=side_by_side)
    assert done.returncode == code, done.stdout
    assert ("CI may skip no test" in done.stdout) is ci


def test_the_recordings_are_missing_where_their_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "RECORDINGS", tmp_path)
    assert "recordings" not in programs.missing()
    monkeypatch.setattr(programs, "RECORDINGS", tmp_path / "none")
    assert programs.missing()[-1] == "recordings"
