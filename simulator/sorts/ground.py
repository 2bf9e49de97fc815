"""What may move though it should stand: lids, slopes, trees, hoardings, walls and houses."""

from typing import Final

from rules.model import Network
from simulator.devices import Gauge, Going, Sort
from simulator.sorts.causes import GUST, LID_WORK, RENOVATION, TRUCK

_LORRIES: Final = Going(cause=TRUCK, per_day=4, hours=(6, 22), lasts_s=(20, 60))
_WIND: Final = Going(cause=GUST, per_day=1, hours=(12, 20), lasts_s=(900, 3600))

GROUND: Final = (
    Sort(
        name="manhole",
        zh="智能井盖",
        en="manhole cover",
        network=Network.IOT,
        heartbeat_s=21_600,
        gauges=(Gauge(kind="tilt", unit="°", interval_s=10_800, base=1.0, spread=0.8, noise=0.1, alert_interval_s=30),),
        battery_d=1460,
        goings=(_LORRIES, Going(cause=LID_WORK, per_day=1 / 40, hours=(9, 16), lasts_s=(900, 3600))),
        source="open beyond 15° in practice [K]",
    ),
    Sort(
        name="slope",
        zh="边坡与挡墙监测",
        en="slope and retaining wall",
        network=Network.DATA,
        heartbeat_s=21_600,
        gauges=(
            Gauge(kind="tilt", unit="°", interval_s=3600, base=0.4, spread=0.3, noise=0.004, drift=0.01, outdoor=0.002, digits=3),
            Gauge(kind="displacement", unit="mm", interval_s=3600, base=1.5, spread=1, noise=0.05, drift=0.2),
        ),
        battery_d=1095,
        goings=(_LORRIES,),
    ),
    Sort(
        name="tree",
        zh="古树倾斜监测",
        en="old tree",
        network=Network.IOT,
        heartbeat_s=21_600,
        gauges=(Gauge(kind="tilt", unit="°", interval_s=3600, base=3, spread=2, noise=0.15, alert_interval_s=30),),
        battery_d=1095,
        goings=(_WIND,),
    ),
    Sort(
        name="hoarding",
        zh="广告牌与外墙挂件",
        en="hoarding or facade fixture",
        network=Network.IOT,
        heartbeat_s=21_600,
        gauges=(
            Gauge(kind="tilt", unit="°", interval_s=3600, base=0.5, spread=0.4, noise=0.05, alert_interval_s=30),
            Gauge(kind="acceleration", unit="m/s²", interval_s=3600, base=0.03, noise=0.01, alert_interval_s=30, digits=3),
        ),
        battery_d=1095,
        goings=(_WIND,),
    ),
    Sort(
        name="house_tilt",
        zh="房屋倾斜监测",
        en="building tilt",
        network=Network.DATA,
        heartbeat_s=21_600,
        gauges=(Gauge(kind="tilt", unit="°", interval_s=3600, base=0.05, spread=0.03, noise=0.002, outdoor=0.0005, digits=4),),
        battery_d=1825,
        source="GB 50007: 0.2-0.4 % (0.11-0.23°) by height [K]; the sun bends a facade by thousandths: ours",
    ),
    Sort(
        name="crack",
        zh="裂缝计",
        en="crack gauge",
        network=Network.IOT,
        heartbeat_s=21_600,
        gauges=(
            Gauge(kind="crack_width", unit="mm", interval_s=10_800, base=0.6, spread=0.3, noise=0.004, outdoor=-0.004, digits=3),
        ),
        battery_d=1825,
        source="a crack closes in warmth, 10 µm/K over a metre of concrete [K]",
    ),
    Sort(
        name="vibration",
        zh="振动传感器",
        en="vibration sensor",
        network=Network.IOT,
        heartbeat_s=3600,
        gauges=(Gauge(kind="acceleration", unit="m/s²", interval_s=900, base=0.01, noise=0.003, digits=3),),
        goings=(_LORRIES, Going(cause=RENOVATION, per_day=0.1, hours=(9, 17), lasts_s=(1800, 7200))),
    ),
)
