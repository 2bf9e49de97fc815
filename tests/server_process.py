"""A server as a process of a test: started on a free loopback port, ended politely or brutally, and nothing left behind."""

import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

HOST: Final = "127.0.0.1"
READY_TRIES: Final = 1_500  # times READY_STEP_S: how long a server may take to listen
READY_STEP_S: Final = 0.02
STOP_S: Final = 20.0


class ServerError(RuntimeError):
    """A server did not start; the message carries the tail of its log."""


class ServerMissingError(RuntimeError):
    """The program is not installed; the message says how to get it."""


def free_port() -> int:
    """Find a loopback port on which nobody listens, below the range that the kernel gives to outgoing connections.

    A port inside that range is a trap: a client that knocks on a stopped server's port may be given the very same port as
    its own source, and then it talks to itself.
    """
    for _ in range(200):
        port = 10_000 + secrets.randbelow(22_000)
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind((HOST, port))
            except OSError:
                continue
            return port
    raise ServerError("no free loopback port found in 200 tries between 10000 and 32000")


def program(name: str, how_to_get: str, folders: Sequence[str] = ()) -> str:
    """Find a program in the given folders, the environment's scripts, PATH or /usr/sbin."""
    places = [*folders, sysconfig.get_path("scripts"), os.environ.get("PATH", ""), "/usr/sbin"]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        raise ServerMissingError(f"{name} is not installed: {how_to_get}")
    return found


class Server(ABC):
    """One process that listens on a loopback port. A context manager: entering starts it, leaving ends it."""

    name: str

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.log_file = folder / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> list[str]:
        """The command line, after whatever configuration it needs was written."""

    def start(self) -> Self:
        """Start it and return when it accepts connections. Raises ServerError with the log's tail."""
        if self.is_running:
            raise ServerError(f"{self.name} runs already (process {self.pid}); stop or kill it first")
        self.folder.mkdir(parents=True, exist_ok=True)
        command = self.command()
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, user=self._user()
            )
        for _ in range(READY_TRIES):
            if self._listens():
                return self
            try:
                self._process.wait(READY_STEP_S)
            except subprocess.TimeoutExpired:
                continue
            raise ServerError(f"{self.name} ended with code {self._process.returncode} at its start:\n{self.log_tail()}")
        self.kill()
        raise ServerError(f"{self.name} did not listen on {HOST}:{self.port} in time:\n{self.log_tail()}")

    def stop(self) -> None:
        """End it with SIGTERM, and with SIGKILL if it does not listen to that."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal())
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End it with SIGKILL: nothing is flushed, nothing is said to its clients."""
        if self._process is None:
            return
        offspring = children(self._process.pid)
        self._process.kill()
        self._process.wait()
        self._process = None
        _end(offspring)

    def restart(self) -> Self:
        """Stop politely and start again: same port, same data."""
        self.stop()
        return self.start()

    def freeze(self) -> None:
        """Halt it with SIGSTOP: its connections stay open and nothing answers, as with a dead network."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        os.kill(self.pid, signal.SIGCONT)

    @property
    def is_running(self) -> bool:
        """Whether our process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id. Raises ServerError when it does not run."""
        if self._process is None:
            raise ServerError(f"{self.name} does not run")
        return self._process.pid

    def log_tail(self, line_count: int = 30) -> str:
        """The last lines that the server wrote."""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-line_count:])

    def _listens(self) -> bool:
        return listens(self.port)

    def _stop_signal(self) -> signal.Signals:
        return signal.SIGTERM

    def _user(self) -> str | None:
        return None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this loopback port now."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HOST, port)) == 0


def children(pid: int) -> list[int]:
    """The direct children of a process (Linux; elsewhere none, and they end by themselves a little later)."""
    if not sys.platform.startswith("linux"):
        return []
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _end(pids: Sequence[int]) -> None:
    """Kill processes that are no longer anybody's children, and wait until they are gone."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], STOP_S)
        except ProcessLookupError:
            continue
        finally:
            os.close(handle)
