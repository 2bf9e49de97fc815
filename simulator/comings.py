"""What devices say that hold a state: doors that open, elders who move, places that are taken, the re-telling of what is idle."""

from collections.abc import Iterator
from typing import Final

from rules.model import EventClass
from simulator.chance import Draws
from simulator.devices import Device
from simulator.lifts import RIDES_PER_H, rides
from simulator.residents import Day
from simulator.sayings import Saying
from simulator.span import Memory, Span
from simulator.world import World

_DOOR_OPEN_S: Final = 25.0
_MOTION_S: Final = 40.0
_VISITS_PER_D: Final = sum(RIDES_PER_H)
_HOMELY: Final = ("door", "motion", "bed", "bath", "medicine")
_TOLD_AT: Final = ("motion", "bath")
"""The sensors of an elder's home that also tell that it is empty for days."""


def states(world: World, memory: Memory, device: Device, span: Span) -> Iterator[Saying]:
    """All states of one device within a span; some of what began in it ends after it."""
    sort = device.sort
    if sort.name == "lift":
        yield from rides(world, memory, device, span)
    if not sort.state_kind:
        return
    if sort.name in _HOMELY and world.is_home(device.zone):
        yield from _homely(world, device, span)
    elif sort.visits is not None:
        yield from _visited(world, memory, device, span)
    yield from _retold(world, memory, device, span)


def _retold(world: World, memory: Memory, device: Device, span: Span) -> Iterator[Saying]:
    """The idle state once soon after the start and then at a slow pace; hardly ever while it is not idle."""
    first_s = Draws(world.community.seed, "retold", device.id).between(0, 60)
    for at_s in span.beats(first_s, device.sort.state_interval_s):
        if at_s >= memory.busy_until_s.get(device.id, 0.0) and not world.is_hushed(device.zone, at_s):
            told = _state(at_s, device, _idle(world, device, at_s))
            yield told._replace(attributes={"away": True}) if _is_told_away(world, device, at_s) else told


def _is_told_away(world: World, device: Device, at_s: float) -> bool:
    """Whether this is where the family has said that an elder travels: the word is re-told like every state."""
    if device.sort.name not in _TOLD_AT:
        return False
    day = world.day(device.zone, world.day_number(at_s))
    if day is None or day.journey_s is None:
        return False
    from_s, to_s = day.journey_s
    return from_s <= world.second_of_day(at_s) < to_s


def _idle(world: World, device: Device, at_s: float) -> str:
    """The idle state, or what a bed knows better: whether its owner sleeps in it."""
    if device.sort.name == "bed":
        clock, number = world.second_of_day(at_s), world.day_number(at_s)
        if any(start <= clock < end for start, end in _sleeps(world, device.zone, number)):
            return "on"
    return device.sort.idle_state


def _homely(world: World, device: Device, span: Span) -> Iterator[Saying]:
    """Doors, movement, beds and boxes of homes, day by day."""
    for number in range(world.day_number(span.from_s), world.day_number(span.to_s) + 1):
        day = world.day(device.zone, number)
        if day is None:
            return
        midnight_s = world.midnight_s(number)
        for second, state, lasts_s in _changes(world, device, day, number):
            at_s = midnight_s + second
            if span.from_s <= at_s < span.to_s and not world.is_hushed(device.zone, at_s):
                yield _state(at_s, device, state)
                if lasts_s:
                    yield _state(at_s + lasts_s, device, device.sort.idle_state)
        if device.sort.name in _TOLD_AT and day.told_away_s is not None:
            at_s = midnight_s + day.told_away_s
            if span.from_s <= at_s < span.to_s and not world.is_hushed(device.zone, at_s):
                yield _state(at_s, device, "off")._replace(attributes={"away": True})


def _changes(world: World, device: Device, day: Day, number: int) -> Iterator[tuple[float, str, float]]:
    """When, which state, and after how long it is idle again (0: it stays)."""
    name = device.sort.name
    if name == "door":
        yield from ((second, "open", _DOOR_OPEN_S) for second in day.doors_s)
    elif name == "motion":
        yield from ((second, "on", _MOTION_S) for second in day.moves_s)
    elif name == "bath":
        yield from ((start, "on", end - start) for start, end in day.baths)
    elif name == "medicine":
        yield from ((second, "taken", 0.0) for second in day.medicine_s)
    else:
        yield from ((start, "on", end - start) for start, end in _sleeps(world, device.zone, number))


def _sleeps(world: World, zone: str, number: int) -> Iterator[tuple[float, float]]:
    """When somebody lies in bed on this day: until getting up, and from going to bed to midnight, less the bathroom."""
    day = world.day(zone, number)
    if day is None:
        return
    for start, end in ((0.0, day.wakes_s), (day.sleeps_s, 86_340.0)):
        at = start
        for up, back in (*day.baths, (end, end)):
            if at < up <= end and day.is_home(at):
                yield at + 30, up - 60
            if start <= up < end:
                at = back + 60


def _visited(world: World, memory: Memory, device: Device, span: Span) -> Iterator[Saying]:
    """What strangers and neighbours do all day: entrance doors, barriers, parking places, patrol points."""
    visits = device.sort.visits
    if visits is None:
        return
    draws = Draws(world.community.seed, "visits", device.id, span.number)
    share = RIDES_PER_H[int(world.second_of_day(span.from_s) // 3600)] / _VISITS_PER_D * 24 if visits.is_by_day else 1.0
    lasts_s = span.to_s - span.from_s
    starts = sorted(
        span.from_s + draws.between(0, lasts_s) for _ in range(draws.count(visits.per_day * share * lasts_s / 86_400))
    )
    for at_s in starts:
        end_s = at_s + draws.between(*visits.lasts_s)
        if at_s >= memory.busy_until_s.get(device.id, 0.0) and not world.is_hushed(device.zone, at_s):
            memory.busy_until_s[device.id] = end_s + 2
            yield _state(at_s, device, visits.active)
            yield _state(end_s, device, device.sort.idle_state)


def _state(at_s: float, device: Device, state: str) -> Saying:
    return Saying(at_s, device, EventClass.STATE, device.sort.state_kind, state=state)
