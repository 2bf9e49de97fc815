"""What a load says: how much, in which mix of lanes, for how long; the same plan gives the same messages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from ingest.topics import Lane
from simulator.message import Message

RECEIPT_EVERY: Final = 20
"""One of so many events asks for a receipt, and every critical one: enough to measure, little to answer."""

_FLATS_IN_UNIT: Final = 100
_UNITS_IN_BUILDING: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Parts of the lanes, in whatever measure: 1, 9 and 90 are one alarm in a hundred."""

    critical: float = 1.0
    normal: float = 9.0
    bulk: float = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """``rate`` in events/s, ``lasts_s`` in s. ``run`` (a name) keeps the ids of two runs apart; ``status`` is on every event."""

    run: str
    rate: float
    lasts_s: float
    device_count: int = 2000
    mix: Mix = Mix()
    community: str = "load"
    status: str = "exercise"
    seed: int = 1
    asks_all: bool = False  # every event asks for its receipt

    @property
    def event_count(self) -> int:
        """How many events it is."""
        return round(self.rate * self.lasts_s)


def load_messages(plan: LoadPlan) -> Iterator[Message]:
    """The messages in their order, evenly spread. Each alarm is the first word of a detector in a flat of its own."""
    random = Random(f"load {plan.seed}")  # noqa: S311 - a mix, not a secret
    weights = (plan.mix.critical, plan.mix.normal, plan.mix.bulk)
    for number in range(plan.event_count):
        (lane,) = random.choices((Lane.CRITICAL, Lane.NORMAL, Lane.BULK), weights)
        event_class, device, body = _said(lane, number, random, plan.device_count)
        body |= {"id": event_id(plan, number), "status": plan.status}
        if plan.asks_all or lane is Lane.CRITICAL or number % RECEIPT_EVERY == 0:
            body["receipt"] = True
        topic = f"shouwang/v1/{plan.community}/iot/{event_class}/{device}"
        payload = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        yield Message(round(number * 1000 / plan.rate), topic, payload)


def event_id(plan: LoadPlan, number: int) -> str:
    """The id of the plan's event of this number, counted from 0."""
    return f"load-{plan.run}-{number}"


def lane_of(message: Message) -> Lane:
    """The lane that this message takes: the class in its topic decides."""
    return {"alarm": Lane.CRITICAL, "state": Lane.NORMAL}.get(message.topic.split("/")[4], Lane.BULK)


def _said(lane: Lane, number: int, random: Random, device_count: int) -> tuple[str, str, dict[str, Any]]:
    device = random.randrange(device_count)
    if lane is Lane.CRITICAL:
        return "alarm", f"smoke-{number}", {"kind": "smoke", "state": "on", "zone": _flat(number)}
    if lane is Lane.NORMAL:
        return "state", f"door-{device}", {"kind": "opening", "state": random.choice(("open", "closed")), "zone": _flat(device)}
    value = round(random.gauss(21.0, 0.4), 2)
    return "reading", f"room-{device}", {"kind": "temperature", "value": value, "zone": _flat(device)}


def _flat(number: int) -> str:
    unit, flat = divmod(number, _FLATS_IN_UNIT)
    building, unit = divmod(unit, _UNITS_IN_BUILDING)
    return f"b{building + 1:02}/u{unit + 1}/{flat // 4 + 1:02}{flat % 4 + 1:02}"
