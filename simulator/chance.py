"""Repeatable chance: every source of randomness in the simulator comes from a seed and a name, never from the machine."""

import random


def chance(seed: int, *names: str | int) -> random.Random:
    """A generator of its own for one named thing, so that adding a device never changes what the others do.

    The seed text is hashed by SHA-512 inside ``random.Random``: the same on every machine and under every PYTHONHASHSEED.
    """
    return random.Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 - repeatable on purpose, guards nothing
