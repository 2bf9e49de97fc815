"""The stream of one run: everything that all devices say, as MQTT messages in time order, made as it is asked for."""

from collections.abc import Iterator
from heapq import merge

from ingest.wire import encode
from rules.model import Event
from simulator.comings import heartbeats, states
from simulator.community import Community
from simulator.devices import Device
from simulator.faults.fault import faulty
from simulator.message import Message
from simulator.readings import readings
from simulator.sayings import Saying
from simulator.scenario import Scenario
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
    """Everything that is said in this world, in time order; at the same instant in the order of the devices."""
    happened = tuple(_happened(world))
    sources = [happened, *(_source(world, device) for device in world.community.devices)]
    return merge(*sources, key=_at)


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


def _source(world: World, device: Device) -> Iterator[Saying]:
    parts = [heartbeats(world, device)]
    if device.sort.gauge is not None:
        parts.append(readings(world, device))
    if device.sort.state_kind or device.sort.name == "lift":
        parts.append(states(world, device))
    spoken = parts[0] if len(parts) == 1 else merge(*parts, key=_at)
    mutes = world.mutes(device)
    return (each for each in spoken if not any(mute.from_s <= each.at_s < mute.to_s for mute in mutes)) if mutes else spoken


def _happened(world: World) -> Iterator[Saying]:
    for each in sorted(world.happenings, key=lambda happening: happening.at_s):
        if each.at_s < world.end_s:
            yield Saying(
                each.at_s,
                world.device_for(each),
                each.event_class,
                each.kind,
                state=each.state,
                confidence=each.confidence,
                attributes=each.attributes,
                status=each.status,
            )


def _at(saying: Saying) -> float:
    return saying.at_s
