"""What a photograph is by its bytes, and the same picture without what it says of who took it, where and when.

Nothing is decoded: of JPEG (ISO/IEC 10918-1), PNG (W3C PNG 3) and WebP (RFC 9649) only the parts that make the picture are kept;
places, names, times, comments, previews and whatever follows the picture are left out. How a telephone was held is kept (the
orientation alone), or the picture would lie on its side. A picture whose parts do not add up is none.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PIXELS_MAX: Final = 60_000_000
"""A telephone's camera has up to 50 million in what browsers send; ours."""
PARTS_MAX: Final = 20_000
SCANS_MAX: Final = 100
"""Of a JPEG; ours: progressive ones have some ten. Each is work over the whole picture for whoever looks at it."""

_FRAMES: Final = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
_KEPT_SEGMENTS: Final = _FRAMES | {0xC4, 0xCC, 0xDB, 0xDD}  # tables and intervals
_COLOURS: Final = b"Adobe"
_COLOURS_LENGTH: Final = 14
"""How Adobe turns colours (APP14): a segment of 12 bytes; what stands behind them is no part of it."""
_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_KEPT_CHUNKS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"})
_ORIENTATION: Final = 0x0112
_ENTRIES_MAX: Final = 512


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that may be kept. ``sort``: jpg, png or webp."""

    sort: str
    data: bytes


def clean_photo(data: bytes) -> Photo | None:
    """The picture without its metadata; None for what is none of the three sorts, is broken, moves, or is too large."""
    try:
        if data.startswith(b"\xff\xd8"):
            return Photo("jpg", _jpeg(data))
        if data.startswith(_PNG):
            return Photo("png", _png(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return Photo("webp", _webp(data))
    except (_BrokenError, struct.error, IndexError):
        return None
    return None


class _BrokenError(ValueError):
    """The parts do not make a picture."""


def _check(is_right: object) -> None:
    if not is_right:
        raise _BrokenError


def _check_size(width: int, height: int) -> None:
    _check(width > 0 and height > 0 and width * height <= PIXELS_MAX)


def _jpeg(data: bytes) -> bytes:
    """Its frames, tables and scans, in their order."""
    kept, at, orientation, is_framed, scan_count = [b"\xff\xd8"], 2, 1, False, 0
    for _ in range(PARTS_MAX):
        _check(data[at] == 0xFF)
        marker = data[at + 1]
        if marker == 0xFF:  # fill
            at += 1
            continue
        if marker == 0xD9:
            _check(is_framed and len(kept) > 2)
            head = b"\xff\xe1" + struct.pack(">H", 34) + _exif(orientation) if orientation != 1 else b""
            return b"".join([kept[0], head, *kept[1:], b"\xff\xd9"])
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        _check(length >= 2 and end < len(data))
        segment = data[at:end]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", segment, 5)
            _check_size(width, height)
            is_framed = True
        elif marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":
            orientation = _orientation(segment[10:])
        elif marker == 0xEE and segment[4:9] == _COLOURS and length >= _COLOURS_LENGTH:
            kept.append(segment[:2] + struct.pack(">H", _COLOURS_LENGTH) + segment[4 : 2 + _COLOURS_LENGTH])
        if marker == 0xDA:
            scan_count += 1
            _check(is_framed and scan_count <= SCANS_MAX)
            following = _MARKER.search(data, end)
            _check(following)
            end = following.start() if following else end
            segment = data[at:end]
        if marker == 0xDA or marker in _KEPT_SEGMENTS:
            kept.append(segment)
        at = end
    raise _BrokenError


def _orientation(tiff: bytes) -> int:
    """1 to 8 as EXIF has it; 1 where it says nothing that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return 1
    (count,) = struct.unpack_from(f"{order}H", tiff, first)
    for index in range(min(count, _ENTRIES_MAX)):
        entry = tiff[first + 2 + 12 * index : first + 14 + 12 * index]
        if len(entry) == 12 and struct.unpack_from(f"{order}H", entry)[0] == _ORIENTATION:
            found: int = struct.unpack_from(f"{order}H", entry, 8)[0]
            return found if 1 <= found <= 8 else 1
    return 1


def _exif(orientation: int) -> bytes:
    """The smallest EXIF that says how the picture is to be turned: 32 bytes."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    return b"Exif\x00\x00" + b"MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + bytes(4)


def _png(data: bytes) -> bytes:
    """Its picture chunks, each with a right check sum, up to the end."""
    kept, has_data, at = [_PNG], False, len(_PNG)
    for number in range(PARTS_MAX):
        length, sort = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        _check(end <= len(data) and struct.unpack_from(">I", data, end - 4)[0] == zlib.crc32(data[at + 4 : end - 4]))
        _check((sort == b"IHDR") is (number == 0))
        if number == 0:
            _check(length == 13)
            _check_size(*struct.unpack_from(">II", data, at + 8))
        has_data = has_data or sort == b"IDAT"
        _check(sort[0] & 0x20 or sort in _KEPT_CHUNKS)  # a part that is needed and that we do not know
        if sort in _KEPT_CHUNKS:
            kept.append(data[at:end])
        if sort == b"IEND":
            _check(has_data)
            return b"".join(kept)
        at = end
    raise _BrokenError


def _webp(data: bytes) -> bytes:
    """Its picture, and what is clear of it; one that moves is refused."""
    kept: list[bytes] = []
    has_picture = False
    for sort, body in _riff(data):
        if sort == b"VP8X":
            _check(len(body) == 10 and not kept and not body[0] & 0x02)
            _check_size(1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
            body = bytes([body[0] & 0x10]) + body[1:]  # noqa: PLW2901 - of its flags the one for transparency alone
        elif sort in (b"VP8 ", b"VP8L"):
            _check(not has_picture)
            _check_size(*_webp_size(sort, body))
            has_picture = True
        elif sort != b"ALPH":
            continue
        kept.append(sort + struct.pack("<I", len(body)) + body + bytes(len(body) % 2))
    _check(has_picture)
    inside = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    _check(end <= len(data))
    at = 12
    for _ in range(PARTS_MAX):
        if at >= end:
            return
        sort, length = struct.unpack_from("<4sI", data, at)
        _check(at + 8 + length <= end)
        yield sort, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise _BrokenError


def _webp_size(sort: bytes, body: bytes) -> tuple[int, int]:
    if sort == b"VP8 ":
        _check(body[3:6] == b"\x9d\x01\x2a")
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    _check(body[0] == 0x2F)
    (bits,) = struct.unpack_from("<I", body, 1)
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
