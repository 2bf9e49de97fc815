"""Topics of the event contract: their parts, and the lane that the class decides."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from sys import intern
from types import MappingProxyType
from typing import Final

from ingest.refusal import Refusal, Refused, shown
from ingest.text import clean_name
from rules.model import EventClass, Network

PREFIX: Final = "shouwang/v1"
PART_LENGTH_MAX: Final = 128
TOPIC_LENGTH_MAX: Final = 512
"""Longer topics are read all the same and not remembered: MQTT lets them be 65,535 bytes, and 131,072 are remembered."""


class Lane(StrEnum):
    """One of three queues, so that 4,000 meter readings never stand in front of a fire."""

    CRITICAL = "critical"
    NORMAL = "normal"
    BULK = "bulk"


LANES: Final = MappingProxyType(
    {
        EventClass.ALARM: Lane.CRITICAL,
        EventClass.STATE: Lane.NORMAL,
        EventClass.READING: Lane.BULK,
        EventClass.HEARTBEAT: Lane.BULK,
    }
)
"""The lane of each class. MQTT filters of a lane: ``{prefix}/+/+/{class}/+`` for each of its classes, but for the last one."""
LAST_LANE: Final = Lane.BULK
"""It subscribes to all below the prefix, with one filter, so that a topic that follows no form is refused aloud by somebody. What
the other lanes read comes to it a second time and is passed over: alarms and states are few beside readings."""

_NETWORKS: Final = {network.value: network for network in Network}
_CLASSES: Final = {event_class.value: event_class for event_class in EventClass}
_OUTWARD: Final = ("out", "command")
"""What stands for the network where the service itself publishes; its words are never read as events."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event comes from, as its topic says."""

    community: str
    network: Network
    event_class: EventClass
    device: str


def read_topic(topic: str, prefix: str = PREFIX) -> Place | Refused:
    """The parts of ``{prefix}/{community}/{network}/{class}/{device}``, or why it is no such topic."""
    return _remembered(topic, prefix) if len(topic) <= TOPIC_LENGTH_MAX else _read_topic(topic, prefix)


def _read_topic(topic: str, prefix: str) -> Place | Refused:
    if not topic.startswith(prefix + "/"):
        return _bad_topic(f"the prefix {shown(prefix)}", topic, prefix)
    parts = topic[len(prefix) + 1 :].split("/")
    if len(parts) != 4:
        return _bad_topic(f"four parts after the prefix, came {len(parts)}", topic, prefix)
    community, network_word, class_word, device = parts
    network, event_class = _NETWORKS.get(network_word), _CLASSES.get(class_word)
    if network is None:
        return _bad_topic(f"a network of {'|'.join(_NETWORKS)}, came {shown(network_word)}", topic, prefix)
    if event_class is None:
        return _bad_topic(f"a class of {'|'.join(_CLASSES)}, came {shown(class_word)}", topic, prefix)
    cleaned = []
    for part, text in (("community", community), ("device", device)):
        name = clean_name(part, text)
        if isinstance(name, Refused):
            return _bad_topic(name.detail, topic, prefix)
        if len(name) > PART_LENGTH_MAX:
            return _bad_topic(f"{part} of at most {PART_LENGTH_MAX} characters, came {len(name)}", topic, prefix)
        cleaned.append(intern(name))
    return Place(cleaned[0], network, event_class, cleaned[1])


_remembered: Final = lru_cache(maxsize=131_072)(_read_topic)


def lane_of(topic: str, prefix: str = PREFIX) -> Lane | None:
    """The one lane that speaks for a topic that came, right or wrong; None for what the service publishes itself."""
    parts = topic[len(prefix) + 1 :].split("/")
    if len(parts) > 1 and parts[1] in _OUTWARD:
        return None
    event_class = _CLASSES.get(parts[2]) if len(parts) == 4 else None
    return LAST_LANE if event_class is None else LANES[event_class]


def community_of(topic: str, prefix: str = PREFIX) -> str:
    """The community that a topic names, even where the rest of it is wrong; empty when it names none."""
    if not topic.startswith(prefix + "/"):
        return ""
    name = clean_name("community", topic[len(prefix) + 1 :].split("/", 1)[0])
    return "" if isinstance(name, Refused) or len(name) > PART_LENGTH_MAX else name


def write_topic(place: Place, prefix: str = PREFIX) -> str:
    """The topic of this place."""
    return f"{prefix}/{place.community}/{place.network}/{place.event_class}/{place.device}"


def _bad_topic(expected: str, topic: str, prefix: str) -> Refused:
    form = f"{prefix}/{{community}}/{{network}}/{{class}}/{{device}}"
    return Refused(Refusal.BAD_TOPIC, f"topic: expected {expected}; came {shown(topic, 200)}; the form is {form}")
