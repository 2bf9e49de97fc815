"""Which coordinates are a place."""

import pytest

from ingest.coordinates import place_of


def test_a_place_is_kept_and_nothing_stays_nothing() -> None:
    assert place_of(31.2304, 121.4737) == {"latitude": 31.2304, "longitude": 121.4737}
    assert place_of(None, 121.4) == place_of(31.2, None) == {}


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept"),
    [
        (0.0, 0.0, "0,0"),  # not known, written as a number
        (34.2, 34.2, "34.2,34.2"),  # one field copied into both (GB/T 28181 platforms)
        (171.3, 34.2, "171.3,34.2"),  # no latitude
        (31.0, 181.0, "31,181"),
    ],
)
def test_a_doubtful_place_is_kept_as_text_and_never_used(latitude: float, longitude: float, kept: str) -> None:
    assert place_of(latitude, longitude) == {"doubtful_place": kept}
