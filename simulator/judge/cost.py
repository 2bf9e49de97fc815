"""What the mistakes of a pack cost, under three named profiles: whose patience is short for what.

A miss, a false alarm and their profiles are those of the Numenta Anomaly Benchmark (numenta/NAB, config/profiles.json): standard,
reward_low_FP_rate, reward_low_FN_rate. The other weights are ours, each said from one of these. A perfect pack costs 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol


class Counted(Protocol):
    """What a cost needs to know of a stage."""

    late: int
    missed: int
    false: int
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The weights of one point of view; the unit is one missed happening of the standard profile."""

    id: str
    title_zh: str
    title_en: str
    missed: float  # a happening whose alarm never came (NAB: FN weight)
    late: float  # whose alarm came after due_by: half a miss (ours)
    false_alarm: float  # an alarm for nothing (NAB: FP weight)
    false_warning: float  # a warning for nothing: a tenth of a false alarm, it wakes nobody (ours)
    false_dispatch: float  # somebody went for nothing: twice a false alarm (ours)
    duplicate: float  # one more alarm for a happening already told: a tenth of a false alarm (ours)
    flood_minute: float  # a minute in which alarms come faster than a person reads: a tenth of a false alarm (ours)
    stage_missed: float  # a warning or a dispatch that was asked for and never came: a fifth of a miss (ours)


def _profile(name: str, zh: str, en: str, *, missed: float, false: float) -> Profile:
    return Profile(
        id=name,
        title_zh=zh,
        title_en=en,
        missed=missed,
        late=missed / 2,
        false_alarm=false,
        false_warning=false / 10,
        false_dispatch=false * 2,
        duplicate=false / 10,
        flood_minute=false / 10,
        stage_missed=missed / 5,
    )


PROFILES: Final = (
    _profile("standard", "标准", "standard", missed=1.0, false=0.11),
    _profile("few_false_alarms", "少误报（物业）", "few false alarms (property staff)", missed=1.0, false=0.22),
    _profile("few_misses", "少漏报（火灾、老人）", "few misses (fire, elders)", missed=2.0, false=0.11),
)
"""Missed and false of NAB's profiles.json: 1.0 and 0.11; 1.0 and 0.22; 2.0 and 0.11."""


def cost_of(stages: Mapping[str, Counted], flood_s: float, profile: Profile) -> float:
    """What these mistakes cost, to six digits. A late warning or dispatch costs half of one that never came."""
    alarm, warning, dispatch = stages["alarm"], stages["warning"], stages["dispatch"]
    cost = alarm.missed * profile.missed + alarm.late * profile.late
    cost += sum(each.missed + each.late / 2 for each in (warning, dispatch)) * profile.stage_missed
    cost += alarm.false * profile.false_alarm + warning.false * profile.false_warning
    cost += dispatch.false * profile.false_dispatch
    cost += sum(each.duplicates for each in (alarm, warning, dispatch)) * profile.duplicate
    cost += flood_s / 60 * profile.flood_minute
    return round(cost, 6)
