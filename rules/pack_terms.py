"""The form of tests over more than one kind: a term, and what is made of terms. And from these forms to what they mean."""

from collections.abc import Iterator

from pydantic import Field

from rules.expression import compile_condition
from rules.pack_fields import Duration, Form, Number, Words
from rules.pack_text import Path
from rules.primitive import StateIs, Threshold
from rules.terms import Missing, Ordered, Sequence, Term

TERM_TESTS = ("sequence", "missing")
"""The words of a stage whose test is made of terms."""


class TermForm(Form):
    """One kind of event, and what must hold for it: a state or a limit."""

    kind: str = Field(description="one of the rule's kinds")
    state: Words | None = Field(None, description="true where the state reported is this, or one of these")
    above: Number | None = Field(None, description="true from this value up")
    below: Number | None = Field(None, description="true from this value down")
    deadband: Number | None = Field(None, ge=0, description="how far past the limit the value must go back to be false again")
    unit: str | None = Field(None, description="the unit of its limit, where the rule has none")
    when: str | None = Field(None, min_length=1, description="a CEL condition: other events say nothing about this term")


class SequenceForm(Form):
    """True when `then` is reported within this time after `first` has begun, the instant itself included."""

    first: TermForm = Field(description="what must come first: it begins where it becomes true, and with every alarm event")
    then: TermForm = Field(description="what must be reported after it")
    within: Duration = Field(gt=0, description="in this time; over when as much has passed since the last one")


class MissingForm(Form):
    """True when `expected` has not been reported within this time after `after` has begun, the instant itself included."""

    after: TermForm = Field(description="what it waits from: where it becomes true, and with every alarm event")
    expected: TermForm = Field(description="what must be reported after it; too late, it ends what was raised")
    within: Duration = Field(gt=0, description="in this time")


def terms_in(sequence: SequenceForm | None, missing: MissingForm | None) -> Iterator[tuple[Path, TermForm]]:
    """Every term of a stage, and the way to it."""
    if sequence is not None:
        yield ("sequence", "first"), sequence.first
        yield ("sequence", "then"), sequence.then
    if missing is not None:
        yield ("missing", "after"), missing.after
        yield ("missing", "expected"), missing.expected


def ordered_from(part: SequenceForm | MissingForm) -> Ordered:
    """What a sequence or an absence means."""
    if isinstance(part, SequenceForm):
        return Sequence(first=term_from(part.first), then=term_from(part.then), within_s=part.within)
    return Missing(after=term_from(part.after), expected=term_from(part.expected), within_s=part.within)


def term_from(part: TermForm) -> Term:
    """What a term means."""
    test: StateIs | Threshold
    if part.state is not None:
        test = StateIs(states=tuple(part.state))
    else:
        test = Threshold(above=part.above, below=part.below, deadband=part.deadband or 0.0)
    guard = None if part.when is None else compile_condition(part.when)
    return Term(kind=part.kind, test=test, guard=guard, guard_text=part.when or "")
