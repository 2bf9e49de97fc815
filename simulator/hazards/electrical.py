"""An overloaded circuit: the cable warms with the square of its current, its insulation gives way, and current leaks to earth."""

from math import exp
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, HazardModel, Influence, Peril, Seconds
from simulator.hazards.tenability import CABLE_DANGER_C, CABLE_MAX_C, RESIDUAL_FIRE_MA, first_s

_STEP_S: Final = 10
_AIR_C: Final = 32.0  # in a meter room; what the cable's sensor says at rest
_RATED_RISE_K: Final = 40.0  # a PVC cable at its rated current in air of 30 °C is at 70 °C (IEC 60364-5-52)
_LEAKS_PER_10_K: Final = 2.0  # insulation resistance halves with each 10 K [K]
_LEAKS_AT_REST_MA: Final = 35.0
_JUDGED_S: Final = 50.0  # GB 14287.2 and .3: an alarm within 30 to 40 s of the limit; GB 50440: 10 s more to the centre


class CableHeating(HazardModel):
    """A circuit carries ``load`` times its rated current from the start until it is switched off after ``off_s``.

    The conductor follows with ``time_constant_s``. Wet insulation leaks ``wet_leak_ma`` at once, and more with every degree.
    """

    model: Literal["cable_heating"]
    load: Annotated[float, Field(ge=0, le=5)] = 1.4
    time_constant_s: Annotated[float, Field(gt=0, le=20_000)] = 900.0
    off_s: Seconds = 3600.0
    wet_leak_ma: Annotated[float, Field(ge=0, le=5000)] = 0.0

    def course(self) -> Course:
        """Cable temperature [K above rest] and residual current [mA more than at rest] every ten seconds, and the truth."""
        final_k = _RATED_RISE_K * self.load**2
        warmth: list[float] = []
        leaks: list[float] = []
        rise = 0.0
        share = 1 - exp(-_STEP_S / self.time_constant_s)
        for second in range(0, int(self.off_s + 4 * self.time_constant_s), _STEP_S):
            rise += ((final_k if second < self.off_s else 0.0) - rise) * share
            over_k = max(0.0, _AIR_C + rise - CABLE_MAX_C)  # sound insulation only suffers above its limit
            wet_ma = self.wet_leak_ma * _LEAKS_PER_10_K ** (rise / 10) if second < self.off_s else 0.0
            warmth.append(rise)
            leaks.append(wet_ma + _LEAKS_AT_REST_MA * (_LEAKS_PER_10_K ** (over_k / 10) - 1))
        influences = tuple(
            Influence(zone=self.zone, kind=kind, from_s=self.starts_s, step_s=_STEP_S, amounts=tuple(amounts))
            for kind, amounts in (("cable_temperature", warmth), ("residual_current", leaks))
            if max(amounts) > 0
        )
        return Course(influences=influences, perils=self._perils(warmth, leaks))

    def _perils(self, warmth: list[float], leaks: list[float]) -> tuple[Peril, ...]:
        """A circuit is a danger of fire from a limit on; until then there is nothing to find, though it may be warned of."""
        celsius = [_AIR_C + rise for rise in warmth]
        hot = first_s(celsius, CABLE_MAX_C, _STEP_S)
        leaking = first_s([_LEAKS_AT_REST_MA + each for each in leaks], RESIDUAL_FIRE_MA, _STEP_S)
        past = [second for second in (hot, leaking) if second is not None]
        if not past:
            return ()
        due_s = self.starts_s + min(past) + _JUDGED_S
        danger = first_s(celsius, CABLE_DANGER_C, _STEP_S)
        dangers = [second for second in (danger, leaking) if second is not None]
        return (
            Peril(
                hazard="electrical",
                zone=self.zone,
                began_s=self.starts_s,
                ended_s=self.starts_s + len(warmth) * _STEP_S,
                dangerous_s=self.starts_s + min(dangers) if dangers else None,
                alarm_due_s=due_s,
                dispatch_due_s=due_s,
                who=("electrical", "fire_fighting"),
            ),
        )
