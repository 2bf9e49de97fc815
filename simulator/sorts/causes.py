"""The ordinary causes that look like dangers: what they add to which readings, and how fast it comes and goes.

[K] after a source means: common knowledge of its content, not read in its own text for this table. "ours" is a choice to look at.
"""

from typing import Final

from rules.model import Status
from simulator.devices import Cause, Effect

# ------------------------------------------------------------------------------------------------------------- in homes
COOKING: Final = Cause(
    name="cooking",
    zh="做饭",
    en="cooking",
    effects=(
        Effect("smoke_obscuration", 1.0, 1200, 240),
        Effect("carbon_monoxide", 4.0, 1200, 600),
        Effect("temperature", 1.5, 1200, 900),
        Effect("methane", 0.4, 60, 120),
        Effect("humidity", 12.0, 600, 1200),
        Effect("pm25", 60.0, 300, 1800),
        Effect("power", 900.0, 30, 30),
    ),
    source="a gas flame gives 2-8 ppm CO in a kitchen [K]; strength 0.1-1.0: ours",
)
FRYING: Final = Cause(
    name="frying",
    zh="爆炒油烟",
    en="stir-frying in hot oil",
    effects=(
        Effect("smoke_obscuration", 3.6, 240, 300),
        Effect("carbon_monoxide", 9.0, 240, 900),
        Effect("temperature", 3.0, 300, 900),
        Effect("methane", 0.6, 60, 120),
        Effect("humidity", 8.0, 300, 900),
        Effect("pm25", 350.0, 180, 2400),
        Effect("power", 1800.0, 30, 30),
    ),
    source="UL 217 (8th ed.): a detector must stay quiet below 1.5 %/ft = 4.8 %/m of cooking smoke [K]; stays below it",
)
SHOWER: Final = Cause(
    name="shower",
    zh="洗澡水汽",
    en="steam of a shower",
    effects=(
        Effect("smoke_obscuration", 1.4, 300, 420),
        Effect("humidity", 35.0, 240, 2400),
        Effect("temperature", 1.2, 300, 1200),
        Effect("carbon_monoxide", 7.0, 300, 900),
        Effect("water_flow", 160.0, 5, 5),
        Effect("power", 80.0, 5, 5),
    ),
    source="7 L/min for 8-20 min, as a mean of 15 min; a water heater's flue gas 5-15 ppm CO [K]; mist: ours",
)
MOSQUITO_COIL: Final = Cause(
    name="mosquito_coil",
    zh="蚊香",
    en="mosquito coil",
    effects=(
        Effect("smoke_obscuration", 0.5, 900, 900),
        Effect("carbon_monoxide", 5.0, 1800, 2400),
        Effect("pm25", 90.0, 1200, 3600),
    ),
    source="a coil emits the fine dust of some 100 cigarettes in a night [K]; levels in the room: ours",
)
SPRAY: Final = Cause(
    name="spray",
    zh="喷酒精或杀虫剂",
    en="alcohol or insect spray",
    effects=(Effect("methane", 2.6, 15, 420),),
    source="semiconductor and catalytic sensors answer alcohol and butane propellant [K]; height: ours, below 5 %LEL",
)
SWEEPING: Final = Cause(
    name="sweeping",
    zh="打扫扬尘",
    en="dust of sweeping",
    effects=(Effect("smoke_obscuration", 1.1, 120, 300), Effect("pm25", 120.0, 120, 1500), Effect("power", 900.0, 5, 5)),
)
RENOVATION: Final = Cause(
    name="renovation",
    zh="装修切割打磨",
    en="sawing and sanding",
    effects=(
        Effect("smoke_obscuration", 2.6, 600, 1200),
        Effect("pm25", 500.0, 300, 3600),
        Effect("noise", 22.0, 2, 2),
        Effect("acceleration", 0.08, 1, 1),
        Effect("power", 1500.0, 2, 2),
        Effect("arc_rate", 6.0, 1, 1),
    ),
    source="brush motors make up to half of the 14 half-cycles of arcing per second that GB 14287.4 alarms at [K]: ours",
)
LAUNDRY: Final = Cause(
    name="laundry",
    zh="洗衣",
    en="washing machine",
    effects=(Effect("water_flow", 45.0, 60, 60), Effect("power", 350.0, 30, 30), Effect("arc_rate", 1.5, 5, 5)),
)
CIGARETTE: Final = Cause(
    name="cigarette",
    zh="楼道吸烟",
    en="somebody smokes",
    effects=(Effect("smoke_obscuration", 0.9, 120, 300), Effect("pm25", 80.0, 120, 900)),
)

