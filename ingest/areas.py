"""Whether an area of a warning holds a place: by polygon, by circle, by code of an administrative region. Pure geometry.

Points are ``(latitude, longitude)`` in degrees, WGS 84, in this order, as CAP writes them. A polygon may cross the antimeridian.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

Point = tuple[float, float]

EARTH_KM: Final = 6371.0088  # mean radius, IUGG
NEAR_KM: Final = 20.0
"""Ours: a storm travels so far in half an hour."""
POINTS_MIN: Final = 4  # OASIS CAP 1.2, 3.2.4: first and last are one
POINTS_MAX: Final = 10_000
CROSSING_POINTS_MAX: Final = 200
"""Points up to which a polygon is searched for edges that cross: their pairs grow with the square."""
_ADCODE_NAMES: Final = frozenset({"adcode", "gb2260", "gb/t 2260", "gb/t2260", "region", "行政区划代码"})
_SAME: Final = "same"


class Match(StrEnum):
    """Where a place lies to an area. Unknown: the area has no shape and no code that could be compared."""

    INSIDE = "inside"
    NEAR = "near"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around a point; ``radius_km`` 0 is the point itself."""

    centre: Point
    radius_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The shapes and codes of an area, of which any one is enough. ``codes`` are (name, value) as written."""

    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The place of a route: where it is, by which codes its regions go ((``SAME``, ``006109``), (``adcode``, ``510107``)).

    Up to ``near_km`` outside of a shape counts as near.
    """

    latitude: float
    longitude: float
    codes: tuple[tuple[str, str], ...] = ()
    near_km: float = NEAR_KM


def match(area: Area, spot: Spot) -> Match:
    """The best of what its shapes and codes say. A code that is not the place's says nothing where shapes do."""
    here = (spot.latitude, spot.longitude)
    if any(_is_same_region(code, own) for code in area.codes for own in spot.codes):
        return Match.INSIDE
    far = [distance_to_polygon(polygon, here) for polygon in area.polygons]
    far += [max(0.0, distance(circle.centre, here) - circle.radius_km) for circle in area.circles]
    if far:
        nearest = min(far)
        return Match.INSIDE if nearest == 0 else Match.NEAR if nearest <= spot.near_km else Match.OUTSIDE
    names = {name.strip().lower() for name, _ in spot.codes}
    is_comparable = any(name.strip().lower() in names for name, _ in area.codes)
    return Match.OUTSIDE if is_comparable else Match.UNKNOWN


def best(matches: list[Match]) -> Match:
    """Of several areas the best: inside, else near, else unknown (doubt is not outside), else outside."""
    order = (Match.INSIDE, Match.NEAR, Match.UNKNOWN, Match.OUTSIDE)
    return min(matches, key=order.index, default=Match.UNKNOWN)


def distance(one: Point, other: Point) -> float:
    """Kilometres along the great circle (haversine)."""
    lat1, lat2 = math.radians(one[0]), math.radians(other[0])
    across = math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * across
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def distance_to_polygon(polygon: tuple[Point, ...], here: Point) -> float:
    """0 within the polygon or on its edge, else kilometres to the nearest edge (on a plane about the place)."""
    plane = list(_about(polygon, here))
    if _is_around_origin(plane):
        return 0.0
    return min(_distance_to_edge(one, other) for one, other in pairwise([*plane, plane[0]]))


def crosses_itself(polygon: tuple[Point, ...]) -> bool:
    """Whether two edges that are not neighbours meet. Polygons of more than 200 points are taken at their word."""
    if len(polygon) > CROSSING_POINTS_MAX:
        return False
    edges = list(pairwise(_unwrapped(polygon)))
    last = len(edges) - 1
    for first, edge in enumerate(edges):
        start, end = edge
        y0, x0 = start
        dy, dx = end[0] - y0, end[1] - x0
        for second in range(first + 2, last if first == 0 else last + 1):
            other = edges[second]
            (y1, x1), (y2, x2) = other
            sides = (dy * (x1 - x0) - dx * (y1 - y0)) * (dy * (x2 - x0) - dx * (y2 - y0))
            if sides < 0 and _are_apart(other, edge):  # written out: of the ends of most edges both are on one side
                return True
    return False


def _is_same_region(code: tuple[str, str], own: tuple[str, str]) -> bool:
    name, value = code[0].strip().lower(), code[1].strip()
    own_name, own_value = own[0].strip().lower(), own[1].strip()
    if name in _ADCODE_NAMES and own_name in _ADCODE_NAMES:
        return _is_within_adcode(value, own_value)
    if name != own_name:
        return False
    return _is_within_same(value, own_value) if name == _SAME else value == own_value


def _is_within_adcode(region: str, own: str) -> bool:
    """GB/T 2260: 510000 is the province, 510100 the city, 510107 the district, and what follows lies within."""
    prefix = region[:6]
    while prefix.endswith("00") and len(prefix) > 2:
        prefix = prefix[:-2]
    return bool(prefix.strip("0")) and own.startswith(prefix) and (len(region) <= 6 or own.startswith(region))


def _is_within_same(region: str, own: str) -> bool:
    """NWS SAME: PSSCCC, a part of a county of a state; CCC 000 is the whole state, all zeros the whole country."""
    if len(region) != 6 or len(own) != 6:
        return region == own
    state, county = region[1:3], region[3:]
    return state == "00" or (state == own[1:3] and county in {"000", own[3:]})


def _unwrapped(polygon: tuple[Point, ...]) -> list[Point]:
    """The longitudes without the jump at 180°: each is within half a turn of the one before."""
    plain: list[Point] = []
    for latitude, longitude in polygon:
        turned = longitude if not plain else plain[-1][1] + math.remainder(longitude - plain[-1][1], 360.0)
        plain.append((latitude, turned))
    return plain


def _about(polygon: tuple[Point, ...], here: Point) -> Iterator[tuple[float, float]]:
    """The points as kilometres east and north of a place (equirectangular, true near the place)."""
    points = _unwrapped(polygon)
    middle = sum(longitude for _, longitude in points) / len(points)
    turn = 360.0 * round((middle - here[1]) / 360.0)
    east = math.radians(1) * EARTH_KM * math.cos(math.radians(here[0]))
    north = math.radians(1) * EARTH_KM
    for latitude, longitude in points:
        yield (longitude - turn - here[1]) * east, (latitude - here[0]) * north


def _is_around_origin(plane: list[tuple[float, float]]) -> bool:
    """Whether a ray to the east crosses the outline an odd number of times."""
    is_inside = False
    for (x1, y1), (x2, y2) in pairwise([*plane, plane[0]]):
        if (y1 > 0) != (y2 > 0) and x1 - y1 * (x2 - x1) / (y2 - y1) > 0:
            is_inside = not is_inside
    return is_inside


def _distance_to_edge(one: tuple[float, float], other: tuple[float, float]) -> float:
    """From the origin to a stretch of line."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else max(0.0, min(1.0, -(one[0] * dx + one[1] * dy) / length))
    return math.hypot(one[0] + share * dx, one[1] + share * dy)


def _are_apart(line: tuple[Point, Point], edge: tuple[Point, Point]) -> bool:
    """Whether the ends of an edge lie on two sides of a line; one that only touches it does not."""
    return _side(*line, edge[0]) * _side(*line, edge[1]) < 0


def _side(start: Point, end: Point, point: Point) -> float:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
