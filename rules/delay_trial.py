"""The record of one alarm once more, under a longer delay or a wider deadband: what would have rung, and what would not.

Exact where the rule has neither delay yet; else the record lacks what the present delays have swallowed, and a longer one
removes at least as much. A deadband is reckoned from the reading with which each occurrence ended, the only one that the record
has of the way back: it may need to be larger.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from math import ceil, floor, log10
from types import MappingProxyType
from typing import Final

from rules.alarm_record import Occurrence
from rules.definition import Stage
from rules.model import Verdict
from rules.primitive import Threshold
from rules.sentence import number
from rules.signals import to_ms

DELAY_MAX_S: Final = 600
"""A longer delay is no cure but a blindfold; ours."""
BAND_SHARE_MAX: Final = 0.25
"""Of the limit; a wider deadband would be another limit. Ours; usual are 1 % to 5 % (domain page C1)."""


class Means(StrEnum):
    """What can be made longer or wider."""

    OFF_DELAY = "off_delay"
    DEADBAND = "deadband"
    ON_DELAY = "on_delay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The alarm that is looked at: its occurrences, the stage that begins it, and what people found (by the beginning)."""

    own: tuple[Occurrence, ...]
    stage: Stage
    verdicts: Mapping[int, Verdict]

    def real_count(self, some: Iterable[Occurrence]) -> int:
        """How many of these a person found to be real."""
        return sum(1 for one in some if self.verdicts[one.began_at] is Verdict.REAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What would have become of the occurrences."""

    kept: tuple[Occurrence, ...]  # as they would have been
    hidden: tuple[Occurrence, ...] = ()
    delayed: tuple[Occurrence, ...] = ()
    merged: tuple[Occurrence, ...] = ()


def candidates(trial: Trial, means: Means) -> list[float]:
    """What to try, the smallest first: more seconds, or the deadband itself; only where it catches one more occurrence."""
    condition = trial.stage.condition
    if means is Means.DEADBAND:
        test = condition.test
        if not isinstance(test, Threshold):
            return []
        limit = max(abs(limit) for limit in (test.above, test.below) if limit is not None)
        dips = [rounded_up(dip) for one in trial.own if (dip := _dip(one, test)) is not None]
        return sorted({dip for dip in dips if test.deadband < dip <= BAND_SHARE_MAX * limit})
    if means is Means.ON_DELAY:
        lasted = [one.lasted_ms - to_ms(condition.off_delay_s) for one in trial.own if one.lasted_ms is not None]
    else:
        gaps = [after.began_at - one.ended_at for one, after in pairwise(trial.own) if one.ended_at is not None]
        lasted = [gap - to_ms(condition.on_delay_s) for gap in gaps]
    return sorted({float(ms // 1000 + 1) for ms in lasted if 0 <= ms < DELAY_MAX_S * 1000})


def tried(trial: Trial, means: Means, more: float) -> Outcome:
    """What would have become of each, with so many seconds more, or with this deadband."""
    return _TRY[means](trial, more)


def _with_on_delay(trial: Trial, more_s: float) -> Outcome:
    """What does not last so long more does not ring; the rest rings so much later."""
    more, off = to_ms(more_s), to_ms(trial.stage.condition.off_delay_s)
    hidden: list[Occurrence] = []
    kept: list[Occurrence] = []
    for one in trial.own:
        is_short = one.lasted_ms is not None and one.lasted_ms - off < more
        (hidden if is_short else kept).append(one)
    shifted = tuple([replace(one, began_at=one.began_at + more) for one in kept])
    return Outcome(kept=shifted, hidden=tuple(hidden), delayed=tuple(kept))


def _with_off_delay(trial: Trial, more_s: float) -> Outcome:
    """What begins again before so long more has passed goes on; the rest is over so much later."""
    more, on = to_ms(more_s), to_ms(trial.stage.condition.on_delay_s)
    return _merged(trial, lambda ended_at, _, after: after.began_at - on - ended_at < more, more)


def _with_deadband(trial: Trial, band: float) -> Outcome:
    """What ended within the band did not end."""
    return _merged(trial, lambda _, one, __: (dip := _dip(one, trial.stage.condition.test)) is not None and dip <= band, 0)


def _merged(trial: Trial, goes_on: Callable[[int, Occurrence, Occurrence], bool], longer_ms: int) -> Outcome:
    kept: list[Occurrence] = [trial.own[0]]
    merged: list[Occurrence] = []
    for before, one in pairwise(trial.own):
        if before.ended_at is not None and before.is_by_itself and goes_on(before.ended_at, before, one):
            merged.append(one)
            acted_at = one.acted_at if kept[-1].acted_at is None else kept[-1].acted_at
            kept[-1] = replace(kept[-1], ended_at=one.ended_at, is_by_itself=one.is_by_itself, acted_at=acted_at)
        else:
            kept.append(one)
    later = [one if one.ended_at is None else replace(one, ended_at=one.ended_at + longer_ms) for one in kept]
    return Outcome(kept=tuple(later), merged=tuple(merged))


def _dip(one: Occurrence, test: object) -> float | None:
    """How far past the limit the reading was with which it ended by itself; None where no reading ended it."""
    value = next((item.value for item in reversed(one.cleared_by) if item.value is not None), None)
    if value is None or not one.is_by_itself or not isinstance(test, Threshold):
        return None
    return min(abs(value - limit) for limit in (test.above, test.below) if limit is not None)


def rounded_up(value: float) -> float:
    """Up to three digits, as people set it."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (floor(log10(value)) - 2)
    return float(number(ceil(round(value / step, 6)) * step))


_TRY: Final[Mapping[Means, Callable[[Trial, float], Outcome]]] = MappingProxyType(
    {Means.OFF_DELAY: _with_off_delay, Means.DEADBAND: _with_deadband, Means.ON_DELAY: _with_on_delay}
)
