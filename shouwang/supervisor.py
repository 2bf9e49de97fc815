"""``shouwang run``: starts chain, web and shadows as processes of their own, restarts what dies, and leaves nothing running."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from shouwang import tether
from shouwang.exits import Exit

log = structlog.get_logger(__name__)

BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""How long to wait before the n-th restart in a row. The first is short: a critical alarm may be waiting at the broker."""
STEADY_S = 60.0
"""A process that lived this long starts again at the shortest wait."""
STOP_S = 25.0
"""How long a process may take to finish what it holds before it is killed."""
VITAL = "chain"
"""The role without which no alarm is handled."""
SPARE = "shadow"
"""The role that nobody waits for: it lives while it is wanted, and whatever becomes of it, the service goes on."""
LOOK_S = 5.0
"""How often it is looked whether it is wanted."""


def role_command(role: str) -> list[str]:
    """What runs one role, tied to us."""
    return [sys.executable, "-m", f"shouwang.role_{role}", tether.FLAG]


def wait_before(failure_count: int) -> float:
    """Seconds before the restart after so many failures in a row."""
    return BACKOFF_S[min(failure_count, len(BACKOFF_S)) - 1]


@dataclass(slots=True)
class _Child:
    role: str
    life_count: int = 0
    failure_count: int = 0  # in a row


class Supervisor:
    """Keeps one process for each role alive until it is told to stop."""

    def __init__(
        self,
        roles: Sequence[str],
        *,
        command: Callable[[str], list[str]] = role_command,
        is_wanted: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._children = [_Child(role) for role in roles]
        self._command = command
        self._is_wanted = is_wanted
        self._stopping = asyncio.Event()
        self._final: Exit | None = None

    def stop(self) -> None:
        """End all roles, and then ``run``."""
        self._stopping.set()

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT, or until a role ends in a way that a restart cannot mend. Returns the exit code."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self.stop)
        async with asyncio.TaskGroup() as group:
            for child in self._children:
                group.create_task(self._keep(child))
        return int(self._final or Exit.OK)

    async def _keep(self, child: _Child) -> None:
        while not self._stopping.is_set():
            if child.role == SPARE and not self._is_wanted(child.role):
                await self._until_stopping(LOOK_S)
                continue
            code = await self._live(child)
            if self._stopping.is_set():
                return
            if self._is_final(child, code):
                log.error("role_cannot_run", role=child.role, code=code, todo="See what it said above; the service ends.")
                self._final = Exit(code)
                self.stop()
                return
            wait_s = wait_before(child.failure_count)
            log.error("process_ended", role=child.role, code=code, restart_in_s=wait_s)
            await self._until_stopping(wait_s)

    async def _live(self, child: _Child) -> int:
        """One life of a role, from its start to its exit code. Told to stop, it is ended, however young it is."""
        loop = asyncio.get_running_loop()
        child.life_count += 1
        began_s = loop.time()
        try:
            process = await asyncio.create_subprocess_exec(*self._command(child.role), stdin=PIPE)
        except OSError as fault:
            log.error("process_not_started", role=child.role, detail=str(fault))  # noqa: TRY400 - the machine's fault, not ours
            child.failure_count += 1
            return int(Exit.FAULT)
        living = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not living.done():
            await _end(child.role, process)
        child.failure_count = 1 if loop.time() - began_s > STEADY_S else child.failure_count + 1
        return await living

    def _is_final(self, child: _Child, code: int) -> bool:
        """Whether to end. A web that ran before and cannot now (its port was taken) is tried on: alarms need no web."""
        return code in Exit.FINAL and child.role != SPARE and (child.role == VITAL or child.life_count == 1)

    async def _until_stopping(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


async def _end(role: str, process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        log.error("process_killed", role=role, after_s=STOP_S)  # noqa: TRY400 - no fault of ours to trace
        process.kill()
        await process.wait()
