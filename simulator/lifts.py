"""A lift's days: it rides when people leave and come home, and twice a month a technician stops it where nobody else would."""

from collections.abc import Iterator
from typing import Final

from rules.model import EventClass, Status
from simulator.chance import Draws
from simulator.devices import Device
from simulator.residents import Doing
from simulator.sayings import Saying
from simulator.span import Memory, Span
from simulator.world import World

RIDES_PER_H: Final = (1, 0, 0, 0, 0, 1, 5, 14, 12, 6, 5, 6, 9, 7, 5, 5, 6, 11, 15, 12, 9, 7, 5, 2)
"""In each hour of the day, two peaks of commuting; ours."""
_RIDE_S_MAX: Final = 60.0
_STOPS_EVERY_S: Final = 420.0  # a technician tries one thing after the other


def rides(world: World, memory: Memory, device: Device, span: Span) -> Iterator[Saying]:
    """It moves, stops, opens and shuts. While it is serviced nobody else rides."""
    services = world.done_at(device, span)
    for service in services:
        yield from _serviced(world, device, service, span)
    draws = Draws(world.community.seed, "rides", device.id, span.number)
    per_h = RIDES_PER_H[int(world.second_of_day(span.from_s) // 3600)]
    lasts_s = span.to_s - span.from_s
    starts = sorted(span.from_s + draws.between(0, lasts_s) for _ in range(draws.count(per_h * lasts_s / 3600)))
    for at_s in starts:
        stops_s = at_s + draws.between(8, 40)
        shuts_s = stops_s + draws.between(6, 15)
        if at_s < memory.busy_until_s.get(device.id, 0.0) or world.is_hushed(device.zone, at_s):
            continue
        if any(each.from_s - _RIDE_S_MAX <= at_s < each.to_s for each in services):
            continue
        memory.busy_until_s[device.id] = shuts_s + 2
        persons = float(1 + int(draws.between(0, 4)))
        yield _lift(at_s, device, "lift_car", "moving", persons)
        yield _lift(stops_s, device, "lift_car", "stopped", persons)
        yield _lift(stops_s + 1, device, "lift_door", "open", persons)
        yield _lift(shuts_s, device, "lift_door", "closed", 0.0)


def _serviced(world: World, device: Device, service: Doing, span: Span) -> Iterator[Saying]:
    """The technician stops it between floors again and again, with the switch on that says so; then it goes back to a floor."""
    for at_s in span.beats(service.from_s, _STOPS_EVERY_S):
        if at_s < service.to_s - _RIDE_S_MAX and not world.is_hushed(device.zone, at_s):
            yield _tried(_lift(at_s, device, "lift_car", "moving", 1.0))
            yield _tried(_lift(at_s + 20, device, "lift_car", "stopped", 1.0, is_level=False))
    ends_s = service.to_s - _RIDE_S_MAX / 2
    if span.from_s <= ends_s < span.to_s and not world.is_hushed(device.zone, ends_s):
        yield _tried(_lift(ends_s, device, "lift_car", "moving", 1.0))
        yield _tried(_lift(ends_s + 15, device, "lift_car", "stopped", 1.0))


def _tried(saying: Saying) -> Saying:
    return saying._replace(status=Status.TEST)


def _lift(at_s: float, device: Device, kind: str, state: str, persons: float, *, is_level: bool = True) -> Saying:
    attributes = {"persons": persons, "is_level": is_level}
    return Saying(at_s, device, EventClass.STATE, kind, state=state, attributes=attributes)
