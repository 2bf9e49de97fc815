"""Cuts a PostgreSQL connection on which nothing moves: a server that hangs (stopped, its disk stuck) never ends a wait by itself.

The server's own time limits do not help when the server stands still, and its kernel goes on answering keepalives.
"""

import socket
import threading
from dataclasses import dataclass
from typing import Final

import psycopg
import structlog

_log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 6.0
"""A connection is cut at the second look that finds it as it was: 6 to 12 s after its last step (statements may take 10 s)."""


@dataclass(slots=True)
class _Watched:
    connection: psycopg.Connection
    looks: int = 0


class Watch:
    """Watches the connections that are in use. Each step on a connection starts its patience anew."""

    def __init__(self, look_every_s: float = LOOK_EVERY_S) -> None:
        self._look_every_s = look_every_s
        self._in_use: dict[int, _Watched] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, connection: psycopg.Connection) -> None:
        """This connection is in use from now on."""
        with self._lock:
            self._in_use[id(connection)] = _Watched(connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="store watch", daemon=True)
                self._thread.start()

    def step(self, connection: psycopg.Connection) -> None:
        """The connection is about to do its next thing."""
        with self._lock:
            watched = self._in_use.get(id(connection))
            if watched is not None:
                watched.looks = 0

    def end(self, connection: psycopg.Connection) -> None:
        """The connection is idle again, or gone."""
        with self._lock:
            self._in_use.pop(id(connection), None)

    def close(self) -> None:
        """Watch no more."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(self._look_every_s):
            with self._lock:
                for watched in self._in_use.values():
                    watched.looks += 1
                    if watched.looks == 2:
                        _cut(watched.connection)


def _cut(connection: psycopg.Connection) -> None:
    """End the wait: the socket reads as closed, and the waiting thread gets an error."""
    _log.error("PostgreSQL stands still: cutting the connection", host=connection.info.host, port=connection.info.port)
    try:
        with socket.socket(fileno=_duplicate(connection)) as own:
            own.shutdown(socket.SHUT_RDWR)
    except (OSError, psycopg.Error) as error:
        _log.warning("the connection was gone already", error=str(error))


def _duplicate(connection: psycopg.Connection) -> int:
    return socket.dup(connection.fileno())
