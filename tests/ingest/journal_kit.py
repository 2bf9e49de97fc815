"""Small things for tests of the journal: a clock in the hand, entries by name, and names of entries."""

from collections.abc import Callable, Iterator

from ingest.journal import Journal, Journaled
from rules.model import Event, EventClass, Input, Network

DAY = 86_400_000
NOON = 1_795_435_200_000  # 2026-11-23T12:00:00Z


class Hands:
    """A clock that shows what it is told."""

    def __init__(self, at: int = NOON) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


def event(name: str) -> Event:
    return Event(
        id=name,
        community="jade",
        network=Network.IOT,
        event_class=EventClass.READING,
        device="d1",
        kind="temperature",
        value=21.5,
    )


def batch(*names: str) -> list[Input]:
    return [event(name) for name in names]


def names(journaled: Iterator[Journaled] | list[Journaled]) -> list[str]:
    return [one.entry.id for one in journaled]


Opened = Callable[[], Journal]
