"""How devices write their times, and which of those are believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.foreign_instants import foreign_instant
from ingest.instants import read_instant

EIGHT_IN_CHINA = 1_793_664_306_000  # 2026-11-03 08:05:06 +08:00


@pytest.mark.parametrize(
    "at",
    [
        1_793_664_306,
        1_793_664_306.0,
        1_793_664_306_000,
        1_793_664_306_000_000,
        1_793_664_306_000_000_000,
        "1793664306",
        "1793664306000",
        "1793664306000000000",
        "2026-11-03T08:05:06+08:00",
        "2026-11-03T00:05:06Z",
        "2026-11-03T00:05:06.000000001Z",
        "20261103T000506Z",
        "2026-11-03 08:05:06",
        "2026/11/03 08:05:06",
        "2026/11/3 8:05:06",
        "2026.11.03 08:05:06",
        "20261103080506",
    ],
)
def test_one_instant_in_many_dresses(at: str | float) -> None:
    written, beside = foreign_instant(at)
    assert beside == {}
    assert written is not None
    assert read_instant(written)[0] == EIGHT_IN_CHINA


@pytest.mark.parametrize("at", [2.46, 0, "1970-01-01T00:00:13Z", "1999-12-31T23:59:59Z", "1900-01-01T00:00:00.000+08:00", -5])
def test_a_clock_that_was_never_set_is_kept_beside_and_not_believed(at: str | float) -> None:
    assert foreign_instant(at) == (None, {"unset_clock_at": at})


@pytest.mark.parametrize(
    "at", ["1900-01-00T00:00:00.000+08:00", "2026-02-30 10:00:00", "yesterday", "12:00", "2026/13/40 99:99:99"]
)
def test_a_time_that_is_none_is_left_for_the_contract_to_keep_as_unreadable(at: str) -> None:
    written, beside = foreign_instant(at)
    assert beside == {}
    assert written is not None
    assert read_instant(written) == (None, "unreadable")


@given(st.text(max_size=40) | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30).map(float))
def test_whatever_comes_nothing_is_raised(at: str | float) -> None:
    foreign_instant(at)
