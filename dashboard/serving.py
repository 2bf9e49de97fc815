"""How the web app is served: it ends its streams when it is to stop, and lets go of clients whose network has died."""

import socket
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from dashboard.web import Web

STALLED_MAX_MS: Final = 30_000
"""A client that takes nothing for so long is cut by the kernel; else one that never reads would hold its connection for ever."""


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket, port 0 for any free one. Raises OSError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit it
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MAX_MS)
        made.bind((host, port))
        made.listen(1024)
    except OSError:
        made.close()
        raise
    return made


class WebServer(uvicorn.Server):
    """uvicorn, which waits for open answers when it stops; live streams never end by themselves, so they are ended first."""

    def __init__(self, app: FastAPI, **options: Any) -> None:
        given = {"log_config": None, "access_log": False, "server_header": False, "timeout_graceful_shutdown": 5, **options}
        super().__init__(uvicorn.Config(app, **given))
        self._web: Web = app.state.web

    @property
    def has_died(self) -> bool:
        """Whether it stopped because the live stream broke down, and not because it was told to."""
        return self._web.hub.has_died

    async def on_tick(self, counter: int) -> bool:
        """See uvicorn: true to stop. A web process without its stream would show old pictures as if they were new."""
        return self.has_died or await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        self._web.hub.close()
        await super().shutdown(sockets)
