"""The primitives: what a test of a stage can be, and the delays around it. ``signal_kinds`` says which signal runs which."""

from dataclasses import dataclass
from datetime import UTC, tzinfo

from rules.baseline import DETECTION, Side
from rules.terms import Agreement, Combination, Missing, Sequence
from rules.usual import Season


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """True from ``above`` (or ``below``) on; false again only past the limit by the deadband. Null readings change nothing."""

    above: float | None = None
    below: float | None = None
    deadband: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StateIs:
    """True while the last state reported is one of these."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """True while the value climbs faster than ``above`` units a minute over ``window_s`` (negative: falls faster)."""

    above: float
    window_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """True when ``of`` has *become or been reported* true ``count`` times within the last ``within_s``."""

    of: "Threshold | StateIs"
    count: int
    within_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """True when nothing that matches has come for ``for_s``: heartbeat lost, no movement. It starts with the first event."""

    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalSilence(Silence):
    """A silence that is told sooner, though never before ``at_least_s``, where the place is not usually so silent."""

    at_least_s: float
    score: float  # how rare the silence must be for its place, 0 to 1; see ``rules/rhythm.py``
    zone: tzinfo = UTC  # the pack's: its hours are those of the rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """True when the trend of the last ``window_s`` reaches the limit within ``in_s``; also while the value is past it already."""

    in_s: float
    window_s: float
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """True with the reading that shows the same value, or (``is_by_seq``) the same source number, for ``for_s`` already."""

    for_s: float
    tolerance: float = 0.0  # how far from the first of them a value may be and still be the same
    is_by_seq: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """Reports of ``of``, each sooner than ``quiet_s`` after the one before: told with the ``count``-th, or when it is quiet."""

    of: "Threshold | StateIs"
    count: int
    quiet_s: float
    speaks_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """True for a value outside ``low`` to ``high``, at a rail or past it, or further from the last one than physics allows.

    A rule of it is a sieve: other rules do not see what it denies.
    """

    low: float = float("-inf")
    high: float = float("inf")
    rail_low: float = float("-inf")
    rail_high: float = float("inf")
    jump_per_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """True from this unlikeness to the usual on (0 to 1, see ``rules/baseline.py``) until less than half the surprise is left."""

    score: float = DETECTION
    season: Season = Season.DAY
    side: Side = Side.BOTH
    zone: tzinfo = UTC  # the pack's: its hours are those of the season


Plain = Threshold | StateIs | Rate | Count | Silence | Forecast | Stuck | Burst | Impossible | Unusual
Test = Plain | Sequence | Missing | Combination | Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A test that must hold for ``on_delay_s`` before it counts, and must be gone for ``off_delay_s`` before it is over."""

    test: Test
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
