"""The words that video formats share: a meaning is a kind that is written down, and no secret goes along."""

import pytest

from ingest.video.sightings import reference, shortened


@pytest.mark.parametrize(
    ("address", "clip"),
    [
        ("http://admin:pw@10.0.0.8/pic/1.jpg", "http://10.0.0.8/pic/1.jpg"),
        ("https://nvr/clip?id=7&access_token=abc&t=3", "https://nvr/clip?id=7&t=3"),
        ("https://nvr/pic?2dd408iff-e*a7d1&x=1", "https://nvr/pic?2dd408iff-e*a7d1&x=1"),
        ("rtsp://u:p%40@cam:554/live?password=1", "rtsp://cam:554/live"),
        ("/media/frigate/clips/a.webp", "/media/frigate/clips/a.webp"),
        ("1607123955.475377-mxklsc", "1607123955.475377-mxklsc"),
    ],
)
def test_an_address_is_kept_without_who_was_let_in_by_it(address: str, clip: str) -> None:
    assert reference(address) == {"clip": clip}


@pytest.mark.parametrize("address", ["", None, 7, "http://[bad", []])
def test_what_is_no_address_is_none(address: object) -> None:
    assert reference(address) == {}


def test_a_description_is_printable_and_bounded() -> None:
    assert shortened(" a\x00b\u202ec ") == "a b c"
    assert len(shortened("x" * 100_000)) == 500
