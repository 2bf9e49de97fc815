"""误报率: how often a rule cried wolf, by what people found out, with what so few cases can say at all.

A case counts once for each rule that alarmed in it, however often that alarm came back. The ratio is
false / (real + benign + false): benign is a sensor that was right, so it is no false alarm. Cases that nobody verified, drills
and exercises are counted apart. With few cases the ratio says little; the Wilson interval says how little.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from rules.model import Status, Verdict

Z95: Final = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""
_FOUND_OUT: Final = (Verdict.REAL, Verdict.BENIGN, Verdict.FALSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCase:
    """A rule alarmed in a case, of which people found this out."""

    rule: str
    incident_id: str
    verdict: Verdict
    status: Status = Status.ACTUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A share with the bounds between which it lies with 95 % confidence (Wilson), all 0 to 1."""

    count: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdicts:
    """The verdicts on the cases of one rule, or of all ("")."""

    rule: str
    case_count: int  # without drills and exercises
    by_verdict: dict[Verdict, int] = field(default_factory=dict)  # of the same
    apart_count: int = 0  # drills, exercises and tests
    false_ratio: Ratio | None = None  # None while nothing was found out


def wilson(count: int, of: int) -> Ratio | None:
    """``count`` of ``of`` with its Wilson score interval at 95 %; None of none. Raises ValueError where it cannot be."""
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    if of == 0:
        return None
    share = count / of
    squared = Z95 * Z95
    middle = (share + squared / (2 * of)) / (1 + squared / of)
    reach = Z95 * sqrt(share * (1 - share) / of + squared / (4 * of * of)) / (1 + squared / of)
    low = 0.0 if count == 0 else middle - reach
    high = 1.0 if count == of else middle + reach
    return Ratio(count=count, of=of, share=share, low=low, high=high)


def tally(cases: Iterable[JudgedCase]) -> tuple[RuleVerdicts, ...]:
    """The verdicts by rule: the most false alarms first, then the most cases, then by id."""
    by_rule: dict[str, dict[str, JudgedCase]] = {}
    for case in cases:
        by_rule.setdefault(case.rule, {})[case.incident_id] = case
    found = [_of_rule(rule, own.values()) for rule, own in by_rule.items()]
    return tuple(sorted(found, key=lambda one: (-one.by_verdict[Verdict.FALSE], -one.case_count, one.rule)))


def tally_all(cases: Iterable[JudgedCase]) -> RuleVerdicts:
    """The same over all rules: each case once."""
    return _of_rule("", {case.incident_id: case for case in cases}.values())


def _of_rule(rule: str, cases: Iterable[JudgedCase]) -> RuleVerdicts:
    own = list(cases)
    counted = [case for case in own if case.status is Status.ACTUAL and case.verdict is not Verdict.DRILL]
    by_verdict = {verdict: sum(1 for case in counted if case.verdict is verdict) for verdict in (Verdict.UNTRIAGED, *_FOUND_OUT)}
    return RuleVerdicts(
        rule=rule,
        case_count=len(counted),
        by_verdict=by_verdict,
        apart_count=len(own) - len(counted),
        false_ratio=wilson(by_verdict[Verdict.FALSE], sum(by_verdict[verdict] for verdict in _FOUND_OUT)),
    )
