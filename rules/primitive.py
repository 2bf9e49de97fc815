"""The primitives: what a test of a stage can be, and the delays around it. ``signal_kinds`` says which signal runs which."""

from dataclasses import dataclass

from rules.terms import Combination, Missing, Sequence


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
class Forecast:
    """True when the trend of the last ``window_s`` reaches the limit within ``in_s``; also while the value is past it already."""

    in_s: float
    window_s: float
    above: float | None = None
    below: float | None = None


Test = Threshold | StateIs | Rate | Count | Silence | Sequence | Missing | Forecast | Combination


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A test that must hold for ``on_delay_s`` before it counts, and must be gone for ``off_delay_s`` before it is over."""

    test: Test
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
