"""GET and POST /report, GET /report/{code}: residents and guards report without a login, and see how their report stands.

What is sent goes through the front door like everything else. Nothing here shows what anybody reported, who, or whose case it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

import structlog
from anyio import to_thread
from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dashboard import report_words as words
from dashboard.access import PUBLIC, GuardedRoute, client_of
from dashboard.form_parts import boundary_of
from dashboard.frontdoor import FrontDoorClosed
from dashboard.photo_bytes import Photo, clean_photo
from dashboard.photo_store import PHOTO_PATH, PhotoStore
from dashboard.reads import StoreReads
from dashboard.report_codes import FORM_LIFE_S, ReportCodes, plain_code
from dashboard.report_form import BODY_MAX, UPLOAD_MAX, ReportForm, faults_of, report_of, zone_of
from dashboard.report_html import STYLE, STYLE_PATH, Pages
from dashboard.report_limits import Limits, network_of
from dashboard.report_upload import ARRIVAL_S, Arrived, arrive, size_of
from dashboard.report_words import ReportState
from dashboard.uploads import Room, Uploads
from dashboard.web import Here, Web
from handlers.faults import StoreBroken, StoreUnavailable
from rules.model import Sentence

log = structlog.get_logger(__name__)
PER_ADDRESS: Final = (20, 600.0)
"""Forms sent, in so many seconds, by one address: behind one of a mobile network there are many telephones (ours)."""
OVER_ALL: Final = (60, 60.0)
"""Reports taken in a minute; in a fire a whole building reports (ours)."""
ASKED: Final = (60, 60.0)
"""Questions how a report stands, in a minute, by one address (ours)."""
PHOTOS_PER_ADDRESS: Final = (6, 600.0)
"""Photographs kept, in so many seconds, of one address (ours)."""
PHOTOS_OVER_ALL: Final = (30, 60.0)
"""Photographs kept in a minute (ours): with their size, what a slow disk can write."""
_BUSY: Final[Mapping[Room, tuple[int, Mapping[str, str]]]] = {
    "address_full": (429, {"Retry-After": "30"}),
    "desk_full": (503, {"Retry-After": "30"}),
    "free": (422, {}),  # there was room, but it came too slowly
}
"""The answer to a form that is to be sent again, and whose photograph was let go."""
_TOLD_WITHIN_MS: Final = int(FORM_LIFE_S * 1000) + 6 * 3_600_000
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser would not say that the form is our own
}
Language = Annotated[str, Query(alias="lang", max_length=8)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDesk:
    """What the page needs: its codes, the desk's telephone number, and how much it takes."""

    codes: ReportCodes
    phone: str = ""
    by_address: Limits = field(default_factory=lambda: Limits(*PER_ADDRESS))
    over_all: Limits = field(default_factory=lambda: Limits(*OVER_ALL))
    asked: Limits = field(default_factory=lambda: Limits(*ASKED))
    photos: PhotoStore | None = None  # without one no photographs are taken
    photos_by_address: Limits = field(default_factory=lambda: Limits(*PHOTOS_PER_ADDRESS))
    photos_over_all: Limits = field(default_factory=lambda: Limits(*PHOTOS_OVER_ALL))
    uploads: Uploads = field(default_factory=Uploads)
    arrival_s: float = ARRIVAL_S


def serve_reports(app: FastAPI, desk: ReportDesk | None) -> None:
    """Put the pages into the app where there is a desk for them; without one they are not there."""
    if desk is not None:
        app.include_router(_routes(desk))


def _routes(desk: ReportDesk) -> APIRouter:
    router = APIRouter(route_class=GuardedRoute, include_in_schema=False)  # pages are no part of the API

    @router.get("/report", openapi_extra={**PUBLIC})
    async def empty(
        web: Here, request: Request, lang: Language = "", zone: Annotated[str, Query(max_length=256)] = ""
    ) -> Response:
        """The form; of a zone where a QR code names one."""
        pages = Pages(_language(request, lang), desk.phone, has_photos=desk.photos is not None)
        return _shown(pages.form(ReportForm(zone=zone_of(zone)), desk.codes.seal(web.clock()), {}))

    @router.post("/report", openapi_extra={**PUBLIC}, max_body_size=UPLOAD_MAX)
    async def send(web: Here, request: Request, lang: Language = "") -> Response:
        """Take a form, and lead to its status; or show it again with what is wrong."""
        return await _send(desk, web, request, _language(request, lang))

    @router.get("/report/{code}", openapi_extra={**PUBLIC})
    def standing(
        web: Here, request: Request, code: str, lang: Language = "", photo: Annotated[str, Query(max_length=8)] = ""
    ) -> Response:
        """How this report stands; ``photo`` is ``no`` where its photograph was not taken. A code that never was and one that is
        too old look alike.
        """
        pages = Pages(_language(request, lang), desk.phone)
        return _standing(desk, web, request, code, pages, lacks_photo=photo == "no")

    @router.get(STYLE_PATH, openapi_extra={**PUBLIC})
    async def style() -> Response:
        """The pages' style sheet."""
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})

    return router


async def _send(desk: ReportDesk, web: Web, request: Request, language: str) -> Response:
    boundary = boundary_of(request.headers.get("content-type", "")) if desk.photos is not None else None
    size = size_of(request)
    if boundary is None or size <= BODY_MAX:  # no more than any form may have
        return await _take(desk, web, request, language, await _arrive(desk, request, boundary, "free"), "free")
    with desk.uploads.room(network_of(client_of(request)), size) as room, web.metrics.report_uploads.track_inprogress():
        return await _take(desk, web, request, language, await _arrive(desk, request, boundary, room), room)


