"""Values in the dresses in which devices send them: what each is, and what is nothing."""

import math

import pytest

from ingest.loose import OBJECT_BYTES_MAX, number, read_object, truth, word
from ingest.refusal import Refusal, Refused

TRUE: tuple[object, ...] = (True, 1, 1.0, "true", "True", " ON ", "1", "yes")
FALSE: tuple[object, ...] = (False, 0, "false", "False", "off", "0", "no")
NEITHER: tuple[object, ...] = (None, "", "null", "None", "undefined", "unknown", 2, -1, 0.5, "2", [], {}, "maybe")


@pytest.mark.parametrize(
    ("came", "is_"), [(came, is_) for is_, all_ in ((True, TRUE), (False, FALSE), (None, NEITHER)) for came in all_]
)
def test_a_truth_is_yes_or_no_or_nothing(came: object, is_: bool | None) -> None:
    assert truth(came) is is_


NUMBERS: tuple[tuple[object, float], ...] = ((21.5, 21.5), ("21.5", 21.5), (" 7 ", 7.0), (0, 0.0), ("-0.5", -0.5))
NO_NUMBERS: tuple[object, ...] = (
    *(True, None, "", "NaN", math.nan, math.inf, "1e999", 10**400, "undefined", [], "1,5", "21 °C", "1_000", "½", "0x10"),
)


@pytest.mark.parametrize(
    ("came", "is_"),
    [
        *NUMBERS,
        *[(each, None) for each in NO_NUMBERS],
    ],
)
def test_a_number_is_finite_or_nothing(came: object, is_: float | None) -> None:
    assert number(came) == is_


def test_a_word_that_says_nothing_is_none() -> None:
    assert [word(each) for each in (" Alarm ", "null", "undefined", "N/A", "", None, 5)] == ["alarm", "", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'{"a": "' + b"x" * OBJECT_BYTES_MAX + b'"}', Refusal.TOO_LARGE),
        (b"[1]", Refusal.NOT_AN_OBJECT),
        (b'{"a": 1, "a": 2}', Refusal.DUPLICATE_KEY),
        (b"{", Refusal.NOT_JSON),
        (b" ", Refusal.EMPTY),
    ],
)
def test_what_is_no_object_is_refused_with_its_reason(payload: bytes, reason: Refusal) -> None:
    told = read_object(payload)
    assert isinstance(told, Refused)
    assert told.reason is reason
