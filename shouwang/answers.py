"""Who waits for the decision on an operator's action, and how the answer gets from the desk's thread to them."""

import asyncio
from collections import OrderedDict

from rules.effects import AnswerAction

KEEP_MAX = 1_000
"""Answers kept for somebody who asks a moment after the decision was stored."""


class Answers:
    """Waiters by action id. ``wait`` runs in an event loop, ``give`` in the desk's thread."""

    def __init__(self) -> None:
        self._given: OrderedDict[str, AnswerAction] = OrderedDict()
        self._waiting: dict[str, list[tuple[asyncio.AbstractEventLoop, asyncio.Future[AnswerAction]]]] = {}

    async def wait(self, action_id: str, timeout_s: float) -> AnswerAction | None:
        """The answer, or None when it did not come in time (the action is journaled and will be decided all the same)."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[AnswerAction] = loop.create_future()
        entry = (loop, future)
        self._waiting.setdefault(action_id, []).append(entry)
        try:
            if (known := self._given.get(action_id)) is not None:
                return known
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            return None
        finally:
            waiters = self._waiting.get(action_id, [])
            if entry in waiters:
                waiters.remove(entry)
            if not waiters:
                self._waiting.pop(action_id, None)

    def give(self, answer: AnswerAction) -> None:
        """Hand the stored answer to all who wait for it."""
        self._given[answer.action_id] = answer
        while len(self._given) > KEEP_MAX:
            self._given.popitem(last=False)
        for loop, future in list(self._waiting.get(answer.action_id, ())):
            loop.call_soon_threadsafe(_settle, future, answer)


def _settle(future: asyncio.Future[AnswerAction], answer: AnswerAction) -> None:
    if not future.done():
        future.set_result(answer)