# ------------------------------------------------------------------------------------------------------ in shared places
MOVING: Final = Cause(
    name="moving",
    zh="搬家扬尘",
    en="dust of moving house",
    effects=(Effect("smoke_obscuration", 0.8, 900, 900), Effect("pm25", 60.0, 600, 900)),
)
EXHAUST: Final = Cause(
    name="exhaust",
    zh="高峰车辆尾气",
    en="exhaust of the rush hour",
    effects=(
        Effect("carbon_monoxide", 18.0, 1800, 2400),
        Effect("smoke_obscuration", 0.4, 1800, 1800),
        Effect("pm25", 40.0, 1800, 2400),
        Effect("noise", 10.0, 600, 600),
    ),
    source="GBZ 2.1 allows 17 ppm (20 mg/m³) over a shift [K]; a full garage at rush hour stays below 30 ppm: ours",
)
CHARGING: Final = Cause(
    name="charging",
    zh="集中充电",
    en="many e-bikes charging",
    effects=(
        Effect("temperature", 4.5, 3600, 3600),
        Effect("cable_temperature", 9.0, 3600, 3600),
        Effect("residual_current", 30.0, 60, 60),
        Effect("power", 5200.0, 600, 1800),
        Effect("current", 23.0, 600, 1800),
    ),
    source="30 chargers of 180 W; filters leak 1 mA each [K]; warming: ours",
)
WARM_MOTOR: Final = Cause(
    name="warm_motor",
    zh="刚骑回的电机",
    en="a motor warm from riding",
    effects=(Effect("temperature", 8.0, 240, 2400),),
    source="a hub motor and its controller come back some 10 K warmer than the air: ours",
)
PUMP_TEST: Final = Cause(
    name="pump_test",
    zh="消防泵试运行",
    en="fire pump test",
    effects=(
        Effect("water_pressure", -110.0, 20, 60),
        Effect("current", 35.0, 2, 2),
        Effect("power", 18_000.0, 2, 2),
        Effect("cable_temperature", 5.0, 600, 1200),
        Effect("noise", 20.0, 2, 2),
    ),
    source="GB 25201: pumps are run at least monthly [K]; the dip: ours, above the 70 kPa of low pressure",
)
GARDENERS_WATER: Final = Cause(
    name="gardeners_water",
    zh="绿化取水",
    en="gardeners draw water",
    effects=(Effect("water_pressure", -90.0, 15, 30), Effect("humidity", 30.0, 600, 14_400)),
)
STREET_WASHING: Final = Cause(
    name="street_washing",
    zh="洒水冲洗路面",
    en="street washing",
    effects=(Effect("water_level", 14.0, 30, 900), Effect("noise", 12.0, 20, 20)),
    source="a film and puddles of 1-2 cm, below the 5 cm of a blue warning: ours",
)
TRUCK: Final = Cause(
    name="truck",
    zh="重车经过",
    en="a heavy lorry passes",
    effects=(Effect("acceleration", 0.25, 1, 2), Effect("tilt", 0.15, 1, 2), Effect("noise", 14.0, 4, 6)),
)
GUST: Final = Cause(
    name="gust",
    zh="阵风",
    en="gusts of wind",
    effects=(
        Effect("tilt", 1.6, 60, 120),
        Effect("acceleration", 0.15, 30, 60),
        Effect("noise", 6.0, 60, 60),
        Effect("wind_speed", 7.0, 60, 120),
    ),
    source="trees and hoardings sway a degree or two in 8-10 m/s [K]",
)
LID_WORK: Final = Cause(
    name="lid_work",
    zh="井盖检修开启",
    en="a crew opens the lid",
    effects=(Effect("tilt", 75.0, 3, 3), Effect("methane", -0.5, 120, 600)),
    status=Status.TEST,
)
MARSH_GAS: Final = Cause(
    name="marsh_gas",
    zh="污水沼气",
    en="marsh gas of sewage",
    effects=(
        Effect("methane", 2.0, 5400, 5400),
        Effect("oxygen", -0.2, 5400, 5400),
        Effect("hydrogen_sulphide", 2.0, 5400, 5400),
    ),
    source="below the 5 %LEL of a household pre-alarm and 20.5 % of oxygen: ours",
)
LIFT_SERVICE: Final = Cause(
    name="lift_service",
    zh="电梯维保",
    en="a technician services the lift",
    effects=(Effect("acceleration", 0.12, 5, 5),),
    status=Status.TEST,
    source="TSG T5002: at least every 15 days [K]; it stops between floors, somebody in it, and its switch says maintenance",
)
DANCING: Final = Cause(
    name="dancing",
    zh="广场舞",
    en="dancing in the square",
    effects=(Effect("noise", 24.0, 60, 60), Effect("person_count", 38.0, 900, 900)),
    source="70-85 dB(A) beside the loudspeaker [K]",
)
SCHOOL_RUN: Final = Cause(
    name="school_run",
    zh="上下学人流",
    en="people on their way to school",
    effects=(Effect("person_count", 22.0, 900, 900), Effect("noise", 8.0, 600, 600)),
)
MEETING: Final = Cause(
    name="meeting",
    zh="活动室聚会",
    en="a meeting in the activity room",
    effects=(
        Effect("carbon_dioxide", 850.0, 2700, 2700),
        Effect("temperature", 2.0, 2700, 2700),
        Effect("humidity", 8.0, 2700, 2700),
        Effect("person_count", 25.0, 600, 600),
        Effect("noise", 12.0, 300, 300),
    ),
    source="18 L/h of CO2 per person in 400 m³ [K]",
)
"""Every cause that a sort or a home can have is one of this file's names."""
