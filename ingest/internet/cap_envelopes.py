"""What CAP messages come in: alone, in the entries of an Atom feed, in an EDXL distribution; RSS has only links to them."""

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from ingest.adapter import Ignored
from ingest.internet.cap_model import STATUSES
from ingest.internet.cap_shape import NAMESPACES, local
from ingest.refusal import Refusal, Refused, shown
from rules.model import Status

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_EDXL: Final = "{urn:oasis:names:tc:emergency:EDXL:DE:1.0}"
_IN_FEED: Final = frozenset(
    {"id", "title", "updated", "author", "category", "contributor", "generator", "icon", "link", "logo", "rights"}
    | {"subtitle", "entry"}
)
"""RFC 4287, 4.1.1."""
_ALERTS: Final = tuple(f"{{{space}}}alert" for space in NAMESPACES)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One `alert`, and the status of the envelope around it: an exercise around an alert makes it one."""

    alert: Element
    status: Status = Status.ACTUAL


def alerts_in(root: Element) -> list[Enclosed | Refused] | Ignored | Refused:
    """Every alert of a document; or why it holds none."""
    if root.tag in _ALERTS:
        return [Enclosed(root)]
    if root.tag == f"{_ATOM}feed":
        return _in_feed(root)
    if root.tag == f"{_EDXL}EDXLDistribution":
        return _in_distribution(root)
    if root.tag == "rss":
        return _in_rss(root)
    what = f"expected a CAP alert, an Atom feed, an EDXL distribution or RSS, came {shown(root.tag)}"
    return Refused(Refusal.WRONG_WORD, what)


def _in_feed(feed: Element) -> list[Enclosed | Refused] | Ignored | Refused:
    """The alerts in the entries; one that stands beside the entries is foreign markup, and none."""
    for child in feed:
        if child.tag.startswith(_ATOM) and local(child) not in _IN_FEED:
            return Refused(Refusal.UNKNOWN_FIELD, f"feed: came {shown(local(child))}, which Atom does not have there")
    for name in ("id", "title", "updated"):
        if not _text(feed, name):
            return Refused(Refusal.MISSING_FIELD, f"feed.{name}: expected, came without it")
    found: list[Enclosed | Refused] = []
    entries = feed.findall(f"{_ATOM}entry")
    for index, entry in enumerate(entries):
        inside = [Enclosed(each) for each in entry.iter() if each.tag in _ALERTS]
        fault = _fault_of_entry(entry, index, has_alert=bool(inside))
        found += inside if fault is None else [fault]
    return found or Ignored(f"an index of {len(entries)} entries: the alerts themselves are at their links")


def _fault_of_entry(entry: Element, index: int, *, has_alert: bool) -> Refused | None:
    for name in ("id", "title", "updated"):
        if not _text(entry, name):
            return Refused(Refusal.MISSING_FIELD, f"entry {index}.{name}: expected, came without it")
    if not has_alert and entry.find(f"{_ATOM}link") is None:
        return Refused(Refusal.MISSING_FIELD, f"entry {index}: expected an alert within it or a link to one, came neither")
    return None


def _in_distribution(envelope: Element) -> list[Enclosed | Refused] | Ignored:
    """EDXL-DE 1.0: `distributionStatus` Exercise and Test hold for all that is in it."""
    word = (envelope.findtext(f"{_EDXL}distributionStatus") or "").strip()
    status = STATUSES.get(word, Status.TEST)
    found: list[Enclosed | Refused] = [Enclosed(each, status) for each in envelope.iter() if each.tag in _ALERTS]
    return found or Ignored("a distribution without CAP alerts in it")


def _in_rss(root: Element) -> Ignored | Refused:
    """RSS 2.0: a channel needs title, link and description, an item a title or a description."""
    channel = root.find("channel")
    for name in ("title", "link", "description"):
        if channel is None or not (channel.findtext(name) or "").strip():
            return Refused(Refusal.MISSING_FIELD, f"channel.{name}: expected, came without it")
    items = [] if channel is None else channel.findall("item")
    for index, item in enumerate(items):
        if item.find("title") is None and item.find("description") is None:
            return Refused(Refusal.MISSING_FIELD, f"item {index}: expected a title or a description, came neither")
    return Ignored(f"an index of {len(items)} items: the alerts themselves are at their links")


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{_ATOM}{name}") or "").strip()
