"""Air, noise and weather, and the waste that is waiting to be fetched."""

from typing import Final

from rules.model import Network
from simulator.devices import Gauge, Going, Sort
from simulator.sorts.causes import DANCING, GUST, MEETING, RENOVATION, SCHOOL_RUN, STREET_WASHING, TRUCK

AIR: Final = (
    Sort(
        name="temperature",
        zh="环境温度传感器",
        en="ambient temperature",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="temperature", unit="°C", interval_s=300, base=18.5, spread=2, noise=0.1, outdoor=0.75, low=-40, digits=2),
        ),
        battery_d=1460,
    ),
    Sort(
        name="climate",
        zh="温湿度传感器",
        en="temperature and humidity",
        network=Network.IOT,
        heartbeat_s=3600,
        gauges=(
            Gauge(kind="temperature", unit="°C", interval_s=900, base=20, spread=1, noise=0.1, outdoor=0.5, low=-40, digits=1),
            Gauge(kind="humidity", unit="%", interval_s=900, base=68, spread=4, noise=0.6, drift=6, high=98, digits=1),
        ),
        battery_d=730,
        goings=(Going(cause=MEETING, per_day=0.8, hours=(9, 16), lasts_s=(3600, 7200)),),
        source="Chengdu is humid all the year, 75-85 % outdoors [K]; indoors: ours",
    ),
    Sort(
        name="air_station",
        zh="空气质量微站",
        en="air quality station",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="pm25", unit="µg/m³", interval_s=600, base=42, spread=4, noise=2.5, drift=18, low=1, digits=0),
            Gauge(kind="temperature", unit="°C", interval_s=600, base=16.5, noise=0.2, outdoor=1, low=-40, digits=1),
            Gauge(kind="humidity", unit="%", interval_s=600, base=78, noise=1, drift=9, high=100, digits=0),
        ),
        source="annual mean of PM2.5 in Chengdu 35-45 µg/m³ [K]",
    ),
    Sort(
        name="noise",
        zh="噪声监测",
        en="noise monitor",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="noise", unit="dB(A)", interval_s=300, base=44, spread=2, noise=2, load=6, digits=1),),
        goings=(
            Going(cause=DANCING, per_day=0.9, hours=(19, 19.8), lasts_s=(3600, 6000)),
            Going(cause=SCHOOL_RUN, per_day=1, hours=(7, 8), lasts_s=(1800, 3000)),
            Going(cause=RENOVATION, per_day=0.3, hours=(9, 17), lasts_s=(1800, 7200)),
            Going(cause=STREET_WASHING, per_day=0.7, hours=(5, 7), lasts_s=(60, 240)),
            Going(cause=TRUCK, per_day=4, hours=(6, 22), lasts_s=(20, 60)),
        ),
        source="GB 3096-2008 class 1: 55 dB(A) by day, 45 by night [K]",
    ),
    Sort(
        name="co2",
        zh="二氧化碳传感器",
        en="carbon dioxide",
        network=Network.IOT,
        heartbeat_s=3600,
        gauges=(Gauge(kind="carbon_dioxide", unit="ppm", interval_s=600, base=460, spread=20, noise=12, drift=40, digits=0),),
        goings=(Going(cause=MEETING, per_day=0.8, hours=(9, 16), lasts_s=(3600, 7200)),),
    ),
    Sort(
        name="weather",
        zh="公共气象服务",
        en="public weather service",
        network=Network.INTERNET,
        heartbeat_s=600,
        gauges=(Gauge(kind="temperature", unit="°C", interval_s=600, base=16.5, noise=0.1, outdoor=1, low=-40, digits=1),),
        source="monthly means of Chengdu, see simulator/sky.py",
    ),
    Sort(
        name="wind",
        zh="风速仪",
        en="anemometer",
        network=Network.INTERNET,
        heartbeat_s=600,
        gauges=(Gauge(kind="wind_speed", unit="m/s", interval_s=600, base=1.3, spread=0.2, noise=0.4, drift=0.7, digits=1),),
        goings=(Going(cause=GUST, per_day=1, hours=(12, 20), lasts_s=(900, 3600)),),
        source="Chengdu is calm: annual mean 1.0-1.4 m/s [K]",
    ),
    Sort(
        name="rain",
        zh="雨量计",
        en="rain gauge",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(Gauge(kind="rainfall", unit="mm/h", interval_s=600, base=0, digits=1),),
    ),
    Sort(
        name="bin",
        zh="垃圾桶满溢监测",
        en="bin fill level",
        network=Network.IOT,
        heartbeat_s=21_600,
        gauges=(
            Gauge(kind="fill", unit="%", interval_s=3600, base=6, spread=4, noise=1, ramp=70, cycle_s=43_200, high=100, digits=0),
        ),
        battery_d=1095,
        source="emptied twice a day: ours",
    ),
)
