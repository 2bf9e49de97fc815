"""Against fire: detectors of smoke, heat and flame, call points, doors, water and the control panel."""

from typing import Final

from rules.model import Network, Status
from simulator.devices import Gauge, Going, Sighting, Sort, Visits
from simulator.sorts.causes import CHARGING, CIGARETTE, EXHAUST, GARDENERS_WATER, MOVING, PUMP_TEST, SWEEPING, WARM_MOTOR

_SELF_TEST: Final = Sighting(
    kind="smoke",
    zh="按自检键",
    en="its test button",
    per_day=1 / 45,
    hours=(9, 18),
    over_s=12,
    status=Status.TEST,
    source="GB 50440: two test alarms a month [K]; a household detector now and then: ours",
)

FIRE: Final = (
    Sort(
        name="smoke",
        zh="感烟火灾探测器",
        en="smoke detector",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="smoke_obscuration", unit="%/m", interval_s=300, base=0.15, spread=0.05, noise=0.03, drift=0.1, digits=3),
        ),
        alarm_kind="smoke",
        alarm_from=12.0,
        battery_d=1095,
        goings=(
            Going(cause=SWEEPING, per_day=0.3, hours=(7, 11), lasts_s=(300, 1200)),
            Going(cause=CIGARETTE, per_day=0.8, hours=(8, 23), lasts_s=(240, 420)),
            Going(cause=MOVING, per_day=0.05, hours=(9, 17), lasts_s=(3600, 10_800)),
        ),
        sightings=(_SELF_TEST,),
        source="alarm at 12 %/m: a household detector of the insensitive end, 4 %/ft (UL 217) is 12.5 %/m",
    ),
    Sort(
        name="heat",
        zh="感温火灾探测器",
        en="heat detector",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(
            Gauge(
                kind="temperature", unit="°C", interval_s=300, base=20.5, spread=1.5, noise=0.1, outdoor=0.5, low=-40, digits=2
            ),
        ),
        battery_d=1460,
        source="unheated homes of Chengdu follow about half of the outdoor temperature: ours",
    ),
    Sort(
        name="flame",
        zh="火焰探测器",
        en="flame detector",
        network=Network.IOT,
        heartbeat_s=600,
        state_kind="heat",
        idle_state="off",
        sightings=(
            Sighting(
                kind="heat", zh="电焊弧光（动火报备）", en="welding, announced", per_day=1 / 60, hours=(9, 17), status=Status.TEST
            ),
        ),
    ),
    Sort(
        name="call_point",
        zh="手动火灾报警按钮",
        en="manual fire call point",
        network=Network.DATA,
        heartbeat_s=600,
        state_kind="tamper",
        idle_state="off",
        source="GB 26875.3 part type 23; it speaks through the fire control room's panel",
    ),
    Sort(
        name="fire_panel",
        zh="消防控制主机",
        en="fire alarm control panel",
        network=Network.DATA,
        heartbeat_s=60,
        state_kind="power",
        idle_state="on",
        sightings=(
            Sighting(
                kind="smoke",
                zh="维保试警",
                en="a test by the maintenance firm",
                per_day=2 / 30,
                hours=(9, 17),
                over_s=90,
                status=Status.TEST,
                source="GB 50440: at least two test alarms a month [K]",
            ),
        ),
        source="GB 25506-2010: a panel that is read at least every 100 s",
    ),
    Sort(
        name="fire_door",
        zh="常闭式防火门监测",
        en="fire door contact",
        network=Network.IOT,
        heartbeat_s=3600,
        state_kind="opening",
        idle_state="closed",
        visits=Visits(active="open", per_day=18, lasts_s=(6, 90)),
        battery_d=730,
    ),
    Sort(
        name="hydrant",
        zh="室外消火栓监测",
        en="outdoor hydrant",
        network=Network.IOT,
        heartbeat_s=7200,
        gauges=(
            Gauge(kind="water_pressure", unit="kPa", interval_s=1800, base=310, spread=25, noise=3, load=-25, digits=1),
            Gauge(kind="tilt", unit="°", interval_s=7200, base=0.6, spread=0.5, noise=0.05),
        ),
        battery_d=1460,
        goings=(Going(cause=GARDENERS_WATER, per_day=0.4, hours=(6, 10), lasts_s=(900, 3600)),),
        source="GB 50974: at least 0.10 MPa at an outdoor hydrant [K]; base: ours",
    ),
    Sort(
        name="sprinkler",
        zh="喷淋末端压力",
        en="sprinkler end pressure",
        network=Network.IOT,
        heartbeat_s=7200,
        gauges=(Gauge(kind="water_pressure", unit="kPa", interval_s=1800, base=260, spread=30, noise=2, drift=4, digits=1),),
        battery_d=1095,
        goings=(Going(cause=PUMP_TEST, per_day=1 / 30, hours=(9, 11), lasts_s=(300, 900)),),
        source="GB 50084: at least 0.05 MPa at the end of the line [K]; base: ours",
    ),
    Sort(
        name="tank",
        zh="消防水箱液位",
        en="fire tank fill",
        network=Network.IOT,
        heartbeat_s=3600,
        gauges=(Gauge(kind="tank_fill", unit="%", interval_s=1800, base=94, spread=4, noise=0.3, drift=1, high=100, digits=1),),
        source="a kind of its own: water_level is the water that should not be there",
    ),
    Sort(
        name="pressure",
        zh="消防管网压力",
        en="fire main pressure",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(Gauge(kind="water_pressure", unit="kPa", interval_s=120, base=380, spread=15, noise=3, load=-12, digits=1),),
        goings=(Going(cause=PUMP_TEST, per_day=1 / 30, hours=(9, 11), lasts_s=(300, 900)),),
    ),
    Sort(
        name="fire_pump",
        zh="消防泵控制柜",
        en="fire pump cabinet",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(Gauge(kind="current", unit="A", interval_s=900, base=0.4, noise=0.03),),
        state_kind="power",
        idle_state="on",
        goings=(Going(cause=PUMP_TEST, per_day=1 / 30, hours=(9, 11), lasts_s=(300, 900)),),
    ),
    Sort(
        name="thermal_camera",
        like="camera",
        zh="热成像测温",
        en="thermal camera",
        network=Network.VIDEO,
        heartbeat_s=60,
        gauges=(
            Gauge(kind="temperature", unit="°C", interval_s=120, base=21, spread=1, noise=0.4, outdoor=0.85, low=-40, digits=1),
        ),
        goings=(
            Going(cause=CHARGING, per_day=1, hours=(18, 20), lasts_s=(14_400, 25_200)),
            Going(cause=WARM_MOTOR, per_day=2, hours=(7, 22), lasts_s=(600, 1800)),
        ),
        source="Qingbaijiang's list has thermal cameras in e-bike sheds; the hottest spot of the picture",
    ),
    Sort(
        name="emergency_light",
        zh="应急照明电源",
        en="emergency lighting",
        network=Network.IOT,
        heartbeat_s=21_600,
        gauges=(Gauge(kind="voltage", unit="V", interval_s=21_600, base=27.2, spread=0.3, noise=0.05),),
    ),
    Sort(
        name="garage_air",
        zh="车库排烟与空气",
        en="garage air and smoke exhaust",
        network=Network.IOT,
        heartbeat_s=600,
        gauges=(
            Gauge(kind="carbon_monoxide", unit="ppm", interval_s=300, base=2.5, spread=0.8, noise=0.5, drift=0.6, digits=1),
            Gauge(kind="pm25", unit="µg/m³", interval_s=600, base=45, spread=8, noise=3, drift=12, digits=0),
        ),
        goings=(
            Going(cause=EXHAUST, per_day=1, hours=(7.2, 7.8), lasts_s=(3000, 5400)),
            Going(cause=EXHAUST, per_day=1, hours=(17.6, 18.4), lasts_s=(3600, 6000)),
        ),
    ),
)
