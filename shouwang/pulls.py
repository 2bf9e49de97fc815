"""The pulls as the process runs them: one task for each route that asks by itself, its cursor kept beside the journal."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import structlog

from handlers.channels.addresses import Forbidden, resolve
from ingest.port import Desk
from ingest.pull import Fetch, HttpPull, MarkFile, Pull, PullFailed
from ingest.pull_http import HttpFetch
from ingest.pull_sql import SqlFetch
from ingest.puller import Puller
from ingest.route import RouteReader
from shouwang.watched import end_all, watched

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_pulls(
    readers: Sequence[RouteReader], desk: Desk, folder: Path, chance: random.Random, on_fatal: Callable[[BaseException], None]
) -> AsyncIterator[None]:
    """Ask for each route that says so, until the block ends. ``folder``: the data folder."""
    tasks = []
    for reader in readers:
        if (pull := reader.route.pull) is not None:
            name = reader.route.name
            marks = MarkFile(folder / "pulls" / f"{name}.json", pull.start)
            puller = Puller(reader, pull, fetch_of(pull), marks, desk, chance=chance, report=_teller(name))
            tasks.append(watched(puller.run(), on_fatal))
    try:
        yield
    finally:
        await end_all(*tasks)


def fetch_of(pull: Pull) -> Fetch:
    """What asks for this pull."""
    source = pull.source
    if not isinstance(source, HttpPull):
        return SqlFetch(source, pull.cursor)

    async def reach(host: str, port: int) -> IPv4Address | IPv6Address:
        try:
            return await resolve(host, port, source.allow_networks)
        except Forbidden as fault:
            raise PullFailed(str(fault)) from None

    return HttpFetch(source, pull.cursor, reach)


def _teller(route: str) -> Callable[[str, float], None]:
    def tell(detail: str, wait_s: float) -> None:
        log.warning("pull_failed", route=route, detail=detail, again_in_s=round(wait_s))

    return tell
