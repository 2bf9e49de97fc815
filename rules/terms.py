"""Tests over more than one kind of event: what a term is, and how terms are put in order, in combination, or in number.

A term says of one event: it is of this kind, and this holds for it. An event of another kind, one that the term's ``when``
lets not pass, and one without a value say nothing about it, neither yes nor no.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rules.model import Event

if TYPE_CHECKING:
    from rules.primitive import StateIs, Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One kind, and what must hold for it."""

    kind: str
    test: "Threshold | StateIs"
    guard: Callable[[Event], bool] | None = None
    guard_text: str = ""
    good_for_s: float | None = None  # of a combination: how long one report tells the state of the world; None for ever
    is_sighting: bool = False  # when that time is over a sighting is over, while a reading is unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """``then`` was reported within ``within_s`` after ``first`` began; over when as much has passed since the last such one."""

    first: Term
    then: Term
    within_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """``after`` began and ``expected`` was not reported within ``within_s``; over when it is reported after all."""

    after: Term
    expected: Term
    within_s: float


Ordered = Sequence | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part is true."""

    of: tuple["Formula", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one part is true."""

    of: tuple["Formula", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part is untrue."""

    of: "Formula"


Formula = Term | All | AnyOf | Not


class Unavailable(StrEnum):
    """What to take for the truth where it is unknown. None of them ends what is on: no data is never a recovery."""

    HOLD = "hold"  # what was true before: nothing begins, and a delay stands still
    UNTRUE = "untrue"  # nothing begins, and an on-delay begins anew
    TRUE = "true"  # it begins, and goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """True while the formula is, of what every term was last reported to be."""

    of: Formula
    unavailable: Unavailable = Unavailable.HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """``count`` independent sources, of ``networks`` networks at least, have said one of the terms within ``within_s``."""

    of: tuple[Term, ...]
    count: int
    within_s: float
    networks: int = 1


def terms_of(formula: Formula) -> tuple[Term, ...]:
    """Its terms, from left to right."""
    match formula:
        case Term():
            return (formula,)
        case Not(of=part):
            return terms_of(part)
        case _:
            return tuple([term for part in formula.of for term in terms_of(part)])


def openers_of(test: Sequence | Missing | Agreement) -> Iterator[Term]:
    """The terms with which a test can begin: an event that makes none of them true need not be remembered."""
    match test:
        case Sequence(first=first):
            yield first
        case Missing(after=after):
            yield after
        case Agreement(of=terms):
            yield from terms
