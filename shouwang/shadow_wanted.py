"""Whether the shadows' process is wanted: a mark in the data folder, which the chain's process sets beside its work.

A process that waits for a pack with shadow rules would cost 110 MB on every machine whose pack has none.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog

from rules.engine import Engine
from shouwang.desk import Desk
from shouwang.watched import end_all, watched

log = structlog.get_logger(__name__)

WANTED: Final = "shadow.wanted"
"""The mark's name in the data folder."""
LOOK_S: Final = 5.0


def has_shadows(engine: Engine) -> bool:
    """Whether the pack that decides has a shadow rule."""
    return engine.pack is not None and any(rule.is_shadow for rule in engine.pack.rules)


@asynccontextmanager
async def marking(desk: Desk, folder: Path, on_fatal: Callable[[BaseException], None]) -> AsyncIterator[None]:
    """Keep the mark as it should be until the block ends; then it stays as it is."""
    task = watched(_mark(desk, folder / WANTED), on_fatal)
    try:
        yield
    finally:
        await end_all(task)


async def _mark(desk: Desk, mark: Path) -> None:
    while True:
        is_wanted = await asyncio.wrap_future(desk.ask(has_shadows))
        set_mark(mark, is_wanted=is_wanted)
        await asyncio.sleep(LOOK_S)


def set_mark(mark: Path, *, is_wanted: bool) -> None:
    """Set or take away the mark. Where the disk does not let us, the next look tries again: no alarm hangs on it."""
    try:
        if is_wanted:
            mark.touch(mode=0o600)
        else:
            mark.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("shadow_mark_not_set", detail=str(fault))
