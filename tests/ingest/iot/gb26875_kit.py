"""Frames of GB 26875.3 for tests, built field by field, and how they are understood."""

from typing import Any

from ingest.adapter import Foreign, understand
from ingest.formats import FORMATS
from ingest.iot.gb26875_frames import SEND, Frame, write_frame
from rules.model import Event, Network, Rejected

NOON = bytes((2, 58, 9, 26, 9, 12))
"""2012-09-26 09:58:02."""
TRANSMITTER, CENTRE = 0x379, 0x15B38


def frame(data: bytes, *, serial: int = 1, command: int = SEND) -> Frame:
    said = Frame(serial=serial, version=b"\1\1", time=NOON, source=TRANSMITTER, target=CENTRE, command=command, data=data)
    return Frame(**{name: getattr(said, name) for name in said.__slots__ if name != "content"}, content=write_frame(said))


def part(state: int, *, type_: int = 40, text: bytes = b"", width: int = 31, time: bytes = NOON, system: int = 1) -> bytes:
    """A record of part state, at zone 10, number 2."""
    return bytes((system, 1, type_)) + b"\x0a\0\2\0" + state.to_bytes(2, "little") + text.ljust(width, b"\0") + time


def data(type_: int, *records: bytes) -> bytes:
    return bytes((type_, len(records))) + b"".join(records)


def told(payload: bytes, topic: str = "gb26875/10.0.0.7") -> list[Event | Rejected]:
    foreign = Foreign(topic=topic, payload=payload, community="jade", network=Network.IOT, received_at=0, arrival="1")
    understood = understand(FORMATS["gb26875"].opens(), foreign)
    return understood if isinstance(understood, list) else []


def heard(content: bytes) -> list[Event]:
    return [each for each in told(frame(content).content) if isinstance(each, Event)]


def said(content: bytes) -> list[tuple[Any, ...]]:
    """Class, kind, value or state, and device without the transmitter, of everything a frame with this data says."""
    return [
        (
            each.event_class.value,
            each.kind,
            each.state if each.value is None else each.value,
            each.device.removeprefix("000000000379").removeprefix("."),
        )
        for each in heard(content)
    ]
