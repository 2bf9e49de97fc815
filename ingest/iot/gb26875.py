"""GB 26875.3-2011: what a fire panel's transmitter (用户信息传输装置) says in its frames, as they come over TCP or UDP.

| what comes (command 2 send, 5 reply) | what it says |
|---|---|
| type 2 part state: bit 1 火警 | alarm, on or off: `smoke`; `heat` and `gas` of the parts named below |
| bit 2 故障, bit 8 电源故障 | alarm `device_fault` on or off, as `PART.fault` and `PART.power` |
| bits 3-7 屏蔽 监管 启动 反馈 延时 | attributes `shielded` `supervised` `started` `feedback` `delayed` |
| type 1 system state | the same of a system; faults also of main power, backup power and bus (bits 8-10) |
| type 3 part analogue | reading: temperature, pressure in kPa, gas in %LEL, voltage, current, flow in L/h |
| of part 17, 18, 92 | `residual_current` in mA, `cable_temperature`, a tank's height as `water_level` in mm |
| any other quantity | reading `generic` with its `quantity` |
| type 21 transmitter state | fire; faults: its own, main and backup power, channel to the centre, line to the panel |
| types 4, 24 operation 手动报警 | alarm `smoke` on as `NAME.manual`; 报警消除 and 复位 end it |
| any other operation | heartbeat with `operation`: `duty` (查岗应答) `test` `self_test` `mute` `confirm` |
| types 5-8, 25, 26, 28, no data, 12 bytes `40 40 … 23 23` | heartbeat |

`heat`: heat and flame detectors and electrical fire monitors (part types 16-18, 30-37, 52, 61, 62, 69); `gas`: 10-13 and 74.
A transmitter is called by its source address, twelve hexadecimal digits; a part `TRANSMITTER.SYSTEM-ADDRESS-ZONE-NUMBER`, its
description (GB 18030) is an attribute. A short heartbeat tells no address: it is of the topic, which names the connection.

Traps: bit 0 clear means "testing" in the standard, yet devices in the field send real fires with it clear (`02 00`): it is kept
as `says_testing`, and never quiets a fire. A fire of any other part or system is `smoke`: doubt is never silence. Descriptions of
33 instead of 31 bytes, and whatever else makes records longer: length and count decide, the time is a record's last six bytes.
Sent again unconfirmed, a record is the same event: identity is transmitter, serial number, record and its time. Times are
China's; six zeros are no time, and where a clock was never set (before 2001) every delivery is an event of its own. What is
broken is refused beside what is whole. A frame whose sum is wrong is refused, and so is a type that is not known; both are
denied, and the connection stays. What a transmitter is told (confirm, deny, duty check, time) stands in `gb26875_answers`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from ingest.adapter import Example, Foreign, Format, Ignored, Said, pure
from ingest.instants import read_instant
from ingest.iot.gb26875_frames import REPLY, SEND, Beat, Broken, Frame, FrameReader, Piece, read_time
from ingest.iot.gb26875_words import analogue, fire_kind, flags, operations
from ingest.refusal import Refusal, Refused
from rules.model import NOTHING, Attribute, EventClass, Network

_HEADS: Final = {1: 4, 2: 9, 3: 10, 4: 4, 21: 1, 24: 2}
"""Bytes of a record before its description and its time, by type; all other types say no more than that somebody lives."""
_USUAL: Final = {1: 10, 2: 46, 3: 16, 4: 10, 21: 7, 24: 8}
_QUIET: Final = frozenset({5, 6, 7, 8, 25, 26, 28})
_TIME: Final = 6
_PART_FAULTS: Final = {2: "fault", 8: "power"}
_SYSTEM_FAULTS: Final = {2: "fault", 8: "main_power", 9: "backup_power", 10: "bus"}
_OWN_FAULTS: Final = {2: "fault", 3: "main_power", 4: "backup_power", 5: "channel", 6: "line"}
_FIRE: Final = 1
_CLOCK_SET_FROM: Final = 978_307_200_000
"""2001-01-01: a clock that begins at 2000 after each start would make the second fire the same event as the first; ours."""
_TEXT_MAX: Final = 256
_BYTES_MAX: Final = 16_384
"""Bytes in one message: a frame has at most 1054, and a connection's reader hands them over one by one."""


@dataclass(frozen=True, slots=True)
class _Record:
    """One information object: its fixed head, the text behind it, its time, and who sent it under which identity."""

    head: bytes
    text: str
    at: str | None
    sender: str
    id: str


