"""How many photographs may be on their way to the desk at once, in number and in bytes: over all, and of one address.

A photograph is held in memory from its first byte until it lies on the disk, about three times over (as it came, cut into parts,
cleaned). Bytes are counted as the request announces them; one that announces nothing counts as the largest that is taken.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

Room = Literal["free", "address_full", "desk_full"]
"""Whether there is room for one more, or who has too many on their way: the address that sends it, or all together."""

COUNT_MAX: Final = 12
BYTES_MAX: Final = 40_000_000
"""Of all addresses (ours): with what is made of them some 120 MB at the worst."""
ADDRESS_COUNT_MAX: Final = 3
ADDRESS_BYTES_MAX: Final = 12_000_000
"""Of one address (ours): a family at once; behind one address of a mobile network there are many, who rarely send at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Photographs and bytes that may be on their way at once."""

    count_max: int = COUNT_MAX
    bytes_max: int = BYTES_MAX
    address_count_max: int = ADDRESS_COUNT_MAX
    address_bytes_max: int = ADDRESS_BYTES_MAX


class Uploads:
    """What is on its way now; what is remembered of an address ends with its last upload."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._counts: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many are on their way."""
        return self._counts.total()

    @contextmanager
    def room(self, address: str, size: int) -> Iterator[Room]:
        """Hold room for ``size`` bytes from this address until the block ends; what is yielded says whether there was any."""
        found = self._look(address, size)
        if found != "free":
            yield found
            return
        self._counts[address] += 1
        self._bytes[address] += size
        try:
            yield found
        finally:
            self._counts[address] -= 1
            self._bytes[address] -= size
            if not self._counts[address]:
                del self._counts[address], self._bytes[address]

    def _look(self, address: str, size: int) -> Room:
        bounds = self._bounds
        if self.count >= bounds.count_max or self._bytes.total() + size > bounds.bytes_max:
            return "desk_full"
        if self._counts[address] >= bounds.address_count_max or self._bytes[address] + size > bounds.address_bytes_max:
            return "address_full"
        return "free"
