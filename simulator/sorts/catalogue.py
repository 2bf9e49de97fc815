"""Every sort of device by its name, which is also the first part of a device's id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.devices import Sort
from simulator.sorts.air import AIR
from simulator.sorts.elder import ELDER
from simulator.sorts.fire import FIRE
from simulator.sorts.gas import GAS
from simulator.sorts.gate import GATE
from simulator.sorts.ground import GROUND
from simulator.sorts.lift import LIFT
from simulator.sorts.power import POWER
from simulator.sorts.services import SERVICES
from simulator.sorts.water import WATER

SUBJECTS: Final[Mapping[str, tuple[Sort, ...]]] = MappingProxyType(
    {
        "消防 fire": FIRE,
        "燃气 gas": GAS,
        "水 water": WATER,
        "电 electricity": POWER,
        "环境 air and weather": AIR,
        "结构 structures": GROUND,
        "照护 elder care": ELDER,
        "电梯 lifts": LIFT,
        "通行与视频 ways in and cameras": GATE,
        "服务 services": SERVICES,
    }
)
"""The sorts by subject, in the order in which people read of them."""

SORTS: Final[Mapping[str, Sort]] = MappingProxyType({sort.name: sort for sorts in SUBJECTS.values() for sort in sorts})
"""Every sort of device by its name."""
