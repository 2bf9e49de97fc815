"""Faults of the device: one that flaps, one that repeats its last value, one that is dead, one that shouts without end."""

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from simulator.faults.fault import Change, FaultModel, Share, Span, chosen, device_of
from simulator.message import Message
from simulator.rewriting import rewritten

_OPPOSITE: Final = {
    "on": "off",
    "off": "on",
    "open": "closed",
    "closed": "open",
    "wet": "dry",
    "dry": "wet",
    "moving": "stopped",
    "stopped": "moving",
}


class Chatter(FaultModel):
    """Whenever a device of this share tells a state, it flaps: ``times`` there and back, ``every_s`` apart."""

    fault: Literal["chatter"]
    share: Share = 0.1
    times: Annotated[int, Field(ge=1, le=1000)] = 5
    every_s: Annotated[float, Field(gt=0, le=3600)] = 2.0

    def change(self, seed: int, name: str) -> Change:
        """The message, then its opposite and itself again and again; at the end what was said first holds."""
        is_chosen = chosen(seed, name, self.share)

        def flapping(message: Message) -> Iterable[Message]:
            yield message
            if not is_chosen(device_of(message)) or b'"state"' not in message.payload:
                return
            for number in range(1, 2 * self.times + 1):
                yield _again(message, number, round(number * self.every_s * 1000), is_turned=number % 2 == 1)

        return flapping


class Stuck(FaultModel):
    """A share of the devices goes on saying the reading that it had at ``from_s``, with new times and ids."""

    fault: Literal["stuck"]
    share: Share = 0.1

    def change(self, seed: int, name: str) -> Change:
        """The message with the device's first value."""
        is_chosen = chosen(seed, name, self.share)
        values: dict[tuple[str, str], float] = {}

        def stuck(message: Message) -> Iterable[Message]:
            if not is_chosen(device_of(message)) or b'"value"' not in message.payload:
                return (message,)

            def hold(body: dict[str, Any]) -> None:
                if isinstance(body.get("value"), int | float):
                    body["value"] = values.setdefault((device_of(message), str(body.get("kind"))), body["value"])

            return (message._replace(payload=rewritten(message.payload, hold)),)

        return stuck


class Dead(FaultModel):
    """A share of the devices says nothing at all."""

    fault: Literal["dead"]
    share: Share = 0.1

    def change(self, seed: int, name: str) -> Change:
        """Nothing from the dead."""
        is_chosen = chosen(seed, name, self.share)
        return lambda message: () if is_chosen(device_of(message)) else (message,)


class Storm(FaultModel):
    """A share of the devices says everything ``times`` times over within ``within_s``, each time as something new."""

    fault: Literal["storm"]
    share: Share = 0.01
    times: Annotated[int, Field(ge=1, le=10_000)] = 50
    within_s: Span = 60.0

    def change(self, seed: int, name: str) -> Change:
        """The message, and many like it with ids of their own."""
        is_chosen = chosen(seed, name, self.share)

        def shouting(message: Message) -> Iterable[Message]:
            yield message
            if is_chosen(device_of(message)):
                for number in range(1, self.times + 1):
                    yield _again(message, number, round(number * self.within_s * 1000 / self.times))

        return shouting


def _again(message: Message, number: int, after_ms: int, *, is_turned: bool = False) -> Message:
    """The message said once more: a new id, and the opposite state if it has turned."""

    def renew(body: dict[str, Any]) -> None:
        if "id" in body:
            body["id"] = f"{body['id']}.{number}"
        if is_turned and isinstance(body.get("state"), str):
            body["state"] = _OPPOSITE.get(body["state"], body["state"])

    return message._replace(offset_ms=message.offset_ms + after_ms, payload=rewritten(message.payload, renew))
