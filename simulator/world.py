"""The world of one run: a community, the time of day, the lives of its homes, and what the scenario does to them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import chain

from simulator.chance import chance
from simulator.community import Community
from simulator.devices import Device, Sort
from simulator.goings import goings
from simulator.hazards.course import Happening, Influence, Mute
from simulator.residents import DAY_S, Day, Doing, day_of
from simulator.scenario import Scenario
from simulator.sky import Sky, sky_at
from simulator.span import SPAN_S, Span


class World:
    """Answers what a device would feel, and whether somebody lives at a place, at any second after the start."""

    def __init__(self, community: Community, scenario: Scenario) -> None:
        self.community = community
        self.scenario = scenario
        self.end_s = scenario.lasts_s
        self._start_of_day_s = scenario.start_of_day_s
        self._start_of_days = scenario.starts.date()
        courses = scenario.courses(community)
        self._influences = tuple(chain.from_iterable(course.influences for course in courses))
        self._hushes = tuple(chain.from_iterable(course.hushes for course in courses))
        self._mutes = tuple(chain.from_iterable(course.mutes for course in courses))
        self.happenings = tuple(chain.from_iterable(course.happenings for course in courses))
        self._day = lru_cache(maxsize=4096)(self._make_day)
        self._doings = lru_cache(maxsize=4096)(self._make_doings)
        self._flats = {flat.zone: flat for flat in community.flats}
        self._sorts = {device.sort.name: device.sort for device in community.devices}
        self._touched = self._find_touched()

    def second_of_day(self, second: float) -> float:
        """The local second of the day."""
        return (self._start_of_day_s + second) % DAY_S

    def day_number(self, second: float) -> int:
        """How many midnights lie between the start and this second."""
        return int((self._start_of_day_s + second) // DAY_S)

    def midnight_s(self, number: int) -> float:
        """When the given day begins, in seconds after the start; negative for the day on which it starts."""
        return number * DAY_S - self._start_of_day_s

    def span(self, number: int) -> Span:
        """The given piece of the run's time, with the sky at its ends."""
        from_s, to_s = number * SPAN_S, (number + 1) * SPAN_S
        return Span(number, from_s, to_s, self._sky(from_s), self._sky(to_s))

    def influences(self, device: Device, kind: str) -> tuple[Influence, ...]:
        """What the scenario's hazards add to this device's readings of a kind."""
        found = self._touched.get(device.id)
        return tuple(each for each in found[0] if each.kind == kind) if found else ()

    def pace(self, device: Device) -> tuple[tuple[float, float], ...]:
        """When this device speaks fast because a hazard is felt there."""
        found = self._touched.get(device.id)
        return found[1] if found else ()

    def is_touched(self, device: Device) -> bool:
        """Whether a hazard is ever felt by this device."""
        return device.id in self._touched

    def is_home(self, zone: str) -> bool:
        """Whether somebody lives at this place, or around it."""
        return _home(zone) in self._flats

    def day(self, zone: str, number: int) -> Day | None:
        """The given day of the home at this place, or around it; None where nobody lives."""
        return self._day(_home(zone), number)

    def doings(self, device: Device, span: Span) -> tuple[Doing, ...]:
        """What people and machines do near this device and can still be felt in this span, in seconds after the start."""
        return self.done_at(device, span) if device.sort.gauges else ()

    def done_at(self, device: Device, span: Span) -> tuple[Doing, ...]:
        """The same also of a device that measures nothing: a lift is serviced."""
        zone = _home(device.zone)
        is_flat = zone in self._flats
        return self._doings(zone if is_flat else device.zone, "" if is_flat else device.sort.name, span.number)

    def is_hushed(self, zone: str, second: float) -> bool:
        """Whether the scenario has stopped all life at this place."""
        hushes = self._hushes
        return bool(hushes) and any(each.from_s <= second < each.to_s and is_within(zone, each.zone) for each in hushes)

    def mutes(self, device: Device) -> tuple[Mute, ...]:
        """When the scenario keeps this device from speaking."""
        return tuple(each for each in self._mutes if is_muted(self.community.seed, device, each))

    def device_for(self, happening: Happening) -> Device:
        """Who reports this happening. Raises LookupError where the place has no device of that sort."""
        if happening.reporter:
            return Device(happening.reporter, happening.zone, Sort(name=happening.sort, network=happening.network, heartbeat_s=0))
        for device in self.community.devices:
            if device.sort.is_a(happening.sort) and is_within(device.zone, happening.zone):
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

    def _sky(self, second: float) -> Sky:
        day = self._start_of_days + timedelta(days=self.day_number(second))
        return sky_at(self.community.seed, day, self.second_of_day(second))

    def _find_touched(self) -> dict[str, tuple[tuple[Influence, ...], tuple[tuple[float, float], ...]]]:
        """Of each device that a hazard is felt by: what is felt, and when."""
        if not self._influences:
            return {}
        found = {}
        for device in self.community.devices:
            kinds = device.sort.kinds
            felt = tuple(each for each in self._influences if each.kind in kinds and is_within(device.zone, each.zone))
            if felt:
                found[device.id] = (felt, _stretches(felt))
        return found

    def _make_day(self, zone: str, number: int) -> Day | None:
        flat = self._flats.get(zone)
        return day_of(self.community.seed, flat, self._start_of_days + timedelta(days=number)) if flat else None

    def _make_doings(self, zone: str, sort: str, span_number: int) -> tuple[Doing, ...]:
        from_s, to_s = span_number * SPAN_S, (span_number + 1) * SPAN_S
        today = self.day_number(from_s)
        found: list[Doing] = []
        for number in (today - 1, today, today + 1):
            midnight_s = self.midnight_s(number)
            for each in self._done(zone, sort, number):
                fades_s = max(effect.fall_s for effect in each.cause.effects)
                if midnight_s + each.from_s < to_s and midnight_s + each.to_s + fades_s > from_s:
                    found.append(replace(each, from_s=midnight_s + each.from_s, to_s=midnight_s + each.to_s))
        return tuple(found)

    def _done(self, zone: str, sort: str, number: int) -> tuple[Doing, ...]:
        if not sort:
            day = self._day(zone, number)
            return day.doings if day else ()
        ordinal = self._start_of_days.toordinal() + number
        return goings(self.community.seed, zone, self._sorts[sort], ordinal)


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
        elif course.influences and not any(world.is_touched(device) for device in community.devices):
            kinds = ", ".join({each.kind: None for each in course.influences})
            yield number, f"the {hazard.model} at {hazard.zone} changes {kinds}, and no device there measures that"


def is_muted(seed: int, device: Device, mute: Mute) -> bool:
    """Whether a device is among those that fall silent; the same for the same seed."""
    is_spared = any(device.sort.is_a(sort) for sort in mute.spares)
    is_meant = is_within(device.zone, mute.zone) and (not mute.sorts or any(device.sort.is_a(sort) for sort in mute.sorts))
    return is_meant and not is_spared and (mute.share >= 1 or chance(seed, "mute", device.id).random() < mute.share)


def is_within(zone: str, place: str) -> bool:
    """Whether a zone is this place or lies inside it; the empty place is the whole community."""
    return not place or zone == place or zone.startswith(f"{place}/")


@lru_cache(maxsize=4096)
def _home(zone: str) -> str:
    """The home around a place within it: building, unit and flat."""
    return "/".join(zone.split("/", 3)[:3])


def _stretches(influences: tuple[Influence, ...]) -> tuple[tuple[float, float], ...]:
    """The stretches of time in which at least one of these is felt, in order."""
    merged: list[tuple[float, float]] = []
    for from_s, to_s in sorted((each.from_s, each.to_s) for each in influences):
        if merged and from_s <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(to_s, merged[-1][1]))
        else:
            merged.append((from_s, to_s))
    return tuple(merged)
