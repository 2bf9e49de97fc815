"""A case as an NGSI-LD entity of FIWARE's `Alert` (smart-data-models/dataModel.Alert): normalized, with its @context."""

import json
from datetime import UTC, datetime
from typing import Final

from handlers.exchange.told_case import Place, ToldCase
from rules.model import Level, Status

CONTEXT: Final = (
    "https://raw.githubusercontent.com/smart-data-models/dataModel.Alert/master/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
)
_SEVERITIES: Final = {Level.RED: "critical", Level.ORANGE: "high", Level.YELLOW: "medium", Level.BLUE: "low"}
_KINDS: Final = {
    "fire": ("security", "buildingFire"),
    "electrical": ("security", "fireRisk"),
    "ebike": ("security", "fireRisk"),
    "gas": ("security", ""),
    "carbon_monoxide": ("security", ""),
    "intrusion": ("security", "suspiciousAction"),
    "sos": ("health", ""),
    "elder": ("health", ""),
    "lift": ("health", ""),
    "flood": ("naturalDisaster", "flood"),
    "authority": ("weather", ""),
}
"""`category` and `subCategory` by our hazard; security for all others: the model has seven categories."""
_MARKS: Final = {Status.EXERCISE: "【演练 Exercise】", Status.TEST: "【测试 Test】"}


def entity_id(case: ToldCase) -> str:
    """``urn:ngsi-ld:Alert:shouwang:COMMUNITY:ID``."""
    return f"urn:ngsi-ld:Alert:shouwang:{case.community}:{case.id}"


def write_ngsi_ld(case: ToldCase, *, source: str, place: Place) -> bytes:
    """The entity as JSON-LD. ``source``: our own address or URN. An exercise is marked in its description and its `data`.

    ``validTo`` is there when the case is over: the entity itself stays, so that the other side can see how it ended.
    """
    category, sub = _KINDS.get(case.hazard, ("security", ""))
    text = f"{_MARKS.get(case.status, '')}{case.title.zh}：{case.text.zh} / {case.title.en}: {case.text.en}"
    entity: dict[str, object] = {
        "id": entity_id(case),
        "type": "Alert",
        "category": _property(category),
        "severity": _property(_SEVERITIES[case.level]),
        "dateIssued": _instant(case.opened_at),
        "validFrom": _instant(case.opened_at),
        "description": _property(text),
        "alertSource": _property(source),
        "data": _property(
            {
                "hazard": case.hazard,
                "zone": case.zone,
                "status": case.status.value,
                "isOver": case.is_over,
                "isFalse": case.is_untrue,
            }
        ),
    }
    if sub:
        entity["subCategory"] = _property(sub)
    if case.is_over:
        entity["validTo"] = _instant(case.changed_at)
    if place.latitude is not None and place.longitude is not None:
        point = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
        entity["location"] = {"type": "GeoProperty", "value": point}
    return json.dumps(entity | {"@context": list(CONTEXT)}, ensure_ascii=False).encode("utf-8", "replace")


def _property(value: object) -> dict[str, object]:
    return {"type": "Property", "value": value}


def _instant(at: int) -> dict[str, object]:
    text = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return _property({"@type": "DateTime", "@value": text})
