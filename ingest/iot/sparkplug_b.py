"""Sparkplug B: `spBv1.0/GROUP/TYPE/NODE[/DEVICE]` with protobuf payloads, births, deaths, aliases and a running count.

| what comes | what it says |
|---|---|
| NBIRTH, DBIRTH | heartbeat, and the end of `offline`; the metrics as they are now |
| NDATA, DDATA | the metrics that changed; without any of concern, a heartbeat |
| a metric whose last word we know: `Temperature`, `smoke`, `Room 1/Humidity`, `Supply Voltage` | reading, state or alarm |
| NDEATH (the node's will), DDEATH | alarm `device_fault` on, `fault: "offline"`; its readings and states are unknown (null) |
| a number missing in `seq`, an alias never heard of | alarm `device_fault` on as `GROUP.NODE.rebirth` until the next NBIRTH |
| `is_historical` | a record of the past: kept, never decided on |
| NCMD, DCMD, STATE | nothing of concern: commands, and who listens |

Devices are called `GROUP.NODE` and `GROUP.NODE.DEVICE`; a metric in folders, or with more words than ours, is of a part:
`GROUP.NODE.DEVICE.Room 1`. Numbers are taken in our units: Sparkplug itself says none.

Traps: after its birth a metric may come by alias alone, and without data type; signed numbers come as two's complement. `seq`
wraps from 255 to 0, and a message delivered twice is no gap. What can be read behind a gap is read: a fire does not wait for a
rebirth. An NDEATH whose `bdSeq` is not that of the last NBIRTH is the late will of an earlier life. A birth is no new happening:
calls that end by nobody's word (SOS, falls) are of the past in it; a smoke alarm that stands is not, because only changes are
sent later. A `test`, `self_test`, `preheat` or `mute` that a device said holds until it takes it back. One node's death is one
fault, however many devices hang on it. A node whose birth was missed is asked for it by an NCMD, each minute while it speaks:
let the broker grant us `write spBv1.0/+/NCMD/+`. Remembered are at most 4 MB of names in a route.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from ingest.adapter import SAID_MAX, Adapter, Ask, Example, Foreign, Format, Ignored, Said
from ingest.iot.condition_words import ALARM_OF, FAULT_OF, STATE_OF, TESTS, is_at_work
from ingest.iot.quantity_words import plain, quantity_of
from ingest.iot.sensor_fields import said_of
from ingest.iot.sparkplug_nodes import Known, Node, Nodes
from ingest.iot.sparkplug_payload import Payload, as_typed, read_payload, rebirth_command
from ingest.iot.telling import Telling, agreed
from ingest.loose import number
from ingest.refusal import Refusal, Refused, shown
from rules.kinds import KINDS
from rules.model import Attribute, EventClass, Network, Status

_NAMESPACE: Final = "spBv1.0"
_TYPES: Final = frozenset({"NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH"})
_UNSAID: Final = frozenset({"NCMD", "DCMD"})
_CONDITIONS: Final = ALARM_OF.keys() | FAULT_OF.keys() | STATE_OF.keys()
_SETTINGS: Final = frozenset({"set", "target", "max", "min", "limit", "threshold", "high", "low", "alarm"})
"""First words of names that say a setting and no measurement: ``Target Temperature``."""
_VALUES_MAX: Final = SAID_MAX - 10
"""Values that one birth, message or death tells: the others of a large node are learnt, and told when they change."""


def new_reader() -> Adapter:
    """The adapter of one route, which remembers what the births of that route have named."""
    nodes = Nodes()

    def read(foreign: Foreign) -> Sequence[Said | Ask] | Ignored | Refused:
        levels = foreign.topic.split("/")
        levels = levels[levels.index(_NAMESPACE) + 1 :] if _NAMESPACE in levels else []
        if "STATE" in levels[:1] or (len(levels) > 1 and levels[1] in _UNSAID):
            return Ignored("a command or a listener's own state")
        if not 3 <= len(levels) <= 4 or levels[1] not in _TYPES or (levels[1][0] == "D") != (len(levels) == 4):
            return Refused(Refusal.BAD_TOPIC, f"expected {_NAMESPACE}/GROUP/TYPE/NODE[/DEVICE], came {shown(foreign.topic)}")
        payload = read_payload(foreign.payload)
        if isinstance(payload, Refused):
            return payload
        group, type_, name = levels[:3]
        gateway = f"{group}.{name}"
        node = nodes.of(gateway)
        told = _told(node, type_, ".".join((group, *levels[2:])), gateway, payload)
        nodes.weigh(gateway)
        if isinstance(told, Ignored) or foreign.is_retained or not node.is_ask_due(foreign.received_at):
            return told
        node.asked_at = foreign.received_at
        return [*told, Ask(*rebirth_command(group, name, foreign.received_at))]

    return read


def _told(node: Node, type_: str, device: str, gateway: str, payload: Payload) -> list[Said] | Ignored:
    match type_:
        case "NBIRTH" | "DBIRTH":
            said = list(_birth(node, device, gateway, payload))
        case "NDEATH":
            birth = _birth_number(payload)
            if birth is not None and node.birth is not None and birth != node.birth:
                return Ignored(f"the late will of an earlier life: bdSeq {birth}, now {node.birth}")
            said = list(_death(node, device, gateway, payload))
            node.is_born = False
        case "DDEATH":
            said = [*_counted(node, gateway, payload), *_death(node, device, gateway, payload)]
        case _:
            said = list(_data(node, device, gateway, payload))
    return said


def _birth(node: Node, device: str, gateway: str, payload: Payload) -> Iterator[Said]:
    if device == gateway:
        node.begin(_birth_number(payload), payload.seq)
        yield _fault(f"{gateway}.rebirth", payload, {"fault": "rebirth"}, holds=False)
    else:
        yield from _counted(node, gateway, payload)
        node.forget(device)
    for metric in payload.metrics:
        node.learn(device, metric)
    yield Said(
        event_class=EventClass.HEARTBEAT, kind="heartbeat", device=device, at=payload.timestamp, gateway=_via(device, gateway)
    )
    yield _fault(f"{device}.offline", payload, {"fault": "offline"}, holds=False)
    yield from agreed(list(islice(_values(node, device, gateway, payload, is_birth=True), _VALUES_MAX)))


def _data(node: Node, device: str, gateway: str, payload: Payload) -> Iterator[Said]:
    yield from _counted(node, gateway, payload)
    values = agreed(list(islice(_values(node, device, gateway, payload, is_birth=False), _VALUES_MAX)))
    if not values:
        yield Said(
            event_class=EventClass.HEARTBEAT, kind="heartbeat", device=device, at=payload.timestamp, gateway=_via(device, gateway)
        )
    yield from values


def _counted(node: Node, gateway: str, payload: Payload) -> Iterator[Said]:
    """Whether the count goes on, and whether every alias is known; said once until the node is born anew."""
    expected = node.seq
    is_whole = node.count(payload.seq) and node.is_born
    unknown = sum(1 for metric in payload.metrics if not metric.name and metric.alias not in node.aliases)
    if (not is_whole or unknown) and not node.is_rebirth_needed:
        node.is_rebirth_needed = True
        why: dict[str, Attribute] = {"fault": "rebirth", "unknown_aliases": unknown}
        if not is_whole and expected is not None and payload.seq is not None:
            why |= {"seq_expected": (expected + 1) % 256, "seq": payload.seq}
        yield _fault(f"{gateway}.rebirth", payload, why, holds=True)


def _death(node: Node, device: str, gateway: str, payload: Payload) -> Iterator[Said]:
    """Offline, and what it measured is unknown from now on. A node's death is that of all its devices, and one fault."""
    known = [each for each in node.metrics.values() if device in {gateway, each.device}]
    yield _fault(f"{device}.offline", payload, {"fault": "offline", "stale_metrics": len(known)}, holds=True)
    yield from islice((said for each in known if (said := _unknown(each, payload.timestamp))), _VALUES_MAX)
    if device != gateway:
        node.forget(device)


