"""With which events a rule over terms begins to remember: any other costs one look, and no memory."""

from collections.abc import Iterable

from rules.expression import ConditionError
from rules.model import Event
from rules.primitive import Burst, Count, StateIs, Test, Threshold
from rules.signals import judge
from rules.terms import Agreement, Missing, Sequence, Term, openers_of


class Opener:
    """The terms and plain tests of a rule, one of which must be true for a watch to begin."""

    __slots__ = ("_plain", "_terms")

    def __init__(self, plain: tuple[Threshold | StateIs, ...], terms: tuple[Term, ...]) -> None:
        self._plain = plain
        self._terms = terms

    def lets(self, event: Event) -> bool:
        """Whether this event could begin something. A condition that cannot be judged is left to the signals, which count it."""
        return any(judge(test, event, was_true=False) for test in self._plain) or any(_is(term, event) for term in self._terms)


def opener_of(tests: Iterable[Test]) -> Opener | None:
    """What begins a rule of these tests; None where none is over terms, or where one remembers all that comes."""
    plain: list[Threshold | StateIs] = []
    terms: list[Term] = []
    for test in tests:
        kernel = test.of if isinstance(test, Count | Burst) else test
        if isinstance(kernel, Threshold | StateIs):
            plain.append(kernel)
        elif isinstance(kernel, Sequence | Missing | Agreement):
            terms += openers_of(kernel)
        else:
            return None
    return Opener(tuple(plain), tuple(terms)) if terms else None


def _is(term: Term, event: Event) -> bool:
    if event.kind != term.kind:
        return False
    try:
        if term.guard is not None and not term.guard(event):
            return False
    except ConditionError:
        return True
    return judge(term.test, event, was_true=False) is True
