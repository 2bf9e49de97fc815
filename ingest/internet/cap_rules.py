"""A CAP message out of its XML, held to what the schema cannot say: times, references, scope, addresses, validity.

The numbers of the rules are those of OASIS CAP 1.2, 3.2; each refusal says what was expected and what came.
"""

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from ingest.free_text import free_text
from ingest.internet.cap_areas import fault_of_crossing, read_area
from ingest.internet.cap_model import STATUSES, CapAlert, CapArea, CapInfo, Reference
from ingest.internet.cap_shape import children, fault_of_shape, text_of, texts_of
from ingest.refusal import Refusal, Refused, shown

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
"""3.3.2: a numeric offset, no fraction, no Z. The schema's own pattern lets a comma in the place of the sign through."""
_NO_IDENTITY: Final = re.compile(r"[\s,<&]")
_NEEDS_REFERENCES: Final = frozenset({"Update", "Cancel", "Ack", "Error"})
_REFERENCES_MAX: Final = 200
INFOS_MAX: Final = 64
"""Ours: real ones have one for each language of each event, some ten. Each is compared with each."""
_TAG: Final = re.compile(r"<[^<>]{0,200}>")
_BREAK: Final = re.compile(r"<br ?/?>", re.IGNORECASE)
_WEB_LENGTH_MAX: Final = 500


def read_alert(element: Element) -> CapAlert | Refused:
    """The message, or the first rule that it breaks."""
    fault = fault_of_shape(element) or _fault_of_alert(element)
    if fault is not None:
        return fault
    identity = Reference(text_of(element, "sender"), text_of(element, "identifier"), text_of(element, "sent"))
    message_type = text_of(element, "msgType")
    references = _references(element, identity, message_type)
    if isinstance(references, Refused):
        return references
    blocks = children(element, "info")
    if len(blocks) > INFOS_MAX:
        return Refused(Refusal.TOO_MANY, f"info: expected at most {INFOS_MAX}, came {len(blocks)}")
    infos: list[CapInfo] = []
    for each in blocks:
        info = _info(each, identity.sent, message_type)
        if isinstance(info, Refused):
            return info
        infos.append(info)
    if (fault := fault_of_crossing(area for info in infos for area in info.areas)) is not None:
        return fault
    return CapAlert(
        identity=identity,
        status=STATUSES[text_of(element, "status")],
        message_type=message_type,
        scope=text_of(element, "scope"),
        note=_prose(text_of(element, "note")),
        references=references,
        infos=tuple(infos),
    )


def _fault_of_alert(element: Element) -> Refused | None:
    for name in ("identifier", "sender"):
        text = text_of(element, name)
        if not text or len(text) > 500 or _NO_IDENTITY.search(text):
            return Refused(Refusal.BAD_NAME, f"{name}: expected a text without spaces, commas, < and &, came {shown(text)}")
    if (fault := _fault_of_instant("sent", text_of(element, "sent"))) is not None:
        return fault
    scope = text_of(element, "scope")
    if bool(text_of(element, "restriction")) is not (scope == "Restricted"):
        return Refused(Refusal.WRONG_WORD, f"restriction: expected just where scope is Restricted, came scope {scope}")
    if scope == "Private" and not text_of(element, "addresses"):
        return Refused(Refusal.MISSING_FIELD, "addresses: expected where scope is Private, came without them")
    return None


def _fault_of_instant(name: str, text: str) -> Refused | None:
    expected = f"{name}: expected a time like 2026-11-03T08:05:06+08:00 (no Z, no fraction), came {shown(text)}"
    if not _INSTANT.fullmatch(text):
        return Refused(Refusal.WRONG_TYPE, expected)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return Refused(Refusal.OUT_OF_RANGE, expected)
    return None


