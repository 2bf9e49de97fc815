"""``shouwang run``: starts the chain and the web as processes of their own, restarts what dies, and leaves nothing running."""

import asyncio
import signal
import sys
from dataclasses import dataclass

import structlog

from shouwang.exits import Exit

log = structlog.get_logger(__name__)

BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""How long to wait before the n-th restart in a row. The first is short: a critical alarm may be waiting at the broker."""
STEADY_S = 60.0
"""A process that lived this long starts again at the shortest wait."""
STOP_S = 25.0
"""How long a process may take to finish what it holds before it is killed."""


@dataclass(slots=True)
class _Child:
    role: str
    process: asyncio.subprocess.Process | None = None
    restart_count: int = 0


class Supervisor:
    """Keeps one process for each role alive until it is told to stop."""

    def __init__(self, roles: tuple[str, ...]) -> None:
        self._children = [_Child(role) for role in roles]
        self._stopping = asyncio.Event()
        self._final: Exit | None = None

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT, or until a role ends in a way that a restart cannot mend. Returns the exit code."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self._stopping.set)
        tasks = [asyncio.create_task(self._keep(child)) for child in self._children]
        await self._stopping.wait()
        await asyncio.gather(*(self._end(child) for child in self._children))
        await asyncio.gather(*tasks)
        return int(self._final or Exit.OK)

    async def _keep(self, child: _Child) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            began = loop.time()
            child.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", f"shouwang.role_{child.role}", stdin=asyncio.subprocess.DEVNULL
            )
            code = await child.process.wait()
            if self._stopping.is_set():
                return
            if code in Exit.FINAL:
                self._final = Exit(code)
                self._stopping.set()
                return
            child.restart_count = 0 if loop.time() - began > STEADY_S else child.restart_count + 1
            wait = BACKOFF_S[min(child.restart_count, len(BACKOFF_S) - 1)]
            log.error("process_ended", role=child.role, code=code, restart_in_s=wait)
            try:
                async with asyncio.timeout(wait):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def _end(self, child: _Child) -> None:
        process = child.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            log.error("process_killed", role=child.role, after_s=STOP_S)  # noqa: TRY400 - no fault of ours to trace
            process.kill()
            await process.wait()
