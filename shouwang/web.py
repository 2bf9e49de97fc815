"""The web's process: the API, the live stream and the console. It reads the store and asks the front door; it decides nothing."""

from collections.abc import Callable

import structlog

from dashboard.app import create_app
from dashboard.frontdoor import SocketDoor
from dashboard.reads import StoreReads
from dashboard.serving import WebServer, listen
from dashboard.tokens import Tokens, digest_of
from rules.definition import Responder
from rules.pack import PackError, read_pack
from shouwang import __version__
from shouwang.clock import system_now
from shouwang.exits import Exit
from shouwang.settings import Settings, prepare_folder
from shouwang.tokens import token

log = structlog.get_logger(__name__)


async def run_web(settings: Settings) -> int:
    """Serve until told to stop."""
    prepare_folder(settings)
    try:
        listening = listen(settings.web.host, settings.web.port)
    except OSError as fault:
        address = f"{settings.web.host}:{settings.web.port}"
        log.error("web_not_started", detail=str(fault), todo=f"Is {address} taken? Set another SHOUWANG_WEB__PORT.")  # noqa: TRY400
        return Exit.TAKEN
    digests = {"operator": digest_of(token(settings, "token"))}
    if settings.metrics_token:
        digests["metrics"] = digest_of(settings.metrics_token)
    reads = StoreReads(settings.database)
    app = create_app(
        reads=reads,
        front_door=SocketDoor(settings.socket, token(settings, "service-token")),
        tokens=Tokens(digests),
        clock=system_now,
        version=__version__,
        origins=settings.web.origins,
        find_responders=_responders(settings),
    )
    host, port = listening.getsockname()[:2]
    log.info("web_ready", address=f"http://{host}:{port}/")
    server = WebServer(app)
    await server.serve(sockets=[listening])
    reads.close()
    return Exit.FAULT if server.has_died else Exit.OK


def _responders(settings: Settings) -> Callable[[], tuple[Responder, ...]]:
    """Who can be chosen by name. The chain refuses a bad pack; here it only means that ids must be typed."""
    try:
        pack = read_pack(settings.pack.read_text(encoding="utf-8"), str(settings.pack))
    except (OSError, PackError) as fault:
        log.warning("pack_not_read", detail=str(fault), todo="Responders are shown by id; mend the pack.")
        return tuple
    return lambda: pack.responders
