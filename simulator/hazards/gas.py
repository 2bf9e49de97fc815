"""A gas leak in a kitchen: methane mixes into the room's air until somebody closes the valve and opens the window."""

from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, HazardModel, Influence, Seconds

_LOWER_LIMIT_VOL_PERCENT: Final = 5.0  # 100 %LEL of methane
_STEP_S: Final = 5
_TAIL_S: Final = 1800


class GasLeak(HazardModel):
    """A constant leak into one well mixed room with a little air change, and a lot of it once ``closed_s`` is reached."""

    model: Literal["gas_leak"]
    leak_l_per_min: Annotated[float, Field(gt=0, le=500)] = 15.0
    volume_m3: Annotated[float, Field(ge=5, le=5000)] = 20.0
    air_changes_per_h: Annotated[float, Field(ge=0, le=100)] = 0.5
    airing_changes_per_h: Annotated[float, Field(ge=0, le=100)] = 20.0
    closed_s: Seconds = 1200.0

    def course(self) -> Course:
        """Methane in %LEL every five seconds."""
        share = 0.0  # of the room's air that is methane
        amounts: list[float] = []
        for second in range(0, int(self.closed_s) + _TAIL_S, _STEP_S):
            is_leaking = second < self.closed_s
            inflow = self.leak_l_per_min / 1000 / 60 / self.volume_m3 if is_leaking else 0.0
            changes = self.air_changes_per_h if is_leaking else self.airing_changes_per_h
            share += (inflow - share * changes / 3600) * _STEP_S
            amounts.append(100 * share * 100 / _LOWER_LIMIT_VOL_PERCENT)
        influence = Influence(zone=self.zone, kind="methane", from_s=self.starts_s, step_s=_STEP_S, amounts=tuple(amounts))
        return Course(influences=(influence,))
