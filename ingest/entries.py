"""What the journal keeps: entries, their positions, and their canonical bytes."""

from dataclasses import dataclass

from rules.model import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """A batch is durable: its entries hold the positions ``first_position`` to ``first_position + count - 1``."""

    first_position: int
    received_at: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Journaled:
    """One entry as the journal holds it. Positions start at 1 and have no gaps."""

    position: int
    received_at: int
    entry: Input
