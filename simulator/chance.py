"""Repeatable chance: every source of randomness in the simulator comes from a seed and a name, never from the machine."""

import random
from hashlib import blake2b
from math import log
from statistics import NormalDist
from struct import Struct
from typing import Final


def chance(seed: int, *names: str | int) -> random.Random:
    """A generator of its own for one named thing, so that adding a device never changes what the others do.

    The seed text is hashed by SHA-512 inside ``random.Random``: the same on every machine and under every PYTHONHASHSEED.
    """
    return random.Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 - repeatable on purpose, guards nothing


_WORDS: Final = Struct("<32H")
_STEPS: Final = 65_536
_NORMAL: Final = tuple(NormalDist().inv_cdf((step + 0.5) / 4096) for step in range(4096))


class Draws:
    """Small change of chance: a few numbers of 16 bits for one name, at a tenth of what ``chance`` costs to begin.

    For noise and phases, of which 100,000 devices need some every few minutes. It counts through BLAKE2 digests of the name, so
    that it holds no state between two pieces of time.
    """

    __slots__ = ("_block", "_key", "_next", "_words")

    def __init__(self, *names: str | int) -> None:
        self._key = "/".join(map(str, names)).encode()
        self._block = 0
        self._words = _WORDS.unpack(blake2b(self._key).digest())
        self._next = 0

    def unit(self) -> float:
        """From 0 up to, but not including, 1."""
        return self._word() / _STEPS

    def between(self, low: float, high: float) -> float:
        """Evenly between two bounds."""
        return low + (high - low) * self._word() / _STEPS

    def normal(self) -> float:
        """Normally distributed with mean 0 and standard deviation 1, never beyond 3.7."""
        return _NORMAL[self._word() >> 4]

    def waiting(self, mean: float) -> float:
        """Exponentially distributed with this mean."""
        return -mean * log((self._word() + 1) / _STEPS)

    def count(self, mean: float) -> int:
        """A whole number with this mean: its whole part, and one more as often as the rest says."""
        return int(mean) + (self.unit() < mean - int(mean))

    def _word(self) -> int:
        if self._next == 32:
            self._block += 1
            self._words = _WORDS.unpack(blake2b(self._key, salt=self._block.to_bytes(8, "little")).digest())
            self._next = 0
        word = self._words[self._next]
        self._next += 1
        return int(word)
