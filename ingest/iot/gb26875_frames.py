"""Frames of GB 26875.3-2011 (用户信息传输装置) out of a stream of bytes and back into bytes; what they mean stands in gb26875.

A frame is ``@@``, serial 2, version 2, time 6, source 6, target 6, length 2, command 1, data, checksum 1, ``##``; low bytes
first. The reader finds the next frame after rubbish, a lost end, or a length that lies, and never holds more than one frame.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

START: Final = b"@@"
END: Final = b"##"
DATA_MAX: Final = 1024
"""Bytes of application data in one frame (GB 26875.3-2011, 6.6)."""
_HEAD: Final = 27  # start to command
_TAIL: Final = 3  # checksum and end
FRAME_MAX: Final = _HEAD + DATA_MAX + _TAIL
_BEAT: Final = 12
"""A heartbeat that some transmitters send instead of an empty frame; where the month would stand, it has its end."""
_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

CONTROL, SEND, CONFIRM, REQUEST, REPLY, DENY = range(1, 7)
"""The commands (GB 26875.3-2011, table 2)."""


class Flaw(StrEnum):
    """What is wrong with bytes that began like a frame."""

    CHECKSUM = "checksum"
    CUT = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One whole frame. ``serial`` 0-65535; ``source`` and ``target`` 48 bits; ``time`` the six bytes as they came."""

    serial: int
    version: bytes
    time: bytes
    source: int
    target: int
    command: int
    data: bytes
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat of 12 bytes: it says that somebody lives, and not who."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that began like a frame and are none. ``frame``: what its head said, where the end stood where it should."""

    content: bytes
    flaw: Flaw
    frame: Frame | None = None


Piece = Frame | Beat | Broken
_RUBBISH: Final = Broken(b"", Flaw.CUT)
"""Stands for one byte that looked like a start and was none: too long a frame, or no end where it should be."""


class FrameReader:
    """Takes bytes as they come, gives frames as they are complete. Bounded: at most FRAME_MAX bytes wait for their rest."""

    def __init__(self) -> None:
        self._waiting = b""
        self.rubbish_bytes = 0

    def feed(self, content: bytes) -> list[Piece]:
        """What is complete now, in order. Bytes that belong to no frame are counted in ``rubbish_bytes``."""
        buffer, at = self._waiting + content, 0
        pieces: list[Piece] = []
        while True:
            start = _start(buffer, at)
            piece = _piece(buffer, start)
            skipped = 1
            if piece is None:
                later = _overtaken(buffer, start)
                if later is None:
                    break
                pieces.append(Broken(buffer[start:later], Flaw.CUT))
                skipped = later - start
            elif piece is not _RUBBISH:
                pieces.append(piece)
                skipped = len(piece.content)
            self.rubbish_bytes += start - at + (skipped if piece is _RUBBISH else 0)
            at = start + skipped
        self.rubbish_bytes += start - at
        self._waiting = buffer[start:]
        return pieces

    def finish(self) -> list[Piece]:
        """What was begun and will not be ended: the stream is over."""
        rest, self._waiting = self._waiting, b""
        return [Broken(rest, Flaw.CUT)] if rest.startswith(START) else []


def _start(buffer: bytes, at: int) -> int:
    """Where the next frame may begin: at ``@@``, or at a last ``@`` that may become one, or at the end."""
    found = buffer.find(START, at)
    if found >= 0:
        return found
    return len(buffer) - 1 if buffer[at:].endswith(START[:1]) else len(buffer)


def _piece(buffer: bytes, at: int) -> Piece | None:
    """What stands at ``at``; None while it may still become a frame."""
    if buffer[at + _BEAT - 2 : at + _BEAT] == END:
        return Beat(buffer[at : at + _BEAT])
    if len(buffer) - at < _HEAD:
        return None
    length = int.from_bytes(buffer[at + 24 : at + 26], "little")
    if length > DATA_MAX:
        return _RUBBISH
    stop = at + _HEAD + length + _TAIL
    if len(buffer) < stop:
        return None
    content = buffer[at:stop]
    if not content.endswith(END):
        return _RUBBISH
    frame = _frame(content)
    return frame if sum(content[2:-_TAIL]) % 256 == content[-_TAIL] else Broken(content, Flaw.CHECKSUM, frame)


def _overtaken(buffer: bytes, at: int) -> int | None:
    """Where a whole good frame stands behind an unfinished one: what is in front of it will never be finished.

    Without this, noise that declares 1024 bytes would hold back a fire until as many bytes had come.
    """
    later = buffer.find(START, at + 1)
    while later >= 0:
        if isinstance(_piece(buffer, later), Frame):
            return later
        later = buffer.find(START, later + 1)
    return None


def _frame(content: bytes) -> Frame:
    return Frame(
        serial=int.from_bytes(content[2:4], "little"),
        version=content[4:6],
        time=content[6:12],
        source=int.from_bytes(content[12:18], "little"),
        target=int.from_bytes(content[18:24], "little"),
        command=content[26],
        data=content[_HEAD:-_TAIL],
        content=content,
    )


def write_frame(frame: Frame) -> bytes:
    """The bytes of a frame, with length, checksum and end. Its data has at most DATA_MAX bytes."""
    body = b"".join(
        (
            frame.serial.to_bytes(2, "little"),
            frame.version,
            frame.time,
            frame.source.to_bytes(6, "little"),
            frame.target.to_bytes(6, "little"),
            len(frame.data).to_bytes(2, "little"),
            bytes((frame.command,)),
            frame.data,
        )
    )
    return START + body + bytes((sum(body) % 256,)) + END


def write_time(at: int) -> bytes:
    """An instant in ms as the six bytes second, minute, hour, day, month, year of China's time (8.2.2)."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(_SHANGHAI)
    return bytes((local.second, local.minute, local.hour, local.day, local.month, local.year % 100))


def read_time(label: bytes) -> str | None:
    """Six bytes as local time without a zone; None for six zeros (a clock that was never set). It may be no real date."""
    if len(label) != 6 or not any(label):
        return None
    second, minute, hour, day, month, year = label
    return f"20{year:02}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
