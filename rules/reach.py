"""What a rule's tests say of events before any is seen: which could begin something, and how dear a watch is.

A rule is put to work whenever a pack takes over and whenever a chain is restored, and its tests are mostly the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rules.opening import Opener, opener_of
from rules.primitive import Burst, Count, Impossible, PersonalSilence, StateIs, Test, Threshold
from rules.signal_kinds import SIGNALS
from rules.windows import SilenceSignal

NEVER: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Read once from the tests of a rule's stages."""

    opener: Opener | None  # of a rule over terms: what lets a watch begin
    is_sieve: bool
    is_silence: bool
    has_memory: bool  # it remembers readings that move nothing
    has_rhythm: bool  # what is usual there is learned of each event
    weight: int
    is_always: bool
    quiet: tuple[tuple[float, float], ...]  # values between these move nothing of an idle stage
    wake_above: float
    wake_below: float
    states: frozenset[str]


@lru_cache(maxsize=512)
def reach_of(tests: tuple[Test, ...]) -> Reach:
    """What these tests, one of each stage, say together."""
    plain = [_kernel(test) for test in tests]
    limits = [test for test in plain if isinstance(test, Threshold)]
    return Reach(
        opener=opener_of(tests),
        is_sieve=any(isinstance(test, Impossible) for test in tests),
        is_silence=all(issubclass(SIGNALS[type(test)], SilenceSignal) for test in tests),
        has_memory=any(SIGNALS[type(test)].remembers for test in tests),
        has_rhythm=any(isinstance(test, PersonalSilence) for test in tests),
        weight=max([SIGNALS[type(test)].weight for test in tests], default=1),
        is_always=not all(isinstance(test, Threshold | StateIs) for test in plain),
        quiet=tuple([_quiet(test) for test in tests]),
        wake_above=min([_or(test.above, NEVER) for test in limits], default=NEVER),
        wake_below=max([_or(test.below, -NEVER) for test in limits], default=-NEVER),
        states=frozenset(_states_of(plain)),
    )


def _or(limit: float | None, otherwise: float) -> float:
    return otherwise if limit is None else limit


def _kernel(test: Test) -> Test:
    """What tells whether an event could begin something: a plain test, where there is one."""
    if isinstance(test, Count | Burst):
        return test.of
    if isinstance(test, Impossible) and test.jump_per_s is None:
        return Threshold(above=min(test.high, test.rail_high), below=max(test.low, test.rail_low))
    return test


def _quiet(test: Test) -> tuple[float, float]:
    """Between which values a limit is neither reached nor left; empty for what is no plain limit."""
    return (_or(test.below, -NEVER), _or(test.above, NEVER)) if isinstance(test, Threshold) else (NEVER, -NEVER)


def _states_of(tests: list[Test]) -> Iterator[str]:
    for test in tests:
        if isinstance(test, StateIs):
            yield from test.states
