"""The front door's listeners: the unix socket for our own web, and TCP for integrators who publish over HTTP."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from prometheus_client.registry import Collector

from handlers.shadow_book import FILE as SHADOW_FILE
from ingest.http import create_front_door
from ingest.http_door import FrontDoor
from ingest.http_push import PushDoor
from ingest.journal import Journal
from ingest.port import Unmetered
from ingest.route import RouteReader
from ingest.topics import PREFIX
from rules.definition import RulePack
from shouwang.clock import monotonic_s, system_now
from shouwang.desk import Desk
from shouwang.door_exchange import exchange_routes
from shouwang.door_packs import PackDoor, pack_routes
from shouwang.health import report
from shouwang.housekeeping import Housekeeping
from shouwang.listening import listen_tcp, listen_unix
from shouwang.metrics import DeskCollector, GaugesByLane, NamedCounts, RouteCollector, ShadowCollector, exposition
from shouwang.outward import Outward
from shouwang.report_page import open_report_page
from shouwang.settings import Settings
from shouwang.sources import MqttLanes
from shouwang.tokens import token
from shouwang.watched import watched

GRACE_S = 5
"""How long a request that is under way at the end may take; the desk answers each within milliseconds."""


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
    keeping: Housekeeping,
    on_fatal: Callable[[BaseException], None],
    read_pack: Callable[[str], RulePack],
) -> AsyncIterator[None]:
    """Listen until the block ends. TCP takes events with the ingest token, and foreign formats with the secret of each route;
    the socket takes all, with the service's.

    Raises CannotListenError.
    """
    service, ingest = token(settings, "service-token"), token(settings, "ingest-token")
    pages = open_report_page(settings, service)
    readers = [*lanes.readers, *(page.reader for page in pages)]
    inner = create_front_door(
        desk,
        token_ok=checker(service),
        find_rejected=journal.find,
        note_redriven=keeping.note_redriven,
        readers=readers,
        pushes=pages,
    )
    pushes = open_pushes(settings, lanes.readers)
    shadows = ShadowCollector(settings.data / SHADOW_FILE, lambda: desk.progress.journaled_position)
    inner.include_router(_internal(desk, lanes, outward, checker(service), (RouteCollector(readers), shadows)))
    packs = PackDoor(desk, FrontDoor(desk, journal.find, keeping.note_redriven, Unmetered(), PREFIX), read_pack)
    inner.include_router(pack_routes(packs, _guard(checker(service))))
    inner.include_router(exchange_routes(keeping.confirm, _guard(checker(service))))
    with ExitStack() as sockets:
        served = [(inner, sockets.enter_context(listen_unix(settings.socket)))]
        sockets.callback(settings.socket.unlink, missing_ok=True)
        if settings.front_door.is_tcp:
            outer = create_front_door(
                desk, token_ok=checker(ingest), find_rejected=journal.find, has_actions=False, pushes=pushes
            )
            served.append((outer, sockets.enter_context(listen_tcp(settings.front_door.host, settings.front_door.port))))
        servers = [Server(_config(app)) for app, _ in served]
        tasks = [watched(server.serve([sock]), on_fatal) for server, (_, sock) in zip(servers, served, strict=True)]
        try:
            yield
        finally:
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*tasks)


def open_pushes(settings: Settings, readers: Sequence[RouteReader]) -> list[PushDoor]:
    """An address for each route that takes pushes, with a secret of its own, made at its first start."""
    return [
        PushDoor(reader, push, token(settings, f"push-{reader.route.name}"), now=system_now, monotonic_s=monotonic_s)
        for reader in readers
        if (push := reader.route.push) is not None
    ]


def _config(app: FastAPI) -> uvicorn.Config:
    """With a limit for the end: an action may wait half a minute for its answer, and would keep the process for so long."""
    return uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=GRACE_S
    )


def _guard(is_ours: Callable[[str], bool]) -> Callable[[Request], None]:
    """Lets through whoever brings our own token."""

    def guard(request: Request) -> None:
        scheme, _, came = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not is_ours(came):
            raise HTTPException(status_code=401)

    return guard


def _internal(
    desk: Desk, lanes: MqttLanes, outward: Outward, is_ours: Callable[[str], bool], more: Sequence[Collector]
) -> APIRouter:
    """What the web process asks: how the desk is, and what it counts."""
    render = exposition(
        [
            DeskCollector(desk),
            GaugesByLane("shouwang_mqtt_connected", "1 while this lane's broker session stands.", lanes.connected),
            NamedCounts("shouwang_mqtt", "What the broker sessions counted, by lane and name.", lanes.counts),
            *more,
            NamedCounts("shouwang_outbox", "Deliveries tried, by how they ended.", outward.counts),
        ]
    )

    router = APIRouter(prefix="/internal", dependencies=[Depends(_guard(is_ours))], include_in_schema=False)

    # In the event loop, where the sources and the outbox live: nothing changes while they are counted.
    @router.get("/health")
    async def health() -> dict[str, object]:
        return report(desk, lanes.connected())

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(render(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
