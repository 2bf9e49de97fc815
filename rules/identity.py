"""Has this been decided before? Bounded memories of ids: a long one for what matters, a short one for readings.

Alarms, states, actions and delivery reports are remembered for seven days, the last 200,000 of them, and the memory is part
of the snapshot. Readings and heartbeats are remembered for ten minutes, the last 65,536: enough for a broker that delivers
again, and not in the snapshot; after a restart the journal's tail fills it again.
"""

from collections import deque
from typing import Final, cast

from rules.canonical import from_plain
from rules.effects import AnswerAction
from rules.model import WEAK_ID

DAY_MS: Final = 86_400_000
LONG_MS: Final = 7 * DAY_MS
LONG_MAX: Final = 200_000
SHORT_MS: Final = 600_000
SHORT_MAX: Final = 65_536
BLOCK: Final = 256

Name = tuple[str, str, str]
"""Community, device (or the sort of input), id."""


class ShortMemory:
    """Ids of readings and heartbeats. Nothing is saved: what it knows follows from what was received last."""

    __slots__ = ("_at", "_order")

    def __init__(self) -> None:
        self._at: dict[Name, int] = {}
        self._order: deque[tuple[int, Name]] = deque()

    def is_new(self, name: Name, now: int) -> bool:
        """Whether this id was not seen in the window; it is from now on."""
        known, order = self._at, self._order
        while order and (now - order[0][0] > SHORT_MS or (len(order) >= SHORT_MAX and name not in known)):
            del known[order.popleft()[1]]
        if name in known:
            return False
        known[name] = now
        order.append((now, name))
        return True


class LongMemory:
    """Ids of what matters, with the answers that operators were given. Saved in blocks of 256 ids."""

    __slots__ = ("_block_of", "_blocks", "_next", "dirty")

    def __init__(self) -> None:
        self._blocks: dict[int, dict[Name, tuple[int, AnswerAction | None]]] = {}  # the oldest first
        self._block_of: dict[Name, int] = {}
        self._next = 0
        self.dirty: dict[int, None] = {}

    def is_new(self, name: Name, now: int) -> bool:
        """Whether this id was not seen in seven days (a weak one: ten minutes); it is from now on."""
        number = self._block_of.get(name)
        if number is not None:
            memory_ms = SHORT_MS if name[2].startswith(WEAK_ID) else LONG_MS
            if now - self._blocks[number][name][0] <= memory_ms:
                return False
            self._forget(name)
        block = self._next // BLOCK
        self._next += 1
        self._blocks.setdefault(block, {})[name] = (now, None)
        self._block_of[name] = block
        self.dirty[block] = None
        self._drop_old(now)
        return True

    def answer(self, name: Name) -> AnswerAction | None:
        """The answer that was given to this action, if it is still known."""
        number = self._block_of.get(name)
        return None if number is None else self._blocks[number][name][1]

    def keep_answer(self, name: Name, answer: AnswerAction) -> None:
        """Remember what an operator was told."""
        number = self._block_of[name]
        at, _ = self._blocks[number][name]
        self._blocks[number][name] = (at, answer)
        self.dirty[number] = None

    def _forget(self, name: Name) -> None:
        number = self._block_of.pop(name)
        del self._blocks[number][name]
        self.dirty[number] = None
        if not self._blocks[number]:
            del self._blocks[number]

    def _drop_old(self, now: int) -> None:
        """The oldest leave first: those past their time, a few at each step, and whatever is too many."""
        for _ in range(2):
            oldest = next(iter(self._blocks))
            name, (seen_at, _) = next(iter(self._blocks[oldest].items()))
            if now - seen_at <= LONG_MS and len(self._block_of) <= LONG_MAX:
                return
            self._forget(name)

    def dump(self, number: int) -> list[object] | None:
        """One block as plain values; None where it is gone."""
        block = self._blocks.get(number)
        return None if block is None else [[*name, at, answer] for name, (at, answer) in block.items()]

    def load(self, number: int, plain: list[list[object]]) -> None:
        """Become what ``dump`` saw. The blocks come in the order of their numbers."""
        block: dict[Name, tuple[int, AnswerAction | None]] = {}
        for community, device, name, at, answer in plain:
            key = cast(Name, (community, device, name))
            block[key] = (cast(int, at), None if answer is None else from_plain(AnswerAction, answer))
            self._block_of[key] = number
        self._blocks[number] = block
        self._next = (number + 1) * BLOCK
