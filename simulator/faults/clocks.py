"""Faults of the clock: devices whose time is wrong, or jumps."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from simulator.chance import chance
from simulator.faults.fault import Change, FaultModel, Share, chosen, device_of
from simulator.message import Message
from simulator.rewriting import rewritten

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)

Shift = Annotated[float, Field(ge=-3e11, le=3e11)]
"""Seconds; past 1970 and the year 9999 a clock stands still there, as clocks without a battery do."""


class ClockSkew(FaultModel):
    """A share of the devices is wrong by up to ``by_s`` to either side, each by its own amount."""

    fault: Literal["clock_skew"]
    share: Share = 0.3
    by_s: Annotated[float, Field(ge=0, le=3e8)] = 90.0

    def change(self, seed: int, name: str) -> Change:
        """The message with its device's own time in it."""
        is_chosen = chosen(seed, name, self.share)

        def skewed(message: Message) -> Iterable[Message]:
            device = device_of(message)
            if not is_chosen(device):
                return (message,)
            return (_shifted(message, chance(seed, name, "by", device).uniform(-self.by_s, self.by_s)),)

        return skewed


class ClockJump(FaultModel):
    """From ``from_s`` on the clocks of a share of the devices are ``by_s`` off: a lost battery (1970), a wrong zone."""

    fault: Literal["clock_jump"]
    share: Share = 0.1
    by_s: Shift = -2e9

    def change(self, seed: int, name: str) -> Change:
        """The message with the time that its device believes."""
        is_chosen = chosen(seed, name, self.share)
        return lambda message: (_shifted(message, self.by_s) if is_chosen(device_of(message)) else message,)


def _shifted(message: Message, by_s: float) -> Message:
    def shift(body: dict[str, Any]) -> None:
        if not isinstance(body.get("at"), str):
            return
        moment = datetime.fromisoformat(body["at"])
        try:
            moved = min(max(moment + timedelta(seconds=by_s), _FIRST), _LAST)
        except OverflowError:
            moved = _LAST if by_s > 0 else _FIRST
        body["at"] = moved.isoformat(timespec="milliseconds")

    return message._replace(payload=rewritten(message.payload, shift))
