"""What every fault is: a change of one message into none, one or several, and the line in which they then arrive."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from heapq import heappop, heappush
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from simulator.chance import chance
from simulator.message import Message

Share = Annotated[float, Field(ge=0, le=1)]
"""A part of all messages or devices: 0 is none, 1 is all."""

Span = Annotated[float, Field(ge=0, le=1_000_000)]
"""Seconds; instants count from the start of the scenario."""

Change = Callable[[Message], Iterable[Message]]
"""What becomes of one message: nothing (lost), itself, later, changed, or several."""


class FaultModel(BaseModel):
    """A fault holds from ``from_s`` until ``to_s`` (absent: to the end) for devices whose id matches ``devices`` (* and ?)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    fault: str
    from_s: Span = 0.0
    to_s: Span | None = None
    devices: Annotated[str, Field(min_length=1)] = "*"

    @abstractmethod
    def change(self, seed: int, name: str) -> Change:
        """The change that this fault makes; what it draws comes from the seed and the name, so the same twice is the same."""

    def spoil(self, messages: Iterable[Message], seed: int, name: str) -> Iterator[Message]:
        """The stream with this fault in it, in the order of its offsets. Pure: the same in, the same out."""
        return in_line(messages, self._where_it_holds(self.change(seed, name)))

    def __str__(self) -> str:
        fields = self.model_dump(exclude={"fault"}, exclude_defaults=True)
        told = [f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in fields.items()]
        return " ".join([self.fault, *told])

    def _where_it_holds(self, change: Change) -> Change:
        from_ms, to_ms = self.from_s * 1000, float("inf") if self.to_s is None else self.to_s * 1000

        def spoilt(message: Message) -> Iterable[Message]:
            holds = from_ms <= message.offset_ms < to_ms and fnmatchcase(device_of(message), self.devices)
            return change(message) if holds else (message,)

        return spoilt


def faulty(messages: Iterable[Message], faults: Sequence[FaultModel], seed: int) -> Iterator[Message]:
    """The stream with all these faults in it, the first one nearest to the devices."""
    for number, fault in enumerate(faults):
        messages = fault.spoil(messages, seed, f"fault{number}")
    return iter(messages)


def in_line(messages: Iterable[Message], change: Change) -> Iterator[Message]:
    """Each message changed, all in the order of their new offsets; at the same instant in the order in which they were made."""
    waiting: list[tuple[int, int, Message]] = []
    made = 0
    for message in messages:
        while waiting and waiting[0][0] < message.offset_ms:
            yield heappop(waiting)[2]
        for changed in change(message):
            heappush(waiting, (changed.offset_ms, made, changed))
            made += 1
    while waiting:
        yield heappop(waiting)[2]


def device_of(message: Message) -> str:
    """The device of a message: the last level of its topic."""
    return message.topic.rsplit("/", 1)[-1]


def chosen(seed: int, name: str, share: float) -> Callable[[str], bool]:
    """Whether a device is among those that a fault befalls: this share of all, chosen by seed and name."""

    @cache
    def is_chosen(device: str) -> bool:
        return share >= 1 or chance(seed, name, device).random() < share

    return is_chosen
