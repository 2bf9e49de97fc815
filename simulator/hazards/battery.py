"""An e-bike's battery on its charger: it warms itself, gives off gas, then burns through within seconds (thermal runaway)."""

from collections.abc import Mapping, Sequence
from math import exp
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, HazardModel, Influence, Peril, Seconds
from simulator.hazards.rooms import Air, fade
from simulator.hazards.tenability import obscuration, unbearable_s

_AIR_G_PER_M3: Final = 1200.0
_AMBIENT_C: Final = 22.0
_GAS_L_PER_WH: Final = 1.0  # 0.5 to 2 L of gas for each Wh of an NMC cell (Baird et al., J. Power Sources 446, 2020)
_CO_SHARE: Final = 0.28  # of that gas by volume, same source
_CO_G_PER_L: Final = 1.15
_SMOKE_M2_PER_WH: Final = 0.9  # so that one pack fills a bicycle shed as in the FSRI e-scooter recordings (docs/real-fires.md)
_HEAT_KJ_PER_WH: Final = 12.0  # heat of a burning pack over its stored energy: 3 to 4 times 3.6 kJ/Wh [K]
_BURNS_S: Final = 60.0  # most of a pack within a minute
_AIR_KJ_PER_M3_K: Final = 1.2
_TAIL_S: Final = 900
_FANS_PER_H: Final = 120.0


class BatteryRunaway(HazardModel):
    """A pack of ``energy_wh`` vents for ``vents_s`` and then burns; put out after ``out_s``. ``cells`` is the share that goes.

    While it warms, its charger draws more and leaks: ``charger_ma`` to earth and ``charger_k`` on the cable, until the breaker
    trips with the first flame.
    """

    model: Literal["battery_runaway"]
    energy_wh: Annotated[float, Field(gt=0, le=20_000)] = 960.0
    cells: Annotated[float, Field(gt=0, le=1)] = 1.0
    vents_s: Seconds = 60.0
    out_s: Seconds = 300.0
    volume_m3: Annotated[float, Field(ge=5, le=5000)] = 120.0
    air_changes_per_h: Annotated[float, Field(ge=0, le=100)] = 4.0
    charger_ma: Annotated[float, Field(ge=0, le=1000)] = 60.0
    charger_k: Annotated[float, Field(ge=0, le=200)] = 8.0

    def course(self) -> Course:
        """Smoke, CO and temperature each second, and the truth."""
        air = Air(self.volume_m3, {"smoke": 0.0, "co": 0.0})
        felt: dict[str, list[float]] = {"smoke_obscuration": [], "carbon_monoxide": [], "temperature": [], "density": []}
        for second in range(int(self.out_s) + _TAIL_S):
            rate = self._rate_wh_per_s(second)
            air.shares["smoke"] += rate * _SMOKE_M2_PER_WH / self.volume_m3
            air.shares["co"] += rate * _GAS_L_PER_WH * _CO_SHARE * _CO_G_PER_L / self.volume_m3
            burning = 0.0 if second < self.vents_s else 1.0
            air.rise += burning * rate * _HEAT_KJ_PER_WH * 0.7 / (_AIR_KJ_PER_M3_K * self.volume_m3)  # 0.3 of it is radiated
            fade(air, self.air_changes_per_h if second < self.out_s else _FANS_PER_H, 1.0)
            felt["density"].append(air.shares["smoke"])
            felt["smoke_obscuration"].append(obscuration(air.shares["smoke"]))
            felt["carbon_monoxide"].append(air.shares["co"] / _AIR_G_PER_M3 * 1e6 * 29 / 28)
            felt["temperature"].append(air.rise)
        influences = tuple(
            Influence(zone=self.zone, kind=kind, from_s=self.starts_s, step_s=1.0, amounts=tuple(amounts))
            for kind, amounts in felt.items()
            if kind != "density"
        )
        return Course(influences=(*influences, *self._charger()), perils=self._perils(felt))

    def _charger(self) -> tuple[Influence, ...]:
        """What its line feels, from the first warmth to the tripped breaker."""
        steps = max(2, int(self.vents_s))
        return tuple(
            Influence(
                zone=self.zone,
                kind=kind,
                from_s=self.starts_s,
                step_s=1.0,
                amounts=tuple(amount * second / steps for second in range(steps + 1)),
            )
            for kind, amount in (("residual_current", self.charger_ma), ("cable_temperature", self.charger_k))
        )

    def _rate_wh_per_s(self, second: float) -> float:
        """How much of the pack goes up each second: a tenth of it while it vents, faster and faster; the rest while it burns."""
        goes_wh = self.energy_wh * self.cells
        if second < self.vents_s:
            return 0.1 * goes_wh * 2 * second / self.vents_s**2
        if second >= self.out_s:
            return 0.0
        return 0.9 * goes_wh / _BURNS_S * exp(-(second - self.vents_s) / _BURNS_S)

    def _perils(self, felt: Mapping[str, Sequence[float]]) -> tuple[Peril, ...]:
        warmth = [_AMBIENT_C + rise for rise in felt["temperature"]]
        after_s = unbearable_s(felt["density"], felt["carbon_monoxide"], warmth, 1.0)
        dangerous_s = None if after_s is None else self.starts_s + after_s
        ended_s = self.starts_s + len(warmth)
        fire = Peril(
            hazard="fire",
            zone=self.zone,
            began_s=self.starts_s,
            ended_s=ended_s,
            dangerous_s=dangerous_s,
            alarm_due_s=dangerous_s,
            dispatch_due_s=None if dangerous_s is None else dangerous_s + 3,
            who=("fire_fighting", "evacuation"),
        )
        return (fire, Peril(hazard="carbon_monoxide", zone=self.zone, began_s=self.starts_s, ended_s=ended_s))
