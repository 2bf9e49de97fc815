"""How strong an earthquake is felt: against what Chengdu felt of three, to a degree, and within its bounds."""

import pytest

from ingest.internet.shaking import intensity_at


@pytest.mark.parametrize(
    ("magnitude", "distance_km", "felt"),
    [
        (8.0, 0, 11),  # 汶川 2008, at the epicentre
        (7.0, 0, 9),  # 芦山 2013, at the epicentre
        (7.0, 110, 6),  # and in Chengdu
        (6.8, 220, 4.5),  # 泸定 2022, in Chengdu
    ],
)
def test_it_is_what_was_felt_to_a_degree(magnitude: float, distance_km: float, felt: float) -> None:
    found = intensity_at(magnitude, distance_km)
    assert found is not None
    assert abs(found - felt) < 1


def test_it_falls_with_distance_and_stays_within_the_scale() -> None:
    far = [intensity_at(6.0, distance_km) for distance_km in (-1, 0, 10, 100, 1_000, 20_000)]
    assert far == sorted(far, reverse=True)  # type: ignore[type-var]  # none of them is None
    assert far[0] == far[1]
    assert far[-1] == 0
    assert intensity_at(8.6, 0) == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("magnitude", [3.9, 8.7, -1.0, 1e300])
def test_it_says_nothing_of_magnitudes_that_it_was_not_drawn_from(magnitude: float) -> None:
    assert intensity_at(magnitude, 10) is None
