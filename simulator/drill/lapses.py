"""What ends by itself, over a crash: a shelf, an authority's signal, a mode of a place, an outage by plan.

Each is set, a snapshot takes it in, the process is killed; after the start it must hold still, and end at its instant.
"""

from collections.abc import Callable, Mapping
from typing import Final

from rules.model import Attribute, Entity, Verb
from shouwang.clerk import SNAPSHOT_EVERY_S
from simulator.drill.play import World
from simulator.drill.steps import Step

UNTIL_SNAPSHOT_MS: Final = round(SNAPSHOT_EVERY_S * 1000) + 1_000
DOWN_MS: Final = 2_000
ALARMED_MS: Final = 11_000
"""From what such a device says to the alarm on the operator's screen: in the bundled pack they alarm after 10 s."""

_KINDS: Final = frozenset({"water_leak", "power_lost", "device_fault"})
"""Kinds of alarm on which no life hangs: they may be shelved."""
_SHELVABLE: Final = (
    "SELECT id, community, hazard FROM alarm WHERE ended_at IS NULL AND json_extract(doc, '$.state') <> 'shelved' ORDER BY id"
)


def lapse(world: World, step: Step) -> None:
    """Let it begin, and let the process be killed in the midst of it."""
    _BEGINNINGS[step.word](world, step)
    world.pass_time(UNTIL_SNAPSHOT_MS)
    world.disk.crash_count += 1
    world.fall(DOWN_MS, f"kill -9, with a {step.word} that ends by itself")


def _shelf(world: World, step: Step) -> None:
    """An operator shelves an alarm; where none is open that may be, one is raised first."""
    found = _shelvable(world)
    if found is None:
        for device in world.town.devices:
            if device.sort.kind in _KINDS:
                device.in_danger = True
                world.send(world.town.say(device, world.now_at))
                break
        world.pass_time(ALARMED_MS)
        found = _shelvable(world)
    if found is not None:
        said: dict[str, Attribute] = {"reason": "a drill", "for_s": step.size}
        world.want(world.crew.action(found[1], Verb.SHELVE, Entity.ALARM, found[0], said))


def _shelvable(world: World) -> tuple[str, str] | None:
    rows = world.inspector.connection.execute(_SHELVABLE).fetchall()
    return next(((name, community) for name, community, hazard in rows if not world.inspector.is_life_safety(hazard)), None)


def _signal(world: World, step: Step) -> None:
    """An authority warns, and says until when."""
    level = ("blue", "yellow", "orange")[int(step.numbers[0] * 3)]
    world.send(world.town.signal(world.now_at, world.now_at + round(step.size * 1000), level))


def _mode(world: World, step: Step) -> None:
    """A building is armed for a while."""
    device = world.device(step.numbers[0])
    zone = device.zone.partition("/")[0]
    said: dict[str, Attribute] = {"mode": "armed", "for_s": step.size}
    world.want(world.crew.action(device.community, Verb.SET_MODE, Entity.ZONE, zone, said))


def _outage(world: World, step: Step) -> None:
    """A device is taken out of service for a while."""
    device = world.device(step.numbers[0])
    said: dict[str, Attribute] = {"reason": "a drill", "for_s": step.size}
    world.want(world.crew.action(device.community, Verb.MAINTAIN, Entity.DEVICE, device.name, said))


_BEGINNINGS: Final[Mapping[str, Callable[[World, Step], None]]] = {
    "shelf": _shelf,
    "signal": _signal,
    "mode": _mode,
    "outage": _outage,
}