def read(foreign: Foreign) -> list[Said | Refused] | Ignored | Refused:
    """What the frames in these bytes say."""
    if len(foreign.payload) > _BYTES_MAX:
        return Refused(Refusal.TOO_LARGE, f"expected at most {_BYTES_MAX} bytes of frames, came {len(foreign.payload)}")
    reader = FrameReader()
    pieces = [*reader.feed(foreign.payload), *reader.finish()]
    said: list[Said | Refused] = []
    fault: Refused | None = None
    ignored = Ignored("only answers, no upload")
    for piece in pieces:
        told = _of_piece(piece, foreign.topic)
        if isinstance(told, list):
            said += told
        elif isinstance(told, Refused):
            fault = fault or told
        else:
            ignored = told
    if fault is not None:
        said.append(fault)
    if said:
        return said
    if not pieces:
        return Refused(Refusal.BAD_BYTES, f"expected frames from 40 40 to 23 23, came {len(foreign.payload)} bytes without one")
    return ignored


def _of_piece(piece: Piece, topic: str) -> list[Said] | Ignored | Refused:
    if isinstance(piece, Beat):
        name = topic.rpartition("/")[2]
        return [_beat(name)] if name else Ignored("a short heartbeat, and no topic that says whose")
    if isinstance(piece, Broken):
        return Refused(
            Refusal.BAD_BYTES, f"expected a whole frame, came {len(piece.content)} bytes with a wrong {piece.flaw.value}"
        )
    if piece.command not in {SEND, REPLY}:
        return Ignored(f"command {piece.command} uploads nothing")
    return _of_frame(piece)


def _of_frame(frame: Frame) -> list[Said] | Refused:
    sender = f"{frame.source:012x}"
    if not frame.data or frame.data[0] in _QUIET:
        return [_beat(sender)]
    records = _records(frame, sender)
    if isinstance(records, Refused):
        return records
    meaning = {1: _system, 2: _part, 3: _analogue, 4: _operation, 21: _own, 24: _operation}[frame.data[0]]
    return [said for record in records for said in meaning(record)]


def _records(frame: Frame, sender: str) -> list[_Record] | Refused:
    """The records by declared length and count; where these do not divide, of the usual length, as many as there are whole."""
    type_, count, rest = frame.data[0], frame.data[1] if len(frame.data) > 1 else 0, frame.data[2:]
    head = _HEADS.get(type_)
    if head is None:
        return Refused(Refusal.BAD_BYTES, f"expected a type of GB 26875.3-2011 table 3, came {type_}")
    size = len(rest) // count if count and len(rest) % count == 0 else _USUAL[type_]
    if not count or size < head + _TIME or len(rest) < size * count:
        return Refused(Refusal.BAD_BYTES, f"type {type_}: expected {count} records, came {len(rest)} bytes of them")
    return [_record(rest[at : at + size], head, frame, sender) for at in range(0, size * count, size)]


def _record(content: bytes, head: int, frame: Frame, sender: str) -> _Record:
    at = read_time(content[-_TIME:])
    said = b"%d\n%d\n%d\n%b" % (frame.source, frame.serial, frame.data[0], content)
    return _Record(
        head=content[:head],
        text=_text(content[head:-_TIME]),
        at=at,
        sender=sender,
        id=f"gb-{blake2b(said, digest_size=16).hexdigest()}" if at and _is_set(at) else "",
    )


def _is_set(at: str) -> bool:
    """Whether a time may tell one happening from another: not one of a clock that was never set, nor an impossible date."""
    instant, doubt = read_instant(at)
    return instant is not None and doubt != "unreadable" and instant >= _CLOCK_SET_FROM


def _text(content: bytes) -> str:
    text = content.partition(b"\0")[0].decode("gb18030", "replace")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_TEXT_MAX]


def _part(record: _Record) -> Iterator[Said]:
    bits = int.from_bytes(record.head[7:9], "little")
    beside = _beside(record) | {"part_type": record.head[2]} | flags(bits)
    yield from _state(_part_name(record), record, bits, _PART_FAULTS, beside, fire_kind(record.head[2]))


def _system(record: _Record) -> Iterator[Said]:
    bits = int.from_bytes(record.head[2:4], "little")
    name = f"{record.sender}.{record.head[0]}-{record.head[1]}"
    yield from _state(name, record, bits, _SYSTEM_FAULTS, _beside(record) | flags(bits), "smoke")


