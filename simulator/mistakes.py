"""What devices call out though nothing is dangerous: cats, prams, birds, shadows, trials, sensors that warm up."""

from collections.abc import Iterator

from rules.model import NOTHING, EventClass
from simulator.chance import Draws
from simulator.devices import Device, Sighting
from simulator.sayings import Saying
from simulator.world import World


def mistakes(world: World, device: Device, number: int) -> Iterator[Saying]:
    """All that one device calls out by mistake or on trial on the given day."""
    if not device.sort.sightings:
        return
    draws = Draws(world.community.seed, "mistakes", device.id, number)
    for sighting in device.sort.sightings:
        for _ in range(draws.count(sighting.per_day)):
            at_s = world.midnight_s(number) + draws.between(*sighting.hours) * 3600
            frames = sighting.frames[0] + int(draws.between(0, sighting.frames[1] - sighting.frames[0] + 1))
            scores = [round(draws.between(*sighting.confidence), 2) for _ in range(frames)]
            yield from _seen(device, sighting, at_s, scores)


def _seen(device: Device, sighting: Sighting, at_s: float, scores: list[float]) -> Iterator[Saying]:
    attributes = {"preheat": True} if sighting.is_preheat else NOTHING
    for frame, score in enumerate((*scores, scores[-1])):
        is_over = frame == len(scores)
        yield Saying(
            at_s + (frame if not is_over else frame - 1 + sighting.over_s),
            device,
            EventClass.ALARM,
            sighting.kind,
            state="off" if is_over else "on",
            confidence=score,
            attributes=attributes,
            status=sighting.status,
        )
