"""What detectors take for a danger and is none: a burnt pan, steam, dust, incense, exhaust, insecticide, a sunny roof."""

from math import exp
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, HazardModel, Influence, Seconds

_STEP_S: Final = 5

_PEAKS: Final = {
    "burnt_pan": {"smoke_obscuration": 5.0, "carbon_monoxide": 8.0, "temperature": 2.0, "pm25": 250.0},
    "stir_fry": {"smoke_obscuration": 3.0, "carbon_monoxide": 5.0, "temperature": 2.5, "methane": 0.5, "pm25": 180.0},
    "steam": {"smoke_obscuration": 4.5, "temperature": 4.0, "humidity": 45.0},
    "dust": {"smoke_obscuration": 5.5, "pm25": 400.0},
    "incense": {"smoke_obscuration": 3.5, "carbon_monoxide": 6.0, "pm25": 300.0},
    "exhaust": {"carbon_monoxide": 45.0, "smoke_obscuration": 0.8},
    "insecticide": {"methane": 4.5, "smoke_obscuration": 2.0},
    "sun": {"temperature": 18.0},
    "mopping": {"humidity": 20.0},
}
"""What each adds at its height, in the kind's unit: cooking rises and falls in 2 to 5 min and stays below the alarm points of
detectors (1.1 to 12.9 %/m); EN 50291 wants no alarm at 30 ppm for 120 min; the rest is ours."""


class Fumes(HazardModel):
    """``cause`` rises to ``strength`` times its height within ``rises_s``, holds, and fades. Nothing is true about it."""

    model: Literal["fumes"]
    cause: Literal["burnt_pan", "stir_fry", "steam", "dust", "incense", "exhaust", "insecticide", "sun", "mopping"]
    strength: Annotated[float, Field(gt=0, le=10)] = 1.0
    rises_s: Annotated[float, Field(gt=0, le=86_400)] = 120.0
    holds_s: Seconds = 60.0
    fades_s: Annotated[float, Field(gt=0, le=86_400)] = 120.0

    def course(self) -> Course:
        """The added amounts, and no peril."""
        lasts_s = self.rises_s + self.holds_s + 4 * self.fades_s
        shape = [self._share(second) for second in range(0, int(lasts_s), _STEP_S)]
        return Course(
            influences=tuple(
                Influence(
                    zone=self.zone,
                    kind=kind,
                    from_s=self.starts_s,
                    step_s=_STEP_S,
                    amounts=tuple(peak * self.strength * share for share in shape),
                )
                for kind, peak in _PEAKS[self.cause].items()
            )
        )

    def _share(self, second: float) -> float:
        if second < self.rises_s:
            return second / self.rises_s
        past = second - self.rises_s - self.holds_s
        return 1.0 if past <= 0 else exp(-past / self.fades_s)
