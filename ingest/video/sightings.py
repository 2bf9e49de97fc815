"""What cameras can say, in our words: each code of each maker's list means one of these, or it means nothing to us.

Alarms, states and readings of ``rules.kinds`` wherever one fits. What has no kind there is an alarm of a kind of its own
(``OWN_KINDS``): it is taken and kept, and a rule pack may add it; no rule of the default pack speaks of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.adapter import Said
from rules.model import NOTHING, Attribute, EventClass, Sentence

OWN_KINDS: Final = MappingProxyType(
    {
        "object_left": Sentence("物品遗留", "an object was left"),
        "object_removed": Sentence("物品移除", "an object was taken away"),
        "region_exit": Sentence("离开区域", "somebody left an area"),
        "wrong_way": Sentence("逆行", "against the direction"),
        "fast_moving": Sentence("快速移动", "running"),
        "crowd": Sentence("人员聚集", "a crowd, or density over a limit"),
        "people_flow": Sentence("流量超限", "a flow of people or vehicles over a limit"),
        "violence": Sentence("剧烈运动", "a fight, or violent motion"),
        "climbing": Sentence("攀高", "climbing"),
        "tailgating": Sentence("尾随", "somebody followed somebody in"),
        "absent_from_post": Sentence("离岗", "a post is not manned"),
        "parking": Sentence(
            "违停", "parked where a camera watches; only where the source says fire lane is it fire_lane_blocked"
        ),
        "abnormal_sound": Sentence("声音异常", "a loud or sudden sound"),
        "scream": Sentence("尖叫", "a scream"),
        "temperature_limit": Sentence("温度超限", "a thermal camera's limit"),
        "temperature_difference": Sentence("温差超限", "a thermal camera's limit of difference"),
        "sensor_limit": Sentence("传感器越限", "the limit that is set in the sensor itself was passed"),
        "illegal_access": Sentence("非法访问设备", "somebody tried to log in to the device"),
        "person_count_limit": Sentence("人数异常", "more or fewer persons than set"),
        "alarm_input": Sentence("报警输入", "a contact at the device's alarm input; the wiring alone knows what it is"),
        "gps_alarm": Sentence("GPS 报警", "a vehicle's or carrier's alarm by GPS"),
        "other_alarm": Sentence("其他报警", "an alarm of which the source does not say what it is"),
    }
)
"""Kinds of the alarm class that no other format has, with what each says."""


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
