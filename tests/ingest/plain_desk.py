"""A desk for tests: a real journal written by a thread of its own, and knobs for the bad days; and how to ask its front door."""

import asyncio
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from ingest.journal import Journal
from ingest.port import Delivery
from ingest.topics import Lane
from rules.effects import AnswerAction
from rules.model import OperatorAction, Reason, Sentence

YES = Sentence("已确认", "acknowledged")
NO = Sentence("没有这个警情", "there is no such incident")


class PlainDesk:
    """Journals what it is offered; decides on actions by a rule of one line; may be full, stopping or slow."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder, clock=lambda: 1_795_435_200_000)
        self.lanes: list[Lane] = []
        self.is_full = False
        self.is_stopping = False
        self.is_deciding = True
        self._queue: queue.Queue[Delivery | None] = queue.Queue()
        self._waiting: dict[str, list[Callable[[AnswerAction], None]]] = {}
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def offer(self, delivery: Delivery) -> bool:
        """See ingest.port.Desk."""
        if self.is_full:
            return False
        self.lanes.append(delivery.lane)
        self._queue.put(delivery)
        return True

    def on_room(self, callback: Callable[[], None]) -> None:
        """See ingest.port.Desk."""

    async def answer(self, action_id: str, timeout_s: float) -> AnswerAction | None:
        """See ingest.port.Desk."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[AnswerAction] = loop.create_future()
        self._waiting.setdefault(action_id, []).append(lambda answer: _hop(loop, future, answer))
        try:
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            return None

    def close(self) -> None:
        """End the thread and let go of the journal."""
        self._queue.put(None)
        self._thread.join()
        self.journal.close()

    def _run(self) -> None:
        while (delivery := self._queue.get()) is not None:
            if self.is_stopping:
                delivery.done(None)
                continue
            delivery.done(self.journal.append(delivery.entries))
            for entry in delivery.entries:
                if isinstance(entry, OperatorAction) and self.is_deciding:
                    self._decide(entry)

    def _decide(self, action: OperatorAction) -> None:
        is_known = action.entity_id.startswith("i-")
        answer = AnswerAction(
            action_id=action.id,
            community=action.community,
            is_accepted=is_known,
            reason=Reason.OPERATOR_ASKED if is_known else Reason.UNKNOWN_ENTITY,
            sentence=YES if is_known else NO,
            at=self.journal.now(),
        )
        for tell in self._waiting.pop(action.id, []):
            tell(answer)


def _hop(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[AnswerAction]", answer: AnswerAction) -> None:
    def settle() -> None:
        if not future.done():
            future.set_result(answer)

    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)


class Asking:
    """Requests to an app without a socket, one after the other, in an event loop of its own."""

    def __init__(self, app: FastAPI, token: str) -> None:
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://door", headers={"Authorization": f"Bearer {token}"}
        )

    def post(self, path: str, **what: Any) -> httpx.Response:
        """POST, and the answer."""
        return self._runner.run(self._client.post(path, **what))

    def get(self, path: str) -> httpx.Response:
        """GET, and the answer."""
        return self._runner.run(self._client.get(path))

    def close(self) -> None:
        """End the loop."""
        self._runner.run(self._client.aclose())
        self._runner.close()
