"""One incident that gathers thousands of warnings: what the last of them cost, beside what the first of them cost."""

import time
from collections.abc import Iterator

from bench.chain import PACK, START_AT
from bench.rows import Row
from rules.canonical import to_json
from rules.engine import Engine
from rules.model import Event, EventClass, Network
from rules.pack import read_pack

WARNINGS = 16_000
PART = 1_000


def warnings(count: int) -> Iterator[Event]:
    """Red signals of an authority for so many places of one community: all of them one incident."""
    for number in range(count):
        yield Event(
            id=f"s-{number}",
            community="bench",
            network=Network.DATA,
            event_class=EventClass.ALARM,
            device=f"signal-{number}",
            kind="warning_signal",
            state="on",
            zone=f"b{number // 100:03}/u1/{number:05}",
            occurred_at=START_AT + number * 10,
            attributes={"level": "red"},
        )


def measure(quick: bool = False) -> list[Row]:
    """CPU time of a warning that joins, decided and put into words as the store keeps it: the last thousand over the second.

    The second thousand is the yardstick, because in the first an incident still names all that it gathers.
    """
    count, part = (600, 200) if quick else (WARNINGS, PART)
    engine = Engine(pack=read_pack(PACK.read_text(encoding="utf-8"), str(PACK)))
    micros: list[float] = []
    byte_counts: list[int] = []
    stream = warnings(count)
    for first in range(0, count, part):
        batch = [next(stream) for _ in range(part)]
        byte_count, start = 0, time.process_time()
        for number, event in enumerate(batch, start=first):
            byte_count += sum(len(to_json(effect)) for effect in engine.receive(event, START_AT + number * 10, 0))
        micros.append((time.process_time() - start) / part * 1e6)
        byte_counts.append(byte_count // part)
    return [
        Row(
            name=f"one incident gathers {count:,} warnings: each of the last {part:,}",
            value=round(micros[-1]),
            unit="µs/warning",
            yardstick=f"each of the second {part:,}, µs/warning",
            yardstick_value=round(micros[1]),
            detail=f"{byte_counts[1]:,} bytes of records and lines each there, {byte_counts[-1]:,} at the end",
        )
    ]
