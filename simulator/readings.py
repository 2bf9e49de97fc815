"""What measuring devices say: a calm mean with day and night, drift and noise, life in the home, and the hazards near it."""

from collections.abc import Callable, Iterator
from math import pi, sin
from random import Random
from typing import Final

from rules.model import EventClass
from simulator.chance import chance
from simulator.devices import Device, Gauge
from simulator.hazards.course import Influence
from simulator.residents import DAY_S, Cooking
from simulator.sayings import Saying
from simulator.world import World

_LINGER_S: Final = 240.0  # smoke of cooking stays for some minutes
_COOKING: Final = {"smoke_obscuration": 1.0, "carbon_monoxide": 4.0, "temperature": 1.5, "methane": 0.4}
"""What a meal of strength 1 adds at its peak, by kind, in the kind's unit."""

_DRIFT_PERIOD_S: Final = 30_000.0


def readings(world: World, device: Device) -> Iterator[Saying]:
    """All readings of one device in time order, and the alarm that it calls out by itself."""
    gauge, sort = device.sort.gauge, device.sort
    if gauge is None:
        return
    dice = chance(world.community.seed, "gauge", device.id)
    calm, influences, lived = _calm(world, gauge, dice), world.influences(device), _lived(world, device, dice)
    at_s = dice.uniform(0, min(gauge.interval_s, 60))
    is_calling = False
    while at_s < world.end_s:
        life = lived(at_s)
        value = calm(at_s) + life + sum(influence.at(at_s) for influence in influences)
        value = round(max(gauge.low, value), gauge.digits)
        yield Saying(at_s, device, EventClass.READING, gauge.kind, value=value, unit=gauge.unit)
        if sort.alarm_kind and is_calling != (value >= sort.alarm_from * (0.4 if is_calling else 1.0)):
            is_calling = not is_calling
            state = "on" if is_calling else "off"
            yield Saying(at_s, device, EventClass.ALARM, sort.alarm_kind, value=value, state=state, unit=gauge.unit)
        interval_s = min(gauge.interval_s, 60.0) if life > 0 and gauge.kind in _COOKING else gauge.interval_s
        at_s = _next(at_s, interval_s, gauge.alert_interval_s, influences)


def _next(at_s: float, interval_s: float, alert_interval_s: float, influences: tuple[Influence, ...]) -> float:
    """When it speaks again: at its calm pace, or sooner where a hazard makes itself felt meanwhile."""
    due_s = at_s + interval_s
    for influence in influences:
        if at_s < influence.to_s and due_s > influence.from_s:
            due_s = min(due_s, max(influence.from_s, at_s + alert_interval_s))
    return due_s


def _calm(world: World, gauge: Gauge, dice: Random) -> Callable[[float], float]:
    """The value with nobody near: the device's own base, the swing of the day (warmest at 15:00), drift, and noise."""
    base, noise, drift, daily = gauge.base + dice.gauss(0, gauge.spread / 2), gauge.noise, gauge.drift, gauge.daily
    phase = dice.uniform(0, 2 * pi)
    morning_s = world.second_of_day(0) - 9 * 3600
    gauss = dice.gauss

    def value(second: float) -> float:
        swing = daily * sin(2 * pi * (morning_s + second) / DAY_S) if daily else 0.0
        wander = drift * sin(2 * pi * second / _DRIFT_PERIOD_S + phase) if drift else 0.0
        return base + swing + wander + (gauss(0, noise) if noise else 0.0)

    return value


def _lived(world: World, device: Device, dice: Random) -> Callable[[float], float]:
    """What the people of a home add to a reading: water they draw, and the smoke of their meals."""
    kind = device.sort.gauge.kind if device.sort.gauge else ""
    if world.community.flat(device.zone) is None:
        return lambda _: 0.0
    factor = _COOKING.get(kind, 0.0)

    def value(second: float) -> float:
        day = world.day(device.zone, world.day_number(second))
        if day is None or world.is_hushed(device.zone, second):
            return 0.0
        clock = world.second_of_day(second)
        if kind == "water_flow":
            mean = day.water_flow(clock)
            return dice.expovariate(1 / mean) if mean else 0.0
        return factor * sum(_smoke(meal, clock) for meal in day.meals)

    return value if factor or kind == "water_flow" else lambda _: 0.0


def _smoke(meal: Cooking, clock: float) -> float:
    """The smoke of a meal in %/m: up while it cooks, gone a few minutes later."""
    if not meal.from_s <= clock < meal.to_s + _LINGER_S:
        return 0.0
    if clock < meal.to_s:
        return meal.strength * (clock - meal.from_s) / (meal.to_s - meal.from_s)
    return meal.strength * (1 - (clock - meal.to_s) / _LINGER_S)
