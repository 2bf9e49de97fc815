"""Carbon monoxide from a water heater, a brazier or an engine: made at a rate, thinned by fresh air, breathed until it harms."""

from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, HazardModel, Influence, Peril, Seconds
from simulator.hazards.tenability import poisoned_s

_STEP_S: Final = 10
_TAIL_S: Final = 1800
_FELT_PPM: Final = 50.0  # EN 50291-1: from here on an alarm may sound, after an hour


class BoilerCo(HazardModel):
    """So many litres of CO an hour into one well mixed room, until it is switched off and aired after ``off_s``."""

    model: Literal["boiler_co"]
    co_l_per_h: Annotated[float, Field(gt=0, le=10_000)] = 20.0
    volume_m3: Annotated[float, Field(ge=5, le=50_000)] = 60.0
    air_changes_per_h: Annotated[float, Field(ge=0, le=100)] = 0.5
    airing_changes_per_h: Annotated[float, Field(ge=0, le=200)] = 20.0
    off_s: Seconds = 5400.0

    def course(self) -> Course:
        """CO in ppm every ten seconds, and when somebody who breathes it has 10 % carboxyhaemoglobin."""
        ppm = 0.0
        amounts: list[float] = []
        for second in range(0, int(self.off_s) + _TAIL_S, _STEP_S):
            is_on = second < self.off_s
            made = self.co_l_per_h / 1000 / 3600 / self.volume_m3 * 1e6 if is_on else 0.0
            changes = self.air_changes_per_h if is_on else self.airing_changes_per_h
            ppm += (made - ppm * changes / 3600) * _STEP_S
            amounts.append(ppm)
        influence = Influence(
            zone=self.zone, kind="carbon_monoxide", from_s=self.starts_s, step_s=_STEP_S, amounts=tuple(amounts)
        )
        after_s = poisoned_s(amounts, _STEP_S)
        dangerous_s = None if after_s is None else self.starts_s + after_s
        peril = Peril(
            hazard="carbon_monoxide",
            zone=self.zone,
            began_s=self.starts_s,
            ended_s=self.starts_s + len(amounts) * _STEP_S,
            dangerous_s=dangerous_s,
            alarm_due_s=dangerous_s,
            dispatch_due_s=None if dangerous_s is None else dangerous_s + 3,
            who=("fire_fighting", "first_aid"),
        )
        return Course(influences=(influence,), perils=(peril,) if max(amounts) >= _FELT_PPM else ())
