"""The parts of a form that brings a file (multipart/form-data, RFC 7578), read without a guess and in linear time."""

import re
from typing import Final

PARTS_MAX: Final = 20
_HEAD_MAX: Final = 1_000
_BOUNDARY: Final = re.compile(r'multipart/form-data; ?boundary="?([A-Za-z0-9\'()+_,./:=?-]{1,70})"?', re.ASCII)
_NAME: Final = re.compile(rb'(?im)^content-disposition: ?form-data;[^\r\n]*?\bname="([a-z]{1,32})"')


def boundary_of(content_type: str) -> bytes | None:
    """What parts the form's parts; None where it is no such form."""
    found = _BOUNDARY.fullmatch(content_type.strip())
    return None if found is None else found[1].encode()


def is_part(head: bytes, name: str) -> bool:
    """Whether this is the head of the part of that name."""
    named = _NAME.search(head) if len(head) <= _HEAD_MAX else None
    return named is not None and named[1] == name.encode()


def read_parts(body: bytes, boundary: bytes) -> dict[str, bytes] | None:
    """The fields by their names, of one given twice the last; None for what no form of ours sends."""
    line = b"\r\n--" + boundary
    first, *parts = (b"\r\n" + body).split(line, PARTS_MAX + 2)
    if first.strip() or not parts or not parts[-1].startswith(b"--") or len(parts) > PARTS_MAX + 1:
        return None
    fields: dict[str, bytes] = {}
    for part in parts[:-1]:
        head, gap, value = part.partition(b"\r\n\r\n")
        named = _NAME.search(head) if len(head) <= _HEAD_MAX else None
        if not gap or named is None:
            return None
        fields[named[1].decode()] = value
    return fields
