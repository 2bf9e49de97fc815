"""The web's process: the API, the live stream and the console. It reads the store and asks the front door; it decides nothing."""

import signal

import structlog
import uvicorn

from dashboard.app import create_app
from dashboard.frontdoor import SocketDoor
from dashboard.reads import StoreReads
from dashboard.tokens import Tokens, digest_of
from shouwang import __version__
from shouwang.clock import system_now
from shouwang.exits import Exit
from shouwang.settings import Settings, prepare_folder, token

log = structlog.get_logger(__name__)


async def run_web(settings: Settings) -> int:
    """Serve until told to stop."""
    prepare_folder(settings)
    digests = {"operator": digest_of(token(settings, "token"))}
    if settings.metrics_token:
        digests["metrics"] = digest_of(settings.metrics_token)
    app = create_app(
        reads=StoreReads(settings.database),
        front_door=SocketDoor(settings.socket, token(settings, "service-token")),
        tokens=Tokens(digests),
        clock=system_now,
        version=__version__,
        origins=settings.web.origins,
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.web.host,
            port=settings.web.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
    )
    log.info("web_starting", address=f"http://{settings.web.host}:{settings.web.port}/")
    try:
        await server.serve()
    except SystemExit:
        log.error("web_not_started", todo=f"Is port {settings.web.port} taken? Choose another one with --port.")  # noqa: TRY400
        return Exit.TAKEN
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return Exit.OK
