"""The TCP bridges as the process runs them: one for each route that listens at a port of its own."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from ingest.port import Desk
from ingest.route import RouteReader
from ingest.tcp_bridge import TcpBridge
from shouwang.clock import system_now
from shouwang.listening import listen_tcp

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_bridges(
    readers: Sequence[RouteReader], desk: Desk, on_fatal: Callable[[BaseException], None]
) -> AsyncIterator[None]:
    """Listen for each route that says so, until the block ends. Raises CannotListenError."""
    async with AsyncExitStack() as stack:
        for reader in readers:
            if (listen := reader.route.listen) is not None:
                name = reader.route.name
                sock = stack.enter_context(listen_tcp(listen.host, listen.port, f"port at routes.{name}.listen"))
                bridge = TcpBridge(reader, listen, desk, now=system_now, report=_teller(name), on_fatal=on_fatal)
                await bridge.start(sock)
                stack.push_async_callback(bridge.stop)
        yield


def _teller(route: str) -> Callable[[str], None]:
    def tell(detail: str) -> None:
        log.error("bridge_stumbled", route=route, detail=detail, todo="Please report it; the connection was ended.")

    return tell
