"""What hangs on the walls: the sorts of devices of a community, what they measure, how often they speak, and how noisily."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rules.model import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One series of readings.

    ``base`` is the calm mean and ``spread`` how far devices differ from each other, ``noise`` the standard deviation of one
    reading, ``drift`` the largest shift a device wanders to in a day, all in the kind's unit; ``daily`` is the amplitude of
    its day-and-night swing. ``alert_interval_s`` is how often a device speaks while something happens near it.
    """

    kind: str
    unit: str
    interval_s: float
    base: float
    spread: float = 0.0
    noise: float = 0.0
    drift: float = 0.0
    daily: float = 0.0
    alert_interval_s: float = 5.0
    low: float = 0.0
    digits: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of device: what it measures, the state it holds, and how often it says that it lives."""

    name: str
    network: Network
    heartbeat_s: float
    gauge: Gauge | None = None
    state_kind: str = ""  # a state re-told every ``state_interval_s``, so that a lost change heals
    idle_state: str = ""
    state_interval_s: float = 21_600.0
    alarm_kind: str = ""  # what the device itself calls out, once ``alarm_from`` is reached
    alarm_from: float = 0.0


@dataclass(frozen=True, slots=True)
class Device:
    """One device of one sort at one place. Its id is stable per seed."""

    id: str
    zone: str
    sort: Sort


_HEARTBEAT_S: Final = 600.0

_SORTS: Final = (
    Sort(
        name="smoke",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(
            kind="smoke_obscuration", unit="%/m", interval_s=300, base=0.15, spread=0.05, noise=0.03, drift=0.1, digits=3
        ),
        alarm_kind="smoke",
        alarm_from=12.0,  # a household detector of the insensitive end: 4 %/ft (UL 217) is 12.5 %/m
    ),
    Sort(
        name="heat",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="temperature", unit="°C", interval_s=300, base=22, spread=1.5, noise=0.1, daily=1.5, low=-40),
    ),
    Sort(
        name="temperature",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="temperature", unit="°C", interval_s=300, base=20, spread=2, noise=0.1, daily=2, low=-40),
    ),
    Sort(
        name="gas",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="methane", unit="%LEL", interval_s=180, base=0.4, spread=0.2, noise=0.1, drift=0.3),
    ),
    Sort(
        name="co",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="carbon_monoxide", unit="ppm", interval_s=300, base=1.2, spread=0.5, noise=0.4, drift=0.5, digits=1),
    ),
    Sort(
        name="residual",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="residual_current", unit="mA", interval_s=120, base=35, spread=12, noise=2, daily=6, digits=1),
    ),
    Sort(
        name="cable",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="cable_temperature", unit="°C", interval_s=120, base=32, spread=3, noise=0.3, daily=5, digits=1),
    ),
    Sort(name="leak", network=Network.IOT, heartbeat_s=_HEARTBEAT_S, state_kind="moisture", idle_state="dry"),
    Sort(
        name="level",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="water_level", unit="mm", interval_s=60, base=2, spread=1, noise=0.5, alert_interval_s=15, digits=1),
    ),
    Sort(
        name="pressure",
        network=Network.IOT,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="water_pressure", unit="kPa", interval_s=120, base=380, spread=15, noise=3, daily=12, digits=1),
    ),
    Sort(name="sos", network=Network.IOT, heartbeat_s=_HEARTBEAT_S),
    Sort(name="door", network=Network.IOT, heartbeat_s=_HEARTBEAT_S, state_kind="opening", idle_state="closed"),
    Sort(name="motion", network=Network.IOT, heartbeat_s=_HEARTBEAT_S, state_kind="motion", idle_state="off"),
    Sort(name="lift", network=Network.DATA, heartbeat_s=_HEARTBEAT_S),
    Sort(name="camera", network=Network.VIDEO, heartbeat_s=60),
    Sort(
        name="meter",
        network=Network.DATA,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="water_flow", unit="L/h", interval_s=900, base=0, digits=1),
    ),
    Sort(
        name="weather",
        network=Network.INTERNET,
        heartbeat_s=_HEARTBEAT_S,
        gauge=Gauge(kind="temperature", unit="°C", interval_s=600, base=14, noise=0.1, daily=5, low=-40, digits=1),
    ),
)

SORTS: Final[Mapping[str, Sort]] = MappingProxyType({sort.name: sort for sort in _SORTS})
"""Every sort of device by its name, which is also the first part of a device's id."""
