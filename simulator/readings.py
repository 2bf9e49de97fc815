"""What measuring devices say: a calm value with season, load, drift and noise, the life around them, the hazards near them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import pi, sin
from typing import Final

from rules.model import EventClass, Status
from simulator.chance import Draws
from simulator.devices import Device, Effect, Gauge
from simulator.residents import Doing
from simulator.sayings import Saying
from simulator.span import Memory, Span
from simulator.world import World

_DRIFT_PERIOD_S: Final = 30_000.0
_CALLING_ENDS_AT: Final = 0.4  # of the value at which it began
_HEATED: Final = ("cable_temperature", "winding_temperature")  # warmed by the square of the load
_APART_S: Final = 0.5  # two readings of a device are never closer

Felt = list[tuple[Doing, Effect]]


@dataclass(frozen=True, slots=True)
class Trait:
    """What makes one device's gauge differ from the next: its offset, its phases, and when it speaks first."""

    base: float
    phase: float
    cycle_s: float
    first_s: float


def trait_of(seed: int, device: Device, gauge: Gauge) -> Trait:
    """The same for the same seed, device and kind."""
    draws = Draws(seed, "gauge", device.id, gauge.kind)
    return Trait(
        base=gauge.base + gauge.spread / 2 * draws.normal(),
        phase=draws.between(0, 2 * pi),
        cycle_s=draws.between(0, gauge.cycle_s),
        first_s=draws.between(0, min(gauge.interval_s, 60.0)) if gauge.interval_s <= 600 else draws.between(0, gauge.interval_s),
    )


def readings(world: World, memory: Memory, device: Device, traits: tuple[Trait, ...], span: Span) -> Iterator[Saying]:
    """All readings of one device within a span, gauge by gauge, and the alarm that it calls out by itself."""
    doings = world.doings(device, span)
    pace = world.pace(device)
    for gauge, trait in zip(device.sort.gauges, traits, strict=True):
        felt = [(doing, effect) for doing in doings for effect in doing.cause.effects if effect.kind == gauge.kind]
        influences = world.influences(device, gauge.kind)
        times = _times(span, gauge, trait, felt, pace)
        draws: Draws | None = None
        for at_s in times:
            if draws is None:
                draws = Draws(world.community.seed, device.id, gauge.kind, span.number)
                lived = _lived(world, device, gauge.kind, draws)
            life = 0.0 if world.is_hushed(device.zone, at_s) else lived(at_s) + _doings(felt, at_s)
            value = _calm(gauge, trait, span, at_s) + life + gauge.noise * draws.normal()
            for influence in influences:
                value += influence.at(at_s)
            value = round(min(gauge.high, max(gauge.low, value)), gauge.digits)
            status = _status(felt, at_s)
            yield Saying(at_s, device, EventClass.READING, gauge.kind, value=value, unit=gauge.unit, status=status)
            if device.sort.alarm_kind and gauge is device.sort.gauges[0]:
                yield from _called(memory, device, gauge, at_s, value)


def _called(memory: Memory, device: Device, gauge: Gauge, at_s: float, value: float) -> Iterator[Saying]:
    """The device's own alarm, and its end."""
    is_calling = memory.calling.get(device.id, False)
    limit = device.sort.alarm_from * (_CALLING_ENDS_AT if is_calling else 1.0)
    if is_calling == (value >= limit):
        return
    memory.calling[device.id] = not is_calling
    state = "off" if is_calling else "on"
    yield Saying(at_s, device, EventClass.ALARM, device.sort.alarm_kind, value=value, state=state, unit=gauge.unit)


def _times(span: Span, gauge: Gauge, trait: Trait, felt: Felt, pace: tuple[tuple[float, float], ...]) -> list[float]:
    """When it speaks: at its calm pace, and more often while life or a hazard makes itself felt."""
    times = list(span.beats(trait.first_s, gauge.interval_s))
    extra: list[float] = []
    for doing, effect in felt:
        step_s = max(60.0, gauge.alert_interval_s, min(effect.rise_s, effect.fall_s) / 4)
        if step_s < gauge.interval_s:
            until_s = doing.to_s + effect.fall_s
            extra += [at_s for at_s in span.beats(doing.from_s, step_s) if at_s < until_s]
    for from_s, to_s in pace:
        extra += [at_s for at_s in span.beats(from_s, gauge.alert_interval_s) if at_s <= to_s]
    if not extra:
        return times
    kept: list[float] = []
    for at_s in sorted(times + extra):
        if not kept or at_s - kept[-1] >= _APART_S:
            kept.append(at_s)
    return kept


def _calm(gauge: Gauge, trait: Trait, span: Span, at_s: float) -> float:
    """The value with nobody near and without noise."""
    share = (at_s - span.from_s) / (span.to_s - span.from_s)
    value = trait.base
    if gauge.outdoor:
        value += gauge.outdoor * (span.begins.outdoor + (span.ends.outdoor - span.begins.outdoor) * share)
    if gauge.load:
        load = span.begins.load + (span.ends.load - span.begins.load) * share
        value += gauge.load * (load * load if gauge.kind in _HEATED else load)
    if gauge.sun:
        value += gauge.sun * (span.begins.sun + (span.ends.sun - span.begins.sun) * share)
    if gauge.drift:
        value += gauge.drift * sin(2 * pi * at_s / _DRIFT_PERIOD_S + trait.phase)
    if gauge.pulse or gauge.ramp:
        place = (at_s + trait.cycle_s) % gauge.cycle_s / gauge.cycle_s
        value += gauge.ramp * place + (gauge.pulse if place < gauge.pulse_share else 0.0)
    return value


def _doings(felt: Felt, at_s: float) -> float:
    """What people and machines near it add."""
    return sum(doing.strength * effect.amount * _shape(doing, effect, at_s) for doing, effect in felt)


def _shape(doing: Doing, effect: Effect, at_s: float) -> float:
    """How much of an effect is felt, 0 to 1: it climbs while somebody is at it, and fades afterwards."""
    if at_s < doing.from_s:
        return 0.0
    if at_s < doing.to_s:
        return min(1.0, (at_s - doing.from_s) / min(effect.rise_s, doing.to_s - doing.from_s))
    return max(0.0, 1 - (at_s - doing.to_s) / effect.fall_s)


def _status(felt: Felt, at_s: float) -> Status:
    for doing, effect in felt:
        if doing.cause.status is not Status.ACTUAL and doing.from_s <= at_s < doing.to_s + effect.fall_s:
            return doing.cause.status
    return Status.ACTUAL


def _lived(world: World, device: Device, kind: str, draws: Draws) -> Callable[[float], float]:
    """What people who are at home and awake add whatever they do: the water that they draw, lamps and kettles."""
    if kind not in ("water_flow", "power") or not world.is_home(device.zone):
        return lambda _: 0.0

    def value(at_s: float) -> float:
        day = world.day(device.zone, world.day_number(at_s))
        clock = world.second_of_day(at_s)
        if day is None or not day.is_up(clock):
            return 0.0
        return draws.waiting(day.water_flow(clock)) if kind == "water_flow" else 90.0 + draws.waiting(80.0)

    return value
