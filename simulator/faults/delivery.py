"""Faults of the way: messages that are lost, come twice, in another order, late, or damaged."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from simulator.chance import chance
from simulator.faults.fault import Change, FaultModel, Share, Span
from simulator.message import Message


class Loss(FaultModel):
    """A share of the messages never arrives."""

    fault: Literal["loss"]
    share: Share = 0.05

    def change(self, seed: int, name: str) -> Change:
        """Nothing, or the message."""
        dice = chance(seed, name)
        return lambda message: () if dice.random() < self.share else (message,)


class Duplicate(FaultModel):
    """A share of the messages comes again, ``times`` times, within ``within_s``: QoS 1 redelivers, gateways repeat."""

    fault: Literal["duplicate"]
    share: Share = 0.05
    times: Annotated[int, Field(ge=1, le=20)] = 1
    within_s: Span = 30.0

    def change(self, seed: int, name: str) -> Change:
        """The message, and its copies later."""
        dice = chance(seed, name)

        def doubled(message: Message) -> Iterable[Message]:
            yield message
            if dice.random() < self.share:
                for _ in range(self.times):
                    yield _later(message, dice.uniform(0, self.within_s))

        return doubled


class Reorder(FaultModel):
    """A share of the messages is held up by anything up to ``within_s``, so that younger ones overtake them."""

    fault: Literal["reorder"]
    share: Share = 0.5
    within_s: Span = 10.0

    def change(self, seed: int, name: str) -> Change:
        """The message, a little later."""
        dice = chance(seed, name)
        return lambda message: (_later(message, dice.uniform(0, self.within_s)) if dice.random() < self.share else message,)


class Delay(FaultModel):
    """A share of the messages arrives ``by_s`` late, as from a gateway that stores and forwards."""

    fault: Literal["delay"]
    share: Share = 0.05
    by_s: Span = 120.0

    def change(self, seed: int, name: str) -> Change:
        """The message, ``by_s`` later."""
        dice = chance(seed, name)
        return lambda message: (_later(message, self.by_s) if dice.random() < self.share else message,)


class Corruption(FaultModel):
    """A share of the payloads is cut off, has a flipped byte, or is no JSON at all."""

    fault: Literal["corruption"]
    share: Share = 0.02

    def change(self, seed: int, name: str) -> Change:
        """The message with a damaged payload."""
        dice = chance(seed, name)

        def damaged(message: Message) -> Iterable[Message]:
            if dice.random() >= self.share or not message.payload:
                return (message,)
            payload = bytearray(message.payload)
            place, way = dice.randrange(len(payload)), dice.randrange(3)
            if way == 0:
                del payload[place:]
            elif way == 1:
                payload[place] ^= 1 << dice.randrange(8)
            else:
                payload[:] = dice.randbytes(min(len(payload), 64))
            return (message._replace(payload=bytes(payload)),)

        return damaged


def _later(message: Message, by_s: float) -> Message:
    return message._replace(offset_ms=message.offset_ms + round(by_s * 1000))
