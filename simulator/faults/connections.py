"""Faults of the connection: a broker that restarts, a crowd that connects again; silence first, then everything at once."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from simulator.chance import chance
from simulator.faults.fault import Change, FaultModel, Share, Span, device_of
from simulator.message import Message


class BrokerRestart(FaultModel):
    """The broker falls ``again_s`` (or ``lost_s``, if longer) after ``from_s``, and is back ``away_s`` later.

    What is published meanwhile waits at the devices and comes all at once. Of what came in the last ``lost_s`` before it fell a
    share ``lost`` was not written down; of the last ``again_s`` a share ``again`` was not acknowledged, and comes twice.
    """

    fault: Literal["broker_restart"]
    away_s: Span = 60.0
    lost_s: Span = 0.0
    lost: Share = 0.0
    again_s: Span = 5.0
    again: Share = 0.5

    def change(self, seed: int, name: str) -> Change:
        """Later, lost, or twice: by when it was published."""
        dice = chance(seed, name)
        falls_ms = round((self.from_s + max(self.lost_s, self.again_s)) * 1000)
        back_ms = falls_ms + round(self.away_s * 1000)

        def restarted(message: Message) -> Iterable[Message]:
            if message.offset_ms >= back_ms:
                return (message,)
            if message.offset_ms >= falls_ms:
                return (message._replace(offset_ms=back_ms),)
            if falls_ms - message.offset_ms <= self.lost_s * 1000 and dice.random() < self.lost:
                return ()
            if falls_ms - message.offset_ms <= self.again_s * 1000 and dice.random() < self.again:
                return (message, message._replace(offset_ms=back_ms))
            return (message,)

        return restarted


class ReconnectStorm(FaultModel):
    """From ``from_s`` all are away for ``away_s`` and come back within ``within_s`` of each other.

    Each device sends what it has kept, ``kept_max`` messages at most, and its last one a second time: it cannot know that
    the first was heard.
    """

    fault: Literal["reconnect_storm"]
    away_s: Span = 300.0
    within_s: Span = 20.0
    kept_max: Annotated[int, Field(ge=1, le=100_000)] = 100

    def change(self, seed: int, name: str) -> Change:
        """Held until its device is back; the last one before the silence comes again."""
        gone_ms = round(self.from_s * 1000)
        kept: dict[str, int] = {}
        back: dict[str, int] = {}

        def returned(message: Message) -> Iterable[Message]:
            device = device_of(message)
            if device not in back:
                late_ms = round(chance(seed, name, device).uniform(0, self.within_s) * 1000)
                back[device] = gone_ms + round(self.away_s * 1000) + late_ms
            if message.offset_ms >= back[device]:
                return (message,)
            kept[device] = kept.get(device, 0) + 1
            held = message._replace(offset_ms=back[device])
            if kept[device] > self.kept_max:
                return ()
            return (held, held) if kept[device] == 1 else (held,)

        return returned
