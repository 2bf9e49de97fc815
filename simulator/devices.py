"""What a device is: what it measures and how noisily, the state it holds, how often it speaks, and what deceives it."""

from dataclasses import dataclass
from typing import Final

from rules.model import Network, Status

OURS: Final = "ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One series of readings. All amounts are in the kind's unit.

    ``base`` is the calm mean and ``spread`` how far devices differ from each other, ``noise`` the standard deviation of one
    reading, ``drift`` the largest shift a device wanders to in some hours. ``outdoor`` is the share of the outdoor temperature's
    distance from the year's mean that is felt here, ``load`` what the evening peak of the electric load adds, ``sun`` what noon
    adds, ``pulse`` what a machine's run adds during ``pulse_share`` of each ``cycle_s``, ``ramp`` what gathers over a cycle.
    ``alert_interval_s`` is how often a device speaks while something happens near it.
    """

    kind: str
    unit: str
    interval_s: float
    base: float
    spread: float = 0.0
    noise: float = 0.0
    drift: float = 0.0
    outdoor: float = 0.0
    load: float = 0.0
    sun: float = 0.0
    pulse: float = 0.0
    pulse_share: float = 0.1
    ramp: float = 0.0
    cycle_s: float = 86_400.0
    alert_interval_s: float = 5.0
    low: float = 0.0
    high: float = 1e9
    digits: int = 2


@dataclass(frozen=True, slots=True)
class Effect:
    """What a cause adds to a kind of reading at its height: up in ``rise_s``, held to its end, gone ``fall_s`` later."""

    kind: str
    amount: float
    rise_s: float
    fall_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something ordinary that moves readings: cooking, steam, dust. ``status`` test: the device itself says that it is tried."""

    name: str
    zh: str
    en: str
    effects: tuple[Effect, ...]
    status: Status = Status.ACTUAL
    source: str = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """How often a cause comes to a shared place: ``per_day`` times between these hours, so long, so strong."""

    cause: Cause
    per_day: float
    hours: tuple[float, float]
    lasts_s: tuple[float, float]
    strength: tuple[float, float] = (0.6, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a device calls out by mistake or as a trial: so many a day, in a few frames, with this confidence."""

    kind: str
    zh: str
    en: str
    per_day: float
    hours: tuple[float, float] = (0.0, 24.0)
    frames: tuple[int, int] = (1, 1)
    confidence: tuple[float, float] = (1.0, 1.0)
    over_s: float = 4.0  # after the last frame it says that it is over
    is_preheat: bool = False
    status: Status = Status.ACTUAL
    source: str = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """A state that people change all day: how often, and how long it stays active."""

    active: str
    per_day: float
    lasts_s: tuple[float, float]
    is_by_day: bool = True  # few at night, most in the morning and evening


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of device: what it measures, the state it holds, and how often it says that it lives."""

    name: str
    network: Network
    heartbeat_s: float
    zh: str = ""
    en: str = ""
    gauges: tuple[Gauge, ...] = ()
    state_kind: str = ""  # a state re-told every ``state_interval_s``, so that a lost change heals
    idle_state: str = ""
    state_interval_s: float = 21_600.0
    visits: Visits | None = None
    alarm_kind: str = ""  # what the device itself calls out, once its first gauge reaches ``alarm_from``
    alarm_from: float = 0.0
    battery_d: float = 0.0  # how long a fresh battery lasts; 0 = mains
    outages_per_day: float = 0.02  # short gaps in which nothing that it says arrives
    goings: tuple[Going, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    like: str = ""  # the sort that it is a special case of: a perimeter camera is a camera
    source: str = OURS

    def is_a(self, name: str) -> bool:
        """Whether it is of this sort, or a special case of it."""
        return name in (self.name, self.like)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it measures."""
        return tuple(gauge.kind for gauge in self.gauges)


@dataclass(frozen=True, slots=True)
class Device:
    """One device of one sort at one place. Its id is stable per seed."""

    id: str
    zone: str
    sort: Sort
