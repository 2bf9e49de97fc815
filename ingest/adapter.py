"""What an adapter is: a pure function from one foreign message to our events, and the forms that it takes and gives.

It only says what the message means. Names, units, times and identities then go through the same checks as our own contract.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Final, Protocol, runtime_checkable

from pydantic import ValidationError

from ingest.areas import Spot
from ingest.body import ONE, EventBody
from ingest.explain import explain
from ingest.foreign_instants import foreign_instant
from ingest.interpret import Message, interpret
from ingest.refusal import Refusal, Refused, rejected
from ingest.text import clean_name
from ingest.topics import PART_LENGTH_MAX, Place
from rules.model import NOTHING, Attribute, Event, EventClass, Network, Rejected, Status

PAYLOAD_BYTES_MAX: Final = 1_048_576
"""A foreign message that is larger is refused unread; ours: real ones have some kB."""

NAME_LENGTH_MAX: Final = 1024
"""Characters of a foreign topic and of a foreign name; ours. It stands in each of the thousand events of a message."""
SAID_MAX: Final = 1000
"""Events out of one message, as in our own arrays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """One foreign message, and what its route says of it. ``received_at`` in ms. ``arrival`` differs for every delivery.

    ``network``: by which it came. ``zones`` say where a device is and ``names`` how we call it, both by the device's name as the
    message has it; ``zone`` is where all others are. A part of a device (``NAME.battery_low``) is where the device is, and is
    called after it. ``spot`` is where on Earth the community is: warnings for elsewhere are then of no concern.
    ``route`` is the route's name, "" where there is none: for formats whose senders are answered.
    """

    topic: str
    payload: bytes
    community: str
    network: Network
    received_at: int
    arrival: str
    is_retained: bool = False
    zones: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    spot: Spot | None = None
    confidence: float = 1.0
    route: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that a message says. ``at`` as it came: ``foreign_instant`` reads it. ``id`` "": made from the message.

    ``zone``: the place in our own words where the message itself names one; what the route says of the device goes before it.
    ``is_past``: a history record, or the snapshot that a source sends to who begins to listen: kept, like a retained message, and
    never decided on.
    """

    event_class: EventClass
    kind: str
    device: str
    value: float | None = None
    state: str | None = None
    at: str | float | None = None
    id: str = ""
    seq: int | None = None
    status: Status = Status.ACTUAL
    confidence: float = 1.0
    gateway: str = ""
    zone: str = ""
    is_past: bool = False
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message that is right and says nothing of concern; why, for who asks."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question back to whence the message came, in the format's own words: say all anew. Without an answer all goes on."""

    topic: str
    payload: bytes


Adapter = Callable[[Foreign], "Sequence[Said | Refused | Ask] | Ignored | Refused"]
"""What a message says; where it speaks of many things, what is wrong in one is refused beside the others. Never raises.

What a format must remember between messages stays inside, and is bounded.
"""


@runtime_checkable
class Recalling(Protocol):
    """An adapter that must know what its route told before the process was started."""

    def recalls(self, route: str) -> str:
        """How the names of the devices begin of which it wants to know; ASCII."""

    def recall(self, told: Iterable[tuple[str, str, str]]) -> None:
        """Device, zone ("" where the message said none) and state of these events, oldest first. Messages may have come since."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message as it comes, for the format's page and as a beginning for the bytes that it must withstand."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A foreign format by its name, with the network that it mostly comes by, whose it is, its page (``words``), and examples.

    ``opens`` gives the adapter of one route. A format without a memory gives the same function each time (``pure``); one with a
    memory (Sparkplug's aliases, discovered entities) gives each route its own, which learns from that route's messages alone.
    The examples come in this order. ``is_private``: its messages name people, so of one that is refused nothing is kept but why;
    it can not be driven in again, its sender has to send it again. ``masks`` gives what may be kept of one that is refused, where
    something may (``ingest.masked_message``).
    """

    name: str
    network: Network
    zh: str
    en: str
    words: str
    opens: Callable[[], Adapter]
    examples: tuple[Example, ...]
    is_private: bool = False
    masks: Callable[[bytes], bytes] | None = None


OF_THE_CONTENT: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What an adapter that overlooked something in a message raises: a fault of ours, but of that message alone.

