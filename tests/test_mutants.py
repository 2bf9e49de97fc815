"""How the planted faults are counted; that they are planted at all is seen by ``./run mutants``."""

import pytest

from tests.mutants import page_of, score_of, verdicts_in

SHOWN = """
    rules.alarm.x_speak__mutmut_1: killed
    rules.alarm.x_speak__mutmut_2: survived
    rules.watch.xǁWatchǁdump__mutmut_13: timeout
    rules.watch.xǁWatchǁload__mutmut_13: not checked
    rules.words.x_word__mutmut_3: no tests
"""


def test_what_was_not_planted_is_not_counted() -> None:
    assert list(verdicts_in(SHOWN).values()) == ["killed", "survived", "timeout", "no tests"]


def test_what_never_ended_is_found_and_what_no_test_reaches_is_not() -> None:
    assert score_of(verdicts_in(SHOWN)) == pytest.approx(0.5)


def test_the_page_says_where_the_most_were_missed() -> None:
    page = page_of(verdicts_in(SHOWN), "./run mutants")
    assert "**2 of 4 found: 50.0%.**" in page
    assert "| `rules/alarm.py` | 2 | 1 |" in page
    assert "rules/watch.py" not in page
