"""Tests over more than one kind of event: what a term is, and how terms are put in order, in combination, or in number.

A term says of one event: it is of this kind, and this holds for it. An event of another kind, one that the term's ``when``
lets not pass, and one without a value say nothing about it, neither yes nor no.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.model import Event

if TYPE_CHECKING:
    from rules.primitive import StateIs, Test, Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One kind, and what must hold for it."""

    kind: str
    test: "Threshold | StateIs"
    guard: Callable[[Event], bool] | None = None
    guard_text: str = ""


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


def openers_of(test: "Test") -> Iterator[Term]:
    """The terms with which a test can begin: an event that makes none of them true need not be remembered."""
    match test:
        case Sequence(first=first):
            yield first
        case Missing(after=after):
            yield after
        case _:
            pass