Whoever reads by an adapter takes these as a refusal. All else (no memory, a fault of the computer) is not the message's doing.
"""


def pure(adapter: Adapter) -> Callable[[], Adapter]:
    """``opens`` of a format that remembers nothing."""
    return lambda: adapter


def understand(
    adapter: Adapter, foreign: Foreign, ask: Callable[[Ask], None] = lambda _: None
) -> list[Event | Rejected] | Ignored:
    """What a foreign message means: events, each refused by itself where it is wrong; or nothing of concern.

    ``ask`` is told what the format wants to ask back. Raises what the adapter raises: see ``OF_THE_CONTENT``.
    """
    cause = f"{foreign.topic}\n{foreign.arrival}"
    if len(foreign.payload) > PAYLOAD_BYTES_MAX:
        detail = f"expected at most {PAYLOAD_BYTES_MAX} bytes, came {len(foreign.payload)}"
        told: Sequence[Said | Refused | Ask] | Ignored | Refused = Refused(Refusal.TOO_LARGE, detail)
    elif len(foreign.topic) > NAME_LENGTH_MAX:
        told = Refused(Refusal.TOO_LONG, f"topic: expected at most {NAME_LENGTH_MAX} characters, came {len(foreign.topic)}")
    else:
        told = adapter(foreign)
    if isinstance(told, Ignored):
        return told
    if not isinstance(told, Refused) and len(told) > SAID_MAX:
        told = Refused(Refusal.TOO_MANY, f"expected at most {SAID_MAX} events in a message, came {len(told)}")
    if isinstance(told, Refused):
        return [rejected(told, foreign.topic, foreign.payload, foreign.community, cause)]
    for each in told:
        if isinstance(each, Ask):
            ask(each)
    message = Message(foreign.topic, foreign.payload, foreign.arrival, foreign.is_retained)
    return [_event(foreign, message, said, index, cause) for index, said in enumerate(told) if not isinstance(said, Ask)]


def _event(foreign: Foreign, message: Message, said: Said | Refused, index: int, cause: str) -> Event | Rejected:
    if isinstance(said, Said) and max(len(said.device), len(said.gateway)) > NAME_LENGTH_MAX:
        said = Refused(Refusal.TOO_LONG, f"device: expected a name of at most {NAME_LENGTH_MAX} characters")
    if isinstance(said, Refused):
        return rejected(said, foreign.topic, foreign.payload, foreign.community, f"{cause}\n{index}", message.said())
    place = Place(foreign.community, foreign.network, said.event_class, device_name(_renamed(foreign, said.device)))
    try:
        body = ONE.validate_python(_body(foreign, said))
        event = interpret(message, place, body, index)
    except ValidationError as faults:
        event = explain(faults)
    if isinstance(event, Refused):
        return rejected(event, foreign.topic, foreign.payload, foreign.community, f"{cause}\n{index}", message.said())
    return replace(event, is_retained=True) if said.is_past else event


def _renamed(foreign: Foreign, device: str) -> str:
    whole = _whole(device, foreign.names)
    return foreign.names[whole] + device[len(whole) :] if whole else device


def _whole(device: str, known: Mapping[str, str]) -> str:
    """The device itself or the nearest of which it is a part (``PANEL.DETECTOR.fault``) that is known; "" where none is."""
    for _ in range(PARTS_MAX if known else 0):
        if not device or known.get(device):
            return device
        device = device.rpartition(".")[0]
    return ""


def _zone(foreign: Foreign, said: Said) -> str:
    return foreign.zones.get(_whole(said.device, foreign.zones)) or said.zone or foreign.zone


def _body(foreign: Foreign, said: Said) -> EventBody:
    confidence = foreign.confidence if said.confidence == 1.0 and said.event_class is EventClass.ALARM else said.confidence
    body: EventBody = {"kind": said.kind, "status": said.status.value, "confidence": confidence}
    if said.event_class is EventClass.READING or said.value is not None:
        body["value"] = said.value
    if said.event_class in {EventClass.STATE, EventClass.ALARM}:
        body["state"] = said.state
    attributes = dict(said.attributes)
    if said.at is not None:
        at, doubt = foreign_instant(said.at)
        attributes |= doubt
        if at is not None:
            body["at"] = at
    if said.id:
        body["id"] = said.id
    if said.seq is not None:
        body["seq"] = said.seq
    if zone := _zone(foreign, said):
        body["zone"] = zone
    if said.gateway:
        body["gateway"] = device_name(_renamed(foreign, said.gateway))
    if attributes:
        body["attributes"] = attributes
    return body


PARTS_MAX: Final = 16
"""How deep a part may lie within a known device; ours: real ones are two deep. A name of 100,000 dots costs no more than that."""

_NO_NAME: Final = re.compile(r"[\s\"'`+#/<>\\\x00-\x1f\x7f]+")
_MARK_BYTES: Final = 4
_HEAD_LENGTH: Final = 4 * PART_LENGTH_MAX


def device_name(foreign: str) -> str:
    """The name under which we know a foreign device. Names that ours may not be are changed, and marked so that none meet in one.

    A friendly name may have spaces, slashes and quotes (Zigbee2MQTT: ``living room/smoke``): ``living-room-smoke-f13e5d99``. What
    stands between dots is marked by itself, so that a part is called after its device: ``….battery_low`` is the same with that
    behind it. Only a name that becomes longer than 128 characters is marked as a whole.
    """
    if _is_fit(foreign):
        return foreign
    if len(foreign) <= PART_LENGTH_MAX:
        name = ".".join(each if not each or _is_fit(each) else _marked(each) for each in foreign.split("."))
        if _is_fit(name):
            return name
    return _marked(foreign)


def _is_fit(name: str) -> bool:
    return len(name) <= PART_LENGTH_MAX and not isinstance(clean_name("device", name), Refused)


def _marked(foreign: str) -> str:
    mark = blake2b(foreign.encode("utf-8", "replace"), digest_size=_MARK_BYTES).hexdigest()
    head = _NO_NAME.sub("-", foreign[:_HEAD_LENGTH])
    plain = "".join(letter for letter in head if letter.isprintable()).strip("-")
    candidate = f"{plain[: PART_LENGTH_MAX - len(mark) - 1]}-{mark}"
    return candidate if _is_fit(candidate) else f"device-{mark}"
