"""Replays a recorded file over a real broker as if it happened now: in its own time or at another pace, once or in a loop."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import isinf
from pathlib import Path
from typing import Any, Final

from rules.model import Status
from simulator.broker import Broker
from simulator.message import Message
from simulator.pace import Pace
from simulator.publish import Counts, Publication
from simulator.recording import Recorded, read_recording
from simulator.restamp import restamped
from simulator.rewriting import rewritten

LOOP_GAP_MS: Final = 1000
"""Between the last line of a file and its first one the next time; ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a file is replayed. ``loop_count`` 0: for ever. ``status``: what every event is marked as; None: as it was recorded."""

    loop_count: int = 1
    status: Status | None = None
    is_restamped: bool = True


async def publish_file(
    path: Path,
    broker: Broker,
    *,
    start_at: int,
    pace: Pace | None = None,
    manner: Manner = Manner(),
    on_progress: Callable[[Counts], None] | None = None,
) -> Counts:
    """Publish a recorded file. Raises RecordingError for a faulty line and PublishError when the broker stays away.

    ``start_at`` is the present (ms). The file's first line is due now, every other one its distance later divided by the speed.
    Unless ``is_restamped`` is False, an ``at`` inside a payload is moved by the same rule, because the chain records what
    happened long ago but does not sound an alarm for it. Identities stay: the same file twice within days is a duplicate
    where its events carry ids; in a loop they are new each time.
    """
    pace = pace or Pace()
    first_at = next((record.at for record in read_recording(path)), 0)

    def dress(message: Message, due_ms: float) -> Message:
        """What happened at the message's own place in the file happened when the message is due."""

        def move(at: float) -> int:
            apart_ms = 0.0 if isinf(pace.speed) else (at - first_at - message.offset_ms) / pace.speed
            return start_at + round(due_ms + apart_ms)

        return message._replace(payload=restamped(message.payload, move))

    publication = Publication(broker=broker, pace=pace, dress=dress if manner.is_restamped else None, on_progress=on_progress)
    return await publication.run(_looped(path, manner))


def _looped(path: Path, manner: Manner) -> Iterator[Message]:
    """The file's messages as often as asked for, each time after the last, and under ids of its own from the second time on."""
    begins_ms = ends_ms = 0
    for turn in count() if manner.loop_count == 0 else range(manner.loop_count):
        message = None
        for message in as_messages(read_recording(path)):
            ends_ms = begins_ms + message.offset_ms
            payload = message.payload
            if turn and manner.is_restamped:
                payload = restamped(payload, partial(_later, begins_ms))
            yield Message(ends_ms, message.topic, _marked(payload, f".{turn + 1}" if turn else "", manner.status))
        if message is None:
            return
        begins_ms = ends_ms + LOOP_GAP_MS


def _later(shift_ms: int, at: float) -> int:
    return round(at) + shift_ms


def _marked(payload: bytes, id_tail: str, status: Status | None) -> bytes:
    """The payload with this after each id, and this status on each event; one that is no JSON as it is."""

    def mark(event: dict[str, Any]) -> None:
        if isinstance(event.get("id"), str):
            event["id"] += id_tail
        if status is not None:
            event["status"] = status.value

    return rewritten(payload, mark) if id_tail or status is not None else payload


def as_messages(records: Iterable[Recorded]) -> Iterator[Message]:
    """Recorded lines as messages that are due at their distance from the first one; earlier ones are due at once."""
    first_at: int | None = None
    latest_ms = 0
    for at, topic, payload in records:
        first_at = at if first_at is None else first_at
        latest_ms = max(latest_ms, at - first_at)
        yield Message(latest_ms, topic, payload)
