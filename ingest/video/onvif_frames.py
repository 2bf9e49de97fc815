"""How many persons stand in an ONVIF scene description, in XML or JSON; of whoever is seen nothing else is read."""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from ingest.loose import number, word

LIKELIHOOD_MIN: Final = 0.5
"""From here on an object is what it is called; ours: more likely so than not."""
FRAMES_MAX: Final = 100
OBJECTS_MAX: Final = 2000
_HUMAN: Final = ("human", "person")
Frame = tuple[object, int]
"""When, as it came, and how many persons."""


def frames_of_xml(root: Element) -> list[Frame]:
    """The frames of a ``tt:MetadataStream``."""
    found = list(root.iterfind(".//{*}Frame"))[:FRAMES_MAX]
    return [(each.get("UtcTime"), sum(_is_human(_types(one)) for one in each.iterfind("{*}Object"))) for each in found]


def _types(one: Element) -> Iterator[tuple[str, object]]:
    for kind in one.iterfind("{*}Appearance/{*}Class/{*}Type"):
        yield kind.text or "", kind.get("Likelihood")
    for candidate in one.iterfind("{*}Appearance/{*}Class/{*}ClassCandidate"):
        yield candidate.findtext("{*}Type") or "", candidate.findtext("{*}Likelihood")


def frames_of_json(body: object) -> list[Frame]:
    """The frames of an ``onvif-mj`` message: attributes are written ``@Name``, a text beside them ``#text``."""
    frames = _list(_of(body, "Frame"))[:FRAMES_MAX]
    return [
        (_of(frame, "@UtcTime"), sum(_is_human(_json_types(one)) for one in _list(_of(frame, "Object"))[:OBJECTS_MAX]))
        for frame in frames
        if isinstance(frame, dict)
    ]


def _json_types(one: object) -> Iterator[tuple[str, object]]:
    for kind in _list(_of(_of(_of(one, "Appearance"), "Class"), "Type")):
        if isinstance(kind, dict):
            yield word(kind.get("#text")), kind.get("@Likelihood")
        else:
            yield word(kind), None


def _is_human(types: Iterator[tuple[str, object]]) -> bool:
    """Whether it is called a person, and likely so; what comes without a likelihood is certain."""
    for name, likelihood in types:
        certain = number(likelihood)
        if name.strip().lower() in _HUMAN and (certain is None or certain >= LIKELIHOOD_MIN):
            return True
    return False


def _of(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]
