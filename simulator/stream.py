"""The stream of one run: everything that all devices say, as MQTT messages in time order, made as it is asked for."""

from collections.abc import Iterator
from math import ceil

from ingest.wire import encode
from rules.model import Event
from simulator.comings import states
from simulator.community import Community
from simulator.devices import Device
from simulator.faults.fault import faulty
from simulator.message import Message
from simulator.mistakes import mistakes
from simulator.readings import Trait, readings, trait_of
from simulator.sayings import Saying
from simulator.scenario import Scenario
from simulator.span import SPAN_S, Later, Memory, Span
from simulator.upkeep import is_heard, outage_of, signs_of_life
from simulator.world import World


def messages(community: Community, scenario: Scenario, *, start_at: int | None = None, speed: float = 1.0) -> Iterator[Message]:
    """All messages of a scenario in the order of their offsets. The same arguments give the same bytes.

    A payload's ``at`` is ``start_at + offset / speed``: with ``start_at`` from the scenario (the default) and speed 1 that is the
    scenario's own time; a publisher that hurries on a wall clock passes that clock's present and its speed, so that no
    message claims to come from the future. Raises LookupError where the scenario needs a device that the community lacks.
    """
    start_at = scenario.start_at if start_at is None else start_at
    yield from faulty(_heard(community, scenario, start_at, speed), scenario.faults, community.seed)


def _heard(community: Community, scenario: Scenario, start_at: int, speed: float) -> Iterator[Message]:
    """What would be heard if nothing went wrong on the way."""
    for saying in sayings(World(community, scenario)):
        offset_ms = round(saying.at_s * 1000)
        topic, payload = encode(event_of(community.id, saying, start_at + round(offset_ms / speed)))
        yield Message(offset_ms, topic, payload)


def sayings(world: World) -> Iterator[Saying]:
    """Everything that is said in this world, in time order; at the same instant in the order in which it came up.

    Time is cut into pieces, and each device is asked what it says in one: so no device needs anything between two of them, and
    100,000 cost little memory.
    """
    seed, devices = world.community.seed, world.community.devices
    memory = Memory(mutes={device.id: mutes for device in devices if (mutes := world.mutes(device))})
    traits = [tuple(trait_of(seed, device, gauge) for gauge in device.sort.gauges) for device in devices]
    later, planned = Later(), 0
    for each in _happened(world):
        later.add(each)
    for number in range(ceil(world.end_s / SPAN_S)):
        span = world.span(number)
        while planned <= world.day_number(span.to_s):
            _plan(world, memory, later, planned)
            planned += 1
        said = later.until(span.to_s)
        for device, trait in zip(devices, traits, strict=True):
            said += [each for each in _spoken(world, memory, device, trait, span) if is_heard(memory, each)]
        for each in sorted(said, key=_at):
            if each.at_s >= span.to_s:
                later.add(each)
            elif each.at_s < world.end_s:
                yield each


def event_of(community: str, saying: Saying, at: int) -> Event:
    """The event that a saying is, at this instant (ms). Its id comes from who says what when, so a redelivery is known."""
    device = saying.device
    return Event(
        id=f"{device.id}.{saying.event_class}.{saying.kind}.{at}",
        community=community,
        network=device.sort.network,
        event_class=saying.event_class,
        device=device.id,
        kind=saying.kind,
        value=saying.value,
        state=saying.state,
        unit=saying.unit,
        occurred_at=at,
        zone=device.zone,
        confidence=saying.confidence,
        attributes=saying.attributes,
        status=saying.status,
    )


def _spoken(world: World, memory: Memory, device: Device, traits: tuple[Trait, ...], span: Span) -> Iterator[Saying]:
    yield from signs_of_life(world, device, span)
    if traits:
        yield from readings(world, memory, device, traits, span)
    if device.sort.state_kind or device.sort.name == "lift":
        yield from states(world, memory, device, span)


def _plan(world: World, memory: Memory, later: Later, day: int) -> None:
    """What is known of a day beforehand: which devices will be silent for a while, and what they will take for a danger."""
    memory.outages = {name: gap for name, gap in memory.outages.items() if gap[1] > world.midnight_s(day)}
    for device in world.community.devices:
        if (outage := outage_of(world, device, day)) is not None:
            memory.outages[device.id] = outage
        for each in mistakes(world, device, day):
            if each.at_s >= 0 and is_heard(memory, each):
                later.add(each)


def _happened(world: World) -> Iterator[Saying]:
    for each in sorted(world.happenings, key=lambda happening: happening.at_s):
        device = world.device_for(each)
        is_cut_off = any(mute.from_s <= each.at_s < mute.to_s for mute in world.mutes(device)) and not each.reporter
        if 0 <= each.at_s < world.end_s and not is_cut_off:
            yield Saying(
                each.at_s,
                device,
                each.event_class,
                each.kind,
                state=each.state,
                confidence=each.confidence,
                attributes=each.attributes,
                status=each.status,
            )


def _at(saying: Saying) -> float:
    return saying.at_s
