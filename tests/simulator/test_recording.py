"""Recorded files: written and read back the same, plain and gzip, and every faulty line is named by file and line."""

import gzip
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.recording import (
    Recorded,
    RecordingError,
    iso,
    line_of,
    read_known,
    read_line,
    read_lines,
    read_recording,
    write_recording,
)

RECORDS = [
    Recorded(1_767_225_600_123, "shouwang/v1/c01/iot/reading/t-1", b'{"kind":"temperature","value":21.5}'),
    Recorded(1_767_225_601_000, "shouwang/v1/c01/iot/reading/t-1", b'[{"kind":"temperature","value":22}]'),
    Recorded(1_767_225_602_000, "shouwang/v1/c01/iot/state/door", "开".encode()),
]


@pytest.mark.parametrize("name", ["fire.jsonl", "fire.jsonl.gz"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_recording(path, RECORDS) == 3
    assert list(read_recording(path)) == RECORDS
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")


def test_the_same_records_give_the_same_gzip_bytes(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.gz", RECORDS)
    write_recording(tmp_path / "b.gz", RECORDS)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


@given(
    at=st.integers(100_000_000_000, 253_402_300_799_999),
    topic=st.text(st.characters(exclude_characters="+#\0", exclude_categories=["Cs"]), min_size=1),
    payload=st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: text.encode()),
)
def test_any_text_survives(at: int, topic: str, payload: bytes) -> None:
    assert list(read_lines([line_of(Recorded(at, topic, payload))], "x")) == [Recorded(at, topic, payload)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ('"2026-01-01T00:00:00Z"', 1_767_225_600_000),
        ('"2026-01-01T08:00:00.250+08:00"', 1_767_225_600_250),
        ("1767225600", 1_767_225_600_000),
        ("1767225600.25", 1_767_225_600_250),
        ("1767225600250", 1_767_225_600_250),
    ],
)
def test_an_instant_may_be_iso_or_seconds_or_milliseconds(at: str, expected: int) -> None:
    [record] = read_lines([f'{{"topic":"t","payload":{{}},"at":{at}}}'.encode()], "x")
    assert record.at == expected
    assert datetime.fromisoformat(iso(expected)).timestamp() * 1000 == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{", "x:2:2: expected one JSON object per line, but this is not JSON"),
        (b"\xff\xfe", "x:2:1: expected one JSON object per line"),
        (b"[" * 100_000, "x:2:1: expected one JSON object per line"),
        (b"[1]", "x:2:1: expected a JSON object with topic, payload and received_at, but found an array"),
        (b'{"topic":"t","at":1}', "x:2:1: payload missing"),
        (b'{"topic":"a/+/b","payload":{},"at":1}', "x:2:10: topic must be the name of one MQTT topic without wildcards"),
        (b'{"topic":7,"payload":{},"at":1}', "x:2:10: topic must be"),
        (b'{"topic":"t","payload":5,"at":1}', "x:2:24: payload must be an object, an array or a string, but is a number"),
        (b'{"topic":"t","payload":null,"at":1}', "x:2:24: payload must be an object, an array or a string, but is null"),
        (b'{"topic":"t","payload":{},"at":"yesterday"}', "x:2:32: at must be ISO 8601 with an offset, or seconds"),
        (b'{"topic":"t","payload":{},"at":"2026-01-01T00:00:00"}', "has no offset; append Z if it is UTC"),
        (b'{"topic":"t","payload":{},"at":true}', "x:2:32: at must be"),
        (b'{"topic":"t","payload":{},"at":1e300}', "x:2:32: at must be"),
        (b'{"topic":"t","payload":{},"at":NaN}', "x:2:32: at must be"),
        (b'{"topic":"t","payload":{}}', "x:2:1: received_at missing"),
        (b'{"payload":{"topic":1,"at":2}, "received_at": true, "topic":"t"}', "x:2:47: received_at must be"),
        (b'{"topic":"t","payload":{},"at":-5}', "x:2:32: at must be"),
    ],
)
def test_a_faulty_line_is_named(line: bytes, expected: str) -> None:
    with pytest.raises(RecordingError) as caught:
        list(read_lines([b"\n", line], "x"))
    assert expected in str(caught.value)


def test_received_at_has_at_for_its_older_name() -> None:
    lines = [b'{"topic":"t","payload":{},"received_at":5}', b'{"topic":"t","payload":{},"at":6,"received_at":5}']
    assert [record.at for record in read_lines(lines, "x")] == [5000, 5000]
    assert line_of(RECORDS[0]).startswith(b'{"received_at":')


@pytest.mark.parametrize(
    "payload",
    [
        b'{"kind":"x","value":1}',
        b'{"a":{"b":"c"},"z":[1]}',
        b'{"a":"}"}',
        b'{"a":"}{"}',
        b'{"a":{"b":{"c":1}}}',
        b"[1]",
        b"on",
        b'{"a":"{}"}',
    ],
)
def test_a_line_known_to_be_good_is_read_faster_and_the_same(payload: bytes) -> None:
    line = line_of(Recorded(5000, "t", payload))
    assert read_known(line, "x") == read_line(line, "x") == Recorded(5000, "t", payload)
    more = line.rstrip()[:-1] + b',"extra":{"y":{}}}'
    assert read_known(more, "x") == read_line(more, "x")


def test_a_broken_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(line_of(RECORDS[0]) * 1000)[:-20])
    with pytest.raises(RecordingError, match="cannot be read as gzip"):
        list(read_recording(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"nothing\.jsonl: cannot be read"):
        list(read_recording(tmp_path / "nothing.jsonl"))
