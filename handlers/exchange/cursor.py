"""The cursor of the data exchange: how far a partner has read, as a word that it need not understand and cannot mistype.

It holds a place in the order in which the desk stored its facts, so it outlives restarts of either side and never expires.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256
from typing import Final

_HEAD: Final = "x1"
LENGTH_MAX: Final = 64


class ForeignCursor(ValueError):  # noqa: N818 - what it is: a word that we never gave
    """This is no cursor of ours, or not the whole of one."""


def write_cursor(seq: int) -> str:
    """The cursor that stands behind this fact; 0 is before the first."""
    return urlsafe_b64encode(f"{_HEAD}.{seq}.{_check(seq)}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> int:
    """The fact behind which it stands. Raises ForeignCursor for all that ``write_cursor`` did not give, letter for letter."""
    try:
        _, number, _ = urlsafe_b64decode(text[:LENGTH_MAX] + "=" * (-len(text) % 4)).decode("ascii").split(".")
        seq = int(number)
    except (Error, ValueError):
        raise ForeignCursor(text[:LENGTH_MAX]) from None
    if seq < 0 or write_cursor(seq) != text:
        raise ForeignCursor(text[:LENGTH_MAX])
    return seq


def _check(seq: int) -> str:
    return sha256(f"{_HEAD}.{seq}".encode()).hexdigest()[:8]
