"""The areas of a CAP message as it writes them: "lat,lon lat,lon …" and "lat,lon radius"; and what its rules say of them."""

import re
from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from ingest.areas import CROSSING_POINTS_MAX, POINTS_MAX, POINTS_MIN, Area, Circle, Point, crosses_itself
from ingest.free_text import free_text
from ingest.internet.cap_model import CapArea
from ingest.internet.cap_shape import children, text_of, texts_of
from ingest.loose import number
from ingest.refusal import Refusal, Refused, shown

_NUMBER: Final = re.compile(r"[-+]?\d{1,12}(\.\d{1,30})?")
_PAIRS_MAX: Final = 20_000
_RADIUS_KM_MAX: Final = 20_100.0  # half around the Earth


def read_area(element: Element) -> CapArea | Refused:
    """An `area` with its shapes, or what is wrong with it."""
    polygons: list[tuple[Point, ...]] = []
    for text in texts_of(element, "polygon"):
        polygon = read_polygon(text)
        if isinstance(polygon, Refused):
            return polygon
        polygons.append(polygon)
    circles: list[Circle] = []
    for text in texts_of(element, "circle"):
        circle = read_circle(text)
        if isinstance(circle, Refused):
            return circle
        circles.append(circle)
    ceiling, altitude = text_of(element, "ceiling"), text_of(element, "altitude")
    if ceiling and not altitude:
        return Refused(Refusal.MISSING_FIELD, "area.altitude: expected beside a ceiling, came without it")
    for name, text in (("altitude", altitude), ("ceiling", ceiling)):
        if text and number(text) is None:
            return Refused(Refusal.WRONG_TYPE, f"area.{name}: expected feet above mean sea level, came {shown(text)}")
    codes = tuple([(text_of(each, "valueName"), text_of(each, "value")) for each in children(element, "geocode")])
    area = Area(polygons=tuple(polygons), circles=tuple(circles), codes=codes)
    return CapArea(description=free_text(text_of(element, "areaDesc"), 500), area=area)


def read_polygon(text: str) -> tuple[Point, ...] | Refused:
    """A closed ring of at least four points (CAP 1.2, 3.2.4)."""
    written = text.split()
    if not POINTS_MIN <= len(written) <= POINTS_MAX:
        what = f"area.polygon: expected {POINTS_MIN} to {POINTS_MAX} points lat,lon, came {len(written)}"
        return Refused(Refusal.OUT_OF_RANGE, what)
    points: list[Point] = []
    for each in written:
        point = _point(each)
        if isinstance(point, Refused):
            return point
        points.append(point)
    if points[0] != points[-1]:
        what = f"area.polygon: expected the last point to be the first, {written[0]}, came {shown(written[-1])}"
        return Refused(Refusal.OUT_OF_RANGE, what)
    return tuple(points)


def fault_of_crossing(areas: Iterable[CapArea]) -> Refused | None:
    """A polygon that crosses itself (3.2.4). Looked for in as many pairs of edges as take some 20 ms, and then taken on trust."""
    left = _PAIRS_MAX
    for polygon in dict.fromkeys(polygon for each in areas for polygon in each.area.polygons):
        if len(polygon) <= CROSSING_POINTS_MAX:
            left -= len(polygon) * len(polygon) // 2
        if left < 0:
            return None
        if crosses_itself(polygon):
            first = ",".join(f"{each:g}" for each in polygon[0])
            what = f"area.polygon: expected a line that does not cross itself, came one that does, from {first} on"
            return Refused(Refusal.OUT_OF_RANGE, what)
    return None


def read_circle(text: str) -> Circle | Refused:
    """A point and a radius in kilometres."""
    parts = text.split()
    if len(parts) != 2:
        return Refused(Refusal.WRONG_TYPE, f"area.circle: expected lat,lon radius, came {shown(text)}")
    centre = _point(parts[0])
    if isinstance(centre, Refused):
        return centre
    radius = number(parts[1]) if _NUMBER.fullmatch(parts[1]) else None
    if radius is None or not 0 <= radius <= _RADIUS_KM_MAX:
        return Refused(Refusal.OUT_OF_RANGE, f"area.circle: expected a radius of 0 to 20,100 km, came {shown(parts[1])}")
    return Circle(centre, radius)


def _point(text: str) -> Point | Refused:
    latitude, _, longitude = text.partition(",")
    if not _NUMBER.fullmatch(latitude) or not _NUMBER.fullmatch(longitude):
        return Refused(Refusal.WRONG_TYPE, f"area: expected a point lat,lon, came {shown(text)}")
    point = float(latitude), float(longitude)
    if abs(point[0]) > 90 or abs(point[1]) > 180:
        return Refused(Refusal.OUT_OF_RANGE, f"area: expected lat,lon within ±90,±180, came {shown(text)} (lon,lat?)")
    return point
