"""What devices say that hold a state: doors that open, elders who move, lifts that ride, the re-telling of what is idle."""

from collections.abc import Iterator
from heapq import merge
from types import MappingProxyType
from typing import Final

from rules.model import EventClass
from simulator.chance import chance
from simulator.devices import Device
from simulator.sayings import Saying
from simulator.world import World

_DOOR_OPEN_S: Final = 25.0
_MOTION_S: Final = 40.0
_RIDES_PER_H: Final = (1, 0, 0, 0, 0, 1, 5, 14, 12, 6, 5, 6, 9, 7, 5, 5, 6, 11, 15, 12, 9, 7, 5, 2)


def states(world: World, device: Device) -> Iterator[Saying]:
    """All states of one device in time order."""
    sort = device.sort
    if sort.name == "lift":
        return _rides(world, device)
    if not sort.state_kind:
        return iter(())
    return merge(_retold(world, device), _changes(world, device), key=lambda saying: saying.at_s)


def heartbeats(world: World, device: Device) -> Iterator[Saying]:
    """The signs of life of one device, each a little early or late."""
    dice = chance(world.community.seed, "heartbeat", device.id)
    interval_s = device.sort.heartbeat_s
    promise = MappingProxyType({"interval_s": interval_s})  # a device that says how often it speaks can be missed sooner
    at_s = dice.uniform(0, interval_s)
    while at_s < world.end_s:
        yield Saying(at_s, device, EventClass.HEARTBEAT, "heartbeat", attributes=promise)
        at_s += interval_s * dice.uniform(0.98, 1.02)


def _retold(world: World, device: Device) -> Iterator[Saying]:
    """The idle state once soon after the start and then at a slow pace; hardly ever while it is not idle."""
    dice = chance(world.community.seed, "retold", device.id)
    at_s = dice.uniform(0, 60)
    while at_s < world.end_s:
        if not world.is_hushed(device.zone, at_s):
            yield _state(at_s, device, device.sort.state_kind, device.sort.idle_state)
        at_s += device.sort.state_interval_s * dice.uniform(0.95, 1.05)


def _changes(world: World, device: Device) -> Iterator[Saying]:
    """Doors and motion of homes, day by day."""
    kind = device.sort.state_kind
    if kind not in ("opening", "motion"):
        return
    active, lasts_s = ("open", _DOOR_OPEN_S) if kind == "opening" else ("on", _MOTION_S)
    for number in range(world.day_number(world.end_s) + 1):
        day = world.day(device.zone, number)
        if day is None:
            return
        midnight_s = world.midnight_s(number)
        for second in sorted(day.doors_s if kind == "opening" else day.moves_s):
            at_s = midnight_s + second
            if at_s >= 0 and at_s + lasts_s < world.end_s and not world.is_hushed(device.zone, at_s):
                yield _state(at_s, device, kind, active)
                yield _state(at_s + lasts_s, device, kind, device.sort.idle_state)


def _rides(world: World, device: Device) -> Iterator[Saying]:
    """A lift's day: it moves, stops, opens and shuts; more often when people leave and come home."""
    dice = chance(world.community.seed, "rides", device.id)
    at_s = dice.uniform(0, 60)
    while True:
        rides = _RIDES_PER_H[int(world.second_of_day(at_s) // 3600)]
        at_s += dice.expovariate(rides / 3600) if rides else 1800.0
        takes_s, at_door_s = dice.uniform(8, 40), dice.uniform(6, 15)
        if at_s + takes_s + at_door_s + 2 >= world.end_s:
            return
        if not rides or world.is_hushed(device.zone, at_s):
            continue
        persons = float(dice.randint(1, 4))
        yield _lift(at_s, device, "lift_car", "moving", persons)
        at_s += takes_s
        yield _lift(at_s, device, "lift_car", "stopped", persons)
        yield _lift(at_s + 1, device, "lift_door", "open", persons)
        at_s += at_door_s
        yield _lift(at_s, device, "lift_door", "closed", 0.0)


def _lift(at_s: float, device: Device, kind: str, state: str, persons: float) -> Saying:
    attributes = {"persons": persons, "is_level": True}
    return Saying(at_s, device, EventClass.STATE, kind, state=state, attributes=attributes)


def _state(at_s: float, device: Device, kind: str, state: str) -> Saying:
    return Saying(at_s, device, EventClass.STATE, kind, state=state)
