"""The answer of the US National Weather Service (`api.weather.gov/alerts`): GeoJSON features with the fields of CAP.

Read leniently: it is written by one service. `ends` is when the event is over and `expires` when the text is: an alert holds
until `ends`, where that is null until `expires`. The feed has the newest first.
"""

from collections.abc import Iterable
from typing import Final

from ingest.areas import POINTS_MIN, Area, Point
from ingest.free_text import free_text
from ingest.instants import read_instant
from ingest.internet.cap_model import MESSAGE_TYPES, STATUSES, CapAlert, CapArea, CapInfo, Reference
from ingest.loose import Object, number, word
from ingest.refusal import Refusal, Refused, shown

_FEATURES_MAX: Final = 1000
_REFERENCES_MAX: Final = 200
_RINGS_MAX: Final = 100
_CODES_MAX: Final = 500


def is_feed(body: object) -> bool:
    """Whether this JSON is such an answer: a collection, one feature, or its JSON-LD form."""
    return isinstance(body, dict) and (
        body.get("type") in ("FeatureCollection", "Feature") or isinstance(body.get("@graph"), list)
    )


def read_feed(body: Object) -> list[CapAlert | Refused] | Refused:
    """Every alert, the oldest first; each wrong one refused by itself."""
    features = body.get("features", body.get("@graph", [body]))
    if not isinstance(features, list) or len(features) > _FEATURES_MAX:
        return Refused(Refusal.TOO_MANY, f"features: expected a list of at most {_FEATURES_MAX}, came {shown(features)}")
    alerts = [_alert(feature, index) for index, feature in enumerate(features)]
    alerts.reverse()
    return sorted(alerts, key=_sent_at)


def _sent_at(alert: CapAlert | Refused) -> int:
    at, _ = read_instant(alert.identity.sent) if isinstance(alert, CapAlert) else (None, "")
    return at or 0


def _alert(feature: object, index: int) -> CapAlert | Refused:
    if not isinstance(feature, dict):
        return Refused(Refusal.NOT_AN_OBJECT, f"feature {index}: expected an object, came {shown(feature)}")
    given = feature.get("properties", feature)
    fields = given if isinstance(given, dict) else {}
    identity = _identity(fields)
    if not identity.identifier or not identity.sender or not identity.sent:
        return Refused(Refusal.MISSING_FIELD, f"feature {index}: expected id, sender and sent, came {shown(sorted(fields))}")
    status, message_type = fields.get("status"), fields.get("messageType")
    if not isinstance(status, str) or status not in STATUSES:
        return Refused(Refusal.WRONG_WORD, f"feature {index}: status: expected {', '.join(STATUSES)}, came {shown(status)}")
    if message_type not in MESSAGE_TYPES:
        what = f"feature {index}: messageType: expected {', '.join(MESSAGE_TYPES)}, came {shown(message_type)}"
        return Refused(Refusal.WRONG_WORD, what)
    references = fields.get("references")
    named = references[:_REFERENCES_MAX] if isinstance(references, list) else []
    return CapAlert(
        identity=identity,
        status=STATUSES[status],
        message_type=str(message_type),
        note=free_text(fields.get("note")),
        references=tuple([_identity(each, "identifier") for each in named if isinstance(each, dict)]),
        infos=(_info(fields, feature.get("geometry")),),
    )


def _identity(fields: Object, name: str = "id") -> Reference:
    sender, identifier, sent = (free_text(fields.get(each), 500) for each in ("sender", name, "sent"))
    return Reference(sender, identifier, sent)


def _info(fields: Object, geometry: object) -> CapInfo:
    return CapInfo(
        language=free_text(fields.get("language"), 35) or "en-US",
        categories=_words(fields.get("category")),
        event=free_text(fields.get("event"), 200),
        response_types=_words(fields.get("response")),
        urgency=free_text(fields.get("urgency"), 32),
        severity=free_text(fields.get("severity"), 32),
        certainty=free_text(fields.get("certainty"), 32),
        effective=free_text(fields.get("effective"), 64),
        onset=free_text(fields.get("onset"), 64),
        expires=free_text(fields.get("ends"), 64) or free_text(fields.get("expires"), 64),
        sender_name=free_text(fields.get("senderName"), 200),
        headline=free_text(fields.get("headline")),
        description=free_text(fields.get("description")),
        instruction=free_text(fields.get("instruction")),
        areas=(CapArea(description=free_text(fields.get("areaDesc"), 500), area=_area(fields.get("geocode"), geometry)),),
    )


def _words(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    return tuple([free_text(each, 32) for each in given[:20] if word(each)])


def _area(geocode: object, geometry: object) -> Area:
    codes: list[tuple[str, str]] = []
    for name, values in geocode.items() if isinstance(geocode, dict) else ():
        codes += [(name, value) for value in (values if isinstance(values, list) else []) if isinstance(value, str)]
    return Area(polygons=tuple(_rings(geometry)), codes=tuple(codes[:_CODES_MAX]))


def _rings(geometry: object) -> Iterable[tuple[Point, ...]]:
    """The outer rings of a Polygon or MultiPolygon: lon,lat turned into lat,lon. One that is none is left out."""
    if not isinstance(geometry, dict):
        return
    coordinates = geometry.get("coordinates")
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")))
    for polygon in polygons[:_RINGS_MAX] if isinstance(polygons, list) else ():
        outer = polygon[0] if isinstance(polygon, list) and polygon else []
        points = [_point(each) for each in outer] if isinstance(outer, list) else []
        ring = tuple([each for each in points if each is not None])
        if len(ring) >= POINTS_MIN and len(ring) == len(points):
            yield ring


def _point(position: object) -> Point | None:
    if not isinstance(position, list) or len(position) < 2:
        return None
    longitude, latitude = number(position[0]), number(position[1])
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude
