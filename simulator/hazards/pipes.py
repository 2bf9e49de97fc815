"""Water where it does not belong: a pipe that leaks, or bursts; it runs through the floor, and the pressure falls."""

from typing import Annotated, Final, Literal

from pydantic import Field

from rules.model import EventClass
from simulator.hazards.course import Course, Happening, HazardModel, Influence, Peril, Seconds

_WETS_L: Final = 0.2  # a film of 1 mm over the sensor's 0.2 m² (ours)
_SOAKS_L: Final = 60.0  # until water comes through the floor: 5 mm over 12 m² (ours)
_SHOWN_S: Final = 20.0  # 10 s on-delay of practice and 10 s from device to centre (GB 50440)
_STEP_S: Final = 30.0
_KPA_PER_L_PER_MIN: Final = 0.9  # what a draw of 1 L/min costs at the end of a riser (ours)


class PipeLeak(HazardModel):
    """So many litres a minute from a pipe until somebody shuts the valve after ``closed_s``; ``below`` is soaked later.

    ``pressure_zone`` is where the pressure of this riser is measured. A trickle that dries before 10 s is condensation.
    """

    model: Literal["pipe_leak"]
    leak_l_per_min: Annotated[float, Field(gt=0, le=2000)] = 6.0
    closed_s: Seconds = 1800.0
    dries_s: Seconds = 3600.0
    below: tuple[str, ...] = ()
    pressure_zone: str = ""

    def course(self) -> Course:
        """Wet and dry sensors, the meter's flow, the pressure of the riser, and the truth."""
        happenings: list[Happening] = []
        perils: list[Peril] = []
        for zone, litres in ((self.zone, _WETS_L), *((zone, _SOAKS_L) for zone in self.below)):
            after_s = litres / self.leak_l_per_min * 60
            if after_s >= self.closed_s:
                continue
            wet_s, dry_s = self.starts_s + after_s, self.starts_s + self.closed_s + self.dries_s
            happenings += [_moisture(zone, wet_s, "wet"), _moisture(zone, dry_s, "dry")]
            perils.append(
                Peril(
                    hazard="water_leak",
                    zone=zone,
                    began_s=self.starts_s,
                    ended_s=dry_s,
                    alarm_due_s=wet_s + _SHOWN_S,
                    who=("water",),
                )
            )
        count = max(2, int(self.closed_s / _STEP_S) + 1)
        flow = Influence(
            zone=self.zone, kind="water_flow", from_s=self.starts_s, step_s=_STEP_S, amounts=(self.leak_l_per_min * 60,) * count
        )
        falls = -self.leak_l_per_min * _KPA_PER_L_PER_MIN
        pressure = Influence(
            zone=self.pressure_zone, kind="water_pressure", from_s=self.starts_s, step_s=_STEP_S, amounts=(falls,) * count
        )
        return Course(
            influences=(flow, pressure) if self.pressure_zone else (flow,), happenings=tuple(happenings), perils=tuple(perils)
        )


class Drip(HazardModel):
    """Condensation, a mop, a splash: a sensor is wet for ``wet_s`` and dry again. Shorter than 10 s it is no leak."""

    model: Literal["drip"]
    wet_s: Annotated[float, Field(gt=0, le=86_400)] = 5.0

    def course(self) -> Course:
        """Wet, and dry; nothing is true about it."""
        return Course(
            happenings=(_moisture(self.zone, self.starts_s, "wet"), _moisture(self.zone, self.starts_s + self.wet_s, "dry"))
        )


class PumpFailure(HazardModel):
    """The pump that holds the pressure of the fire main stops: the pressure falls, and is back after ``mended_s``."""

    model: Literal["pump_failure"]
    falls_kpa_per_min: Annotated[float, Field(gt=0, le=1000)] = 30.0
    lowest_kpa: Annotated[float, Field(ge=0, le=400)] = 20.0
    calm_kpa: Annotated[float, Field(gt=0, le=2000)] = 380.0
    mended_s: Seconds = 3600.0

    def course(self) -> Course:
        """The pressure that is missing; below 0.05 MPa (GB 50974) for a minute it must be told within two."""
        count = int(self.mended_s / _STEP_S) + 1
        missing = [
            min(self.calm_kpa - self.lowest_kpa, number * _STEP_S / 60 * self.falls_kpa_per_min) for number in range(count)
        ]
        low = next((number * _STEP_S for number, each in enumerate(missing) if self.calm_kpa - each < _FIRE_WATER_KPA - 25), None)
        influence = Influence(
            zone=self.zone, kind="water_pressure", from_s=self.starts_s, step_s=_STEP_S, amounts=tuple(-each for each in missing)
        )
        if low is None:
            return Course(influences=(influence,))
        due_s = self.starts_s + low + 60 + 120
        peril = Peril(
            hazard="fire_water",
            zone=self.zone,
            began_s=self.starts_s,
            ended_s=self.starts_s + self.mended_s,
            dangerous_s=self.starts_s + low,
            alarm_due_s=due_s,
            dispatch_due_s=due_s,
            who=("water",),
        )
        return Course(influences=(influence,), perils=(peril,))


_FIRE_WATER_KPA: Final = 50.0  # GB 50974: 0.05 MPa


def _moisture(zone: str, at_s: float, state: str) -> Happening:
    return Happening(at_s=at_s, zone=zone, sort="leak", event_class=EventClass.STATE, kind="moisture", state=state)
