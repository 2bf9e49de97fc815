"""A seeded community: buildings, units, floors and flats, who lives there, and which devices hang where."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from simulator.chance import chance
from simulator.devices import SORTS, Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a community is. Flats are numbered through a building's floor, so ``smoke-b03-0502`` names one place."""

    building_count: int = 4
    unit_count: int = 2
    floor_count: int = 6
    flat_count: int = 2  # per floor and unit

    @classmethod
    def for_devices(cls, device_count: int) -> "Size":
        """The smallest community of ten-storey buildings with at least this many devices."""
        building_count = 1
        while len(build_community(1, cls(building_count=building_count, floor_count=10)).devices) < device_count:
            building_count += 1
        return cls(building_count=building_count, floor_count=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """One home. ``is_elder``: somebody old lives alone here, watched over by motion sensors and a call button."""

    zone: str
    is_elder: bool


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
    for building_number in range(1, size.building_count + 1):
        building = f"b{building_number:02d}"
        for unit_number in range(1, size.unit_count + 1):
            unit = f"{building}/u{unit_number}"
            for place in _flat_names(unit_number, size):
                flat, hung = _furnish(chance(seed, "flat", building, place), f"{unit}/{place}", f"{building}-{place}")
                flats.append(flat)
                devices += hung
            devices += _unit_devices(unit, f"{building}-u{unit_number}")
        devices += _building_devices(building)
    devices += _ground_devices(size.building_count)
    return Community(id=community_id, seed=seed, flats=tuple(flats), devices=tuple(devices))


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
    wishes = (("heat", 0.5), ("co", 0.4), ("leak", 0.5), ("door", 0.4))
    sorts += [sort for sort, share in wishes if dice.random() < share or floor == "05"]
    if is_elder:
        sorts += [sort for sort in ("motion", "sos", "door", "co") if sort not in sorts]
    flat = Flat(zone=zone, is_elder=is_elder)
    return flat, [_device(sort, name, zone) for sort in sorts]


def _device(sort: str, name: str, zone: str) -> Device:
    return Device(f"{sort}-{name}", zone, SORTS[sort])


def _unit_devices(unit: str, name: str) -> list[Device]:
    lift = f"{unit}/lift1"
    return [
        _device("residual", name, f"{unit}/meter-room"),
        _device("cable", name, f"{unit}/meter-room"),
        _device("lift", f"{name}-1", lift),
        _device("camera", f"{name}-lift1", lift),
        _device("leak", f"{name}-lift1", f"{unit}/lift1-pit"),
        _device("smoke", f"{name}-stair", f"{unit}/stair"),
        _device("temperature", f"{name}-stair", f"{unit}/stair"),
    ]


def _building_devices(building: str) -> list[Device]:
    return [
        _device("camera", f"{building}-lobby", f"{building}/lobby"),
        _device("camera", f"{building}-facade", f"{building}/facade"),
        _device("door", f"{building}-roof", f"{building}/roof"),
        _device("temperature", f"{building}-roof", f"{building}/roof"),
    ]


def _ground_devices(building_count: int) -> list[Device]:
    """What all share: garages, pump room, e-bike shed, gates, wall, weather. A garage under every fourth building."""
    devices: list[Device] = []
    for number in range(1, (building_count + 3) // 4 + 1):
        garage = f"garage/b{number}"
        for corner in ("ramp", "sump", "east", "west"):
            sorts = ("level",) if corner == "sump" else ("level", "smoke", "temperature", "camera")
            devices += [_device(sort, f"g{number}-{corner}", f"{garage}/{corner}") for sort in sorts]
        devices.append(_device("co", f"g{number}", garage))
    devices += [
        _device(sort, f"pump-{number}", "pump-room") for number in (1, 2) for sort in ("pressure", "residual", "cable", "leak")
    ]
    devices.append(_device("temperature", "pump", "pump-room"))
    devices += [_device(sort, "shed", "ebike-shed") for sort in ("smoke", "heat", "residual", "cable", "co", "camera")]
    for gate in ("north", "south"):
        devices += [_device("camera", f"gate-{gate}", f"gate/{gate}"), _device("door", f"gate-{gate}", f"gate/{gate}")]
    devices += [_device("camera", f"wall-{side}", f"wall/{side}") for side in ("east", "west", "north", "south")]
    devices += [_device("sos", f"pole-{number}", f"garden/pole{number}") for number in range(1, 7)]
    devices.append(_device("weather", "station", "outdoors"))
    return devices
