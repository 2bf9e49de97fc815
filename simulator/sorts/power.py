"""Electricity: leakage, heat, arcs, meters, chargers, lamps and the standby supply."""

from typing import Final

from rules.model import Network
from simulator.devices import Gauge, Going, Sort
from simulator.sorts.causes import CHARGING, LAUNDRY, RENOVATION

POWER: Final = (
    Sort(
        name="residual",
        zh="剩余电流监测",
        en="residual current monitor",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="residual_current", unit="mA", interval_s=120, base=32, spread=12, noise=2, load=14, digits=1),),
        goings=(Going(cause=CHARGING, per_day=1, hours=(18, 20), lasts_s=(14_400, 25_200)),),
        source="GB 14287.2-2014: set 20-1000 mA, usual 300 mA [K]; 0.3-1 mA of every flat's filters: ours",
    ),
    Sort(
        name="cable",
        zh="线缆温度监测",
        en="cable temperature",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(
            Gauge(
                kind="cable_temperature", unit="°C", interval_s=120, base=22, spread=2, noise=0.3, outdoor=0.6, load=14, digits=1
            ),
        ),
        goings=(Going(cause=CHARGING, per_day=1, hours=(18, 20), lasts_s=(14_400, 25_200)),),
        source="GB 14287.3-2014 [K]; warming with the square of the load, 14 K at the evening peak: ours",
    ),
    Sort(
        name="arc",
        zh="故障电弧探测器",
        en="arc fault detector",
        network=Network.IOT,
        heartbeat_s=3600,
        gauges=(Gauge(kind="arc_rate", unit="1/s", interval_s=900, base=0.0, noise=0.1, digits=1),),
        goings=(
            Going(cause=LAUNDRY, per_day=1.5, hours=(8, 21), lasts_s=(1800, 3600)),
            Going(cause=RENOVATION, per_day=0.05, hours=(9, 17), lasts_s=(1800, 7200)),
        ),
        source="GB 14287.4-2014: 14 half-cycles of arcing in 1 s [K]; brush motors below it: ours",
    ),
    Sort(
        name="power_meter",
        zh="智能电表",
        en="smart electricity meter",
        network=Network.DATA,
        heartbeat_s=3600,
        gauges=(Gauge(kind="power", unit="W", interval_s=1800, base=90, spread=60, noise=8, low=5, digits=0),),
    ),
    Sort(
        name="distribution",
        zh="配电箱监测",
        en="distribution cabinet",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="voltage", unit="V", interval_s=300, base=231, spread=2, noise=0.6, load=-7, digits=1),
            Gauge(kind="current", unit="A", interval_s=300, base=18, spread=6, noise=1.5, load=75, digits=1),
            Gauge(
                kind="cable_temperature", unit="°C", interval_s=300, base=23, spread=2, noise=0.3, outdoor=0.6, load=16, digits=1
            ),
        ),
        source="GB/T 12325: 220 V +7 % -10 % [K]; load: ours",
    ),
    Sort(
        name="transformer",
        zh="配电变压器监测",
        en="transformer",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(
            Gauge(
                kind="winding_temperature",
                unit="°C",
                interval_s=300,
                base=46,
                spread=3,
                noise=0.3,
                outdoor=0.9,
                load=28,
                digits=1,
            ),
        ),
        source="GB/T 1094.11 dry type, class F: 100 K of rise [K]; a kind of its own, because 70 °C is calm here",
    ),
    Sort(
        name="ups",
        zh="备用电源",
        en="standby power",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="voltage", unit="V", interval_s=900, base=54.0, spread=0.3, noise=0.05),),
        state_kind="power",
        idle_state="on",
    ),
    Sort(
        name="ebike_charger",
        zh="电动自行车充电桩",
        en="e-bike charging post",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="power", unit="W", interval_s=300, base=25, spread=10, noise=3, low=0, digits=0),
            Gauge(
                kind="cable_temperature", unit="°C", interval_s=300, base=22, spread=1, noise=0.3, outdoor=0.8, load=3, digits=1
            ),
        ),
        goings=(Going(cause=CHARGING, per_day=1, hours=(18, 20), lasts_s=(14_400, 25_200)),),
    ),
    Sort(
        name="car_charger",
        zh="汽车充电桩",
        en="car charging post",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="power", unit="W", interval_s=300, base=12, noise=2, pulse=6900, pulse_share=0.22, low=0, digits=0),
            Gauge(
                kind="cable_temperature",
                unit="°C",
                interval_s=300,
                base=24,
                spread=1,
                noise=0.3,
                outdoor=0.5,
                pulse=9,
                pulse_share=0.22,
                digits=1,
            ),
        ),
        source="GB/T 18487.1 mode 3, 32 A [K]; five hours a day: ours",
    ),
    Sort(
        name="lamp",
        zh="智慧路灯",
        en="street lamp",
        network=Network.IOT,
        heartbeat_s=3600,
        gauges=(Gauge(kind="illuminance", unit="lx", interval_s=3600, base=14, spread=3, noise=1, sun=32_000, low=0, digits=0),),
    ),
)
