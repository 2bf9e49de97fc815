"""How strong an earthquake is felt at a place: by magnitude and distance, after a published relation for China."""

import math
from typing import Final

MAGNITUDES: Final = (4.0, 8.6)
"""Outside of these it says nothing; the range of later relations for the west of China (418 earthquakes since 1970)."""
_AT_ZERO, _PER_MAGNITUDE, _PER_LOG, _NEAR_KM = 4.493, 1.454, 1.792, 16.0
_HIGHEST: Final = 12.0


def intensity_at(magnitude: float, distance_km: float) -> float | None:
    """Intensity (烈度, GB/T 17742) on average ground, 0 to 12, or None for a magnitude outside ``MAGNITUDES``.

    I = 4.493 + 1.454 M - 1.792 ln(R + 16), R km from the epicentre: 汪素云、俞言祥、高阿甲、阎秀杰, 中国分区地震动衰减关系的确定,
    中国地震 16(2), 2000, west of China, mean of both axes of the isoseismals; scatter about 0.6 degrees. The coefficients are
    taken from programs that cite the paper. Soft ground (a basin such as Chengdu's) may shake half a degree to a degree more.
    """
    if not MAGNITUDES[0] <= magnitude <= MAGNITUDES[1]:
        return None
    felt = _AT_ZERO + _PER_MAGNITUDE * magnitude - _PER_LOG * math.log(max(0.0, distance_km) + _NEAR_KM)
    return min(_HIGHEST, max(0.0, felt))
