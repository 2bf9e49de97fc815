"""Water where it should be, and where it should not: leaks, levels, meters, pumps, drinking water."""

from typing import Final

from rules.model import Network
from simulator.devices import Gauge, Going, Sort
from simulator.sorts.causes import GARDENERS_WATER, STREET_WASHING

WATER: Final = (
    Sort(
        name="leak",
        zh="水浸传感器",
        en="water leak sensor",
        network=Network.IOT,
        heartbeat_s=600,
        state_kind="moisture",
        idle_state="dry",
        battery_d=1460,
    ),
    Sort(
        name="level",
        zh="地下空间积水监测",
        en="water level below ground",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="water_level", unit="mm", interval_s=60, base=2, spread=1, noise=0.5, alert_interval_s=15, digits=1),),
    ),
    Sort(
        name="road_level",
        zh="道路积水监测",
        en="street flood sensor",
        network=Network.IOT,
        heartbeat_s=7200,
        gauges=(
            Gauge(kind="water_level", unit="mm", interval_s=300, base=1, spread=1, noise=0.8, alert_interval_s=60, digits=0),
        ),
        battery_d=1095,
        goings=(Going(cause=STREET_WASHING, per_day=0.7, hours=(5, 7), lasts_s=(60, 240)),),
        source="as FloodNet's: height of water above the road; noise of 1,755 recorded floods' dry hours: ours",
    ),
    Sort(
        name="meter",
        zh="智能水表",
        en="smart water meter",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(Gauge(kind="water_flow", unit="L/h", interval_s=900, base=0, digits=1),),
        battery_d=2190,
        source="GB/T 778.1 [K]; mean draws of a home: ours",
    ),
    Sort(
        name="supply_pressure",
        zh="二次供水压力",
        en="booster supply pressure",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(Gauge(kind="water_pressure", unit="kPa", interval_s=300, base=420, spread=20, noise=4, load=-45, digits=1),),
    ),
    Sort(
        name="water_quality",
        zh="二次供水水质",
        en="drinking water quality",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="free_chlorine", unit="mg/L", interval_s=900, base=0.25, spread=0.05, noise=0.01, drift=0.05),
            Gauge(kind="turbidity", unit="NTU", interval_s=900, base=0.3, spread=0.1, noise=0.02, drift=0.08),
        ),
        source="GB 5749-2022: free chlorine 0.05-2 mg/L at the tap, turbidity up to 1 NTU [K]",
    ),
    Sort(
        name="drain_pump",
        zh="排水泵监测",
        en="sump pump",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(
            Gauge(
                kind="current", unit="A", interval_s=60, base=0.1, noise=0.03, pulse=4.2, pulse_share=0.03, cycle_s=7200, digits=2
            ),
        ),
        state_kind="power",
        idle_state="on",
        source="a 2.2 kW pump that runs three to four minutes every two hours: ours",
    ),
    Sort(
        name="soil",
        zh="绿化土壤墒情",
        en="soil moisture",
        network=Network.IOT,
        heartbeat_s=21_600,
        gauges=(Gauge(kind="humidity", unit="%", interval_s=3600, base=38, spread=6, noise=0.5, drift=3, high=100, digits=1),),
        battery_d=1095,
        goings=(Going(cause=GARDENERS_WATER, per_day=0.4, hours=(6, 10), lasts_s=(900, 3600)),),
    ),
)
