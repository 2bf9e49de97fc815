"""A case as a CAP 1.2 message (OASIS Common Alerting Protocol): Alert, then Updates, then an Update AllClear or a Cancel.

| of the case | in the message |
|---|---|
| id and number of the message | `identifier` ``ID.1``, ``ID.2`` …; `references` name all before it |
| exercise, test | `status` Exercise, Test, with a `note` |
| closed; found false or harmless | `msgType` Update with AllClear; Cancel |
| red, orange, yellow, blue | `severity` Extreme, Severe, Moderate, Minor |
| an alarm; only a warning; over | `urgency` and `certainty` Immediate, Observed; Expected, Likely; Past |
| hazard | `category`, and the `parameter` `shouwang:hazard` |
| title and sentence | one `info` in zh-CN and one in en-US |

It goes to the organisations that handle the case: `scope` Restricted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from handlers.exchange.told_case import Place, ToldCase
from rules.model import Level, Sentence, Status

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_CHINA: Final = timezone(timedelta(hours=8))
_STATUSES: Final = {Status.ACTUAL: "Actual", Status.EXERCISE: "Exercise", Status.TEST: "Test"}
_NOTES: Final = {Status.EXERCISE: "演练，请勿当真 This is an exercise", Status.TEST: "测试，请勿当真 This is a test"}
_SEVERITIES: Final = {Level.RED: "Extreme", Level.ORANGE: "Severe", Level.YELLOW: "Moderate", Level.BLUE: "Minor"}
_CATEGORIES: Final = {
    "fire": "Fire",
    "electrical": "Fire",
    "fire_lane": "Fire",
    "fire_water": "Fire",
    "ebike": "Fire",
    "gas": "Safety",
    "carbon_monoxide": "Safety",
    "object_thrown": "Safety",
    "sos": "Rescue",
    "elder": "Health",
    "lift": "Rescue",
    "intrusion": "Security",
    "disturbance": "Security",
    "flood": "Geo",
    "water_leak": "Infra",
    "power_lost": "Infra",
    "device": "Infra",
    "authority": "Met",
}
"""CAP 1.2, 3.2.2 `category` by our hazard; Other for what a pack adds."""
_NOT_IN_XML: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF))
_NO_IDENTITY: Final = re.compile(r"[\s,<&]")
"""What no identifier may have (CAP 1.2, 3.2.1)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the case that was sent before: its identifier, and when."""

    identifier: str
    at: int


def identifier_of(case_id: str, number: int) -> str:
    """The identifier of a message of a case, from 1 on."""
    return _NO_IDENTITY.sub("-", f"{case_id}.{number}")


def write_cap(case: ToldCase, *, sender: str, sent_at: int, place: Place, number: int = 1, before: Sequence[Sent] = ()) -> bytes:
    """The message as XML in UTF-8. ``sender``: a name that nobody else has, as ``desk@jade.example``. ``sent_at`` in ms.

    ``number``: of this message, from 1 on. ``before``: those of this case that are still known; the first message of a case that
    is over already is an Alert with AllClear.
    """
    alert = Element("alert", xmlns=NAMESPACE)
    sender = _NO_IDENTITY.sub("-", sender)
    _add(alert, "identifier", identifier_of(case.id, number))
    _add(alert, "sender", sender)
    _add(alert, "sent", written(sent_at))
    _add(alert, "status", _STATUSES[case.status])
    _add(alert, "msgType", "Alert" if not before else "Cancel" if case.is_over and case.is_untrue else "Update")
    _add(alert, "scope", "Restricted")
    _add(alert, "restriction", "供协同处置单位使用 For the organisations that handle the case")
    if case.status in _NOTES:
        _add(alert, "note", _NOTES[case.status])
    if before:
        _add(alert, "references", " ".join(f"{sender},{each.identifier},{written(each.at)}" for each in before))
    _add(alert, "incidents", _NO_IDENTITY.sub("-", case.id))
    for language in ("zh-CN", "en-US"):
        _add_info(alert, case, language, place)
    document: bytes = tostring(alert, encoding="utf-8", xml_declaration=True)
    return document


def _add_info(alert: Element, case: ToldCase, language: str, place: Place) -> None:
    def said(sentence: Sentence) -> str:
        return sentence.zh if language == "zh-CN" else sentence.en

    info = SubElement(alert, "info")
    _add(info, "language", language)
    _add(info, "category", _CATEGORIES.get(case.hazard, "Other"))
    _add(info, "event", said(case.title) or case.hazard)
    _add(info, "responseType", "AllClear" if case.is_over else "Assess" if case.has_happened else "Monitor")
    _add(info, "urgency", "Past" if case.is_over else "Immediate" if case.has_happened else "Expected")
    _add(info, "severity", _SEVERITIES[case.level])
    _add(info, "certainty", "Unlikely" if case.is_untrue else "Observed" if case.has_happened else "Likely")
    _add(info, "onset", written(case.opened_at))
    _add(info, "senderName", f"守望 Shouwang {case.community}")
    _add(info, "headline", said(case.title))
    _add(info, "description", said(case.text))
    for name, value in (("incident", case.id), ("hazard", case.hazard), ("zone", case.zone), ("level", case.level.value)):
        if value:
            _add_pair(info, "parameter", f"shouwang:{name}", value)
    area = SubElement(info, "area")
    where = said(place.name) or case.community
    _add(area, "areaDesc", f"{where} {case.zone}".strip())
    if place.polygon:
        _add(area, "polygon", " ".join(f"{latitude:.6f},{longitude:.6f}" for latitude, longitude in place.polygon))
    elif place.latitude is not None and place.longitude is not None:
        _add(area, "circle", f"{place.latitude:.6f},{place.longitude:.6f} 0")
    if place.adcode:
        _add_pair(area, "geocode", "adcode", place.adcode)


def written(at: int) -> str:
    """An instant as CAP has it: Beijing time, a numeric offset, no fraction."""
    return datetime.fromtimestamp(at // 1000, UTC).astimezone(_CHINA).isoformat()


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text.translate(_NOT_IN_XML).encode("utf-8", "replace").decode("utf-8")


def _add_pair(parent: Element, name: str, key: str, value: str) -> None:
    pair = SubElement(parent, name)
    _add(pair, "valueName", key)
    _add(pair, "value", value)
