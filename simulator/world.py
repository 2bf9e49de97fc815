"""The world of one run: a community, the time of day, the lives of its homes, and what the scenario does to them."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from simulator.chance import chance
from simulator.community import Community
from simulator.devices import Device, Sort
from simulator.hazards.course import Happening, Influence, Mute
from simulator.residents import DAY_S, Day, day_of
from simulator.scenario import Scenario


class World:
    """Answers what a device would feel, and whether somebody lives at a place, at any second after the start."""

    def __init__(self, community: Community, scenario: Scenario) -> None:
        self.community = community
        self.scenario = scenario
        self.end_s = scenario.lasts_s
        self._start_of_day_s = scenario.start_of_day_s
        courses = scenario.courses(community)
        self._influences = tuple(chain.from_iterable(course.influences for course in courses))
        self._hushes = tuple(chain.from_iterable(course.hushes for course in courses))
        self._mutes = tuple(chain.from_iterable(course.mutes for course in courses))
        self.happenings = tuple(chain.from_iterable(course.happenings for course in courses))
        self._day = lru_cache(maxsize=4096)(self._make_day)
        self._flats = {flat.zone: flat for flat in community.flats}

    def second_of_day(self, second: float) -> float:
        """The local second of the day."""
        return (self._start_of_day_s + second) % DAY_S

    def day_number(self, second: float) -> int:
        """How many midnights lie between the start and this second."""
        return int((self._start_of_day_s + second) // DAY_S)

    def midnight_s(self, number: int) -> float:
        """When the given day begins, in seconds after the start; negative for the day on which it starts."""
        return number * DAY_S - self._start_of_day_s

    def influences(self, device: Device) -> tuple[Influence, ...]:
        """What the scenario's hazards add to this device's readings."""
        gauge = device.sort.gauge
        if gauge is None:
            return ()
        return tuple(each for each in self._influences if each.kind == gauge.kind and is_within(device.zone, each.zone))

    def day(self, zone: str, number: int) -> Day | None:
        """The given day of the home at this place; None where nobody lives."""
        return self._day(zone, number)

    def is_hushed(self, zone: str, second: float) -> bool:
        """Whether the scenario has stopped all life at this place."""
        return any(each.from_s <= second < each.to_s and is_within(zone, each.zone) for each in self._hushes)

    def mutes(self, device: Device) -> tuple[Mute, ...]:
        """When the scenario keeps this device from speaking."""
        return tuple(each for each in self._mutes if is_muted(self.community.seed, device, each))

    def device_for(self, happening: Happening) -> Device:
        """Who reports this happening. Raises LookupError where the place has no device of that sort."""
        if happening.reporter:
            return Device(happening.reporter, happening.zone, Sort(name=happening.sort, network=happening.network, heartbeat_s=0))
        for device in self.community.devices:
            if device.sort.name == happening.sort and is_within(device.zone, happening.zone):
                return device
        raise LookupError(
            f"scenario {self.scenario.scenario}: the hazard at {happening.zone} needs a {happening.sort} there, "
            f"and the community of seed {self.community.seed} has none; choose another zone"
        )

    def has_device_for(self, happening: Happening) -> bool:
        """Whether somebody is there to report it."""
        try:
            self.device_for(happening)
        except LookupError:
            return False
        return True

    def _make_day(self, zone: str, number: int) -> Day | None:
        flat = self._flats.get(zone)
        return day_of(self.community.seed, flat, number) if flat else None


def unfelt(scenario: Scenario, community: Community) -> Iterator[tuple[int, str]]:
    """Hazards that this community could not notice, by their number from 0, and what is missing."""
    for number, hazard in enumerate(scenario.hazards):
        world = World(community, scenario.model_copy(update={"hazards": (hazard,)}))
        course = hazard.played_in(community)
        missing = {each.sort: None for each in course.happenings if not world.has_device_for(each)}
        if missing:
            yield (
                number,
                f"the {hazard.model} needs a {' and a '.join(missing)} at {hazard.zone}, and the community has none there",
            )
        elif course.influences and not any(world.influences(device) for device in community.devices):
            kinds = ", ".join({each.kind: None for each in course.influences})
            yield number, f"the {hazard.model} at {hazard.zone} changes {kinds}, and no device there measures that"


def is_muted(seed: int, device: Device, mute: Mute) -> bool:
    """Whether a device is among those that fall silent; the same for the same seed."""
    is_meant = is_within(device.zone, mute.zone) and (not mute.sorts or device.sort.name in mute.sorts)
    return is_meant and (mute.share >= 1 or chance(seed, "mute", device.id).random() < mute.share)


def is_within(zone: str, place: str) -> bool:
    """Whether a zone is this place or lies inside it; the empty place is the whole community."""
    return not place or zone == place or zone.startswith(f"{place}/")
