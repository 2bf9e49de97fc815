"""What the chain said of one real flood, measured in virtual time: which colour when, and how each warning ended."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rules.definition import RulePack
from rules.model import Entity, Level
from rules.primitive import Threshold
from simulator.floods.floodnet import RealFlood
from simulator.virtual import facts

KIND: Final = "water_level"
UP: Final = (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED)
"""The colours, the mildest first."""
ENDS: Final = ("materialised", "cancelled", "expired", "cleared")
"""How a warning ends, and how an alarm's condition does."""


@dataclass(frozen=True, slots=True)
class Told:
    """One change that people saw."""

    at: int
    entity: Entity
    transition: str
    level: Level


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the chain made of one flood."""

    flood: RealFlood
    told: tuple[Told, ...]

    def first_at(self, level: Level) -> int | None:
        """When this colour, or at once a worse one, was first told: as a warning or as an alarm."""
        return next((each.at for each in self.coloured if not level.is_worse_than(each.level)), None)

    @property
    def coloured(self) -> tuple[Told, ...]:
        """Only what gave a colour."""
        return tuple(each for each in self.told if each.transition in ("opened", "level_changed"))

    @property
    def alarm_at(self) -> int | None:
        """When the alarm was raised."""
        return next((each.at for each in self.told if each.entity is Entity.ALARM and each.transition == "opened"), None)

    @property
    def worst(self) -> Level | None:
        """The worst colour that was told."""
        return min((each.level for each in self.coloured), key=lambda level: level.rank, default=None)

    @property
    def climb(self) -> tuple[Level, ...]:
        """The colours on the way up: each where it was first told, until the worst one was."""
        levels = [each.level for each in self.coloured]
        return tuple(dict.fromkeys(levels[: levels.index(self.worst) + 1])) if self.worst is not None else ()

    @property
    def is_up_in_order(self) -> bool:
        """Whether no colour on the way up was told for the first time after a worse one."""
        return all(after.is_worse_than(before) for before, after in pairwise(self.climb))

    @property
    def is_down_in_order(self) -> bool:
        """Whether after the worst colour only milder ones followed, one after another, and then the end."""
        ranks = [each.level.rank for each in self.coloured]
        last = len(ranks) - 1 - ranks[::-1].index(min(ranks)) if ranks else 0
        eased_at = [each.at for each in self.told if each.transition == "cleared"]  # an alarm leaves a warning behind
        is_whole = all(each.transition == "level_changed" or each.at in eased_at for each in self.coloured[last + 1 :])
        return is_whole and self.is_over and all(before < after for before, after in pairwise(ranks[last:]))

    @property
    def is_over(self) -> bool:
        """Whether all that was opened has ended: no warning and no alarm stands when the recording is over."""
        opened = sum(each.transition == "opened" for each in self.told)
        return opened == sum(each.transition in ENDS for each in self.told)

    @property
    def skipped(self) -> tuple[Level, ...]:
        """Colours milder than the worst one that were not told on the way up."""
        worst = self.worst
        return () if worst is None else tuple(level for level in UP if worst.is_worse_than(level) and level not in self.climb)

    @property
    def ends(self) -> tuple[str, ...]:
        """How each warning ended, in their order: materialised, cancelled, expired."""
        return tuple(each.transition for each in self.told if each.entity is Entity.WARNING and each.transition in ENDS)

    @property
    def dry_count(self) -> int:
        """Warnings and alarms that were raised while the street was dry: before the water came, or after it had gone."""
        starts_at, ends_at = self.flood.starts_at, self.flood.ends_at
        return sum(each.transition == "opened" and not starts_at <= each.at <= ends_at for each in self.told)


def measure(flood: RealFlood, pack: RulePack) -> Outcome:
    """Run one flood in virtual time, alone in its community, and note all that was told of it."""
    told = tuple(
        Told(fact.at, fact.entity, fact.transition, fact.level)
        for fact in facts(flood.records(), pack, tail_s=0)
        if fact.entity in (Entity.WARNING, Entity.ALARM) and fact.level is not None
    )
    return Outcome(flood, told)


def limits(pack: RulePack) -> dict[Level, float]:
    """From which depth [mm] on the pack gives each colour of its own accord: what holds in some mode only is left out."""
    found: dict[Level, float] = {}
    for rule in pack.rules:
        for stage in (*rule.warnings, *rule.alarms) if KIND in rule.match.kinds else ():
            test = stage.condition.test
            if isinstance(test, Threshold) and test.above is not None and not stage.modes:
                found[stage.level] = min(test.above, found.get(stage.level, test.above))
    return {level: found[level] for level in UP if level in found}
