"""A publisher's ledger: what the broker has acknowledged, line by line, so that a receiver's count can be checked."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.message import Message


class Ledger:
    """Writes one line per acknowledged message. Give its ``note`` to ``Publication.on_acknowledged``; use it as a context."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)  # a line is on its way to the file before the next one

    def note(self, message: Message) -> None:
        """Write down that the broker has taken this message."""
        payload = message.payload.decode("utf-8", errors="replace")
        line = {"offset_ms": message.offset_ms, "topic": message.topic, "payload": payload}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()


def read_ledger(path: Path) -> Iterator[Message]:
    """The messages of a ledger, in the order in which they were acknowledged."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            yield Message(entry["offset_ms"], entry["topic"], entry["payload"].encode())
