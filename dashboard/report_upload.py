"""A form with a photograph as it comes over the network: whole where there is room for it, else its text without the photograph.

A report matters more than its picture: where too many photographs are on their way, or one comes too slowly, its bytes are let
go as they come, and the rest of the form is taken.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from dashboard.form_parts import is_part
from dashboard.report_form import BODY_MAX, UPLOAD_MAX, ReportForm, read_form, read_upload

ARRIVAL_S: Final = 120.0
"""Within which a form must have come (ours): 5 MB at 350 kbit/s, a poor telephone connection."""
_GAP: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came. ``form`` None: no form of ours; ``is_too_long``: more than is read; ``is_cut``: the photograph was let go."""

    form: ReportForm | None = None
    picture: bytes = b""
    is_too_long: bool = False
    is_cut: bool = False


async def arrive(request: Request, boundary: bytes | None, *, has_room: bool, within_s: float) -> Arrived:
    """Read the form of a request. ``has_room``: its photograph may be held; ``within_s``: how long it is waited for."""
    if boundary is None:
        text = await _whole(request, BODY_MAX, within_s)
        return Arrived(is_too_long=True) if text.is_too_long else Arrived(read_form(text.body) if text.is_complete else None)
    if not has_room:
        return await _without_photo(request.stream(), boundary, within_s)
    got = await _whole(request, UPLOAD_MAX, within_s)
    if got.is_too_long:
        return Arrived(is_too_long=True)
    if got.is_complete:
        return Arrived(*read_upload(got.body, boundary))
    return await _without_photo(_once(got.body), boundary, within_s)


def size_of(request: Request) -> int:
    """The bytes that a request announces; the largest form's where it announces none."""
    said = request.headers.get("content-length", "")
    return min(int(said), UPLOAD_MAX) if said.isascii() and said.isdecimal() and len(said) < 16 else UPLOAD_MAX


@dataclass(frozen=True, slots=True)
class _Got:
    body: bytes
    is_complete: bool = True
    is_too_long: bool = False


async def _whole(request: Request, length_max: int, within_s: float) -> _Got:
    """The body; no more of it is held than may be."""
    body = bytearray()
    try:
        async with asyncio.timeout(within_s):
            async for piece in request.stream():
                body += piece
                if len(body) > length_max:
                    return _Got(b"", is_too_long=True)
    except TimeoutError:
        return _Got(bytes(body), is_complete=False)
    return _Got(bytes(body))


async def _without_photo(pieces: AsyncIterator[bytes], boundary: bytes, within_s: float) -> Arrived:
    sieve, length = Sieve(boundary), 0
    try:
        async with asyncio.timeout(within_s):
            async for piece in pieces:
                length += len(piece)
                sieve.take(piece)
                if length > UPLOAD_MAX or sieve.length > BODY_MAX:
                    return Arrived(is_too_long=True)
    except TimeoutError:
        pass
    form, _ = read_upload(sieve.kept(), boundary)
    return Arrived(form, is_cut=sieve.has_cut)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


class Sieve:
    """Lets a form pass piece by piece, but for what is in its part ``photo``, of which nothing is held."""

    def __init__(self, boundary: bytes) -> None:
        self._line = b"\r\n--" + boundary
        self._kept = bytearray(b"\r\n")  # so that the first boundary stands on a line like all others
        self._read_to = 0
        self._held_back: bytes | None = None  # inside of a photograph: its last bytes, which may begin a boundary
        self._let_go_count = 0

    @property
    def has_cut(self) -> bool:
        """Whether there was a photograph, and not an empty part."""
        return self._let_go_count > 0 or bool(self._held_back)

    @property
    def length(self) -> int:
        """Bytes of what is kept."""
        return len(self._kept)

    def take(self, piece: bytes) -> None:
        """The next piece of the body."""
        while True:
            if self._held_back is not None:
                inside = self._held_back + piece
                end = inside.find(self._line)
                if end < 0:
                    self._held_back = inside[1 - len(self._line) :]
                    self._let_go_count += len(inside) - len(self._held_back)
                    return
                self._let_go_count += end
                self._held_back, piece = None, inside[end:]
            self._kept += piece
            if not self._finds_photo():
                return
            piece = b""

    def kept(self) -> bytes:
        """The form so far, without the photograph; whole again where it ended inside of that."""
        end = b"" if self._held_back is None else self._line + b"--"
        return bytes(self._kept[2:]) + end

    def _finds_photo(self) -> bool:
        """Go on to the next part's head that is there; whether it is the photograph's, whose bytes are taken out."""
        while (at := self._kept.find(self._line, self._read_to)) >= 0:
            head_at = at + len(self._line)
            gap = self._kept.find(_GAP, head_at)
            if gap < 0:
                self._read_to = at
                return False
            value_at = self._read_to = gap + len(_GAP)
            if is_part(bytes(self._kept[head_at:gap]), "photo"):
                self._held_back = bytes(self._kept[value_at:])
                del self._kept[value_at:]
                return True
        self._read_to = max(self._read_to, len(self._kept) - len(self._line) + 1)
        return False
