"""The service as a real process for acceptance tests: started as its users start it, ended as the world ends it."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from ingest.journal import Journaled, read_only
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
BYTECODE = str(Path(tempfile.gettempdir(), "shouwang-test-bytecode"))
READY_S = 40.0
STEP_S = 0.02


class ServiceError(AssertionError):
    """The service did not do what was waited for; the message has the end of its log."""


@dataclass
class Service:
    """One installation: a data folder, settings, and at most one process."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    role: str = "chain"
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.log_file = self.folder / "service.log"
        self.settings.setdefault("SHOUWANG_DATA", str(self.data))
        self.settings.setdefault("SHOUWANG_FRONT_DOOR__PORT", str(free_port()))
        self.settings.setdefault("SHOUWANG_WEB__PORT", str(free_port()))
        self.settings.setdefault("SHOUWANG_LOG_FORMAT", "json")

    def start(self) -> None:
        """Start it, and do not wait."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *(("shouwang", "run") if self.role == "all" else (f"shouwang.role_{self.role}",))],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def environment(self) -> dict[str, str]:
        """The environment of this installation: nothing of the tester's own.

        An installed program has been compiled; without that, every start would take three times as long.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOUWANG_", "PYTHONDONTWRITE"))}
        return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": BYTECODE, **self.settings}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the program's commands on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "shouwang", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """SIGKILL: nothing is flushed, nobody is told."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(30)
        self.process = None
        return code

    def until_ready(self) -> None:
        """Wait until a critical alarm would be handled."""
        self.until("ready", lambda: bool(self.health().get("ready")))

    def until(self, what: str, is_so: "object", seconds: float = READY_S) -> None:
        """Wait until ``is_so()``; fail with the log's end when that takes too long or the process ends."""
        assert callable(is_so)
        step = Event()
        for _ in range(int(seconds / STEP_S)):
            if is_so():
                return
            if self.process is not None and self.process.poll() is not None:
                raise ServiceError(f"the service ended with {self.process.returncode} before {what}:\n{self.log_tail()}")
            step.wait(STEP_S)
        raise ServiceError(f"not {what} within {seconds:g} s:\n{self.log_tail()}")

    def health(self) -> dict[str, object]:
        """What the chain says of itself; empty when it does not answer."""
        door = self.data / "door.sock"
        with contextlib.suppress(OSError, http.client.HTTPException, json.JSONDecodeError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2.0)
            line.connect(str(door))
            token = (self.data / "service-token").read_text(encoding="ascii").strip()
            asking = http.client.HTTPConnection("door")
            asking.sock = line
            asking.request("GET", "/internal/health", headers={"Authorization": f"Bearer {token}"})
            body: dict[str, object] = json.loads(asking.getresponse().read())
            return body
        return {}

    def journal(self, after: int = 0) -> Iterator[Journaled]:
        """Everything journaled; works beside the writer and after it."""
        return read_only(self.data / "journal", after=after)

    def log_tail(self) -> str:
        """The end of what the process wrote."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")[-6000:] if self.log_file.exists() else "(no log)"