def _own(record: _Record) -> Iterator[Said]:
    bits = record.head[0]
    beside: dict[str, Attribute] = {} if bits & 1 else {"says_testing": True}
    yield from _state(record.sender, record, bits, _OWN_FAULTS, beside, "smoke")


def _state(
    name: str, record: _Record, bits: int, faults: dict[int, str], beside: dict[str, Attribute], kind: str
) -> Iterator[Said]:
    yield _alarm(kind, name, record, beside, holds=bool(bits >> _FIRE & 1))
    for bit, fault in faults.items():
        yield _alarm("device_fault", f"{name}.{fault}", record, beside | {"fault": fault}, holds=bool(bits >> bit & 1))


def _analogue(record: _Record) -> Iterator[Said]:
    raw = int.from_bytes(record.head[8:10], "little", signed=True)
    kind, factor, quantity = analogue(record.head[7], part=record.head[2], system=record.head[0])
    if kind:
        beside = _beside(record) | {"part_type": record.head[2]} | ({"quantity": quantity} if kind == "generic" else {})
        yield Said(
            event_class=EventClass.READING,
            kind=kind,
            device=_part_name(record),
            value=round(raw * factor, 6),
            at=record.at,
            id=record.id and f"{record.id}-{record.head[7]}",
            gateway=record.sender,
            attributes=beside,
        )


def _operation(record: _Record) -> Iterator[Said]:
    """Type 4 is of a system (address before the operation), type 24 of the transmitter itself."""
    is_own = len(record.head) == _HEADS[24]
    name = record.sender if is_own else f"{record.sender}.{record.head[0]}-{record.head[1]}"
    done = operations(record.head[-2], is_own=is_own)
    beside: dict[str, Attribute] = {"operation": " ".join(done), "operator": record.head[-1]}
    if "manual_alarm" in done:
        yield _alarm("smoke", f"{name}.manual", record, beside, holds=True)
    elif {"clear", "reset"} & set(done):
        yield _alarm("smoke", f"{name}.manual", record, beside, holds=False)
    else:
        yield _beat(name, record.at, record.id, beside)


def _part_name(record: _Record) -> str:
    head = record.head
    zone, number = int.from_bytes(head[3:5], "little"), int.from_bytes(head[5:7], "little")
    return f"{record.sender}.{head[0]}-{head[1]}-{zone}-{number}"


def _beside(record: _Record) -> dict[str, Attribute]:
    beside: dict[str, Attribute] = {"system_type": record.head[0]}
    return beside | ({"description": record.text} if record.text else {})


def _alarm(kind: str, device: str, record: _Record, beside: dict[str, Attribute], *, holds: bool) -> Said:
    return Said(
        event_class=EventClass.ALARM,
        kind=kind,
        device=device,
        state="on" if holds else "off",
        at=record.at,
        id=record.id and f"{record.id}-{device.rpartition('.')[2]}",
        gateway=record.sender if device != record.sender else "",
        attributes=beside,
    )


def _beat(device: str, at: str | None = None, id_: str = "", beside: dict[str, Attribute] | None = None) -> Said:
    return Said(event_class=EventClass.HEARTBEAT, kind="heartbeat", device=device, at=at, id=id_, attributes=beside or NOTHING)


_SENT: Final = "140508030b1a"
_ADDRESSES: Final = "790300000000 385b01000000"
_DESCRIBED: Final = "36c2a5d7dfc0c8d1ccb8d0" + "00" * 20

FORMAT: Final = Format(
    name="gb26875",
    network=Network.IOT,
    zh="GB 26875.3 用户信息传输装置",
    en="GB 26875.3 fire alarm transmitters",
    words=__doc__,
    opens=pure(read),
    examples=tuple(
        Example("gb26875/10.0.0.7", bytes.fromhex(f"4040 {serial:02x}00 0101 {_SENT} {_ADDRESSES} {rest} 2323"))
        for serial, rest in (
            (1, f"3000 02 0201 0101280a0002000200 {_DESCRIBED} 060508030b1a 04"),
            (2, "1200 02 0301 0c016301000700056810 060508030b1a a5"),
            (3, "0900 02 1501 09 060508030b1a c3"),
            (4, "0a00 02 1801 2001 060508030b1a e0"),
            (5, "0000 02 62"),
        )
    ),
)
