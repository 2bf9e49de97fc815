"""The figures of one slice of a backtest: a rule, a hazard, a community, or everything. docs/judge.md says what each means.

Nothing can be made better by saying nothing: what was missed counts as endlessly late in every percentile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, inf

from rules.kpi_load import floods_of
from simulator.judge.cost import PROFILES, cost_of
from simulator.judge.matching import Matched, is_wanted
from simulator.judge.reached import Played
from simulator.judge.truth_file import STAGES


@dataclass(slots=True)
class StageTally:
    """One stage, counted."""

    asked: int = 0
    detected: int = 0  # in time
    late: int = 0
    missed: int = 0
    right: int = 0  # happenings found for which this stage is right, in time or late: the numerator of precision
    unasked: int = 0  # happenings found for which it is neither asked nor wrong
    false: int = 0
    duplicates: int = 0
    ahead_ms: list[float] = field(default_factory=list)  # before dangerous_at; -inf where it never came
    after_ms: list[float] = field(default_factory=list)  # after start; inf where it never came

    def take(self, matched: Matched) -> None:
        """Add one community's matches."""
        self.false += len(matched.false)
        self.duplicates += len(matched.duplicates)
        for number, happened in enumerate(matched.happened):
            found = matched.found.get(number)
            due_at = happened.due_at(matched.stage)
            wanted = is_wanted(happened, matched.stage)
            if due_at is not None:
                self.asked += 1
                self.missed += found is None
                self.detected += found is not None and found.at <= due_at
                self.late += found is not None and found.at > due_at
                self.after_ms.append(inf if found is None else found.at - happened.start_at)
            if found is not None:
                self.right += wanted
                self.unasked += not wanted
            if wanted and happened.dangerous_at is not None:
                self.ahead_ms.append(-inf if found is None else happened.dangerous_at - found.at)

    def plain(self) -> dict[str, int | float | None]:
        """The counts and shares of this stage for the report."""
        return {
            "asked": self.asked,
            "detected": self.detected,
            "late": self.late,
            "missed": self.missed,
            "right": self.right,
            "unasked": self.unasked,
            "false": self.false,
            "duplicates": self.duplicates,
            "recall": share(self.detected, self.asked),
            "noticed": share(self.detected + self.late, self.asked),
            "precision": share(self.right, self.right + self.false),
            "lead_count": len(self.ahead_ms),
            "lead_p50_s": percentile(self.ahead_ms, 0.5),
            "lead_p10_s": percentile(self.ahead_ms, 0.1),
            "time_p50_s": percentile(self.after_ms, 0.5),
            "time_p90_s": percentile(self.after_ms, 0.9),
        }


@dataclass(slots=True)
class Figures:
    """All figures of one slice."""

    stages: dict[str, StageTally] = field(default_factory=lambda: {stage: StageTally() for stage in STAGES})
    rang_count: int = 0
    flood_count: int = 0
    flood_s: float = 0.0
    days: float = 0.0

    def take_stage(self, matched: Matched) -> None:
        """Add one community's matches of one stage."""
        self.stages[matched.stage].take(matched)

    def take_load(self, rang_at: Sequence[int], played: Played) -> None:
        """Add one community's announcements: one operator answers for all of it, however the pack divides them."""
        until_at = max(played.until_at, played.from_at + 1000, *(at + 1 for at in rang_at[-1:]))
        floods = floods_of(rang_at, played.from_at, until_at)
        self.rang_count += len(rang_at)
        self.flood_count += len(floods.spells)
        self.flood_s += floods.time_s
        self.days += played.days

    def plain(self) -> dict[str, object]:
        """The figures for the report."""
        alarm = self.stages["alarm"]
        return {
            **{stage: tally.plain() for stage, tally in self.stages.items()},
            "announced": self.rang_count,
            "operator_days": rounded(self.days),
            "false_alarms_per_operator_day": rounded(alarm.false / self.days) if self.days else None,
            "announced_per_operator_day": rounded(self.rang_count / self.days) if self.days else None,
            "floods": self.flood_count,
            "flood_s": rounded(self.flood_s),
            "flood_share": rounded(self.flood_s / (self.days * 86_400)) if self.days else None,
            "cost": {profile.id: cost_of(self.stages, self.flood_s, profile) for profile in PROFILES},
        }


def share(part: int, whole: int) -> float | None:
    """A share of 0 to 1; None where there is nothing to divide by."""
    return rounded(part / whole) if whole else None


def percentile(values: Iterable[float], at: float) -> float | None:
    """The value at this share of all, in seconds, by nearest rank: one that occurred. None where it is endless, or none is.

    ``values`` are ms. Of 4 values the tenth is the lowest, the half is the second lowest.
    """
    ranked = sorted(values)
    if not ranked:
        return None
    value = ranked[max(ceil(at * len(ranked)), 1) - 1]
    return None if abs(value) == inf else rounded(value / 1000)


def rounded(value: float) -> float:
    """To six digits after the point, so that a report does not hang on the last bit of a sum."""
    return round(value, 6) + 0.0
