"""Background work that may not fail unseen: its failure is handed on, and the process ends on it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

AGAIN_S = 1.0


def watched(work: Coroutine[Any, Any, None], on_fatal: Callable[[BaseException], None]) -> asyncio.Task[None]:
    """A task of this work. Cancelling it is no failure."""

    async def watch() -> None:
        try:
            await work
        except asyncio.CancelledError:
            raise
        except BaseException as fault:  # noqa: BLE001 - handed on: the process ends on it
            on_fatal(fault)

    task = asyncio.create_task(watch())
    task.add_done_callback(lambda _: work.close())  # where it was cancelled before it began
    return task


async def end_all(*tasks: asyncio.Task[Any]) -> None:
    """Cancel these and wait for their end.

    Again where that was not heard: a library that fails while it is cancelled may tell of its failure alone.
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        ended, running = await asyncio.wait(running, timeout=AGAIN_S)
        for task in ended:
            _ = task.cancelled() or task.exception()  # looked at, so that nobody is warned of it
