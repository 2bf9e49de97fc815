"""What hangs in the parts that all share: stairs, lifts, meter rooms, roofs, garages, pump room, sheds, gates, walls, grounds."""

from simulator.devices import Device
from simulator.sorts.catalogue import SORTS


def device(sort: str, name: str, zone: str) -> Device:
    """A device of this sort, called after what it is like: ``camera-wall-east`` is a perimeter camera."""
    kind = SORTS[sort]
    return Device(f"{kind.like or kind.name}-{name}", zone, kind)


def unit_devices(unit: str, name: str) -> list[Device]:
    """Of one staircase: its stair, meter room and lift."""
    lift = f"{unit}/lift1"
    return [
        device("residual", name, f"{unit}/meter-room"),
        device("cable", name, f"{unit}/meter-room"),
        device("arc", name, f"{unit}/meter-room"),
        device("lift", f"{name}-1", lift),
        device("lift_camera", f"{name}-lift1", lift),
        device("lift_vibration", f"{name}-lift1", lift),
        device("leak", f"{name}-lift1", f"{unit}/lift1-pit"),
        device("lift_room", name, f"{unit}/lift1-room"),
        device("smoke", f"{name}-stair", f"{unit}/stair"),
        device("temperature", f"{name}-stair", f"{unit}/stair"),
        device("call_point", f"{name}-stair", f"{unit}/stair"),
        device("fire_door", f"{name}-stair", f"{unit}/stair"),
        device("gas_riser", name, f"{unit}/shaft"),
        device("access", name, f"{unit}/entrance"),
    ]


def building_devices(building: str) -> list[Device]:
    """Of one house: lobby, facade, roof, and what tells whether it stands."""
    return [
        device("camera", f"{building}-lobby", f"{building}/lobby"),
        device("facade_camera", f"{building}-facade", f"{building}/facade"),
        device("door", f"{building}-roof", f"{building}/roof"),
        device("temperature", f"{building}-roof", f"{building}/roof"),
        device("distribution", building, f"{building}/power-room"),
        device("sprinkler", building, f"{building}/lobby"),
        device("tank", building, f"{building}/roof"),
        device("emergency_light", building, f"{building}/lobby"),
        device("house_tilt", building, f"{building}/roof"),
        device("lane_camera", f"{building}-lane", f"lane/{building}"),
        device("hydrant", building, f"lane/{building}"),
        device("manhole", building, f"lane/{building}"),
        device("lamp", building, f"lane/{building}"),
        device("tree", building, f"garden/{building}"),
        device("bin", building, f"lane/{building}"),
        device("patrol", building, f"{building}/lobby"),
    ]


def ground_devices(building_count: int) -> list[Device]:
    """What all share. A garage under every fourth building; one of the rest for every twentieth."""
    devices: list[Device] = []
    for number in range(1, (building_count + 3) // 4 + 1):
        devices += _garage(number)
    devices += [
        device(sort, f"pump-{number}", "pump-room") for number in (1, 2) for sort in ("pressure", "residual", "cable", "leak")
    ]
    devices += _plant()
    for gate in ("north", "south"):
        devices += [device("camera", f"gate-{gate}", f"gate/{gate}"), device("door", f"gate-{gate}", f"gate/{gate}")]
        devices += [device("barrier", f"gate-{gate}", f"gate/{gate}"), device("road_level", f"gate-{gate}", f"gate/{gate}")]
    for side in ("east", "west", "north", "south"):
        devices += [device("wall_camera", f"wall-{side}", f"wall/{side}"), device("fence", f"wall-{side}", f"wall/{side}")]
    devices += [device("sos", f"pole-{number}", f"garden/pole{number}") for number in range(1, 7)]
    for number in range(1, (building_count + 19) // 20 + 1):
        devices += _quarter(number)
    return devices + _services()


def _garage(number: int) -> list[Device]:
    garage, name = f"garage/b{number}", f"g{number}"
    devices: list[Device] = []
    for corner in ("ramp", "sump", "east", "west"):
        sorts = ("level",) if corner == "sump" else ("level", "smoke", "temperature", "camera")
        devices += [device(sort, f"{name}-{corner}", f"{garage}/{corner}") for sort in sorts]
    devices += [device("co", name, garage), device("garage_air", name, garage), device("drain_pump", name, f"{garage}/sump")]
    devices += [device("car_charger", f"{name}-{post}", f"{garage}/chargers") for post in (1, 2)]
    devices += [device("parking", f"{name}-{place}", f"parking/{name}-{place}") for place in range(1, 9)]
    return devices


def _plant() -> list[Device]:
    """Pump room, power room, control room and e-bike shed."""
    return [
        device("temperature", "pump", "pump-room"),
        *(device(sort, "pump", "pump-room") for sort in ("fire_pump", "supply_pressure", "water_quality")),
        *(device(sort, "main", "power-room") for sort in ("transformer", "ups", "climate")),
        *(device(sort, "control", "control-room") for sort in ("fire_panel", "flame")),
        *(device(sort, "shed", "ebike-shed") for sort in ("smoke", "heat", "residual", "cable", "co", "camera")),
        device("thermal_camera", "shed-thermal", "ebike-shed"),
        *(device("ebike_charger", f"shed-{number}", "ebike-shed") for number in (1, 2, 3)),
    ]


def _quarter(number: int) -> list[Device]:
    """What a part of the grounds has: its square and its sewers, what may slip, the meeting room, the air."""
    name, place = f"q{number}", f"grounds/q{number}"
    return [
        *(device(sort, name, f"{place}/square") for sort in ("noise", "crowd_camera", "air_station", "wind")),
        *(device(sort, name, f"{place}/garden") for sort in ("soil", "rain", "slope")),
        *(device(sort, name, f"{place}/sewer") for sort in ("sewer_gas", "road_level")),
        *(device(sort, name, f"{place}/street") for sort in ("hoarding", "crack", "vibration", "gas_station")),
        *(device(sort, name, f"{place}/hall") for sort in ("co2", "climate")),
    ]


def _services() -> list[Device]:
    names = ("resident_app", "guard_terminal", "grid_app", "hotline", "warning_service", "quake_service", "utility")
    return [
        *(device(sort, "desk", "services") for sort in (*names, "property_system")),
        device("weather", "station", "outdoors"),
    ]