async def _arrive(desk: ReportDesk, request: Request, boundary: bytes | None, room: Room) -> Arrived:
    return await arrive(request, boundary, has_room=room == "free", within_s=desk.arrival_s)


async def _take(desk: ReportDesk, web: Web, request: Request, language: str, came: Arrived, room: Room) -> Response:
    pages, now = Pages(language, desk.phone, has_photos=desk.photos is not None), web.clock()
    form = came.form
    if form is None:
        return _said(pages, words.TOO_LARGE if came.is_too_long else words.UNREADABLE, 400)
    if not desk.by_address.takes(network_of(client_of(request)), now):
        return _said(pages, words.TOO_MANY, 429, {"Retry-After": "600"})
    photo = await to_thread.run_sync(clean_photo, came.picture) if came.picture else None
    is_bad = bool(came.picture) and photo is None
    if faults := faults_of(form) | ({"photo": words.BAD_PHOTO} if is_bad else {}):
        later = {"photo": words.PHOTO_LATER} if came.is_cut else {}
        status, headers = _BUSY[room] if came.is_cut else (422, {})
        return _shown(pages.form(form, form.seal or desk.codes.seal(now), faults | later), status, headers)
    if not desk.over_all.takes("", now):
        return _said(pages, words.TOO_MANY, 429, {"Retry-After": "60"})
    code = desk.codes.code_of(form.seal, now)
    kept, fate = ("", _lost(came, room)) if photo is None else await _kept(desk, request, photo, now)
    try:
        is_taken = await web.front_door.report(report_of(form, code, language, kept))
    except FrontDoorClosed:
        is_taken = False
    if not is_taken:
        return _said(pages, words.CLOSED, 503, {"Retry-After": "60"})
    if fate:
        web.metrics.report_photos.labels(fate).inc()
    told = "&photo=no" if fate and not kept else ""
    return RedirectResponse(f"/report/{code}?lang={language}{told}", 303, headers=_HEADERS)


def _lost(came: Arrived, room: Room) -> str:
    """What became of a photograph that was let go as it came; "" where there was none."""
    return "" if not came.is_cut else "slow" if room == "free" else room


def _standing(desk: ReportDesk, web: Web, request: Request, code: str, pages: Pages, *, lacks_photo: bool) -> Response:
    now = web.clock()
    began_at = desk.codes.began_at(code, now)
    if began_at is None:
        return _said(pages, words.UNKNOWN, 404)
    if not desk.asked.takes(network_of(client_of(request)), now):
        return _said(pages, words.TOO_MANY, 429, {"Retry-After": "60"})
    plain = plain_code(code)
    try:
        return _shown(pages.status(plain, state_of(web.reads, plain, began_at), lacks_photo=lacks_photo))
    except (StoreUnavailable, StoreBroken):
        return _said(pages, words.UNSEEN, 503, {"Retry-After": "60"})


def state_of(reads: StoreReads, code: str, began_at: int) -> ReportState:
    """How the cases stand that took this report in; done when all are. May raise StoreUnavailable or StoreBroken."""
    stretch = (began_at - 60_000, began_at + _TOLD_WITHIN_MS)
    alarms = reads.alarms_citing(f".{code}", *stretch)
    quoting = () if alarms else reads.cases_quoting(f".{code}", *stretch)
    incidents = reads.incidents_of(list(dict.fromkeys([*[alarm.incident_id for alarm in alarms], *quoting])))
    if not incidents:
        return "received"
    underway = [case for case in incidents if case.closed_at is None]
    if not underway:
        followed = reads.incidents_of([case.merged_into for case in incidents if case.merged_into])
        underway = [case for case in followed if case.closed_at is None]
        if not underway:
            return "done"
    names = [case.id for case in underway]
    is_answered = any(dispatch.state != "ordered" for dispatch in reads.under_way_for(names))
    if is_answered or any(case.state == "handling" for case in underway):
        return "coming"
    is_seen = any(alarm.acknowledged_by for alarm in alarms) or any(case.acknowledged_by for case in underway)
    return "seen" if is_seen else "received"


async def _kept(desk: ReportDesk, request: Request, photo: Photo, now: int) -> tuple[str, str]:
    """Where the photograph is to be seen, "" where it was not kept: the report goes on without it; and what became of it."""
    is_too_many = not desk.photos_by_address.takes(network_of(client_of(request)), now) or not desk.photos_over_all.takes("", now)
    if is_too_many or desk.photos is None:
        return "", "too_often"
    try:
        name = await to_thread.run_sync(desk.photos.keep, photo, now)
    except OSError as fault:
        log.warning("photo_not_kept", fault=str(fault))
        name = None
    return (f"{PHOTO_PATH}{name}", "kept") if name else ("", "no_room")


def _language(request: Request, asked: str) -> str:
    """``en`` where it is asked for, or preferred by a browser that does not speak Chinese; else ``zh``."""
    if asked in {"zh", "en"}:
        return asked
    spoken = request.headers.get("accept-language", "").lower()
    return "en" if "en" in spoken and "zh" not in spoken else "zh"


def _shown(page: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return HTMLResponse(page, status, headers={**_HEADERS, **(headers or {})})


def _said(pages: Pages, sentence: Sentence, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return _shown(pages.message(words.STATUS if status == 404 else words.TITLE, sentence), status, headers)
