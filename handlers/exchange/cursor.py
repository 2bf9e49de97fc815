"""The cursor of the data exchange: how far a partner has read, as a word that it need not understand and cannot mistype.

It holds a place in the order in which the desk stored its facts, so it outlives restarts of either side and never expires. It has
a mark of the fact there as well: a store that was made anew, or brought back from a backup, numbers other facts alike, and by the
number alone a partner would skip them.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_HEAD: Final = "x2"
_PARTS: Final = 4
_MARK_LENGTH: Final = 8
LENGTH_MAX: Final = 64


class ForeignCursor(ValueError):  # noqa: N818 - what it is: a word that we never gave
    """This is no cursor of ours, or not the whole of one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Behind the fact of this number, of which this is the mark. ``seq`` 0: before the first."""

    seq: int = 0
    mark: str = ""


BEGINNING: Final = Place()


def mark_of(fact_id: str) -> str:
    """Eight hexadecimal digits by which another fact of the same number is told from this one."""
    return sha256(fact_id.encode()).hexdigest()[:_MARK_LENGTH]


def write_cursor(place: Place) -> str:
    """The cursor that stands there."""
    return urlsafe_b64encode(f"{_HEAD}.{place.seq}.{place.mark}.{_check(place)}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """Where it stands. Raises ForeignCursor for all that ``write_cursor`` did not give, letter for letter."""
    try:
        parts = urlsafe_b64decode(text[:LENGTH_MAX] + "=" * (-len(text) % 4)).decode("ascii").split(".")
        place = Place(int(parts[1]), parts[2]) if len(parts) == _PARTS else None
    except (Error, ValueError):
        raise ForeignCursor(text[:LENGTH_MAX]) from None
    if place is None or place.seq < 0 or write_cursor(place) != text:
        raise ForeignCursor(text[:LENGTH_MAX])
    return place


def _check(place: Place) -> str:
    return sha256(f"{_HEAD}.{place.seq}.{place.mark}".encode()).hexdigest()[:8]