def _unknown(known: Known, at: int | None) -> Said | None:
    """A value that nobody knows any more. An alarm is left as it is: doubt neither raises nor ends one."""
    name, part = _word(known.name)
    if state := STATE_OF.get(plain(name)):
        return Said(event_class=EventClass.STATE, kind=state[0], device=_part(known.device, part), at=at)
    quantity = None if plain(name) in ALARM_OF else quantity_of(name)
    if quantity is None:
        return None
    device = _part(_part(known.device, part), quantity.channel)
    return Said(event_class=EventClass.READING, kind=quantity.kind, device=device, at=at)


def _values(node: Node, device: str, gateway: str, payload: Payload, *, is_birth: bool) -> Iterator[Said]:
    known = [(metric, found) for metric in payload.metrics if (found := node.named(device, metric))]
    for metric, found in known:
        if plain(found.name) in TESTS:
            node.test(found, holds=is_at_work(as_typed(metric.value, metric.datatype or found.datatype)))
    for metric, found in known:
        name, part = _word(found.name)
        value = as_typed(metric.value, metric.datatype or found.datatype)
        telling = Telling(
            device=_part(found.device, part),
            at=payload.timestamp if metric.timestamp is None else metric.timestamp,
            status=Status.TEST if node.is_testing(found.device) else Status.ACTUAL,
            gateway=_via(device, gateway),
        )
        nothing = None if value is not None else _unknown(found, payload.timestamp)
        for said in [nothing] if nothing else said_of({name: value}, telling):
            momentary = (kind := KINDS.get((said.event_class, said.kind))) is not None and kind.is_momentary
            yield replace(said, is_past=True) if metric.is_historical or (is_birth and momentary) else said


