"""按原因查看: the alarms that stand, gathered by what explains them, so that one look tells one power cut from forty troubles.

An alarm with a named cause counts under the alarm at the root of it; the others under their rule, hazard and building. What
a person or a maintenance window keeps quiet is left out, and so is what is suppressed without a cause. Pure: records in, groups
out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rules.lifecycle import UNACKNOWLEDGED
from rules.model import Alarm, Level, Status

KEPT_QUIET: Final = frozenset({"shelved", "out_of_service"})
"""States in which somebody already knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseGroup:
    """What one cause explains."""

    cause_id: str  # the alarm that causes the others; empty where these only share rule, hazard and building
    incident_id: str  # the case to look at first: of the cause, else of the worst of them
    rule: str  # of the cause, else of all of them
    hazard: str
    zone: str  # of the cause, else their building
    level: Level  # the worst of them
    count: int  # alarms of this position that it explains, the cause itself included where it is one of them
    waiting_count: int  # of these, how many nobody has acknowledged
    suppressed_count: int  # of these, how many are kept quiet as symptoms
    is_life_safety: bool  # a life may hang on one of them


def is_shown(alarm: Alarm) -> bool:
    """Whether this alarm is something to look at now: real, not kept quiet by a person, not suppressed but as a symptom."""
    if alarm.status is not Status.ACTUAL or alarm.state in KEPT_QUIET:
        return False
    return alarm.state != "suppressed" or bool(alarm.cause_id)


def root_of(alarm: Alarm, known: Mapping[str, Alarm]) -> Alarm:
    """The alarm at the beginning of its chain of causes; itself where no known alarm is named as its cause."""
    seen = {alarm.id}
    while alarm.cause_id in known and alarm.cause_id not in seen:
        seen.add(alarm.cause_id)
        alarm = known[alarm.cause_id]
    return alarm


def by_cause(alarms: Iterable[Alarm], known: Mapping[str, Alarm], life_safety: frozenset[str]) -> tuple[CauseGroup, ...]:
    """Gather them, the cause that explains most first; of equals the worst, then the one that began first.

    ``known`` are all alarms that stand, by id: a cause may be another position's. ``life_safety`` are the ids of the incidents
    on which a life may hang.
    """
    shown = [alarm for alarm in alarms if is_shown(alarm)]
    roots = {alarm.id: root_of(alarm, known) for alarm in shown}
    causes = {root.id for name, root in roots.items() if root.id != name}
    groups: dict[tuple[str, ...], list[Alarm]] = {}
    for alarm in shown:
        root = roots[alarm.id]
        key = (root.id,) if root.id in causes else (alarm.rule, alarm.hazard, _building(alarm))
        groups.setdefault(key, []).append(alarm)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), _worst(each[1]).level.rank, _began(each[1])))
    return tuple([_group(known[key[0]] if len(key) == 1 else None, found, life_safety) for key, found in ordered])


def _group(cause: Alarm | None, found: list[Alarm], life_safety: frozenset[str]) -> CauseGroup:
    worst = _worst(found)
    first = worst if cause is None else cause
    return CauseGroup(
        cause_id="" if cause is None else cause.id,
        incident_id=first.incident_id,
        rule=first.rule,
        hazard=first.hazard,
        zone=_building(first) if cause is None else cause.zone,
        level=worst.level,
        count=len(found),
        waiting_count=len([alarm for alarm in found if alarm.state in UNACKNOWLEDGED]),
        suppressed_count=len([alarm for alarm in found if alarm.state == "suppressed"]),
        is_life_safety=any(alarm.incident_id in life_safety for alarm in found),
    )


def _building(alarm: Alarm) -> str:
    return alarm.zone.partition("/")[0]


def _worst(found: list[Alarm]) -> Alarm:
    return min(found, key=lambda alarm: (alarm.level.rank, alarm.opened_at, alarm.id))


def _began(found: list[Alarm]) -> tuple[int, str]:
    return min((alarm.opened_at, alarm.id) for alarm in found)
