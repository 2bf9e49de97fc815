"""What can be wrong with a term: a kind that the rule does not look at, a state that never is, a limit without its unit."""

from collections.abc import Callable, Iterator, Sequence

from rules.kinds import Kind
from rules.model import EventClass
from rules.pack_fields import Form
from rules.pack_form import RuleForm
from rules.pack_shape import suggest
from rules.pack_terms import COMBINING, DEPTH_MAX, TERMS_MAX, PartForm, TermForm, given, parts_in
from rules.pack_text import Path

Add = Callable[[Path, str], None]


def check_combination(add: Add, spot: Path, form: Form, rule: RuleForm, kinds: Sequence[Kind]) -> Iterator[tuple[Path, PartForm]]:
    """Add what is wrong with the parts of a combination; gives every term in it, and its place."""
    terms = list(_terms(add, spot, form, 1))
    if len(terms) > TERMS_MAX:
        add(spot, f"a combination of {len(terms)} terms; at most {TERMS_MAX} can be kept apart by a reader")
    for place, term in terms:
        check_term(add, place, term, rule, kinds)
        yield place, term


def _terms(add: Add, spot: Path, form: Form, depth: int) -> Iterator[tuple[Path, PartForm]]:
    for way, part in parts_in(form):
        place = (*spot, *way)
        words = [word for word in COMBINING if given(part, word) is not None]
        if len(words) + bool(part.kind) != 1:
            came = " and ".join([*(["kind"] if part.kind else []), *words]) or "none"
            add(place, f"a part is a term with its kind, or one of all, any, not; this has {came}")
        elif part.kind:
            yield place, part
        elif depth >= DEPTH_MAX:
            add(place, f"combinations are {DEPTH_MAX} deep at most; make a rule of its own of what is inside")
        else:
            yield from _terms(add, place, part, depth + 1)


def check_term(add: Add, spot: Path, term: TermForm, rule: RuleForm, kinds: Sequence[Kind]) -> None:
    """Add everything that is wrong with this term. ``kinds`` are those that the rule looks at, of its classes."""
    fitting = [kind for kind in kinds if kind.name == term.kind]
    if term.kind not in rule.kinds:
        add((*spot, "kind"), f"the rule does not look at {term.kind!r}; {suggest(term.kind, rule.kinds)}, or add it to its kinds")
    present = [word for word in ("state", "above", "below") if getattr(term, word) is not None]
    if not present or (len(present) > 1 and "state" in present):
        add(spot, f"a term has a state or a limit, above or below; this has {' and '.join(present) or 'none'}")
    elif term.state is not None:
        _check_states(add, spot, term, fitting)
    else:
        _check_limits(add, spot, term, rule, fitting)
    if term.deadband is not None and term.state is not None:
        add((*spot, "deadband"), "a deadband belongs to above or below, not to state")


def _check_states(add: Add, spot: Path, term: TermForm, kinds: Sequence[Kind]) -> None:
    known = sorted({state for kind in kinds for state in kind.states})
    for index, state in enumerate(term.state or ()):
        if kinds and state not in known:
            add((*spot, "state", index), f"{term.kind} never is {state!r}; {suggest(state, known)}")


def _check_limits(add: Add, spot: Path, term: TermForm, rule: RuleForm, kinds: Sequence[Kind]) -> None:
    readings = [kind for kind in kinds if kind.event_class is EventClass.READING]
    if kinds and not readings:
        add((*spot, "kind"), f"{term.kind!r} comes as {kinds[0].event_class.value} and has no number; test its state")
    for kind in readings:
        unit = term.unit or rule.unit
        if unit is None:
            add(spot, f"the term has a limit but no unit; write unit: {kind.unit!r}")
        elif unit != kind.unit:
            add((*spot, "unit"), f"{term.kind} is measured in {kind.unit}, not in {unit}")
        low = kind.low if kind.low is not None else float("-inf")
        high = kind.high if kind.high is not None else float("inf")
        for word, limit in (("above", term.above), ("below", term.below)):
            if limit is not None and not low <= limit <= high:
                add((*spot, word), f"{limit:g} {kind.unit} is outside what {kind.name} can be, {low:g} to {high:g} {kind.unit}")
