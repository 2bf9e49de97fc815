"""The web's process: the API, the live stream and the console. It reads the store and asks the front door; it decides nothing."""

import asyncio
from functools import partial

import structlog

from dashboard.app import create_app
from dashboard.frontdoor import SocketDoor
from dashboard.partners import HOLDER_PREFIX
from dashboard.photo_store import PhotoStore
from dashboard.reads import StoreReads
from dashboard.report_codes import ReportCodes
from dashboard.report_page import ReportDesk
from dashboard.serving import WebServer, listen
from dashboard.tokens import Tokens, digest_of
from dashboard.web import Hindsight, Lookups
from handlers.exchange.contract import Partner
from rules.definition import RulePack
from rules.pack import PackError
from shouwang import __version__
from shouwang.care_store import CareStore
from shouwang.clock import system_now
from shouwang.exits import Exit
from shouwang.hindsight import looking_back
from shouwang.listening import address_of
from shouwang.pack_files import load_pack
from shouwang.pack_follower import PackFollower
from shouwang.past_packs import PastPacks
from shouwang.settings import Settings, SettingsError, prepare_folder
from shouwang.shadow_page import shadows_heard
from shouwang.tokens import token
from shouwang.trying import trials

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
    partners = tuple(Partner(**dict(each)) for each in settings.exchange)
    digests |= {HOLDER_PREFIX + each.name: digest_of(token(settings, HOLDER_PREFIX + each.name)) for each in partners}
    try:
        reads = StoreReads(settings.database)
    except ValueError as fault:
        raise SettingsError(str(fault)) from fault
    follower = PackFollower(_pack(settings), address_of(settings.socket), token(settings, "service-token"))
    app = create_app(
        reads=reads,
        front_door=SocketDoor(address_of(settings.socket), token(settings, "service-token")),
        tokens=Tokens(digests),
        clock=system_now,
        version=__version__,
        origins=settings.web.origins,
        partners=partners,
        report_desk=_report_desk(settings),
        lookups=_lookups(settings, follower),
        formats=trials(),
    )
    host, port = listening.getsockname()[:2]
    log.info("web_ready", address=f"http://{host}:{port}/")
    server = WebServer(app)
    following = asyncio.create_task(follower.follow())
    purging = asyncio.create_task(_purge_photos(settings))
    try:
        await server.serve(sockets=[listening])
    finally:
        following.cancel()
        purging.cancel()
    reads.close()
    return Exit.FAULT if server.has_died else Exit.OK


def _lookups(settings: Settings, follower: PackFollower) -> Lookups:
    """What is known beside the store: by the pack that is active, by the care list, by the journal."""
    return Lookups(
        find_responders=follower.responders,
        find_names=follower.names,
        find_pack=follower.pack,
        find_care=CareStore(settings.data).standing,
        hindsight=Hindsight(
            look_back=partial(looking_back, settings), pack_at=PastPacks(settings), shadows=partial(shadows_heard, settings)
        ),
    )


async def _purge_photos(settings: Settings) -> None:
    """Delete the photographs whose time is over, every hour, until cancelled; also where the page is no longer served."""
    photos = _photos(settings)
    while True:
        try:
            await asyncio.to_thread(photos.purge, system_now())
        except OSError as fault:
            log.warning("photos_not_purged", fault=str(fault))
        await asyncio.sleep(3600)


def _photos(settings: Settings) -> PhotoStore:
    return PhotoStore(folder=settings.data / "photos")


def _report_desk(settings: Settings) -> ReportDesk | None:
    """The residents' page, where a community is set that it reports for."""
    if not settings.report_page.community:
        return None
    codes = ReportCodes(token(settings, "report-codes"))
    return ReportDesk(codes=codes, phone=settings.report_page.phone, photos=_photos(settings))


def _pack(settings: Settings) -> RulePack | None:
    """The rule pack, for its names. The chain refuses a bad one; here it only means that ids are shown and must be typed."""
    try:
        return load_pack(settings.pack).read()
    except PackError as fault:
        log.warning("pack_not_read", detail=str(fault), todo="Parties and responders are shown by id; mend the pack.")
        return None
