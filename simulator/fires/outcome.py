"""What the chain made of one real fire, measured in virtual time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rules.definition import RulePack
from rules.model import Entity, Fact
from simulator.fires.real_fire import RealFire
from simulator.virtual import facts

_STAGES: Final = {(Entity.WARNING, "opened"): 0, (Entity.ALARM, "opened"): 1, (Entity.DISPATCH, "ordered"): 2}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the chain made of one fire. Seconds count from the ignition, or from the recording's start where that is not dated."""

    fire: RealFire
    warning_s: float | None
    alarm_s: float | None
    dispatch_s: float | None
    calm_warning_count: int
    calm_alarm_count: int

    @property
    def has_warned_first(self) -> bool:
        """Whether the early warning came before the alarm, and not with it."""
        return self.warning_s is not None and self.alarm_s is not None and self.warning_s < self.alarm_s


def measure(fire: RealFire, pack: RulePack) -> Outcome:
    """Run one fire in virtual time and note the first of each stage after the ignition, and all before it."""
    zero_at = fire.start_at if fire.ignition_at is None else fire.ignition_at
    firsts: list[float | None] = [None, None, None]
    calm = [0, 0, 0]
    for stage, at in _openings(facts(fire.records(), pack, tail_s=0)):
        if at < zero_at:
            calm[stage] += 1
        elif firsts[stage] is None:
            firsts[stage] = (at - zero_at) / 1000
    return Outcome(fire, firsts[0], firsts[1], firsts[2], calm[0], calm[1])


def _openings(timeline: Iterable[Fact]) -> Iterator[tuple[int, int]]:
    for fact in timeline:
        stage = _STAGES.get((fact.entity, fact.transition))
        if stage is not None:
            yield stage, fact.at
