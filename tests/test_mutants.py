"""How the planted faults are counted; that they are planted at all is seen by ``./run mutants``."""

import pytest

from tests.mutants import drawn, functions_of, page_of, score_of, verdicts_in

SHOWN = """
    rules.alarm.x_speak__mutmut_1: killed
    rules.alarm.x_speak__mutmut_2: survived
    rules.watch.xǁWatchǁdump__mutmut_13: timeout
    rules.watch.xǁWatchǁload__mutmut_13: not checked
    rules.words.x_word__mutmut_3: no tests
"""


SOURCE = """
def speak():
    def within(): ...

class Watch:
    def dump(self): ...
"""


def test_functions_and_methods_are_what_faults_are_planted_in() -> None:
    assert list(functions_of("alarm", SOURCE)) == ["rules.alarm.x_speak", "rules.alarm.xǁWatchǁdump"]


@pytest.mark.parametrize("share", [0.01, 0.02, 0.1, 0.25, 1.0])
def test_each_fault_has_the_chance_that_was_asked_for(share: float) -> None:
    functions = [f"f{number}" for number in range(20_000)]
    patterns = drawn(functions, share, seed=1)
    assert len(patterns) / (10 * len(functions)) == pytest.approx(share, rel=0.1)
    assert len(set(patterns)) == len(patterns)
    assert patterns == drawn(functions, share, seed=1)


def test_what_was_not_planted_is_not_counted() -> None:
    assert list(verdicts_in(SHOWN).values()) == ["killed", "survived", "timeout", "no tests"]


def test_what_never_ended_is_found_and_what_no_test_reaches_is_not() -> None:
    assert score_of(verdicts_in(SHOWN)) == pytest.approx(0.5)


def test_the_page_says_where_the_most_were_missed() -> None:
    page = page_of(verdicts_in(SHOWN), "./run mutants")
    assert "**2 of 4 found: 50.0%** (±49.0%" in page
    assert "| `rules/alarm.py` | 2 | 1 |" in page
    assert "rules/watch.py" not in page
