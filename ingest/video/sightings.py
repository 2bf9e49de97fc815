"""What cameras can say, in our words: each code of each maker's list means one of these, or it means nothing to us.

Alarms, states and readings of ``rules.kinds``; ``other_alarm`` where a source alarms and does not say of what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.adapter import Said
from rules.model import NOTHING, Attribute, EventClass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says. ``fault``: the word of a device_fault, which is said of ``DEVICE.fault``."""

    event_class: EventClass
    kind: str
    fault: str = ""


def alarm(kind: str) -> Meaning:
    """An alarm of this kind."""
    return Meaning(EventClass.ALARM, kind)


def fault(word: str) -> Meaning:
    """A fault of the device, which ends and hides no other alarm of it."""
    return Meaning(EventClass.ALARM, "device_fault", word)


MOTION: Final = Meaning(EventClass.STATE, "motion")
TAMPER: Final = Meaning(EventClass.STATE, "tamper")
OCCUPANCY: Final = Meaning(EventClass.STATE, "occupancy")


def said(
    meaning: Meaning,
    device: str,
    *,
    holds: bool = True,
    at: str | float | None = None,
    attributes: Mapping[str, Attribute] = NOTHING,
    confidence: float = 1.0,
    is_past: bool = False,
) -> Said:
    """That this holds, or holds no longer, at this device."""
    own = {"fault": meaning.fault, **attributes} if meaning.fault else attributes
    return Said(
        event_class=meaning.event_class,
        kind=meaning.kind,
        device=f"{device}.{meaning.fault}" if meaning.fault else device,
        state="on" if holds else "off",
        at=at,
        attributes=own,
        confidence=confidence,
        is_past=is_past,
    )


def camera_of(topic: str, otherwise: str) -> str:
    """The camera's name where its messages do not name it: the topic that a bridge gave it, or the route by which it pushes."""
    return topic.rpartition("/v1/push/")[2].strip("/") or otherwise


def heartbeat(device: str, at: str | float | None = None) -> Said:
    """That the device lives."""
    return Said(event_class=EventClass.HEARTBEAT, kind="heartbeat", device=device, at=at)


def count(device: str, persons: float, at: str | float | None = None) -> Said:
    """How many persons are seen."""
    return Said(event_class=EventClass.READING, kind="person_count", device=device, value=persons, at=at)


def remembered(*parts: str) -> bytes:
    """What a memory is kept by: as long for a name of a megabyte as for a camera's."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).digest()


TEXT_LENGTH_MAX: Final = 500
"""Of a description or a reference, in characters; ours."""
_SECRETS: Final = ("token", "auth", "password", "passwd", "pwd", "secret", "key", "sign", "credential", "session", "user")


def shortened(text: str) -> str:
    """A description: printable, without its edges, cut at ``TEXT_LENGTH_MAX``."""
    return "".join(letter if letter.isprintable() else " " for letter in text[: 2 * TEXT_LENGTH_MAX]).strip()[:TEXT_LENGTH_MAX]


def reference(address: object) -> dict[str, Attribute]:
    """``clip``: where a picture or a recording is. It is never fetched, and no password in it is kept."""
    text = shortened(address) if isinstance(address, str) else ""
    if not text:
        return {}
    try:
        parts = urlsplit(text)
        kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_secret(name)]
    except ValueError:
        return {}
    query = parts.query if len(kept) == parts.query.count("&") + 1 or not parts.query else urlencode(kept)
    return {"clip": urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))}


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRETS)
