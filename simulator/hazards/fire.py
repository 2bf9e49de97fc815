"""A fire in a flat: a smouldering start, growth with the square of time, and what smoke, heat and CO sensors feel of it."""

from math import exp
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, Growth, HazardModel, Influence, Seconds

_GROWTH_KW_PER_S2: Final = {"slow": 0.00293, "medium": 0.01172, "fast": 0.0469}  # NFPA 72 / SFPE t-squared classes
_HEAT_OF_BURNING_KJ_PER_G: Final = 20.0
_SMOKE_M2_PER_G: Final = {"smoulder": 0.35, "flame": 0.20}  # mass specific optical density, base 10
_CO_G_PER_G: Final = {"smoulder": 0.10, "flame": 0.02}
_AIR_G_PER_M3: Final = 1200.0
_LEAKS_PER_S: Final = 1 / 1200  # three air changes an hour through gaps
_FANS_PER_S: Final = 1 / 30  # once it is out, the fire team blows the smoke away
_TAIL_S: Final = 600


class Fire(HazardModel):
    """A t² fire. ``out_s`` after its start it is put out, and the smoke is drawn off."""

    model: Literal["fire"]
    growth: Growth = "medium"
    smoulder_s: Seconds = 45.0
    smoulder_g_per_s: Annotated[float, Field(gt=0, le=5)] = 0.06
    peak_kw: Annotated[float, Field(gt=0, le=5000)] = 400.0
    out_s: Seconds = 300.0
    volume_m3: Annotated[float, Field(ge=5, le=5000)] = 60.0
    vent_m2: Annotated[float, Field(gt=0, le=20)] = 1.6

    def course(self) -> Course:
        """Smoke obscuration [%/m], temperature rise [K] and CO [ppm] at the sensors, each second."""
        density, carbon_monoxide, rise = 0.0, 0.0, 0.0
        series: dict[str, list[float]] = {"smoke_obscuration": [], "carbon_monoxide": [], "temperature": []}
        for second in range(int(self.out_s) + _TAIL_S):
            heat_kw = self._heat(second)
            smoulder = self._smoulder(second)
            flame = heat_kw / _HEAT_OF_BURNING_KJ_PER_G
            renewed = _LEAKS_PER_S if second < self.out_s else _FANS_PER_S
            density += (smoulder * _SMOKE_M2_PER_G["smoulder"] + flame * _SMOKE_M2_PER_G["flame"]) / self.volume_m3
            carbon_monoxide += (smoulder * _CO_G_PER_G["smoulder"] + flame * _CO_G_PER_G["flame"]) / self.volume_m3
            density -= density * renewed
            carbon_monoxide -= carbon_monoxide * renewed
            rise += (self._layer_rise(heat_kw) - rise) / 15  # a sensor follows the gas with a lag of 15 s
            series["smoke_obscuration"].append(100 * (1 - 10**-density))
            series["carbon_monoxide"].append(carbon_monoxide / _AIR_G_PER_M3 * 1e6 * 29 / 28)
            series["temperature"].append(rise)
        return Course(
            influences=tuple(
                Influence(zone=self.zone, kind=kind, from_s=self.starts_s, step_s=1.0, amounts=tuple(amounts))
                for kind, amounts in series.items()
            )
        )

    def _smoulder(self, second: float) -> float:
        """Grams a second that turn into smoke before the flames, and a little after they are out."""
        if second < self.smoulder_s:
            return self.smoulder_g_per_s * second / self.smoulder_s
        return self.smoulder_g_per_s if second < self.out_s else 0.0

    def _heat(self, second: float) -> float:
        """Heat release in kW."""
        burning = min(second, self.out_s) - self.smoulder_s
        heat = min(self.peak_kw, _GROWTH_KW_PER_S2[self.growth] * burning**2) if burning > 0 else 0.0
        return heat if second < self.out_s else heat * exp(-(second - self.out_s) / 20)

    def _layer_rise(self, heat_kw: float) -> float:
        """Temperature rise of the hot layer in K: McCaffrey, Quintiere and Harkleroad's correlation for a vented room."""
        wall_loss = 0.03 * 6 * self.volume_m3 ** (2 / 3)  # kW/K: gypsum walls of a cube of this volume
        return float(min(1000.0, 6.85 * (heat_kw**2 / (self.vent_m2 * 1.4 * wall_loss)) ** (1 / 3)))
