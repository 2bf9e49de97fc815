"""A multipart body is taken apart by its boundary alone; what is none is one part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.video.multipart import PARTS_MAX, parts_of


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (b"", []),
        (b" \r\n", []),
        (b"<a/>", [b"<a/>"]),
        (b"--", [b"--"]),
        (b"--b\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\nCode=1\r\n", [b"Code=1"]),
        (b"--b\nContent-Type: x\n\none\n--b\nContent-Type: y\n\ntwo\n\nmore\n--b--\n", [b"one", b"two\n\nmore"]),
        (b"\r\n--b\r\nContent-Type: x\r\n\r\n\r\n--b\r\nno head\r\n--b--", [b"no head"]),
        (b"--b\r\nContent-Length: 0\r\n--b--", []),
        (b"--" + b"b" * 300 + b"\nx", [b"--" + b"b" * 300 + b"\nx"]),
    ],
)
def test_the_parts(body: bytes, parts: list[bytes]) -> None:
    assert parts_of(body) == parts


@given(st.lists(st.sampled_from([b"--b", b"\r\n", b"\n\n", b"Content-Type: x", b"<a/>", b"--"]), max_size=30))
def test_whatever_comes_it_ends_and_invents_nothing(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    parts = parts_of(body)
    assert len(parts) <= PARTS_MAX + 1
    assert all(part in body for part in parts)
