"""The form of tests over more than one kind: a term, and what is made of terms. And from these forms to what they mean."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, cast

from pydantic import Field

from rules.expression import compile_condition
from rules.kinds import KINDS
from rules.model import EventClass, Network
from rules.pack_fields import Duration, Form, Number, Words
from rules.pack_text import Path
from rules.primitive import StateIs, Threshold
from rules.signals import HELD_S
from rules.sources import SOURCES_MAX
from rules.terms import Agreement, All, AnyOf, Combination, Formula, Missing, Not, Ordered, Sequence, Term, Unavailable

TERM_TESTS: Final = ("sequence", "missing", "all", "any", "not", "sources")
"""The words of a stage whose test is made of terms."""
COMBINING: Final = ("all", "any", "not")
"""Those of a combination."""
_FIELDS: Final = {"all": "all_of", "any": "any_of", "not": "none_of"}
SIGHTING_GOOD_S: Final = 900.0
"""How long a sighting holds that nothing reports the end of, where the pack does not say; ours, as long as a reading is good."""
DEPTH_MAX: Final = 4
"""Levels of a combination. More than two are hard to read aloud already; ours."""
TERMS_MAX: Final = 16
"""Terms of one combination, or of what sources may say: more than a sentence can name; ours."""


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


class SourcesForm(Form):
    """True when so many independent sources have said one of these within a time. What came by one gateway is one source."""

    count: int = Field(ge=2, le=SOURCES_MAX, description="so many independent sources: gateways, or devices without one")
    within: Duration = Field(gt=0, description="in this time; a source counts so long after it spoke last, and till it denies it")
    networks: int = Field(
        1, ge=1, le=len(Network), description="of at least so many of the four networks: iot, video, internet, data"
    )
    of: list[TermForm] = Field(min_length=1, max_length=TERMS_MAX, description="what they may say: any of these terms")


class PartForm(TermForm):
    """A part of a combination: a term, or one of `all`, `any` and `not` over further parts."""

    kind: str = Field("", description="one of the rule's kinds, where this part is a term")
    good_for: Duration | None = Field(
        None, gt=0, description="how long one report holds: 15min for a limit and for a sighting, a state for ever, unless said"
    )
    all_of: "list[PartForm] | None" = Field(None, alias="all", min_length=2, description="true where every part is")
    any_of: "list[PartForm] | None" = Field(None, alias="any", min_length=2, description="true where at least one part is")
    none_of: "PartForm | None" = Field(None, alias="not", description="true where the part is untrue")


def given(form: Form, word: str) -> object:
    """What a stage or a part says under this word of YAML; None where it says nothing."""
    return getattr(form, _FIELDS.get(word, word), None)


def parts_in(form: Form) -> Iterator[tuple[Path, PartForm]]:
    """The parts directly under a stage or a part, and the way to each."""
    for word in ("all", "any"):
        for index, part in enumerate(cast(list[PartForm], given(form, word) or [])):
            yield (word, index), part
    inner = given(form, "not")
    if isinstance(inner, PartForm):
        yield ("not",), inner


def terms_in(stage: Form) -> Iterator[tuple[Path, TermForm]]:
    """Every term of a sequence, an absence or an agreement, and the way to it."""
    sequence, missing = given(stage, "sequence"), given(stage, "missing")
    if isinstance(sequence, SequenceForm):
        yield ("sequence", "first"), sequence.first
        yield ("sequence", "then"), sequence.then
    if isinstance(missing, MissingForm):
        yield ("missing", "after"), missing.after
        yield ("missing", "expected"), missing.expected
    sources = given(stage, "sources")
    if isinstance(sources, SourcesForm):
        for index, term in enumerate(sources.of):
            yield ("sources", "of", index), term


def agreement_from(part: SourcesForm) -> Agreement:
    """What `sources` means."""
    terms = tuple([term_from(term) for term in part.of])
    return Agreement(of=terms, count=part.count, within_s=part.within, networks=part.networks)


def combination_from(stage: Form, unavailable: str | None) -> Combination:
    """What a stage with `all`, `any` or `not` means."""
    return Combination(of=_formula(stage), unavailable=Unavailable(unavailable or Unavailable.HOLD))


def _formula(form: Form) -> Formula:
    parts = tuple([_formula(part) for _, part in parts_in(form)])
    if given(form, "all"):
        return All(of=parts)
    if given(form, "any"):
        return AnyOf(of=parts)
    return Not(of=parts[0]) if parts else _aging(cast(PartForm, form))


def _aging(part: PartForm) -> Term:
    """A term of a combination, with how long its reports are good for."""
    term = term_from(part)
    kind = KINDS.get((EventClass.ALARM, part.kind))
    is_sighting = part.state is not None and kind is not None and kind.is_momentary
    usual = SIGHTING_GOOD_S if is_sighting else HELD_S if part.state is None else None
    return replace(term, good_for_s=part.good_for or usual, is_sighting=is_sighting)


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
