"""Beside people, above all elders: call buttons, movement, bed, bathroom, medicine and wristband."""

from typing import Final

from rules.model import Network, Status
from simulator.devices import Gauge, Sighting, Sort

_TRIED: Final = Sighting(
    kind="sos",
    zh="按月试铃",
    en="the monthly trial of the button",
    per_day=1 / 30,
    hours=(9, 17),
    status=Status.TEST,
)

ELDER: Final = (
    Sort(
        name="sos",
        zh="一键呼叫按钮",
        en="emergency call button",
        network=Network.IOT,
        heartbeat_s=600,
        battery_d=1095,
        sightings=(_TRIED,),
        source="buttons call by themselves as their battery dies (Zigbee2MQTT issue 31821): left to scenarios",
    ),
    Sort(
        name="motion",
        zh="人体移动传感器",
        en="motion sensor",
        network=Network.IOT,
        heartbeat_s=600,
        state_kind="motion",
        idle_state="off",
        battery_d=730,
        source="a cat sets it off as well as its owner",
    ),
    Sort(
        name="bed",
        zh="智能床垫",
        en="bed sensor",
        network=Network.IOT,
        heartbeat_s=3600,
        state_kind="occupancy",
        idle_state="off",
        gauges=(Gauge(kind="respiration", unit="1/min", interval_s=3600, base=15, spread=2, noise=1.2, digits=0),),
    ),
    Sort(
        name="bath",
        zh="卫生间存在感应",
        en="bathroom presence radar",
        network=Network.IOT,
        heartbeat_s=3600,
        state_kind="occupancy",
        idle_state="off",
    ),
    Sort(
        name="medicine",
        zh="智能药盒",
        en="medicine box",
        network=Network.INTERNET,
        heartbeat_s=21_600,
        state_kind="medicine_box",
        idle_state="taken",
        battery_d=180,
    ),
    Sort(
        name="wristband",
        zh="健康手环",
        en="health wristband",
        network=Network.INTERNET,
        heartbeat_s=3600,
        gauges=(Gauge(kind="heart_rate", unit="1/min", interval_s=900, base=72, spread=8, noise=4, load=6, digits=0),),
        sightings=(_TRIED,),
        outages_per_day=0.4,
        source="resting heart rate 60-100 [K]; out of reach when it is taken off to charge",
    ),
)
