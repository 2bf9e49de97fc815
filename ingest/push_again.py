"""Pushes that were read and could not be journaled: sent again, they say the same again.

A format with a memory says only what is new to it (the end of a warning that another took the place of), and what found a full
desk is not new to it any more when it is sent again.
"""

from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

from rules.model import Event, Rejected

KEPT_MAX: Final = 32
"""Messages of a route, each of at most a thousand events; ours: whoever sends waits for a second or two."""
KEPT_S: Final = 600.0
"""As long as an event without an id is known by what it is made of (rules.identity)."""

Told = list[Event | Rejected]


class PushesToCome:
    """What each message said that is to come again, by its bytes. ``monotonic_s`` in s."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._kept: OrderedDict[bytes, tuple[float, Told]] = OrderedDict()
        self._monotonic_s = monotonic_s

    def keep(self, body: bytes, told: Told) -> None:
        """Keep what was read of this message; the oldest goes where there are too many."""
        self._kept[_digest(body)] = (self._monotonic_s(), told)
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)

    def take(self, body: bytes) -> Told | None:
        """What this message said when it came before; None where it did not, or long ago. It is told once."""
        kept_s, told = self._kept.pop(_digest(body), (0.0, None))
        return told if told is not None and self._monotonic_s() - kept_s <= KEPT_S else None


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()
