"""Against gas: what burns and what poisons, in homes, shafts, wells and sewers, and the valve that ends it."""

from typing import Final

from rules.model import Network, Status
from simulator.devices import Gauge, Going, Sighting, Sort
from simulator.sorts.causes import EXHAUST, MARSH_GAS

_PREHEAT: Final = Sighting(
    kind="gas",
    zh="上电预热",
    en="warming up after power came back",
    per_day=1 / 90,
    over_s=180,
    is_preheat=True,
    source="vendors: 3 min of preheating, said by the device",
)

GAS: Final = (
    Sort(
        name="gas",
        zh="家用可燃气体探测器",
        en="household gas detector",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="methane", unit="%LEL", interval_s=180, base=0.4, spread=0.2, noise=0.1, drift=0.3),),
        sightings=(_PREHEAT,),
        source="GB 15322.2-2019 household band 5-25 %LEL [K]; calm value: ours",
    ),
    Sort(
        name="gas_valve",
        zh="燃气自动切断阀",
        en="gas shut-off valve",
        network=Network.IOT,
        heartbeat_s=21_600,
        state_kind="gas_valve",
        idle_state="open",
        battery_d=1095,
    ),
    Sort(
        name="gas_riser",
        zh="燃气管井探测器",
        en="gas detector of a riser shaft",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="methane", unit="%LEL", interval_s=300, base=0.3, spread=0.2, noise=0.1, drift=0.3),),
        sightings=(_PREHEAT,),
    ),
    Sort(
        name="gas_station",
        zh="燃气调压箱监测",
        en="gas pressure regulator box",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="methane", unit="%LEL", interval_s=300, base=0.5, spread=0.3, noise=0.1, drift=0.3),
            Gauge(kind="gas_pressure", unit="kPa", interval_s=900, base=2.5, spread=0.1, noise=0.02, load=-0.15),
        ),
        source="household natural gas is delivered at 2-3 kPa [K]",
    ),
    Sort(
        name="sewer_gas",
        zh="化粪池与污水井气体",
        en="septic tank and sewer gas",
        network=Network.IOT,
        heartbeat_s=7200,
        gauges=(
            Gauge(kind="methane", unit="%LEL", interval_s=1200, base=0.8, spread=0.4, noise=0.15, drift=0.4, outdoor=0.03),
            Gauge(kind="oxygen", unit="%", interval_s=1800, base=20.9, noise=0.02, high=25, digits=2),
            Gauge(kind="hydrogen_sulphide", unit="ppm", interval_s=1800, base=0.6, spread=0.3, noise=0.1, digits=1),
        ),
        battery_d=730,
        goings=(Going(cause=MARSH_GAS, per_day=0.5, hours=(10, 16), lasts_s=(7200, 18_000), strength=(0.3, 1.0)),),
        sightings=(
            Sighting(
                kind="gas", zh="检修标定", en="calibrated by a technician", per_day=1 / 90, hours=(9, 17), status=Status.TEST
            ),
        ),
    ),
    Sort(
        name="co",
        zh="一氧化碳探测器",
        en="carbon monoxide detector",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="carbon_monoxide", unit="ppm", interval_s=300, base=1.2, spread=0.5, noise=0.4, drift=0.5, digits=1),),
        battery_d=1825,
        goings=(
            Going(cause=EXHAUST, per_day=1, hours=(7.2, 7.8), lasts_s=(3000, 5400)),
            Going(cause=EXHAUST, per_day=1, hours=(17.6, 18.4), lasts_s=(3600, 6000)),
        ),
        source="EN 50291-1: no alarm at 30 ppm before 2 h; an electrochemical cell's noise: ours",
    ),
)
