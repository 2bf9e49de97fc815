"""A flooded garage: water runs in faster than the pumps draw it off, collects at the deepest places first, and is pumped out."""

from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, HazardModel, Influence, Peril, Seconds
from simulator.hazards.tenability import WATER_DANGER_MM, WATER_SILL_MM, first_s

_STEP_S: Final = 10
_HELD_S: Final = 120.0  # waves are no flood: 60 s (ISA-18.2's usual on-delay of levels), and a reading a minute
_PUDDLE_MM: Final = 30.0  # below it nobody speaks of a flood


class Flood(HazardModel):
    """Water in a garage of corners at different depths. ``zone`` is the garage; ``corners_mm`` is each corner's height."""

    model: Literal["flood"]
    rise_mm_per_min: Annotated[float, Field(gt=0, le=500)] = 12.0
    peak_mm: Annotated[float, Field(gt=0, le=5000)] = 420.0
    holds_s: Seconds = 1200.0
    falls_mm_per_min: Annotated[float, Field(gt=0, le=500)] = 20.0
    corners_mm: dict[str, Annotated[float, Field(ge=0, le=2000)]] = Field(default_factory=lambda: {"sump": 0.0, "ramp": 60.0})

    def course(self) -> Course:
        """Water level in mm above each corner's floor, every ten seconds."""
        rises_s = self.peak_mm / self.rise_mm_per_min * 60
        falls_s = self.peak_mm / self.falls_mm_per_min * 60
        levels: list[float] = []
        for second in range(0, int(rises_s + self.holds_s + falls_s) + _STEP_S, _STEP_S):
            if second < rises_s:
                level = second / 60 * self.rise_mm_per_min
            elif second < rises_s + self.holds_s:
                level = self.peak_mm
            else:
                level = self.peak_mm - (second - rises_s - self.holds_s) / 60 * self.falls_mm_per_min
            levels.append(max(0.0, level))
        return Course(
            perils=self._perils([max(0.0, level - min(self.corners_mm.values(), default=0.0)) for level in levels]),
            influences=tuple(
                Influence(
                    zone=f"{self.zone}/{corner}",
                    kind="water_level",
                    from_s=self.starts_s,
                    step_s=_STEP_S,
                    amounts=tuple(max(0.0, level - height) for level in levels),
                )
                for corner, height in sorted(self.corners_mm.items())
            ),
        )

    def _perils(self, deepest: list[float]) -> tuple[Peril, ...]:
        """Flooded is the garage, as soon as its deepest corner is; a puddle is none."""
        if max(deepest) < _PUDDLE_MM:
            return ()
        due, danger = first_s(deepest, WATER_SILL_MM, _STEP_S), first_s(deepest, WATER_DANGER_MM, _STEP_S)
        due_s = None if due is None else self.starts_s + due + _HELD_S
        return (
            Peril(
                hazard="flood",
                zone=self.zone,
                began_s=self.starts_s,
                ended_s=self.starts_s + len(deepest) * _STEP_S,
                dangerous_s=None if danger is None else self.starts_s + danger,
                alarm_due_s=due_s,
                dispatch_due_s=due_s,
                who=("water", "patrol"),
            ),
        )
