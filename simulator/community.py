"""A seeded community: buildings, units, floors and flats, who lives there, and which devices hang where."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from simulator.chance import chance
from simulator.devices import Device
from simulator.grounds import building_devices, device, ground_devices, unit_devices
from simulator.households import Flat, household_of

__all__ = ["Community", "Flat", "Size", "build_community"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a community is. Flats are numbered through a building's floor, so ``smoke-b03-0502`` names one place.

    ``device_count`` keeps only so many of its devices: of each sort at least one, as long as there is room.
    """

    building_count: int = 4
    unit_count: int = 2
    floor_count: int = 6
    flat_count: int = 2  # per floor and unit
    device_count: int | None = None

    @classmethod
    def for_devices(cls, device_count: int) -> "Size":
        """The smallest community of ten-storey buildings with at least this many devices."""
        size = cls(floor_count=10)
        hung = 0
        for number in count(1):
            hung += len(_building(1, number, size)[1])
            if hung + len(ground_devices(number)) >= device_count:
                return cls(building_count=number, floor_count=10)
        raise AssertionError

    @classmethod
    def exactly(cls, device_count: int) -> "Size":
        """A community with exactly this many devices; a small one has a few of each sort. Raises ValueError below 1."""
        if device_count < 1:
            raise ValueError(f"a community needs at least one device, but {device_count} were asked for")
        size = cls.for_devices(device_count)
        return cls(building_count=size.building_count, floor_count=size.floor_count, device_count=device_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A whole community: its homes and its devices, in a fixed order."""

    id: str
    seed: int
    flats: tuple[Flat, ...]
    devices: tuple[Device, ...]

    def flat(self, zone: str) -> Flat | None:
        """The home at this place, if there is one."""
        return next((flat for flat in self.flats if flat.zone == zone), None)

    def at(self, zone: str) -> tuple[Device, ...]:
        """All devices at this place or within it."""
        return tuple(device for device in self.devices if device.zone == zone or device.zone.startswith(f"{zone}/"))


def build_community(seed: int, size: Size | None = None, community_id: str = "c01") -> Community:
    """Build the community of this seed. The same seed and size give the same homes and the same devices."""
    size = size or Size()
    flats: list[Flat] = []
    devices: list[Device] = []
    for number in range(1, size.building_count + 1):
        homes, hung = _building(seed, number, size)
        flats += homes
        devices += hung
    devices += ground_devices(size.building_count)
    if size.device_count is not None:
        devices = _kept(devices, size.device_count)
    return Community(id=community_id, seed=seed, flats=tuple(flats), devices=tuple(devices))


def _building(seed: int, number: int, size: Size) -> tuple[list[Flat], list[Device]]:
    building = f"b{number:02d}"
    flats: list[Flat] = []
    devices: list[Device] = []
    for unit_number in range(1, size.unit_count + 1):
        unit = f"{building}/u{unit_number}"
        for place in _flat_names(unit_number, size):
            flat, hung = _furnish(chance(seed, "flat", building, place), f"{unit}/{place}", f"{building}-{place}")
            flats.append(flat)
            devices += hung
        devices += unit_devices(unit, f"{building}-u{unit_number}")
    return flats, devices + building_devices(building)


def _flat_names(unit_number: int, size: Size) -> Iterator[str]:
    first = (unit_number - 1) * size.flat_count + 1
    for floor in range(1, size.floor_count + 1):
        for door in range(first, first + size.flat_count):
            yield f"{floor:02d}{door:02d}"


def _furnish(dice: Random, zone: str, name: str) -> tuple[Flat, list[Device]]:
    """A home and its devices: smoke and gas everywhere, the rest where chance and need put it.

    Whatever the seed, the fifth floor has everything and an elder lives on the third: scenarios can name a place.
    """
    floor = zone.rsplit("/", 1)[1][:-2]
    is_elder = dice.random() < 0.1 or floor == "03"
    sorts = ["smoke", "gas", "meter"]
    wishes = (("heat", 0.5), ("co", 0.4), ("leak", 0.5), ("door", 0.4), ("power_meter", 0.5), ("climate", 0.15))
    sorts += [sort for sort, share in wishes if dice.random() < share or floor == "05"]
    if is_elder:
        sorts += [sort for sort in ("motion", "sos", "door", "co") if sort not in sorts]
    flat = Flat(
        zone=zone,
        is_elder=is_elder,
        household=household_of(dice, is_elder=is_elder),
        has_family=dice.random() < 0.7,
        has_cat=dice.random() < 0.15,
    )
    devices = [device(sort, name, zone) for sort in sorts]
    if dice.random() < 0.2 or floor == "05":
        devices.append(device("gas_valve", name, f"{zone}/kitchen"))
    if is_elder:
        rooms = (("bed", "bed", 0.4), ("bath", "bath", 0.3), ("medicine", "room", 0.3), ("wristband", "room", 0.3))
        devices += [device(sort, name, f"{zone}/{room}") for sort, room, share in rooms if dice.random() < share]
    return flat, devices


def _kept(devices: list[Device], device_count: int) -> list[Device]:
    """The first of each sort, the second of each, and so on until there are enough; in the order of the community."""
    seen: Counter[str] = Counter()
    ranks: list[tuple[int, int]] = []
    for place, each in enumerate(devices):
        ranks.append((seen[each.sort.name], place))
        seen[each.sort.name] += 1
    return [devices[place] for place in sorted(place for _, place in sorted(ranks)[:device_count])]
