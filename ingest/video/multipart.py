"""The parts of a multipart body, of which only the bytes are known: so cameras push their events, and stream them."""

from typing import Final

PARTS_MAX: Final = 1000
_BOUNDARY_MAX: Final = 200


def parts_of(payload: bytes) -> list[bytes]:
    """The body of each part, without edges; the whole where it is no multipart.

    The boundary is the first line. Lengths that the parts claim are not believed (Dahua samples have wrong ones). What begins
    within a part is one part: who cuts a stream must cut at boundaries.
    """
    body = payload.strip()
    line = body.split(b"\n", 1)[0].rstrip(b"\r")
    if not line.startswith(b"--") or len(line) > _BOUNDARY_MAX or len(line) < 3:
        return [body] if body else []
    found = [_without_head(each) for each in body.split(line, PARTS_MAX)[1:]]
    return [each for each in found if each not in {b"", b"--"}]


def _without_head(part: bytes) -> bytes:
    """What follows the empty line; where there is none, the part is all head, or has no head at all."""
    part = part.strip(b"\r\n")
    for gap in (b"\r\n\r\n", b"\n\n"):
        head, found, rest = part.partition(gap)
        if found and _is_head(head):
            return rest.strip()
    return b"" if _is_head(part) else part.strip()


def _is_head(text: bytes) -> bool:
    return text.lstrip()[:8].lower() in {b"content-"}
