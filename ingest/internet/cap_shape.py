"""The shape of a CAP message as its schema has it: which element stands where, how often, and which words it may have.

OASIS CAP 1.2, `CAP-v1.2.xsd`: the order is fixed. The namespaces of 1.1 and 1.0 are taken too; there `mimeType` may be missing.
"""

from typing import Final
from xml.etree.ElementTree import Element

from ingest.internet.cap_model import MESSAGE_TYPES, STATUSES
from ingest.refusal import Refusal, Refused, shown

CAP_12: Final = "urn:oasis:names:tc:emergency:cap:1.2"
NAMESPACES: Final = (CAP_12, "urn:oasis:names:tc:emergency:cap:1.1", "http://www.incident.com/cap/1.0")
_SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_MANY: Final = 1_000_000

_PAIR: Final = (("valueName", 1, 1), ("value", 1, 1))
SHAPES: Final = {
    "alert": (
        *(("identifier", 1, 1), ("sender", 1, 1), ("sent", 1, 1), ("status", 1, 1), ("msgType", 1, 1), ("source", 0, 1)),
        *(("scope", 1, 1), ("restriction", 0, 1), ("addresses", 0, 1), ("code", 0, _MANY), ("note", 0, 1)),
        *(("references", 0, 1), ("incidents", 0, 1), ("info", 0, _MANY)),
    ),
    "info": (
        *(("language", 0, 1), ("category", 1, _MANY), ("event", 1, 1), ("responseType", 0, _MANY), ("urgency", 1, 1)),
        *(("severity", 1, 1), ("certainty", 1, 1), ("audience", 0, 1), ("eventCode", 0, _MANY), ("effective", 0, 1)),
        *(("onset", 0, 1), ("expires", 0, 1), ("senderName", 0, 1), ("headline", 0, 1), ("description", 0, 1)),
        *(("instruction", 0, 1), ("web", 0, 1), ("contact", 0, 1), ("parameter", 0, _MANY), ("resource", 0, _MANY)),
        ("area", 0, _MANY),
    ),
    "resource": (
        *(("resourceDesc", 1, 1), ("mimeType", 1, 1), ("size", 0, 1), ("uri", 0, 1), ("derefUri", 0, 1), ("digest", 0, 1)),
    ),
    "area": (
        *(("areaDesc", 1, 1), ("polygon", 0, _MANY), ("circle", 0, _MANY), ("geocode", 0, _MANY)),
        *(("altitude", 0, 1), ("ceiling", 0, 1)),
    ),
    "eventCode": _PAIR,
    "parameter": _PAIR,
    "geocode": _PAIR,
}
"""Element → its children in order, with how many there must and may be."""

WORDS: Final = {
    "status": tuple(STATUSES),
    "msgType": MESSAGE_TYPES,
    "scope": ("Public", "Restricted", "Private"),
    "category": (
        *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"),
    ),
    "responseType": (*("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"),),
    "urgency": ("Immediate", "Expected", "Future", "Past", "Unknown"),
    "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
    "certainty": ("Observed", "Likely", "Possible", "Unlikely", "Unknown"),
}
"""The words of the elements that have a closed list."""
_LEGACY: Final = {("certainty", "Very Likely"): "Likely"}  # CAP 1.2, 3.2.2: "Very Likely" of 1.0 is Likely


def fault_of_shape(alert: Element) -> Refused | None:
    """The first thing in which an `alert` differs from the schema: where, what was expected, what came."""
    return next((fault for element in alert.iter() if (fault := _fault_of(element, alert.tag)) is not None), None)


def local(element: Element) -> str:
    """The name without its namespace."""
    return element.tag.rpartition("}")[2]


def text_of(parent: Element, name: str) -> str:
    """The text of the first child of this name, without its edges; "" where there is none, or nothing in it."""
    return next(iter(texts_of(parent, name)), "")


def texts_of(parent: Element, name: str) -> tuple[str, ...]:
    """The texts of all children of this name that have one; legacy words as today's."""
    texts = [(each.text or "").strip() for each in children(parent, name)]
    return tuple([_LEGACY.get((name, text), text) for text in texts if text])


def children(parent: Element, name: str) -> list[Element]:
    """The children of this name, in the namespace of their parent."""
    return parent.findall(f"{parent.tag.rpartition('}')[0]}}}{name}")


def _fault_of(element: Element, root: str) -> Refused | None:
    space = root.rpartition("}")[0] + "}"
    name = element.tag.removeprefix(space)
    if name == element.tag:
        return None  # of a signature; a stranger elsewhere was found when its parent was looked at
    shape = SHAPES.get(name)
    if shape is None:
        return _fault_of_word(name, element)
    at, count = 0, 0
    for child in element:
        if name == "alert" and child.tag.startswith(_SIGNATURE):
            continue
        own = child.tag.removeprefix(space)
        if count and own == shape[at][0] and count < shape[at][2]:
            count += 1
            continue
        place = next((index for index in range(at, len(shape)) if shape[index][0] == own), None)
        if place is None:
            is_known = any(own == each for each, _, _ in shape)
            came = "after its place in the order" if is_known else "which CAP does not have there"
            return Refused(Refusal.UNKNOWN_FIELD, f"{name}: came {shown(own)} {came}; expected {_order(name)}")
        missing = _missing(name, shape, at, place, count, space)
        if missing is not None:
            return missing
        count = count + 1 if place == at else 1
        at = place
        if count > shape[at][2]:
            return Refused(Refusal.TOO_MANY, f"{name}.{own}: expected at most {shape[at][2]}, came {count}")
    return _missing(name, shape, at, len(shape), count, space)


def _missing(name: str, shape: tuple[tuple[str, int, int], ...], at: int, until: int, count: int, space: str) -> Refused | None:
    """What had to come between two places of the order and did not."""
    is_legacy = CAP_12 not in space
    for index in range(at, until):
        wanted, least, _ = shape[index]
        if least and not (index == at and count) and not (is_legacy and wanted == "mimeType"):
            return Refused(Refusal.MISSING_FIELD, f"{name}.{wanted}: expected, came without it")
    return None


def _fault_of_word(name: str, element: Element) -> Refused | None:
    if len(element):
        return Refused(Refusal.UNKNOWN_FIELD, f"{name}: expected a text, came elements within it")
    words = WORDS.get(name)
    text = (element.text or "").strip()
    if words is None or text in words or (name, text) in _LEGACY:
        return None
    return Refused(Refusal.WRONG_WORD, f"{name}: expected {', '.join(words)}, came {shown(text)}")


def _order(name: str) -> str:
    return ", ".join(each for each, _, _ in SHAPES[name])