def _word(name: str) -> tuple[str, str]:
    """The word in a metric's name that the tables may know, and the part of the device where the name says more than that."""
    folder, _, last = name.rpartition("/")
    words = plain(last).split("_")
    if len(words) > 1 and words[0] not in _SETTINGS and quantity_of(last) is None and plain(last) not in _CONDITIONS:
        for count in (2, 1):
            tail = "_".join(words[-count:])
            if len(words) > count and tail not in _CONDITIONS and quantity_of(tail) is not None:
                return tail, name
    return last, folder


def _part(device: str, part: str) -> str:
    return f"{device}.{part.replace('/', '.')}" if part else device


def _via(device: str, gateway: str) -> str:
    return gateway if device != gateway else ""


def _birth_number(payload: Payload) -> int | None:
    for metric in payload.metrics:
        if metric.name == "bdSeq":
            found = number(metric.value)
            return None if found is None else int(found)
    return None


def _fault(device: str, payload: Payload, why: dict[str, Attribute], *, holds: bool) -> Said:
    return Said(
        event_class=EventClass.ALARM,
        kind="device_fault",
        device=device,
        state="on" if holds else "off",
        at=payload.timestamp,
        attributes=why,
    )


_BORN: Final = "08c8efe4f59934120d0a05736d6f6b651007200b7000121a0a12526f6f6d20312f54656d70657261747572651008200350151801"
_CHANGED: Final = "08d096e5f599341204100770011802"
_GAP: Final = "08f0b5e5f599341208100850fcffffff0f1804"
_DEAD: Final = "08a8c4e8f59934120b0a05626453657120045803"

FORMAT: Final = Format(
    name="sparkplug_b",
    network=Network.IOT,
    zh="Sparkplug B 工业网关",
    en="Sparkplug B edge nodes",
    words=__doc__,
    opens=new_reader,
    examples=(
        Example(
            "spBv1.0/garden/NBIRTH/gate-7",
            b'{"timestamp": 1793664300000, "seq": 0, "metrics": [{"name": "bdSeq", "dataType": "Int64", "value": 3}, '
            b'{"name": "Supply Voltage", "dataType": "Float", "value": 12.1}]}',
        ),
        Example("spBv1.0/garden/DBIRTH/gate-7/b03", bytes.fromhex(_BORN)),
        Example("spBv1.0/garden/DDATA/gate-7/b03", bytes.fromhex(_CHANGED)),
        Example("spBv1.0/garden/DDATA/gate-7/b03", bytes.fromhex(_GAP)),
        Example("spBv1.0/garden/NDEATH/gate-7", bytes.fromhex(_DEAD)),
    ),
)
