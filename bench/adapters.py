"""What each foreign format costs: its page's own examples, from bytes to Events, beside our own contract in the same run."""

from itertools import count

from bench.contract import cost_us
from bench.rows import Row, best_rate
from ingest.adapter import Adapter, Example, Foreign, Format, understand
from ingest.adapters_page import READ_AT
from ingest.formats import FORMATS
from rules.model import Event


def measure(quick: bool = False) -> list[Row]:
    """Microseconds an event, for every format. ``quick``: a few turns only."""
    own_us = cost_us(quick)
    return [_row(each, own_us, 20 if quick else 2_000) for each in FORMATS.values()]


def _row(format_: Format, own_us: float, message_count: int) -> Row:
    numbers = count()

    def events_of(adapter: Adapter, example: Example) -> int:
        foreign = Foreign(
            topic=example.topic,
            payload=example.payload,
            community="jade",
            network=format_.network,
            received_at=READ_AT,
            arrival=str(next(numbers)),
        )
        told = understand(adapter, foreign)
        return sum(isinstance(each, Event) for each in told) if isinstance(told, list) else 0

    def work() -> int:
        done = 0
        for _ in range(max(1, message_count // len(format_.examples))):
            adapter = format_.opens()  # one that remembers would know them all the second time
            done += sum(events_of(adapter, example) for example in format_.examples)
        return done

    return Row(
        name=f"adapter {format_.name}: bytes → Events",
        value=round(1e6 / best_rate(work, 3), 1),
        unit="µs/event",
        yardstick="our own contract, one event per message, µs/event",
        yardstick_value=round(own_us, 1),
        detail="its examples in docs/formats, in their order, those that say nothing of concern too",
    )
