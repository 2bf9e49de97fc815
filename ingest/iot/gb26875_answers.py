"""What a monitoring centre says to a transmitter of GB 26875.3-2011: confirm, deny, the duty check (查岗), the time. Pure.

A transmitter repeats (usually thrice) what is not confirmed within some seconds, and gives it up: confirm what is durably kept,
deny what cannot be read, and never close the connection because of one frame.
"""

from typing import Final

from ingest.iot.gb26875_frames import CONFIRM, CONTROL, DENY, REPLY, SEND, Beat, Broken, Frame, Piece, write_frame, write_time

VERSION: Final = b"\x01\x01"
"""Main version 1 (6.6); the user's version is free."""
UPLOADS: Final = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 21, 24, 25, 26, 28})
"""Types of data that a transmitter sends (GB 26875.3-2011, table 3)."""
_SET_TIME: Final = 90
_DUTY_CHECK: Final = 91


def answer(piece: Piece, now: int) -> bytes:
    """What to send back for what came, at the instant ``now`` in ms; nothing (b"") where no answer is due.

    Confirmed: data of a known type, and the empty heartbeat. Denied: a wrong checksum, an unknown command, an unknown type.
    Never answered: answers (confirm, deny, reply), and what has no head that could be answered (the short heartbeat among it).
    """
    if isinstance(piece, Beat):
        return b""
    if isinstance(piece, Broken):
        return b"" if piece.frame is None else _back(piece.frame, DENY, now)
    if piece.command in {CONFIRM, DENY, REPLY}:
        return b""
    is_known = piece.command == SEND and (not piece.data or piece.data[0] in UPLOADS)
    return _back(piece, CONFIRM if is_known else DENY, now)


def deny(frame: Frame, now: int) -> bytes:
    """The answer to a frame that is whole and whose records cannot be read. ``now`` in ms."""
    return _back(frame, DENY, now)


def duty_check(serial: int, transmitter: int, centre: int, minutes: int, now: int) -> bytes:
    """Asks whether somebody is on duty; whoever is presses a key, which comes back as an operation (type 24, bit 5).

    ``minutes`` until it counts as unanswered, 0-255; the standard reserves the byte (0), transmitters in the field read it so.
    """
    return _command(serial, transmitter, centre, bytes((_DUTY_CHECK, 1, min(max(minutes, 0), 255))), now)


def set_time(serial: int, transmitter: int, centre: int, now: int) -> bytes:
    """Sets the transmitter's clock to ``now`` in ms (GB 50440 allows an error of 5 s)."""
    return _command(serial, transmitter, centre, bytes((_SET_TIME, 1)) + write_time(now), now)


def _back(frame: Frame, command: int, now: int) -> bytes:
    said = Frame(
        serial=frame.serial,
        version=frame.version,
        time=write_time(now),
        source=frame.target,
        target=frame.source,
        command=command,
        data=b"",
    )
    return write_frame(said)


def _command(serial: int, transmitter: int, centre: int, data: bytes, now: int) -> bytes:
    said = Frame(
        serial=serial % 65_536,
        version=VERSION,
        time=write_time(now),
        source=centre,
        target=transmitter,
        command=CONTROL,
        data=data,
    )
    return write_frame(said)
