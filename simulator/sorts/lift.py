"""Lifts: the car and its doors through the operator's platform, its machine room, and how it shakes."""

from typing import Final

from rules.model import Network
from simulator.devices import Gauge, Going, Sort
from simulator.sorts.causes import LIFT_SERVICE, TRUCK

_SERVICE: Final = Going(cause=LIFT_SERVICE, per_day=1 / 15, hours=(9, 15.5), lasts_s=(2400, 5400))

LIFT: Final = (
    Sort(
        name="lift",
        zh="电梯物联网终端",
        en="lift car and door",
        network=Network.DATA,
        heartbeat_s=600,
        goings=(_SERVICE,),
        source="GB/T 24476: persons, level and door [K]; rides by the hour: ours",
    ),
    Sort(
        name="lift_room",
        zh="电梯机房环境",
        en="lift machine room",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(
            Gauge(
                kind="temperature",
                unit="°C",
                interval_s=300,
                base=22,
                spread=1,
                noise=0.2,
                outdoor=0.55,
                load=4,
                low=-40,
                digits=1,
            ),
        ),
        source="GB/T 7588.1: machine rooms are kept between 5 and 40 °C [K]",
    ),
    Sort(
        name="lift_vibration",
        zh="电梯振动监测",
        en="lift vibration",
        network=Network.IOT,
        heartbeat_s=3600,
        gauges=(
            Gauge(kind="acceleration", unit="m/s²", interval_s=1800, base=0.08, spread=0.02, noise=0.02, load=0.03, digits=3),
        ),
        goings=(
            _SERVICE,
            Going(cause=TRUCK, per_day=2, hours=(6, 22), lasts_s=(20, 60)),
        ),
        source="GB/T 24474: up to 0.3 m/s² [K]",
    ),
)
