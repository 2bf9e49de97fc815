"""Replays a recorded file over a real broker, in its own time or faster, as if it happened now."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import isinf
from pathlib import Path

from simulator.broker import Broker
from simulator.message import Message
from simulator.publish import Counts, Publication
from simulator.recording import Recorded, read_recording
from simulator.restamp import restamped


async def publish_file(
    path: Path,
    broker: Broker,
    *,
    start_at: int,
    speed: float = 1.0,
    is_restamped: bool = True,
    on_progress: Callable[[Counts], None] | None = None,
) -> Counts:
    """Publish a recorded file. Raises RecordingError for a faulty line and PublishError when the broker stays away.

    ``start_at`` is the present (ms). The file's first line is due now, every other one its distance later divided by ``speed``.
    Unless ``is_restamped`` is False, an ``at`` inside a payload is moved by the same rule, because the chain records what
    happened long ago but does not sound an alarm for it. Identities stay: the same file twice within days is a duplicate
    where its events carry ids.
    """
    records = from_now(read_recording(path), start_at, speed) if is_restamped else read_recording(path)
    publication = Publication(broker=broker, speed=speed, on_progress=on_progress)
    return await publication.run(as_messages(records))


def as_messages(records: Iterable[Recorded]) -> Iterator[Message]:
    """Recorded lines as messages that are due at their distance from the first one; earlier ones are due at once."""
    first_at: int | None = None
    latest_ms = 0
    for at, topic, payload in records:
        first_at = at if first_at is None else first_at
        latest_ms = max(latest_ms, at - first_at)
        yield Message(latest_ms, topic, payload)


def from_now(records: Iterable[Recorded], start_at: int, speed: float) -> Iterator[Recorded]:
    """Move the times inside the payloads: what happened at the file's first line happened at ``start_at``."""
    first_at: int | None = None
    for record in records:
        first_at = record.at if first_at is None else first_at
        yield record._replace(payload=restamped(record.payload, partial(_shifted, first_at, start_at, speed)))


def _shifted(first_at: int, start_at: int, speed: float, at: float) -> int:
    return start_at if isinf(speed) else start_at + round((at - first_at) / speed)
