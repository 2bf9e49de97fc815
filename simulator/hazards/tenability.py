"""What people bear: documented limits from which a place is dangerous, and when a course of readings passes them."""

from collections.abc import Sequence
from math import exp
from typing import Final

FED_MAX: Final = 0.3
"""Fractional effective dose at which one in nine can no longer help himself: ISO 13571:2012, for all the public."""

OPTICAL_DENSITY_MAX: Final = 0.2
"""1/m: one sees 5 m, the least with which people find their way out of small rooms (Purser, SFPE Handbook; ISO 13571 agrees)."""

COHB_MAX_PERCENT: Final = 10.0
"""Carboxyhaemoglobin before which a carbon monoxide alarm must sound: UL 2034."""

GAS_ALARM_MAX: Final = 25.0
"""%LEL: the highest point at which a household gas detector may alarm: GB 15322.2-2019 (5 to 25 %LEL)."""

GAS_DANGER: Final = 50.0
"""%LEL of the mean of a room: the second stage of GB/T 50493; layers and corners may burn from here on (ours)."""

WATER_SILL_MM: Final = 270.0
"""Exhausts and door sills of cars: practice (reference: community pack, water_level)."""

WATER_DANGER_MM: Final = 400.0
"""From here on car doors do not open against the water: practice, as the community pack's red."""

RESIDUAL_FIRE_MA: Final = 300.0
"""Leakage that can light what is around a cable: IEC 60364-4-42, 422.3.9 (residual current devices of at most 300 mA)."""

CABLE_MAX_C: Final = 70.0
"""Continuous limit of a PVC insulated conductor: IEC 60364-5-52, table 52.1; the usual set point of GB 14287.3-2014."""

CABLE_DANGER_C: Final = 90.0
"""Above the continuous limit of cross-linked polyethylene too (IEC 60364-5-52): no insulation in a house is made for it."""

LONG_LIE_S: Final = 3600.0
"""An hour on the floor: from then on injuries by lying outweigh those by falling (Wild, Nayak, Isaacs, BMJ 1981)."""


def unbearable_s(
    optical_density: Sequence[float], carbon_monoxide: Sequence[float], temperature: Sequence[float], step_s: float
) -> float | None:
    """When smoke [1/m], CO [ppm] or heat [°C] first pass their limit, in seconds after the first sample; None if never.

    The doses are those of ISO 13571:2012: CO in ppm·min over 35,000, and convected heat on lightly clothed people,
    who bear T degrees for 5·10⁷·T⁻³·⁴ minutes.
    """
    gas_dose, heat_dose = 0.0, 0.0
    minutes = step_s / 60
    for index, density in enumerate(optical_density):
        gas_dose += carbon_monoxide[index] / 35_000 * minutes
        heat_dose += minutes / (5e7 * max(temperature[index], 1.0) ** -3.4)
        if density >= OPTICAL_DENSITY_MAX or gas_dose >= FED_MAX or heat_dose >= FED_MAX:
            return index * step_s
    return None


def poisoned_s(carbon_monoxide: Sequence[float], step_s: float) -> float | None:
    """When somebody who breathes this [ppm] has 10 % carboxyhaemoglobin, in seconds; None if never.

    UL 2034's equation for heavy work, step by step: COHb approaches 218·(0.0003 + ppm/1316) with a time constant of 96.9 min.
    """
    fade = exp(-step_s / 60 / (2398 * 0.0404))
    percent = 0.0
    for index, ppm in enumerate(carbon_monoxide):
        percent = percent * fade + 218 * (0.0003 + ppm / 1316) * (1 - fade)
        if percent >= COHB_MAX_PERCENT:
            return index * step_s
    return None


def first_s(series: Sequence[float], limit: float, step_s: float) -> float | None:
    """When a series first reaches a limit from below, in seconds after its first sample; None if never."""
    return next((index * step_s for index, value in enumerate(series) if value >= limit), None)


def obscuration(optical_density: float) -> float:
    """Smoke as detectors say it, in %/m: what is lost of a beam over one metre."""
    return 100 * (1 - 10**-optical_density)
