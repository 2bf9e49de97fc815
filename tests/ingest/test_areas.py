"""Areas and places: inside, near and outside, by polygon, circle and code, also across the antimeridian."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.areas import Area, Circle, Match, Point, Spot, best, crosses_itself, distance, distance_to_polygon, match

STORM: tuple[Point, ...] = ((38.47, -120.14), (38.34, -119.95), (38.52, -119.74), (38.62, -119.89), (38.47, -120.14))
"""The polygon of the second example of CAP 1.2."""
FIJI: tuple[Point, ...] = ((-15.0, 177.0), (-15.0, -178.0), (-20.0, -178.0), (-20.0, 177.0), (-15.0, 177.0))
"""Across 180°: it holds Suva, and not all the rest of the world."""


def at(latitude: float, longitude: float, **changes: object) -> Spot:
    return Spot(latitude=latitude, longitude=longitude, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("polygon", "spot", "expected"),
    [
        (STORM, at(38.48, -119.95), Match.INSIDE),
        (STORM, at(38.30, -119.95), Match.NEAR),
        (STORM, at(38.30, -119.95, near_km=1), Match.OUTSIDE),
        (STORM, at(38.0, -119.0), Match.OUTSIDE),
        (STORM, at(-38.48, -119.95), Match.OUTSIDE),
        (STORM, at(38.48, 119.95), Match.OUTSIDE),
        (FIJI, at(-18.14, 178.44), Match.INSIDE),
        (FIJI, at(-18.0, 180.0), Match.INSIDE),
        (FIJI, at(-18.0, -180.0), Match.INSIDE),
        (FIJI, at(-18.0, -179.0), Match.INSIDE),
        (FIJI, at(-18.0, -177.9), Match.NEAR),
        (FIJI, at(-18.0, 0.0), Match.OUTSIDE),
        (FIJI, at(-18.0, 170.0), Match.OUTSIDE),
    ],
)
def test_a_place_and_a_polygon(polygon: tuple[Point, ...], spot: Spot, expected: Match) -> None:
    assert match(Area(polygons=(polygon,)), spot) is expected


@pytest.mark.parametrize(
    ("circle", "spot", "expected"),
    [
        (Circle((32.9525, -115.5527), 0.0), at(32.9525, -115.5527), Match.INSIDE),
        (Circle((32.9525, -115.5527), 0.0), at(32.96, -115.5527), Match.NEAR),
        (Circle((0.0, 179.9), 50.0), at(0.0, -179.9), Match.INSIDE),
        (Circle((0.0, 179.9), 5.0), at(0.0, -179.9), Match.NEAR),
        (Circle((30.0, 104.0), 10.0), at(31.0, 104.0), Match.OUTSIDE),
    ],
)
def test_a_place_and_a_circle(circle: Circle, spot: Spot, expected: Match) -> None:
    assert match(Area(circles=(circle,)), spot) is expected


@pytest.mark.parametrize(
    ("area", "own", "expected"),
    [
        (("SAME", "006109"), ("SAME", "006109"), Match.INSIDE),
        (("SAME", "106109"), ("SAME", "006109"), Match.INSIDE),
        (("SAME", "006000"), ("SAME", "006109"), Match.INSIDE),
        (("SAME", "000000"), ("SAME", "006109"), Match.INSIDE),
        (("SAME", "006009"), ("SAME", "006109"), Match.OUTSIDE),
        (("SAME", "6009"), ("SAME", "006109"), Match.OUTSIDE),
        (("UGC", "CAZ072"), ("UGC", "CAZ072"), Match.INSIDE),
        (("UGC", "CAZ072"), ("SAME", "006109"), Match.UNKNOWN),
        (("adcode", "510000"), ("adcode", "510107"), Match.INSIDE),
        (("adcode", "510100"), ("adcode", "510107"), Match.INSIDE),
        (("GB/T 2260", "510107"), ("adcode", "510107"), Match.INSIDE),
        (("adcode", "510107012"), ("adcode", "510107012"), Match.INSIDE),
        (("adcode", "510107012"), ("adcode", "510107013"), Match.OUTSIDE),
        (("adcode", "510108"), ("adcode", "510107"), Match.OUTSIDE),
        (("adcode", "110000"), ("adcode", "510107"), Match.OUTSIDE),
        (("adcode", "000000"), ("adcode", "510107"), Match.OUTSIDE),
    ],
)
def test_a_place_and_a_code(area: tuple[str, str], own: tuple[str, str], expected: Match) -> None:
    assert match(Area(codes=(area,)), at(30, 104, codes=(own,))) is expected


def test_what_has_no_shape_and_no_code_is_unknown_and_not_outside() -> None:
    assert match(Area(), at(30, 104)) is Match.UNKNOWN
    assert best([]) is Match.UNKNOWN
    assert best([Match.OUTSIDE, Match.UNKNOWN]) is Match.UNKNOWN
    assert best([Match.UNKNOWN, Match.NEAR, Match.OUTSIDE]) is Match.NEAR
    assert best([Match.NEAR, Match.INSIDE]) is Match.INSIDE


def test_a_code_of_ours_is_enough_and_one_that_is_not_ours_is_not_against_a_shape() -> None:
    area = Area(polygons=(STORM,), codes=(("SAME", "006109"),))
    assert match(area, at(30, 104, codes=(("SAME", "006109"),))) is Match.INSIDE
    assert match(area, at(38.48, -119.95, codes=(("SAME", "006001"),))) is Match.INSIDE


def test_a_polygon_that_crosses_itself() -> None:
    bow = ((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.0, 0.0))
    assert crosses_itself(bow)
    assert not crosses_itself(STORM)
    assert not crosses_itself(FIJI)
    assert not crosses_itself(bow * 100)  # too many pairs to look at


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(0.01, 1.0))
def test_a_square_holds_its_middle_wherever_it_stands(latitude: float, longitude: float, half: float) -> None:
    def turned(value: float) -> float:
        return (value + 180) % 360 - 180

    west, east = turned(longitude - half), turned(longitude + half)
    square = ((latitude - half, west), (latitude - half, east), (latitude + half, east), (latitude + half, west))
    assert distance_to_polygon(square, (latitude, longitude)) == 0
    outside = (latitude, turned(longitude + 3 * half))
    assert distance_to_polygon(square, outside) == pytest.approx(distance((latitude, east), outside), rel=0.05)


def test_distances_on_the_globe() -> None:
    assert distance((30.67, 104.06), (39.90, 116.40)) == pytest.approx(1517, rel=0.01)  # Chengdu to Beijing
    assert distance((0, 0), (0, 180)) == pytest.approx(20015, rel=0.001)
