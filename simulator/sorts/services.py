"""Not things but services: residents' and guards' reports, the authority's signals, and the platforms of those who serve."""

from typing import Final

from rules.model import Network
from simulator.devices import Gauge, Sort, Visits

SERVICES: Final = (
    Sort(
        name="resident_app",
        zh="居民小程序",
        en="residents' app",
        network=Network.INTERNET,
        heartbeat_s=600,
        gauges=(Gauge(kind="person_count", unit="1", interval_s=900, base=2, noise=1, load=9, digits=0),),
        source="reports (kind report) come with a scenario; on calm days it says how many use it",
    ),
    Sort(
        name="guard_terminal",
        zh="保安手持终端",
        en="guards' terminal",
        network=Network.DATA,
        heartbeat_s=600,
        source="reports (kind report) come with a scenario",
    ),
    Sort(
        name="grid_app",
        zh="网格员终端",
        en="grid workers' terminal",
        network=Network.DATA,
        heartbeat_s=600,
        source="reports (kind report) come with a scenario",
    ),
    Sort(
        name="hotline",
        zh="12345 热线转办",
        en="12345 hotline",
        network=Network.DATA,
        heartbeat_s=3600,
        gauges=(Gauge(kind="open_tickets", unit="1", interval_s=3600, base=3, noise=1.2, load=2, digits=0),),
    ),
    Sort(
        name="warning_service",
        zh="气象预警发布",
        en="weather warning service",
        network=Network.INTERNET,
        heartbeat_s=600,
        source="signals (kind warning_signal) come with a scenario",
    ),
    Sort(
        name="quake_service",
        zh="地震预警终端",
        en="earthquake warning",
        network=Network.INTERNET,
        heartbeat_s=60,
        source="signals (kind warning_signal) come with a scenario",
    ),
    Sort(
        name="utility",
        zh="水电气停供通知",
        en="notices of water, power and gas",
        network=Network.DATA,
        heartbeat_s=3600,
        state_kind="supply_notice",
        idle_state="off",
        visits=Visits(active="on", per_day=0.15, lasts_s=(7200, 28_800)),
        source="a planned cut every week or so, announced for some hours: ours",
    ),
    Sort(
        name="property_system",
        zh="物业管理系统",
        en="property management system",
        network=Network.DATA,
        heartbeat_s=600,
        gauges=(Gauge(kind="open_tickets", unit="1", interval_s=3600, base=6, noise=1.5, load=4, digits=0),),
    ),
)