def _references(element: Element, identity: Reference, message_type: str) -> tuple[Reference, ...] | Refused:
    """The alerts that it is about: `sender,identifier,sent` each."""
    written = text_of(element, "references").split()
    if not written and message_type in _NEEDS_REFERENCES:
        what = f"references: expected the sender,identifier,sent of what this {message_type} is about, came none"
        return Refused(Refusal.MISSING_FIELD, what)
    if len(written) > _REFERENCES_MAX:
        return Refused(Refusal.TOO_MANY, f"references: expected at most {_REFERENCES_MAX}, came {len(written)}")
    references: list[Reference] = []
    for each in written:
        parts = each.split(",")
        if len(parts) != 3 or not all(parts):
            return Refused(Refusal.WRONG_TYPE, f"references: expected sender,identifier,sent, came {shown(each)}")
        if (fault := _fault_of_instant("references", parts[2])) is not None:
            return fault
        reference = Reference(*parts)
        if reference.device == identity.device:
            return Refused(
                Refusal.OUT_OF_RANGE, f"references: expected earlier messages, came this message itself: {shown(each)}"
            )
        if datetime.fromisoformat(parts[2]) > datetime.fromisoformat(identity.sent):
            return Refused(Refusal.OUT_OF_RANGE, f"references: expected none later than {identity.sent}, came {shown(each)}")
        references.append(reference)
    return tuple(references)


def _info(element: Element, sent: str, message_type: str) -> CapInfo | Refused:
    for name in ("effective", "onset", "expires"):
        text = text_of(element, name)
        if text and (fault := _fault_of_instant(name, text)) is not None:
            return fault
    areas: list[CapArea] = []
    for each in children(element, "area"):
        area = read_area(each)
        if isinstance(area, Refused):
            return area
        areas.append(area)
    info = CapInfo(
        language=text_of(element, "language") or "en-US",
        categories=texts_of(element, "category"),
        event=free_text(text_of(element, "event"), 200),
        response_types=texts_of(element, "responseType"),
        urgency=text_of(element, "urgency"),
        severity=text_of(element, "severity"),
        certainty=text_of(element, "certainty"),
        event_codes=tuple([(text_of(each, "valueName"), text_of(each, "value")) for each in children(element, "eventCode")]),
        effective=text_of(element, "effective"),
        onset=text_of(element, "onset"),
        expires=text_of(element, "expires"),
        sender_name=free_text(text_of(element, "senderName"), 200),
        headline=_prose(text_of(element, "headline")),
        description=_prose(text_of(element, "description")),
        instruction=_prose(text_of(element, "instruction")),
        web=text_of(element, "web"),
        areas=tuple(areas),
    )
    return _fault_of_info(element, info, sent, message_type) or info


def _fault_of_info(element: Element, info: CapInfo, sent: str, message_type: str) -> Refused | None:
    if not info.event:
        return Refused(Refusal.MISSING_FIELD, "info.event: expected the name of what happens, came an empty text")
    begins = info.effective or sent
    is_given = message_type in {"Alert", "Update"} and not info.is_over
    if is_given and info.expires and datetime.fromisoformat(info.expires) < datetime.fromisoformat(begins):
        return Refused(Refusal.OUT_OF_RANGE, f"info.expires: expected after {begins}, came {info.expires}")
    if info.web and (len(info.web) > _WEB_LENGTH_MAX or not _is_absolute(info.web)):
        return Refused(Refusal.WRONG_TYPE, f"info.web: expected an absolute address, came {shown(info.web)}")
    for each in children(element, "resource"):
        uri = text_of(each, "uri")
        if uri and not _is_absolute(uri) and not text_of(each, "derefUri"):
            what = f"resource.uri: expected an absolute address where there is no derefUri, came {shown(uri)}"
            return Refused(Refusal.WRONG_TYPE, what)
    return None


def _is_absolute(address: str) -> bool:
    try:
        return bool(urlsplit(address).scheme)
    except ValueError:  # [ without ]
        return False


def _prose(text: str) -> str:
    """Text without the HTML that it must not have (3.3) and often has."""
    return free_text(_TAG.sub("", _BREAK.sub("\n", text[:20_000])) if "<" in text else text)
