"""Open311 GeoReport v2: service requests of a hotline or city platform, as JSON or XML, one or many.

| what comes | what it says |
|---|---|
| a request with `status` open (or none) | alarm `report` on of `request.ID` |
| `status` closed | off: `status_notes` says how it ended |
| `description`, `service_name` | `text`: both, so that the packs' words of a fire find it |
| `service_code`, `agency_responsible`, `address` | attributes |
| `urgency` or `priority`: urgent, high, 紧急 · emergency, 特急 | `urgency` urgent · emergency |
| `requested_datetime`; of one that is closed `updated_datetime` | when |
| `lat`, `long` (`lon`, `lng`) | `latitude`, `longitude` |
| `media_url` | `photo`: the address, never the picture |
| `extended_attributes`, `phone`, `email`, `first_name` … | nothing: a reporter's own are not kept |

Taken are an array, `{"service_requests": […]}`, one object, `<service_requests><request>…`, and what a client posts (`token` for
the id). A request that is changed keeps its id, so an event's id is made from what it says and when it was updated: the same
again is a repeat, and one that is opened again in the same words is heard.
Telephone and identity numbers within texts are masked. Traps: numbers come as texts and texts as numbers; `null` and empty
elements are nothing; the answer to a bad question is a list of `code` and `description`, and no request. Of a refused message the
names, numbers and mail addresses are masked before it is kept, and `extended_attributes` left out: it can be driven in again, but
nobody be called by it; of one that is neither JSON nor XML nothing is kept but why, and its sender sends it again.
"""

from typing import Final
from xml.etree.ElementTree import Element

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.careful import read_json
from ingest.careful_xml import read_xml
from ingest.contacts import masked_text
from ingest.coordinates import place_of
from ingest.foreign_ids import foreign_id
from ingest.free_text import free_text
from ingest.loose import Object, instant, number, word
from ingest.masked_message import masked_message
from ingest.refusal import Refusal, Refused, shown
from ingest.report_words import urgency_of, web_address
from rules.model import Attribute, EventClass, Network

_LISTS: Final = ("service_requests", "requests")
_IDS: Final = ("service_request_id", "token", "id")


def read(foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
    """What the requests of an answer say; each wrong one refused by itself."""
    requests = _from_xml(foreign.payload) if foreign.payload.lstrip()[:1] == b"<" else _from_json(foreign.payload)
    if isinstance(requests, Refused):
        return requests
    told = [_of(request, index) for index, request in enumerate(requests) if not _is_fault(request)]
    return told or Ignored("no service request")


def _of(request: object, index: int) -> Said | Refused:
    if not isinstance(request, dict):
        return Refused(Refusal.NOT_AN_OBJECT, f"request {index}: expected an object, came {shown(request)}")
    name = next((text for key in _IDS if (text := _plain(request.get(key), 80))), "")
    if not name:
        return Refused(Refusal.MISSING_FIELD, f"request {index}: expected a service_request_id, came {shown(sorted(request))}")
    is_closed = word(request.get("status")) in {"closed", "resolved", "办结"}
    state = "off" if is_closed else "on"
    asked, updated = instant(request.get("requested_datetime")), instant(request.get("updated_datetime"))
    attributes = _beside(request)
    return Said(
        event_class=EventClass.ALARM,
        kind="report",
        device=f"request.{name}",
        state=state,
        at=(updated or asked) if is_closed else asked,
        id=foreign_id("open311", name, state, attributes.get("text"), attributes.get("urgency"), asked, updated),
        attributes=attributes,
    )


def _beside(request: Object) -> dict[str, Attribute]:
    said = [masked_text(_plain(request.get(key))) for key in ("service_name", "description")]
    texts = {
        "text": ": ".join(dict.fromkeys(text for text in said if text)),
        "service_code": _plain(request.get("service_code"), 64),
        "agency": _plain(request.get("agency_responsible"), 128),
        "address": masked_text(_plain(request.get("address"), 300)),
        "status_notes": masked_text(_plain(request.get("status_notes"), 500)),
        "urgency": urgency_of(request.get("urgency", request.get("priority"))),
        "photo": web_address(request.get("media_url")),
        "channel": _plain(request.get("channel"), 32),
    }
    beside: dict[str, Attribute] = {name: text for name, text in texts.items() if text}
    longitude = next((found for key in ("long", "lon", "lng") if (found := number(request.get(key))) is not None), None)
    return beside | place_of(number(request.get("lat")), longitude)


def _from_json(payload: bytes) -> list[object] | Refused:
    body = read_json(payload)
    if isinstance(body, dict):
        listed: list[object] | None = next((body[key] for key in _LISTS if isinstance(body.get(key), list)), None)
        return [body] if listed is None else listed
    if isinstance(body, Refused | list):
        return body
    return Refused(Refusal.NOT_AN_OBJECT, f"expected service requests, came {shown(body)}")


def _from_xml(payload: bytes) -> list[object] | Refused:
    root = read_xml(payload)
    if isinstance(root, Refused):
        return root
    if root.tag == "request":
        return [_fields(root)]
    if root.tag in {"service_requests", "errors"}:
        return [_fields(each) for each in root]
    return Refused(Refusal.WRONG_WORD, f"expected <service_requests> or <request>, came {shown(root.tag)}")


def _fields(element: Element) -> dict[str, object]:
    return {child.tag: (child.text or "").strip() for child in element}


def _is_fault(request: object) -> bool:
    return isinstance(request, dict) and "code" in request and not any(key in request for key in _IDS)


def _plain(value: object, length_max: int = 2000) -> str:
    """A text, also where it came as a number; "" for nothing in any dress."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)[:length_max]
    return free_text(value, length_max) if word(value) else ""


FORMAT: Final = Format(
    name="open311",
    network=Network.DATA,
    zh="Open311 诉求工单（GeoReport v2）",
    en="Open311 service requests (GeoReport v2)",
    words=__doc__,
    opens=pure(read),
    masks=masked_message,
    examples=(
        Example(
            "",
            '[{"service_request_id":"638344","status":"open","service_code":"006","service_name":"消防通道",'
            '"description":"3栋楼下车辆堵住消防通道，请联系13812345678","requested_datetime":"2026-11-03T08:00:00+08:00",'
            '"address":"翠苑路12号","lat":30.67,"long":104.06,"media_url":"https://311.example/p/638344.jpg"}]'.encode(),
        ),
        Example(
            "",
            b'<?xml version="1.0" encoding="utf-8"?><service_requests><request><service_request_id>638344</service_request_id>'
            b"<status>closed</status><status_notes>The car was towed</status_notes><service_name>Fire lane</service_name>"
            b"<requested_datetime>2026-11-03T08:00:00+08:00</requested_datetime>"
            b"<updated_datetime>2026-11-03T08:04:00+08:00</updated_datetime></request></service_requests>",
        ),
    ),
)
