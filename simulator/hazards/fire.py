"""A fire in a flat: a smouldering start, growth with the square of time, and what smoke, heat and CO do there and next door."""

from collections.abc import Iterator, Mapping, Sequence
from math import exp
from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.hazards.course import Course, Growth, HazardModel, Influence, Peril, Seconds
from simulator.hazards.rooms import Air, Room, fade, flow, lightness_of
from simulator.hazards.tenability import obscuration, unbearable_s

_GROWTH_KW_PER_S2: Final = {"slow": 0.00293, "medium": 0.01172, "fast": 0.0469}  # NFPA 72 / SFPE t-squared classes
_HEAT_OF_BURNING_KJ_PER_G: Final = 20.0
_SMOKE_M2_PER_G: Final = {"smoulder": 0.35, "flame": 0.20}  # mass specific optical density, base 10
_CO_G_PER_G: Final = {"smoulder": 0.10, "flame": 0.02}
_AIR_G_PER_M3: Final = 1200.0
_LEAKS_PER_H: Final = 3.0  # air changes through gaps
_FANS_PER_H: Final = 120.0  # once it is out, the fire team blows the smoke away
_TAIL_S: Final = 600
_AMBIENT_C: Final = 22.0
_TO_119_S: Final = 3.0  # GB 50440-2007: a confirmed alarm goes on within 3 s
_FELT_SMOKE: Final = 1.0  # %/m: below it nobody would call it smoke (ours)
_FELT_CO_PPM: Final = 30.0  # EN 50291-1: below it no alarm ever sounds

Series = Mapping[str, Sequence[float]]


class Fire(HazardModel):
    """A t² fire. ``out_s`` after its start it is put out, and the smoke is drawn off. ``rooms`` are those that it reaches."""

    model: Literal["fire"]
    growth: Growth = "medium"
    smoulder_s: Seconds = 45.0
    smoulder_g_per_s: Annotated[float, Field(gt=0, le=5)] = 0.06
    peak_kw: Annotated[float, Field(ge=0, le=5000)] = 400.0
    out_s: Seconds = 300.0
    volume_m3: Annotated[float, Field(ge=5, le=5000)] = 60.0
    vent_m2: Annotated[float, Field(gt=0, le=20)] = 1.6
    rooms: tuple[Room, ...] = ()

    def course(self) -> Course:
        """Smoke obscuration [%/m], temperature rise [K] and CO [ppm] at the sensors of each room, each second, and the truth."""
        felt = self._felt()
        return Course(
            influences=tuple(
                Influence(zone=zone, kind=kind, from_s=self.starts_s, step_s=1.0, amounts=tuple(amounts))
                for zone, series in felt.items()
                for kind, amounts in series.items()
                if kind != "optical_density"
            ),
            perils=tuple(peril for zone, series in felt.items() for peril in self._perils(zone, series)),
        )

    def _felt(self) -> dict[str, Series]:
        """What is felt in each room, second by second."""
        airs = {self.zone: Air(self.volume_m3, {"smoke": 0.0, "co": 0.0})}
        airs |= {room.zone: Air(room.volume_m3, {"smoke": 0.0, "co": 0.0}) for room in self.rooms}
        felt: dict[str, dict[str, list[float]]] = {
            zone: {"smoke_obscuration": [], "carbon_monoxide": [], "temperature": [], "optical_density": []} for zone in airs
        }
        for second in range(int(self.out_s) + _TAIL_S):
            self._burn(airs[self.zone], second)
            for room in self.rooms:
                before, behind = airs[room.joins or self.zone], airs[room.zone]
                flow(before, behind, room, lightness_of(before.rise, behind.rise), 1.0)
                fade(behind, room.air_changes_per_h if second < self.out_s else _FANS_PER_H, 1.0)
            for zone, air in airs.items():
                series = felt[zone]
                series["optical_density"].append(air.shares["smoke"])
                series["smoke_obscuration"].append(obscuration(air.shares["smoke"]))
                series["carbon_monoxide"].append(air.shares["co"] / _AIR_G_PER_M3 * 1e6 * 29 / 28)
                series["temperature"].append(air.rise)
        return dict(felt)

    def _burn(self, air: Air, second: int) -> None:
        """One second in the room that burns."""
        heat_kw = self._heat(second)
        smoulder = self._smoulder(second)
        flame = heat_kw / _HEAT_OF_BURNING_KJ_PER_G
        kept = 1 - (_LEAKS_PER_H if second < self.out_s else _FANS_PER_H) / 3600
        made = {
            "smoke": smoulder * _SMOKE_M2_PER_G["smoulder"] + flame * _SMOKE_M2_PER_G["flame"],
            "co": smoulder * _CO_G_PER_G["smoulder"] + flame * _CO_G_PER_G["flame"],
        }
        for name, amount in made.items():
            air.shares[name] = (air.shares[name] + amount / self.volume_m3) * kept
        air.rise += (self._layer_rise(heat_kw) - air.rise) / 15  # a sensor follows the gas with a lag of 15 s

    def _perils(self, zone: str, series: Series) -> Iterator[Peril]:
        """What is true about one room: fire where it burns or where its smoke goes, and CO where there is much of it."""
        ended_s = self.starts_s + len(series["temperature"])
        if zone == self.zone or max(series["smoke_obscuration"]) >= _FELT_SMOKE:
            warmth = [_AMBIENT_C + rise for rise in series["temperature"]]
            after_s = unbearable_s(series["optical_density"], series["carbon_monoxide"], warmth, 1.0)
            dangerous_s = None if after_s is None else self.starts_s + after_s
            yield Peril(
                hazard="fire",
                zone=zone,
                began_s=self.starts_s,
                ended_s=ended_s,
                dangerous_s=dangerous_s,
                alarm_due_s=dangerous_s,
                dispatch_due_s=None if dangerous_s is None else dangerous_s + _TO_119_S,
                who=("fire_fighting", "evacuation"),
            )
        if max(series["carbon_monoxide"]) >= _FELT_CO_PPM:
            yield Peril(hazard="carbon_monoxide", zone=zone, began_s=self.starts_s, ended_s=ended_s)

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
