"""The front door's listeners: the unix socket for our own web, and TCP for integrators who publish over HTTP."""

import asyncio
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import structlog
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response

from ingest.http import create_front_door
from ingest.journal import Journal
from shouwang.desk import Desk
from shouwang.health import report
from shouwang.metrics import DeskCollector, GaugesByLane, NamedCounts, exposition
from shouwang.outward import Outward
from shouwang.settings import Settings
from shouwang.sources import MqttLanes
from shouwang.tokens import token

log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """A uvicorn server inside a process that has its own way with signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield


def checker(*tokens: str) -> Callable[[str], bool]:
    """A constant-time test whether a text is one of these tokens. Only digests are kept."""
    digests = [hashlib.sha256(each.encode()).digest() for each in tokens if each]

    def is_one(text: str) -> bool:
        came = hashlib.sha256(text.encode()).digest()
        return any([hmac.compare_digest(came, known) for known in digests])  # noqa: C419 - all: constant time

    return is_one


@asynccontextmanager
async def open_doors(
    settings: Settings,
    desk: Desk,
    journal: Journal,
    lanes: MqttLanes,
    outward: Outward,
    note_redriven: Callable[[int], None],
) -> AsyncIterator[None]:
    """Listen until the block ends. TCP takes events with the ingest token; the socket takes all, with the service's."""
    service, ingest = token(settings, "service-token"), token(settings, "ingest-token")
    inner = create_front_door(desk, token_ok=checker(service), find_rejected=journal.find, note_redriven=note_redriven)
    inner.include_router(_internal(desk, lanes, outward, checker(service)))
    settings.socket.unlink(missing_ok=True)
    servers = [_server(inner, uds=str(settings.socket))]
    if settings.front_door.is_tcp:
        outer = create_front_door(desk, token_ok=checker(ingest), find_rejected=journal.find, has_actions=False)
        servers.append(_server(outer, host=settings.front_door.host, port=settings.front_door.port))
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    for server, task in zip(servers, tasks, strict=True):
        while not server.started:
            if task.done():
                await task
                raise RuntimeError("the front door could not listen: is its port taken?")
            await asyncio.sleep(0.01)
    settings.socket.chmod(0o600)
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)
        with contextlib.suppress(FileNotFoundError):
            settings.socket.unlink()


def _server(app: FastAPI, **where: object) -> Server:
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False, **where)  # type: ignore[arg-type]
    return Server(config)


def _internal(desk: Desk, lanes: MqttLanes, outward: Outward, is_ours: Callable[[str], bool]) -> APIRouter:
    """What the web process asks: how the desk is, and what it counts."""
    render = exposition(
        [
            DeskCollector(desk),
            GaugesByLane("shouwang_mqtt_connected", "1 while this lane's broker session stands.", lanes.connected),
            NamedCounts("shouwang_mqtt", "What the broker sessions counted, by lane and name.", lanes.counts),
            NamedCounts("shouwang_outbox", "Deliveries tried, by how they ended.", outward.counts),
        ]
    )

    def guard(request: Request) -> None:
        scheme, _, came = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not is_ours(came):
            raise HTTPException(status_code=401)

    router = APIRouter(prefix="/internal", dependencies=[Depends(guard)], include_in_schema=False)

    @router.get("/health")
    def health() -> dict[str, object]:
        return report(desk, lanes.connected())

    @router.get("/metrics")
    def metrics() -> Response:
        return Response(render(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
