"""What each word of a step does to the world."""

from collections.abc import Callable, Mapping
from typing import Final

from ingest.port import Delivery
from ingest.topics import Lane
from simulator.drill.broker import Sent
from simulator.drill.lapses import lapse
from simulator.drill.play import World, activation_of
from simulator.drill.steps import Step

STORM: Final = 90
"""Messages of a storm: more than a batch beside an alarm may hold (ours)."""


DANGER_SHARE: Final = 0.4
TWICE_SHARE: Final = 0.25


def happen(world: World, step: Step) -> None:
    """Let this step happen."""
    _HAPPENINGS[step.what](world, step)


def _danger(world: World, step: Step) -> None:
    device = world.device(step.numbers[0])
    device.in_danger = True
    receipt = {"receipt": True} if step.numbers[1] < 0.3 else {}
    world.send(world.town.say(device, world.now_at, **receipt))


def _exercise(world: World, step: Step) -> None:
    world.send(world.town.practise(world.device(step.numbers[0]), world.now_at))


def _well(world: World, step: Step) -> None:
    device = world.device(step.numbers[0])
    device.in_danger = False
    world.send(world.town.say(device, world.now_at))


def _speak(world: World, step: Step) -> None:
    for number in step.numbers[:3]:
        world.send(world.town.say(world.device(number), world.now_at))


def _repeat(world: World, step: Step) -> None:
    """A device, or something on the way, says the same once more; perhaps long after."""
    device = world.device(step.numbers[0])
    if device.last is not None:
        world.send(device.last)


def _late(world: World, step: Step) -> None:
    """What a device says comes with a wrong time: late by up to hours, or from the future."""
    wrong_ms = (-7_200_000, -600_000, -30_000, 600_000, 10**11)[int(step.numbers[1] * 5)]
    device = world.device(step.numbers[0])
    world.send(world.town.say(device, world.now_at + wrong_ms, is_in_danger=step.numbers[2] < 0.5))


def _spoil(world: World, step: Step) -> None:
    world.send(world.town.spoil(world.town.say(world.device(step.numbers[0]), world.now_at)))


def _beat(world: World, step: Step) -> None:
    world.send(world.town.beat(world.device(step.numbers[0]), world.now_at))


def _chatter(world: World, step: Step) -> None:
    device = world.device(step.numbers[0])
    for number in range(8):
        world.send(world.town.say(device, world.now_at, is_in_danger=number % 2 == 0))
        world.pass_time(700)


def _array(world: World, step: Step) -> None:
    world.send(world.town.burst(world.device(step.numbers[0]), world.now_at, 1 + int(step.numbers[1] * 40)))


def _storm(world: World, _: Step) -> None:
    """Everybody at once; the house is given nothing until all have spoken."""
    for number in range(STORM):
        device = world.town.devices[number % len(world.town.devices)]
        world.send(world.town.say(device, world.now_at, is_in_danger=number % 3 == 0))


def _retained(world: World, step: Step) -> None:
    """Long ago a device left its last word with the broker, which tells it to whoever comes anew."""
    device = world.device(step.numbers[0])
    last = device.last
    sent = world.town.say(device, None, is_in_danger=True)
    device.last = last  # nobody says it again
    world.inspector.old_ids.update(name.split("/")[2] for name in sent.ids)
    world.broker.retained[sent.topic] = Sent(sent.topic, sent.payload, sent.ids, is_retained=True)
    world.note(f"the broker remembers {sent.topic}")


def _bridge(world: World, step: Step) -> None:
    """A Zigbee bridge publishes in its own words."""
    world.send(world.abroad.bridged(step.numbers[0], world.now_at, in_danger=step.numbers[1] < DANGER_SHARE))


def _push(world: World, step: Step) -> None:
    """A platform pushes in its own words, and now and then the same once more."""
    in_danger, is_twice = step.numbers[1] < DANGER_SHARE, step.numbers[2] < TWICE_SHARE
    sent = world.abroad.push(step.numbers[0], world.now_at, in_danger=in_danger, is_twice=is_twice)
    world.note(f"{sent.topic} {sent.payload[:90].decode()}")


def _act(world: World, step: Step) -> None:
    action = world.crew.anything(world.inspector.connection, step.numbers)
    if action is not None:
        world.want(action)


