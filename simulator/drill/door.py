"""The push door of a drilled house: the real addresses and their answers, spoken to without a socket."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from fastapi import FastAPI

from ingest.http_answers import speak_uniformly
from ingest.http_door import FrontDoor
from ingest.http_push import SOURCE, PushDoor, push_routes
from ingest.port import Desk, Unmetered
from ingest.route import RouteReader
from ingest.topics import PREFIX
from simulator.drill.hours import Hours

_SECRET: Final = "of-the-drill"  # noqa: S105 - it opens a door that nobody can reach


@dataclass(slots=True)
class _Opened:
    """The app, made once in a process, and what one life of the house puts behind it."""

    app: FastAPI
    door: FrontDoor
    doors: dict[str, PushDoor] = field(default_factory=dict)
    token: str = ""
    count: int = 0

    def new_arrival(self) -> str:
        self.count += 1
        return f"{self.token}-{self.count}"


@cache
def _opened() -> _Opened:
    door = FrontDoor(None, lambda _: None, lambda _: None, Unmetered(), PREFIX)  # type: ignore[arg-type]  # each life brings its own
    opened = _Opened(FastAPI(openapi_url=None), door)
    speak_uniformly(opened.app)
    opened.app.include_router(push_routes(door, opened.doors, opened.new_arrival))
    return opened


class Door:
    """Takes pushes for one life of the house. ``token``: differs for each life."""

    def __init__(self, desk: Desk, readers: list[RouteReader], hours: Hours, token: str) -> None:
        self._opened = opened = _opened()
        opened.door.desk, opened.token, opened.count = desk, token, 0
        opened.doors.clear()
        for reader in readers:
            if (push := reader.route.push) is not None:
                opened.doors[reader.route.name] = PushDoor(
                    reader, push, _SECRET, now=hours.wall_now, monotonic_s=hours.monotonic_s
                )

    async def push(self, body: bytes) -> int:
        """Send this to the one route that takes pushes. The answer's status."""
        name = next(iter(self._opened.doors))
        return await _post(self._opened.app, SOURCE.removeprefix("POST ") + name, body)


async def _post(app: Callable[..., Any], path: str, body: bytes) -> int:
    statuses: list[int] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {_SECRET}".encode()), (b"content-length", str(len(body)).encode())],
    }

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]
