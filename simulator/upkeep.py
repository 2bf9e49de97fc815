"""How devices fare themselves: signs of life, batteries that empty and are changed, radio, gaps in which nothing comes."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from rules.model import Attribute, EventClass
from simulator.chance import Draws
from simulator.devices import Device
from simulator.sayings import Saying
from simulator.span import Memory, Span
from simulator.world import World

_DAY_S: Final = 86_400.0
_CHANGED_AT: Final = 25.0  # %: the maintenance round changes batteries before they warn at 20
_OUTAGE_S_MAX: Final = 3600.0


def signs_of_life(world: World, device: Device, span: Span) -> Iterator[Saying]:
    """The heartbeats of one device within a span, each a little late; battery and radio once a day."""
    interval_s = device.sort.heartbeat_s
    seed = world.community.seed
    first_s, age, radio, round_s = _life(seed, device.id, interval_s)
    for at_s in span.beats(first_s, interval_s):
        late_s = Draws(seed, "late", device.id, round(at_s)).between(0, min(2.0, interval_s / 50))
        yield Saying(at_s + late_s, device, EventClass.HEARTBEAT, "heartbeat", attributes=_promise(interval_s))
    if not device.sort.battery_d:
        return
    for at_s in span.beats(round_s, _DAY_S):
        noise = Draws(seed, "battery", device.id, round(at_s))
        level = battery_at(device.sort.battery_d, age, at_s) + 0.3 * noise.normal()
        yield Saying(at_s, device, EventClass.READING, "battery", value=float(round(min(100.0, level))), unit="%")
        strength = float(round(radio + 3 * noise.normal()))
        yield Saying(at_s + 1, device, EventClass.READING, "signal_strength", value=strength, unit="dBm")


@lru_cache(maxsize=8192)
def _life(seed: int, device_id: str, interval_s: float) -> tuple[float, float, float, float]:
    """When it speaks first, how much of its battery was gone, how well its radio is heard (dBm), when on a day it tells both."""
    draws = Draws(seed, "life", device_id)
    return draws.between(0, interval_s), draws.unit(), -78 + 8 * draws.normal(), draws.between(0, _DAY_S)


def battery_at(lasts_d: float, age: float, at_s: float) -> float:
    """How full a battery is in %: it empties evenly and is changed at a quarter. ``age``: how much of it was gone."""
    serves_s = lasts_d * _DAY_S * (100 - _CHANGED_AT) / 100
    return 100 - (100 - _CHANGED_AT) * ((age + at_s / serves_s) % 1)


def outage_of(world: World, device: Device, number: int) -> tuple[float, float] | None:
    """When on this day nothing of this device arrives; None on most days, and never while a hazard is felt there.

    Short enough that a device that must be heard every so often is never taken for lost: that is for scenarios.
    """
    draws = Draws(world.community.seed, "outage", device.id, number)
    if draws.unit() >= device.sort.outages_per_day or world.is_touched(device):
        return None
    starts_s = world.midnight_s(number) + draws.between(0, _DAY_S)
    return starts_s, starts_s + draws.between(0.2, 0.8) * min(device.sort.heartbeat_s, _OUTAGE_S_MAX)


def is_heard(memory: Memory, saying: Saying) -> bool:
    """Whether what a device says arrives."""
    outage = memory.outages.get(saying.device.id)
    if outage is not None and outage[0] <= saying.at_s < outage[1]:
        return False
    mutes = memory.mutes.get(saying.device.id)
    return mutes is None or not any(mute.from_s <= saying.at_s < mute.to_s for mute in mutes)


@lru_cache(maxsize=64)
def _promise(interval_s: float) -> Mapping[str, Attribute]:
    """A device that says how often it speaks can be missed sooner."""
    return MappingProxyType({"interval_s": interval_s})