def _twice(world: World, step: Step) -> None:
    """The same action by two hands, and once more under the same id."""
    action = world.crew.anything(world.inspector.connection, step.numbers)
    again = world.crew.anything(world.inspector.connection, step.numbers)
    for each in (action, again, action):
        if each is not None:
            world.crew.want(each)


def _crash(world: World, step: Step) -> None:
    world.disk.crash_count += 1
    world.fall(round(step.size * 1000), "kill -9")


def _crash_at(world: World, step: Step) -> None:
    world.disk.crash_at[step.word] = 1 + int(step.numbers[0] * 6)


def _stop(world: World, step: Step) -> None:
    if world.house is not None:
        is_blind = not world.disk.is_store_well or world.house.desk.progress.store_failure
        world._live(lambda house: house.stop())
        world.house = None
        world.lose_touch()
        if is_blind or not world.disk.is_store_well:
            world.outside.crash()  # what left without the store may have been told of to nobody when the house stops
        world.down_until_ms = world.hours.passed_ms + round(step.size * 1000)
        world.note("the house was stopped in order")


def _pause(world: World, step: Step) -> None:
    _danger(world, step)  # on its way when everything stands still
    world.pause(step.size, is_taken_over=step.word == "taken over")


def _trouble(name: str) -> Callable[[World, Step], None]:
    def begin(world: World, step: Step) -> None:
        setattr(world.disk, name, world.hours.passed_ms + round(step.size * 1000))

    return begin


def _store_deaf(world: World, step: Step) -> None:
    world.disk.deaf_until_ms = world.hours.passed_ms + round(step.size * 1000)
    world.disk.is_deaf_to_all = step.numbers[0] < 0.5


def _disk_full(world: World, step: Step) -> None:
    """What comes cannot be journaled; and half-way through, the connections on which it came break."""
    world.disk.full_until_ms = world.hours.passed_ms + round(step.size * 1000)
    _danger(world, step)
    world.last(step.size / 2, world.broker.drop_links)


def _broker(world: World, step: Step) -> None:
    world.broker.go_down(forgets=step.word == "forgets")
    world.outside.is_broker_up = False
    if step.word == "forgets":
        world.outside.retained.clear()

    def come_back() -> None:
        world.broker.is_up = world.outside.is_broker_up = True
        if world.house is not None:
            world.house.states.connect_anew()

    world.last(step.size, come_back)


def _links(world: World, step: Step) -> None:
    for _ in range(1 + int(step.numbers[0] * 3)):
        world.broker.drop_links()
        world.pass_time(round(step.numbers[1] * 1500))


def _clock(world: World, step: Step) -> None:
    world.hours.step(step.size)


def _channel(world: World, step: Step) -> None:
    name, mood = step.word.split(" ")
    world.outside.moods[name] = (mood, world.hours.passed_ms + round(step.size * 1000))


def _pack(world: World, step: Step) -> None:
    if world.house is not None:
        world.house.desk.offer(Delivery([activation_of(world, step)], lambda _: None, Lane.NORMAL))


def _poison(world: World, step: Step) -> None:
    world.has_poison = True
    world.send(world.town.poison(world.device(step.numbers[0]), world.now_at))


_HAPPENINGS: Final[Mapping[str, Callable[[World, Step], None]]] = {
    "danger": _danger,
    "exercise": _exercise,
    "well": _well,
    "speak": _speak,
    "repeat": _repeat,
    "late": _late,
    "spoil": _spoil,
    "beat": _beat,
    "chatter": _chatter,
    "array": _array,
    "storm": _storm,
    "retained": _retained,
    "bridge": _bridge,
    "push": _push,
    "act": _act,
    "twice": _twice,
    "crash": _crash,
    "crash_at": _crash_at,
    "stop": _stop,
    "pause": _pause,
    "store_away": _trouble("away_until_ms"),
    "store_deaf": _store_deaf,
    "store_hangs": _trouble("hangs_until_ms"),
    "disk_full": _disk_full,
    "broker": _broker,
    "links": _links,
    "clock": _clock,
    "channel": _channel,
    "lapse": lapse,
    "pack": _pack,
    "poison": _poison,
}
