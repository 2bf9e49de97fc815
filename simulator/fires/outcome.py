"""What the chain made of one real fire, measured in virtual time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rules.definition import RulePack
from rules.model import Entity, Fact
from simulator.fires.real_fire import RealFire
from simulator.virtual import facts

_STAGES: Final = {
    (Entity.WARNING, "opened"): "warning",
    (Entity.ALARM, "opened"): "alarm",
    (Entity.DISPATCH, "ordered"): "dispatch",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the chain made of one fire. Seconds count from the ignition, or from the recording's start where that is not dated.

    The first three are of whatever hazard spoke first; ``co_…`` are of carbon monoxide alone, looked for in undated fires only.
    """

    fire: RealFire
    warning_s: float | None
    alarm_s: float | None
    dispatch_s: float | None
    calm_warning_count: int
    calm_alarm_count: int
    co_warning_s: float | None = None
    co_alarm_s: float | None = None

    @property
    def has_warned_first(self) -> bool:
        """Whether the early warning came before the alarm, and not with it."""
        return self.warning_s is not None and self.alarm_s is not None and self.warning_s < self.alarm_s


def measure(fire: RealFire, pack: RulePack) -> Outcome:
    """Run one fire in virtual time and note the first of each stage after the ignition, and all before it.

    A dated fire is left once it has been warned of, alarmed and answered: nothing later is asked for.
    """
    zero_at = fire.start_at if fire.ignition_at is None else fire.ignition_at
    firsts: dict[str, float] = {}
    calm = {"warning": 0, "alarm": 0, "dispatch": 0}
    for stage, fact in _openings(facts(fire.records(), pack, tail_s=0)):
        if fact.at < zero_at:
            calm[stage] += 1
            continue
        second = (fact.at - zero_at) / 1000
        firsts.setdefault(stage, second)
        firsts.setdefault(f"{stage} of {fact.hazard}", second)
        if fire.ignition_at is not None and calm.keys() <= firsts.keys():
            break
    return Outcome(
        fire=fire,
        warning_s=firsts.get("warning"),
        alarm_s=firsts.get("alarm"),
        dispatch_s=firsts.get("dispatch"),
        calm_warning_count=calm["warning"],
        calm_alarm_count=calm["alarm"],
        co_warning_s=firsts.get("warning of carbon_monoxide"),
        co_alarm_s=firsts.get("alarm of carbon_monoxide"),
    )


def _openings(timeline: Iterable[Fact]) -> Iterator[tuple[str, Fact]]:
    for fact in timeline:
        stage = _STAGES.get((fact.entity, fact.transition))
        if stage is not None:
            yield stage, fact
