"""Where a foreign message says that something is: checked, because what devices send is often no place at all."""

from rules.model import Attribute

_ONE_PLACE = 1e-9


def place_of(latitude: float | None, longitude: float | None) -> dict[str, Attribute]:
    """``latitude`` and ``longitude`` in degrees as attributes, or what came as ``doubtful_place``, or nothing where nothing came.

    Doubtful: out of range (WGS 84: ±90, ±180), 0/0 (not known, written as a number), and latitude equal to longitude (seen in
    samples of camera platforms: one field copied into both). A point far from home is the caller's to judge.
    """
    if latitude is None or longitude is None:
        return {}
    is_in_range = abs(latitude) <= 90 and abs(longitude) <= 180
    if not is_in_range or abs(latitude - longitude) < _ONE_PLACE:  # 0/0 among them
        return {"doubtful_place": f"{latitude:g},{longitude:g}"}
    return {"latitude": latitude, "longitude": longitude}


def place_in_china(latitude: float | None, longitude: float | None) -> dict[str, Attribute]:
    """As ``place_of``, of systems that are used in China alone: outside 3…54° N, 73…136° E a point is doubtful.

    Chinese platforms may mean GCJ-02, which is 100 to 700 m off WGS 84, and do not say so: good for a map, not for a distance.
    """
    place = place_of(latitude, longitude)
    if latitude is None or longitude is None or (3 <= latitude <= 54 and 73 <= longitude <= 136):
        return place
    return {"doubtful_place": f"{latitude:g},{longitude:g}"}
