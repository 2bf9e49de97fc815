"""Frames of GB 26875.3 out of a stream: whole, in pieces, behind rubbish, damaged; and what is sent back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.iot.gb26875_answers import answer, deny, duty_check, set_time
from ingest.iot.gb26875_frames import (
    CONFIRM,
    CONTROL,
    DENY,
    FRAME_MAX,
    REPLY,
    REQUEST,
    SEND,
    Beat,
    Broken,
    Flaw,
    Frame,
    FrameReader,
    Piece,
    read_time,
    write_frame,
    write_time,
)
from tests.ingest.iot.gb26875_kit import CENTRE, NOON, TRANSMITTER, data, frame, part

FIRE = frame(data(2, part(2)))
POWER = frame(data(21, b"\x08" + NOON), serial=2)
SHORT = bytes.fromhex("40400000010179030000") + b"##"
AT = 1_348_624_682_000
"""NOON in ms."""


def pieces(*chunks: bytes) -> list[Piece]:
    reader = FrameReader()
    return [piece for chunk in chunks for piece in reader.feed(chunk)] + reader.finish()


def test_a_frame_that_a_transmitter_really_sends() -> None:
    content = bytes.fromhex("40400100010 1203a091a090c790300000000385b010000000900021501 08023a091a090c422323".replace(" ", ""))
    (read,) = pieces(content)
    assert isinstance(read, Frame)
    assert (read.serial, read.version, read.source, read.target) == (1, b"\1\1", TRANSMITTER, CENTRE)
    assert (read.command, read.data, read_time(read.time)) == (SEND, b"\x15\1\x08" + NOON, "2012-09-26T09:58:32")


@given(sizes=st.lists(st.integers(1, 60), max_size=8), rubbish=st.binary(max_size=40).filter(lambda each: b"@" not in each))
def test_however_the_bytes_are_cut_the_frames_are_the_same(sizes: list[int], rubbish: bytes) -> None:
    stream, chunks = rubbish + FIRE.content + rubbish + POWER.content, []
    for size in sizes:
        chunks.append(stream[:size])
        stream = stream[size:]
    assert [each for each in pieces(*chunks, stream) if isinstance(each, Frame)] == [FIRE, POWER]


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"@",
        b"@@",
        b"@@@@@",
        b"@@" * 30,  # a length of 16448
        b"##",
        FIRE.content[:40],  # a frame that was cut off
        b"@@" + b"\xff" * 40,
        write_frame(FIRE)[:26] + b"\0" * 70,  # no end where it should be
        frame(b"\2\1" + b"x" * 1000).content[:27],  # noise that declares 1002 bytes more
    ],
)
def test_behind_rubbish_the_next_frame_is_found(rubbish: bytes) -> None:
    assert [each for each in pieces(rubbish + FIRE.content) if isinstance(each, Frame)] == [FIRE]


def test_what_will_never_be_finished_does_not_hold_back_a_fire() -> None:
    reader = FrameReader()
    assert reader.feed(frame(b"\2\1" + b"x" * 1000).content[:100]) == []
    cut, fire = reader.feed(FIRE.content)
    assert (isinstance(cut, Broken) and cut.flaw, fire) == (Flaw.CUT, FIRE)


def test_rubbish_is_counted_and_not_kept() -> None:
    reader = FrameReader()
    assert reader.feed(b"noise" + FIRE.content + b"more") == [FIRE]
    assert reader.rubbish_bytes == 9
    for _ in range(100):
        reader.feed(b"@@" + b"\0" * 22 + b"\0\4" + b"\2" * 5)
    assert len(reader._waiting) <= FRAME_MAX


def test_a_wrong_sum_costs_that_frame_and_no_other() -> None:
    bad = FIRE.content[:-3] + bytes(((FIRE.content[-3] + 1) % 256,)) + b"##"
    broken, power = pieces(bad + POWER.content)
    assert isinstance(broken, Broken)
    assert (broken.flaw, broken.content, power) == (Flaw.CHECKSUM, bad, POWER)


def test_the_short_heartbeat_stands_between_frames() -> None:
    assert pieces(SHORT + FIRE.content + SHORT) == [Beat(SHORT), FIRE, Beat(SHORT)]


def test_an_end_that_never_comes_is_said_when_the_stream_ends() -> None:
    assert pieces(FIRE.content[:-1]) == [Broken(FIRE.content[:-1], Flaw.CUT)]
    assert pieces(b"noise") == []


def back(sent: bytes) -> Frame | None:
    if not sent:
        return None
    (read,) = pieces(sent)
    assert isinstance(read, Frame)
    return read


@pytest.mark.parametrize(
    ("piece", "command"),
    [
        (FIRE, CONFIRM),
        (frame(b""), CONFIRM),  # the usual heartbeat
        (frame(data(24, b"\x20\1" + NOON)), CONFIRM),
        (frame(data(22, b"\0")), DENY),  # a reserved type
        (frame(data(200, b"\0")), DENY),  # a maker's own
        (frame(b"\1", command=CONTROL), DENY),
        (frame(b"\1", command=REQUEST), DENY),
        (frame(b"", command=130), DENY),
        (Broken(b"", Flaw.CHECKSUM, FIRE), DENY),
        (Broken(b"", Flaw.CUT), None),
        (Beat(SHORT), None),
        (frame(b"", command=CONFIRM), None),
        (frame(b"", command=DENY), None),
        (frame(b"", command=REPLY), None),
    ],
)
def test_what_is_sent_back(piece: Piece, command: int | None) -> None:
    said = back(answer(piece, AT))
    assert (said.command if said else None) == command
    if said:
        assert (said.serial, said.source, said.target, said.time, said.data) == (1, CENTRE, TRANSMITTER, NOON, b"")


def test_what_a_centre_confirms_and_denies_byte_by_byte() -> None:
    asked = frame(b"", serial=1)
    head = "4040 0100 0101 023a091a090c 385b01000000 790300000000 0000"
    assert answer(asked, AT) == bytes.fromhex(f"{head} 03 8a2323")
    assert deny(asked, AT) == bytes.fromhex(f"{head} 06 8d2323")


def test_what_a_centre_asks_and_orders() -> None:
    asked, ordered = back(duty_check(7, TRANSMITTER, CENTRE, 10, AT)), back(set_time(65_543, TRANSMITTER, CENTRE, AT))
    assert asked is not None
    assert ordered is not None
    assert (asked.command, asked.data, asked.serial, asked.target) == (CONTROL, b"\x5b\1\x0a", 7, TRANSMITTER)
    assert (ordered.command, ordered.data, ordered.serial, ordered.source) == (CONTROL, b"\x5a\1" + NOON, 7, CENTRE)


def test_times_are_of_china_and_six_zeros_are_none() -> None:
    assert write_time(AT) == NOON
    assert read_time(NOON) == "2012-09-26T09:58:02"
    assert read_time(b"\0" * 6) is None
    assert read_time(b"\0" * 5) is None


@given(st.binary(max_size=400))
def test_whatever_comes_the_reader_goes_on(noise: bytes) -> None:
    reader = FrameReader()
    reader.feed(noise)
    assert FIRE in reader.feed(FIRE.content + b"\0" * FRAME_MAX)
