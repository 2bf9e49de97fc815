"""``shouwang demo`` as people run it: it leaves nothing behind, and its exit code is the truth's."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag

import pytest

from shouwang.exits import Exit
from tests.acceptance.service import BYTECODE, ROOT
from tests.servers import HOST

pytestmark = pytest.mark.acceptance

MARK = "DEMONSTRATION_UNDER_TEST"
"""A name in the environment that every process of a demonstration inherits, however deep."""

IMPOSSIBLE = """
scenario: impossible
title: {zh: 不可能, en: Impossible}
starts: 2026-03-06T19:10:00+08:00
lasts_s: 20
tells: Nothing happens, and a fire is expected.
hazards: []
truth:
  expected:
    - {hazard: fire, zone: b01/u1/0101, onset_s: 1, alarm_by_s: 2, dispatch_by_s: 3}
"""


POSSIBLE = """
scenario: possible
title: {zh: 可能, en: Possible}
starts: 2026-03-06T19:10:00+08:00
lasts_s: 60
tells: An e-bike comes into a lift, and there is time enough to notice it on a busy computer.
hazards:
  - {model: ebike_in_lift, zone: b04/u2/lift1, starts_s: 20}
truth:
  expected:
    - {hazard: ebike, zone: b04/u2/lift1, onset_s: 20, alarm_by_s: 50, dispatch_by_s: 55}
"""


@dataclass
class Demonstration:
    process: subprocess.Popen[str]
    log: Path
    mark: str

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until(self, what: str, is_so: Callable[[], object], seconds: float = 60.0) -> None:
        step = Flag()
        for _ in range(int(seconds / 0.05)):
            if is_so():
                return
            assert self.process.poll() is None, f"it ended before {what}:\n{self.said}"
            step.wait(0.05)
        raise AssertionError(f"not {what} in time:\n{self.said}")

    def processes(self) -> list[str]:
        """The command line of everything that runs for this demonstration, itself included."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue  # it has ended
        return found


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., Demonstration]]:
    """Starts demonstrations; whatever is left of them afterwards is ended."""
    started: list[Demonstration] = []

    def begin(*arguments: str) -> Demonstration:
        mark = str(tmp_path)
        log = tmp_path / "said.txt"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOUWANG_", "PYTHONDONTWRITE"))}
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "shouwang", "demo", "--headless", "--port", "0", *arguments],
                cwd=ROOT,
                env={**kept, MARK: mark, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": BYTECODE, "TMPDIR": str(tmp_path)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        started.append(Demonstration(process, log, mark))
        return started[-1]

    yield begin
    for each in started:
        if each.process.poll() is None:
            each.process.terminate()
            try:
                each.process.wait(60)
            except subprocess.TimeoutExpired:
                each.process.kill()
                each.process.wait()


@pytest.mark.parametrize("moment", ["while it starts", "while it plays"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_leaves_nothing_behind(
    play: Callable[..., Demonstration], tmp_path: Path, moment: str, sign: signal.Signals
) -> None:
    demo = play("--scenario", "quiet_day", "--no-people", "--speed", "10")
    port = 0
    if moment == "while it starts":
        demo.until("the service was started", lambda: any("shouwang.role_" in line for line in demo.processes()))
    else:
        demo.until("it plays", lambda: "Console" in demo.said)
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", demo.said)
        assert found is not None
        port = int(found[1])
        assert len(demo.processes()) >= 5, "itself, the supervisor, the chain, the web and the broker"
    demo.process.send_signal(sign)
    assert demo.process.wait(60) == Exit.OK, demo.said
    assert demo.processes() == []
    assert not list(tmp_path.glob("shouwang-demo-*")), "its folder, with its secrets in it, is left"
    if port:
        with socket.socket() as caller:
            assert caller.connect_ex((HOST, port)) != 0


def test_a_truth_that_does_not_come_true_is_a_failure(play: Callable[..., Demonstration], tmp_path: Path) -> None:
    file = tmp_path / "impossible.yaml"
    file.write_text(IMPOSSIBLE, encoding="utf-8")
    demo = play("--scenario", str(file), "--no-people", "--speed", "10")
    assert demo.process.wait(90) == Exit.FAILED, demo.said
    assert "the ground truth was NOT met" in demo.said
    assert "MISSED: alarm of fire" in demo.said
    assert demo.processes() == []


def test_a_truth_that_comes_true_is_a_success(play: Callable[..., Demonstration], tmp_path: Path) -> None:
    file = tmp_path / "possible.yaml"
    file.write_text(POSSIBLE, encoding="utf-8")
    demo = play("--scenario", str(file), "--speed", "10")
    assert demo.process.wait(120) == Exit.OK, demo.said
    assert "the ground truth was met" in demo.said
    assert "pending" not in demo.said, "a library talks into the view"
    assert demo.processes() == []
